//! What is timed, and how: subjects that run a number of iterations, and a yardstick that tells calm moments.

mod calm;
mod clock;
mod placement;
mod reading;
mod singles;
pub mod subjects;
mod yardstick;

use std::time::Duration;

pub use clock::{Clock, clock};
pub use placement::Sampled;
pub use reading::{Placement, Reading, Readings, RoundReading, minus};
pub use singles::singles;
pub use yardstick::{Work, Yardstick, native_work};

/// Something that can be timed: one fresh pair, or what is measured in place of one.
pub trait Subject {
    /// Runs `iterations` and returns how long they took.
    ///
    /// # Errors
    /// Where a guest fails, or returns something else than it must.
    fn time(&mut self, iterations: u64) -> anyhow::Result<Duration>;

    /// After how many iterations it does the same again: how many different messages it sends in turn.
    fn rotation(&self) -> u32 {
        1
    }
}

/// The yardstick's module in binary form: its export `work` takes some microseconds.
///
/// # Errors
/// None, for the text that this crate has.
pub fn yardstick_module() -> anyhow::Result<Vec<u8>> {
    Ok(wat::parse_str(include_str!("yardstick.wat"))?)
}
