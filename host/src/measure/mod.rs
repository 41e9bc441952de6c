//! What is timed, and how: subjects that run a number of iterations, and a yardstick that tells calm moments.

mod clock;
mod reading;
mod singles;
pub mod subjects;
mod yardstick;

use std::time::Duration;

pub use clock::{Clock, clock};
pub use reading::{Reading, Readings};
pub use singles::singles;
pub use yardstick::{Work, Yardstick, native_work};

/// Something that can be timed: one fresh pair, or what is measured in place of one.
pub trait Subject {
    /// Runs `iterations` and returns how long they took.
    ///
    /// # Errors
    /// Where a guest fails, or returns something else than it must.
    fn time(&mut self, iterations: u64) -> anyhow::Result<Duration>;
}

/// The yardstick's module in binary form: its export `work` takes some microseconds.
///
/// # Errors
/// None, for the text that this crate has.
pub fn yardstick_module() -> anyhow::Result<Vec<u8>> {
    Ok(wat::parse_str(include_str!("yardstick.wat"))?)
}
