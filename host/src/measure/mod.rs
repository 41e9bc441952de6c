//! What is timed: subjects that run a number of iterations, on one of several fresh pairs.

mod attribution;
mod boundary;
mod drift;
mod exchange;
mod round;
mod rounds;
mod sampling;
mod seed;
mod setup;
pub mod statistics;
mod tail;
mod task_floor;
mod wat;
mod yardstick;

use std::time::Duration;

pub use attribution::Parts;
pub use boundary::boundary;
pub use drift::DriftWatch;
pub use exchange::{Builds, Exchange};
pub use round::{Asked, MEASURE_ROUND, Round, Told, measure_round};
pub use rounds::{Rounds, shuffled};
pub use sampling::sample;
pub use setup::setup_codec;
pub use statistics::{Estimate, Samples, median};
pub use tail::{CLOCKS, Tails, clock_cost};
pub use task_floor::{TASK_FLOOR, TaskFloor};
pub use yardstick::Yardstick;

/// How many freshly compiled and instantiated pairs the samples of a figure rotate over.
pub const PAIRS: usize = 7;

/// Something that can be timed.
pub trait Subject {
    /// Runs `iterations` on pair number `pair` (below [`PAIRS`]) and returns how long they took.
    ///
    /// # Errors
    /// Where a guest fails, or returns something else than it must.
    fn time(&mut self, pair: usize, iterations: u64) -> anyhow::Result<Duration>;
}

/// A figure of the group `boundary`: its name, and how to make what is timed.
pub struct Figure {
    /// Its name in the bench and in `run.json`.
    pub name: String,
    /// Whether one iteration takes milliseconds, so that few samples must do.
    pub slow: bool,
    /// Makes the subject, with its pairs.
    pub make: Box<dyn Fn() -> anyhow::Result<Box<dyn Subject>>>,
}

impl Figure {
    fn new<S: Subject + 'static>(name: impl Into<String>, make: impl Fn() -> anyhow::Result<S> + 'static) -> Self {
        Self { name: name.into(), slow: false, make: Box::new(move || Ok(Box::new(make()?))) }
    }

    fn slow(mut self) -> Self {
        self.slow = true;
        self
    }
}
