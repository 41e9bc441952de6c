//! What is kept of a run: `run.json`, its directory, and what it was made with.

mod attacks;
mod check;
mod directory;
mod environment;
pub mod faults;
pub mod figures;
pub mod files;
/// A run that nobody measured, for the unit tests of everything that reads runs; integration tests include the same file.
#[cfg(test)]
#[path = "../../tests/support/fixture.rs"]
pub mod fixture;
mod format;
mod full;
pub mod machine;
mod name;
mod old;
mod run;
#[cfg(test)]
mod schema;
mod unfinished;

pub use attacks::{Attacks, Outcome, Tried};
pub use directory::{RecordError, RunDirectory, can_keep, load, parse, results_directory};
pub use environment::{BUSY_LOAD, CodecRecord, Environment, load_average};
pub use full::last_full;
pub use machine::Machine;
pub use name::{free, name_from_environment};
pub use run::{Attribution, CellRecord, HostRecord, Interval, Latency, Record, SCHEMA_VERSION, Status, Tail, Timed};
pub use unfinished::{Finding, Found, Resumption, Unfinished};
