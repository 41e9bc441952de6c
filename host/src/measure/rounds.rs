//! Rounds: every cell again and again over the whole run, each time on one fresh pair in another process.
//!
//! Criterion measures a cell within a second and in one process, and the machine's speed drifts from minute to minute. So a run goes
//! through all cells in rounds, each in another order; a cell's figure is made of one pair a round. Cells that a round found
//! no calm moment for get more rounds.

use weft_schemas::Random;

use super::yardstick::Reading;
use super::{Estimate, Yardstick};

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
pub struct Rounds(Vec<(usize, Reading)>);

impl Rounds {
    /// Adds what a round found.
    pub fn push(&mut self, round: usize, reading: Reading) {
        self.0.push((round, reading));
    }

    /// How many rounds had a calm moment for the cell.
    pub fn calm(&self) -> usize {
        self.0.iter().filter(|(_, reading)| reading.calm).count()
    }

    /// The figure: the median over rounds, with its interval.
    pub fn estimate(&self, yardstick: &mut Yardstick) -> Option<Estimate> {
        yardstick.figure(&self.0)
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
