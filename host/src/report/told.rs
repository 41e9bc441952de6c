//! Which of two cells of a run is the faster: their per-round differences, with Holm's correction over all that are
//! compared at once.

use crate::measure::RoundReading;
use crate::record::Record;
use crate::record::figures::{logarithms, paired};
use crate::statistics::holm::holm;
use crate::statistics::trimmed::Mean;

/// Two are told apart where Holm's adjusted p-value is at most this.
pub const ALPHA: f64 = 0.05;

/// What is said, once, of a run in which nothing can be told apart.
pub const NOTHING_TOLD: &str = "This run has no readings of two rounds, so its cells are not told apart: nothing is \
                                marked as the best, as a tie or as a crossover.";

/// What comparing two cells came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The first is faster.
    Faster,
    /// The first is slower.
    Slower,
    /// They are not told apart.
    Alike,
}

/// Compares each two of some readings, all of them at once. None where they do not share two rounds.
pub fn told(pairs: &[(&[RoundReading], &[RoundReading])]) -> Vec<Option<Told>> {
    let differences: Vec<_> = pairs.iter().map(|(first, second)| paired(first, second)).collect();
    let p_values: Vec<f64> = differences.iter().flatten().map(|difference| difference.p_value()).collect();
    let mut adjusted = holm(&p_values).into_iter();
    let one = |difference: &Option<Mean>| {
        let mean = difference.as_ref()?.mean;
        let p = adjusted.next()?;
        Some(match mean {
            _ if p > ALPHA => Told::Alike,
            mean if mean < 0.0 => Told::Faster,
            _ => Told::Slower,
        })
    };
    differences.iter().map(one).collect()
}

/// Whether cells of a run can be told apart: whether any was read in two rounds.
pub fn can_tell(record: &Record) -> bool {
    record.all_measured().any(|cell| logarithms(&cell.readings).len() > 1)
}

#[cfg(test)]
mod tests {
    use super::{Told, told};
    use crate::measure::RoundReading;

    fn readings(all: &[f64]) -> Vec<RoundReading> {
        all.iter().enumerate().map(|(round, ns)| RoundReading::bare(round, *ns)).collect()
    }

    /// They scatter by 20 % together, and differ by 2 % in every round: two intervals would overlap.
    #[test]
    fn what_scatters_together_is_told_apart() {
        let slow = readings(&[10.0, 12.0, 9.0, 11.0, 10.5, 8.9]);
        let fast = readings(&[9.8, 11.77, 8.81, 10.8, 10.3, 8.72]);
        let found = told(&[(&slow, &fast), (&fast, &slow), (&slow, &slow)]);
        assert_eq!(found, [Some(Told::Slower), Some(Told::Faster), Some(Told::Alike)]);
    }

    /// The two differ by 4 % in the mean, which four rounds tell when it is asked alone (p = 0.03), and not among twenty.
    #[test]
    fn of_many_comparisons_each_must_be_surer() {
        let (a, b) = (readings(&[10.0, 10.3, 10.6, 10.2]), readings(&[9.9, 9.8, 10.0, 9.7]));
        assert_eq!(told(&[(&a, &b)]), [Some(Told::Slower)]);
        let many = told(&vec![(&a[..], &b[..]); 20]);
        assert_eq!(many, vec![Some(Told::Alike); 20]);
    }

    #[test]
    fn without_shared_rounds_nothing_is_said_and_nothing_counted() {
        let (a, b) = (readings(&[10.0, 10.3, 10.6, 10.2]), readings(&[9.9, 9.8, 10.0, 9.7]));
        let one = readings(&[1.0]);
        let mut all = vec![(&a[..], &b[..])];
        all.extend(vec![(&a[..], &one[..]); 30]);
        let found = told(&all);
        assert_eq!((found[0], found[1]), (Some(Told::Slower), None));
        assert_eq!(told(&[]), []);
    }
}
