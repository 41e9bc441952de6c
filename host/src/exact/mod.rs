//! Exact figures: counted, not timed, and the same on every run and every machine.
//!
//! They come from a pass of their own over the cells, with guests that were metered: [`meter`] puts
//! counting code into a module, [`Counting`] sends whole rotations of messages through such guests, [`search`] looks
//! for copies from outside, and [`ExactFile`] keeps the figures of many cells.

mod check;
mod count;
mod figures;
mod file;
mod meter;
mod metered;
mod named;
pub mod tables;
mod watermark;

pub use check::{Changed, Differences};
pub use count::{Counting, Steady};
pub use figures::{ByRegion, Exact, GuestFigures};
pub use file::{
    CodecBuild, Counted, EXACT_VERSION, Encoded, ExactFile, Inconsistent, PayloadFound, Transported, Unread, WasmFile,
};
pub use meter::{MeterError, Metering, meter};
pub use metered::metered;
pub(crate) use named::Named;
pub use watermark::{Found, SEARCHED, search};
