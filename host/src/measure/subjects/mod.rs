//! What weft's own host times.

mod calibration;
mod crossings;
mod encode;
mod exchange;
mod fresh;
mod memcpy;
mod read;
mod seed;
mod setup;
mod task_floor;
mod written;

pub use calibration::calibration;
pub use crossings::{HostToWasm, WasmLoop};
pub use encode::Encode;
pub use exchange::Exchange;
pub use fresh::Fresh;
pub use memcpy::Memcpy;
pub use read::Read;
pub use seed::Seed;
pub use setup::{Setup, SetupPart};
pub use task_floor::TaskFloor;

/// Messages that are read or sent again and again fit into this many bytes, half of a small second-level cache.
const WARM_BYTES: f64 = (128 << 10) as f64;

/// How many messages of a size are warm at once, at least 1.
pub fn warm_rotation(bytes: f64) -> u32 {
    ((WARM_BYTES / bytes.max(1.0)) as u32).max(1)
}
