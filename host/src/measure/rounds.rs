//! Rounds: every cell again and again over the whole run, each time on one fresh pair.
//!
//! Criterion measures a cell within a second, and the machine's speed drifts from minute to minute. So core and full
//! runs go through all cells in rounds, each in another order; a cell's figure is made of one pair a round.

use std::time::Duration;

use weft_schemas::Random;

use super::{Builds, Estimate, Exchange, PAIRS, Samples, Subject, Yardstick, median};
use crate::run::{Cell, Facts};

/// How many rounds there are, and so pairs in a figure.
pub const ROUNDS: usize = 14;

/// How long a sample takes.
const SAMPLE: Duration = Duration::from_millis(5);

/// How many samples a pair gives, beside one that warms it up.
const PER_PAIR: usize = 3;

/// The cells of a run in the order of a round. The same in every run.
pub fn shuffled(cells: usize, round: usize) -> Vec<usize> {
    let mut random = Random::new(0, round as u64);
    let mut order: Vec<usize> = (0..cells).collect();
    // Fisher and Yates.
    for place in (1..cells).rev() {
        order.swap(place, random.below(place as u64 + 1) as usize);
    }
    order
}

/// What the rounds found of a cell so far.
#[derive(Default)]
pub struct Rounds(Samples);

impl Rounds {
    /// Measures the cell on a fresh pair. `nanoseconds` is about what a message takes.
    ///
    /// # Errors
    /// Where a guest fails.
    pub fn measure(
        &mut self,
        (cell, facts): &(Cell, Facts),
        round: usize,
        nanoseconds: f64,
        builds: &Builds<'_>,
        yardstick: &mut Yardstick,
    ) -> anyhow::Result<()> {
        let mut pair = Exchange::one(cell, builds, round % PAIRS, facts.expected.clone())?;
        let iterations = (SAMPLE.as_nanos() as f64 / nanoseconds.max(1.0)).ceil().max(1.0) as u64;
        pair.time(0, iterations)?;
        let mut samples = Vec::with_capacity(PER_PAIR);
        for _ in 0..PER_PAIR {
            let elapsed = yardstick.sample(|| pair.time(0, iterations))?;
            samples.push(elapsed.as_nanos() as f64 / iterations as f64);
        }
        if let Some(median) = median(&samples) {
            self.0.push(round, median);
        }
        Ok(())
    }

    /// The figure: the median over rounds, with its interval.
    pub fn estimate(&self) -> Option<Estimate> {
        self.0.estimate()
    }
}

#[cfg(test)]
mod tests {
    use super::shuffled;

    #[test]
    fn a_round_has_every_cell_once_in_an_order_of_its_own() {
        let (one, other) = (shuffled(100, 0), shuffled(100, 1));
        assert_ne!(one, other);
        for mut order in [one, other] {
            order.sort_unstable();
            assert_eq!(order, (0..100).collect::<Vec<_>>());
        }
    }
}
