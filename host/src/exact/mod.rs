//! Exact figures: counted, not timed.

mod figures;

pub use figures::{ByRegion, Exact, GuestFigures};
