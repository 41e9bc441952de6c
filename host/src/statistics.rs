//! The statistics of figures: pure functions of samples.

pub mod batches;
pub mod holm;
pub mod location;
pub mod ratio;
pub mod student;

/// The samples of a figure, by pair.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    pairs: Vec<Vec<f64>>,
}

impl Samples {
    /// Adds a sample of pair `pair`: the mean time of one iteration, in nanoseconds.
    pub fn push(&mut self, pair: usize, nanoseconds: f64) {
        if self.pairs.len() <= pair {
            self.pairs.resize(pair + 1, Vec::new());
        }
        self.pairs[pair].push(nanoseconds);
    }

    /// The figure: the median over pairs of each pair's median, with a 95 % interval over pairs. None
    /// where there is no sample.
    pub fn estimate(&self) -> Option<Estimate> {
        let pairs: Vec<f64> = self.pairs.iter().filter_map(|samples| median(samples)).collect();
        let mut medians = pairs.clone();
        medians.sort_by(f64::total_cmp);
        let (low, high) = bootstrap_interval_of_median(medians.len())?;
        Some(Estimate { median: median(&medians)?, low: *medians.get(low)?, high: *medians.get(high)?, pairs })
    }
}

/// A median with its 95 % interval.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// The median over pairs.
    pub median: f64,
    /// The interval's lower end.
    pub low: f64,
    /// The interval's upper end.
    pub high: f64,
    /// The median of each pair, in the order of the pairs.
    pub pairs: Vec<f64>,
}

/// The median; of an even number of values the mean of the middle two. None of no values.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    if sorted.len().is_multiple_of(2) { Some(f64::midpoint(*sorted.get(middle - 1)?, upper)) } else { Some(upper) }
}

/// The ranks (from 0) of the ordered values that bound the 95 % percentile bootstrap interval of the
/// median of `n` values.
///
/// For the median the bootstrap needs no resampling: the median of a resample is at most the value of
/// rank k with the probability that at least half of n draws fall on ranks up to k, which is
/// binomial (Efron: *The Jackknife, the Bootstrap and Other Resampling Plans*, 1982). For an even `n`
/// the upper of the two middle draws is taken.
pub fn bootstrap_interval_of_median(n: usize) -> Option<(usize, usize)> {
    let at_most = |rank: usize| binomial_tail(n, n / 2 + 1, (rank + 1) as f64 / n as f64);
    let low = (0..n).find(|&rank| at_most(rank) > 0.025)?;
    let high = (0..n).find(|&rank| at_most(rank) >= 0.975)?;
    Some((low.min(n - 1 - high), high.max(n - 1 - low)))
}

/// The probability of at least `k` successes in `n` trials of probability `p`.
fn binomial_tail(n: usize, k: usize, p: f64) -> f64 {
    let mut probability = 0.0;
    let mut choose = 1.0;
    for successes in 0..=n {
        if successes >= k {
            probability += choose * p.powi(successes as i32) * (1.0 - p).powi((n - successes) as i32);
        }
        choose *= (n - successes) as f64 / (successes + 1) as f64;
    }
    probability
}

#[cfg(test)]
mod tests {
    use super::{Samples, binomial_tail, bootstrap_interval_of_median, median};

    #[test]
    fn medians() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0]), Some(3.0));
        assert_eq!(median(&[9.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }

    #[test]
    fn binomial_tails_match_tables() {
        // Ten tosses of a coin, at least eight heads: 56 / 1024.
        assert!((binomial_tail(10, 8, 0.5) - 56.0 / 1024.0).abs() < 1e-12);
        assert!((binomial_tail(5, 0, 0.3) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_interval_is_that_of_the_exact_bootstrap() {
        // Of 15 values: P(median* is at most the third) = 0.004, P(at most the fourth) = 0.0255.
        assert_eq!(bootstrap_interval_of_median(15), Some((3, 11)));
        // Of seven values: P(median* is the smallest) = 0.010, P(at most the second) = 0.108.
        assert_eq!(bootstrap_interval_of_median(7), Some((1, 5)));
        // Of five, the smallest is the median of 5.8 % of the resamples: the interval is the range.
        assert_eq!(bootstrap_interval_of_median(5), Some((0, 4)));
        assert_eq!(bootstrap_interval_of_median(1), Some((0, 0)));
        assert_eq!(bootstrap_interval_of_median(0), None);
    }

    #[test]
    fn an_exhaustive_bootstrap_agrees() {
        // All 5⁵ resamples of five values, counted.
        let mut medians = [0_u32; 5];
        for resample in 0..5_u32.pow(5) {
            let mut draws: Vec<u32> = (0..5).map(|digit| resample / 5_u32.pow(digit) % 5).collect();
            draws.sort_unstable();
            medians[draws[2] as usize] += 1;
        }
        for rank in 0..5 {
            let counted = f64::from(medians[..=rank].iter().sum::<u32>()) / 3125.0;
            assert!((binomial_tail(5, 3, (rank + 1) as f64 / 5.0) - counted).abs() < 1e-12);
        }
    }

    #[test]
    fn pairs_count_once_however_many_samples_they_have() {
        let mut samples = Samples::default();
        for (pair, values) in [vec![1.0; 30], vec![10.0], vec![12.0, 14.0, 16.0]].into_iter().enumerate() {
            values.into_iter().for_each(|value| samples.push(pair, value));
        }
        let estimate = samples.estimate().expect("samples");
        assert_eq!((estimate.median, estimate.pairs), (10.0, vec![1.0, 10.0, 14.0]));
        assert_eq!(Samples::default().estimate(), None);
    }
}
