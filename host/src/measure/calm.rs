//! The samples that were taken in calm moments.

use std::time::Duration;

/// So many samples in a row must be calm, or none of them counts: a neighbour that comes and goes is quiet at two
/// single yardsticks often enough, at six hardly ever.
pub const IN_A_ROW: usize = 5;

/// What the calm samples are made of: times of a sample, each with the place in the rotation at which it was taken.
#[derive(Debug, Default)]
pub struct Calm {
    /// Those that count.
    pub samples: Vec<(u32, Duration)>,
    /// How long they took together.
    pub time: Duration,
    /// Those of the present calm that do not count yet.
    waiting: Vec<(u32, Duration)>,
    /// How many calm samples the present calm has had.
    row: usize,
}

impl Calm {
    /// Adds a sample between two calm yardsticks.
    pub fn push(&mut self, place: u32, sample: Duration) {
        self.row += 1;
        self.waiting.push((place, sample));
        if self.row >= IN_A_ROW {
            self.time += self.waiting.iter().map(|(_, sample)| *sample).sum::<Duration>();
            self.samples.append(&mut self.waiting);
        }
    }

    /// The calm has ended.
    pub fn interrupt(&mut self) {
        self.waiting.clear();
        self.row = 0;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Calm;

    #[test]
    fn only_five_in_a_row_count() {
        let millisecond = Duration::from_millis(1);
        let mut calm = Calm::default();
        for length in [4, 1, 3] {
            (0..length).for_each(|_| calm.push(0, millisecond));
            calm.interrupt();
        }
        assert!(calm.samples.is_empty());
        (0..6).for_each(|_| calm.push(0, millisecond));
        assert_eq!((calm.samples.len(), calm.time), (6, 6 * millisecond));
    }
}
