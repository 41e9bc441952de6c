//! A run: which cells it has, how they are verified, and what is kept of it.

mod cell;
mod check;
mod directory;
mod environment;
mod filter;
mod matrix;
mod message;
mod record;
#[cfg(test)]
mod schema;
mod verify;

pub use cell::{Cell, Supported};
pub(crate) use directory::set_readable;
pub use directory::{RunDirectory, RunError, load, results_directory};
pub use environment::{Environment, WasmRecord, lock_sha256, locked_version};
pub use filter::Filter;
pub use matrix::{FLOOR_SIZES, Matrix};
pub use message::{MessageId, ROTATION};
pub use record::{Attribution, CellRecord, Clock, Crossings, Drift, Latency, Record, SCHEMA_VERSION, Status, Tail};
pub use verify::{Expected, Facts, Verifier, Wrong};

/// What every message of the bench is generated from.
pub const SEED: u64 = 0x5745_4654;
