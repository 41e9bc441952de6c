//! What every codec promises.

use crate::{BlobWire, LogWire, MeshWire, PingWire};

weft_testing::promises! {
    capacity: Bound,
    ping: PingWire,
    log: LogWire,
    mesh: MeshWire,
    blob: BlobWire,
}
