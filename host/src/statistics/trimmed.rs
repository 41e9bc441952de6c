//! Trimmed means, and how wrong they may be: of values, of differences, and of the differences of two such means.
//!
//! A round that a neighbour disturbed is far off, and one such round in ten would hide any change of a few percent. So
//! a fifth of the values at either end is left out, and the error is that of the trimmed mean (Yuen: *The Two-Sample
//! Trimmed t for Unequal Population Variances*, Biometrika 61, 1974).

use super::student;

/// A fifth of the values is left out at either end.
const TRIMMED: usize = 5;

/// A mean and its error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mean {
    /// The mean.
    pub mean: f64,
    /// The variance of the mean.
    pub variance: f64,
    /// The degrees of freedom with which the variance is known.
    pub freedom: f64,
}

impl Mean {
    /// The 20 % trimmed mean of some values, with Yuen's variance (n − 1) · s² / h (h − 1): h of n values are left, and
    /// s² is the variance when those that were left out are replaced by the outermost of the others. None of fewer
    /// than two values, whose spread nobody knows, or where one is not finite.
    pub fn of(values: &[f64]) -> Option<Self> {
        if values.iter().any(|value| !value.is_finite()) {
            return None;
        }
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let off = values.len() / TRIMMED;
        let left = sorted.get(off..values.len() - off)?;
        let (first, last) = (*left.first()?, *left.last()?);
        let (n, h) = (values.len() as f64, left.len() as f64);
        let mean = left.iter().sum::<f64>() / h;
        let winsorized: Vec<f64> = sorted.iter().map(|value| value.clamp(first, last)).collect();
        let variance = (n - 1.0) * variance(&winsorized)? / (h * (h - 1.0));
        Some(Self { mean, variance, freedom: h - 1.0 })
    }

    /// A value that is known for certain.
    pub const fn certain(mean: f64) -> Self {
        Self { mean, variance: 0.0, freedom: student::NORMAL }
    }

    /// This less another one whose error is independent of it: variances add up, and the degrees of freedom are
    /// Satterthwaite's (*An Approximate Distribution of Estimates of Variance Components*, Biometrics Bulletin 2, 1946).
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        let (variance, freedom) = sum([self, other].into_iter());
        Self { mean: self.mean - other.mean, variance, freedom }
    }

    /// The mean of some means whose errors are independent. None of none.
    pub fn average(means: &[Self]) -> Option<Self> {
        let count = means.len() as f64;
        let (variance, freedom) = sum(means.iter());
        (!means.is_empty()).then(|| Self {
            mean: means.iter().map(|mean| mean.mean).sum::<f64>() / count,
            variance: variance / (count * count),
            freedom,
        })
    }

    /// The same with a further error of this variance, known for certain.
    #[must_use]
    pub fn with_variance(&self, variance: f64) -> Self {
        self.minus(&Self { mean: 0.0, variance, freedom: student::NORMAL })
    }

    /// The same, whose variance is known from elsewhere to be at least this, with so many degrees of freedom of its own. What
    /// comes in two kinds is now and then all of one kind in a few values; then these alone say that there is no spread. A
    /// part of a variance that comes out negative is none (Searle, Casella & McCulloch: *Variance Components*, 1992, 3.5), and
    /// then both are estimates of the same.
    #[must_use]
    pub fn at_least(&self, variance: f64, freedom: f64) -> Self {
        if variance > self.variance { Self { variance, freedom: self.freedom + freedom, ..*self } } else { *self }
    }

    /// Half the width of the interval at a confidence such as 0.95: Student's t times the standard error.
    pub fn half_width(&self, confidence: f64) -> f64 {
        if self.variance > 0.0 { student::critical(confidence, self.freedom) * self.variance.sqrt() } else { 0.0 }
    }

    /// The interval at a confidence such as 0.95.
    pub fn interval(&self, confidence: f64) -> (f64, f64) {
        let half = self.half_width(confidence);
        (self.mean - half, self.mean + half)
    }

    /// How probable a mean at least as far from 0 is where it is 0 in truth.
    pub fn p_value(&self) -> f64 {
        if self.variance > 0.0 {
            student::two_sided(self.mean / self.variance.sqrt(), self.freedom)
        } else if self.mean == 0.0 {
            1.0
        } else {
            0.0
        }
    }
}

/// The variance of a sum of independent errors, and its degrees of freedom.
fn sum<'a>(parts: impl Iterator<Item = &'a Mean> + Clone) -> (f64, f64) {
    let variance: f64 = parts.clone().map(|part| part.variance).sum();
    let wrong = parts.filter(|part| part.variance > 0.0);
    let inverse: f64 = wrong.map(|part| (part.variance / variance).powi(2) / part.freedom).sum();
    (variance, if inverse > 0.0 { (1.0 / inverse).min(student::NORMAL) } else { student::NORMAL })
}

/// The variance of a sample. None of fewer than two values, or where one is not finite.
pub fn variance(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (values.len() > 1 && squares.is_finite()).then(|| squares / (n - 1.0))
}

#[cfg(test)]
mod tests {
    use super::{Mean, variance};

    /// The plain mean of a sample.
    fn plain(values: &[f64]) -> Mean {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        Mean { mean, variance: variance(values).expect("values") / n, freedom: n - 1.0 }
    }

    /// NIST/SEMATECH e-Handbook, 7.3.1.1: the times of two processes of assembly, variances not assumed to
    /// be equal: t = 2.269.
    #[test]
    fn differences_match_the_handbook() {
        let old = plain(&[32.0, 37.0, 35.0, 28.0, 41.0, 44.0, 35.0, 31.0, 34.0, 38.0, 42.0]);
        let new = plain(&[36.0, 31.0, 30.0, 31.0, 34.0, 36.0, 29.0, 32.0, 31.0]);
        let found = old.minus(&new);
        assert!((found.mean / found.variance.sqrt() - 2.269).abs() < 1e-3);
        assert!((found.freedom - 15.5).abs() < 0.1, "{found:?}");
    }

    /// R: `t.test(extra ~ group, data = sleep)` (Student 1908): t = -1.8608, df = 17.776, p = 0.07939, 95 % interval
    /// -3.3654832 to 0.2054832.
    #[test]
    fn differences_match_r() {
        let old = plain(&[0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]);
        let new = plain(&[1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]);
        let found = old.minus(&new);
        let (low, high) = found.interval(0.95);
        assert!((found.freedom - 17.776).abs() < 1e-3);
        assert!((found.p_value() - 0.079_39).abs() < 1e-5);
        assert!((low + 3.365_483_2).abs() < 1e-6 && (high - 0.205_483_2).abs() < 1e-6);
    }

    /// Wilcox: *Introduction to Robust Estimation and Hypothesis Testing*, 3.3: Dana's data on self-awareness. A fifth
    /// at either end left out, the mean is 283 and the Winsorized variance 21 551.4; the error as a whole is 56.1 by
    /// the formula s / (0.6 √n), where Yuen's has √((n − 1) / h (h − 1)) instead.
    #[test]
    fn trimmed_means_match_wilcox() {
        let data = [77, 87, 88, 114, 151, 210, 219, 246, 253, 262, 296, 299, 306, 376, 428, 515, 666, 1310, 2611];
        let found = Mean::of(&data.map(f64::from)).expect("values");
        let winsorized = found.variance * 13.0 * 12.0 / 18.0;
        assert!((found.mean - 283.0).abs() < 0.5 && found.freedom == 12.0);
        assert!((winsorized - 21_551.4).abs() < 0.1, "{winsorized}");
        assert!((winsorized.sqrt() / (0.6 * 19.0_f64.sqrt()) - 56.1).abs() < 0.05);
    }

    #[test]
    fn of_fewer_than_five_values_nothing_is_left_out() {
        let mean = |values: &[f64]| Mean::of(values).map(|found| (found.mean, found.freedom));
        assert_eq!(mean(&[1.0, 1.0, 1.0, 5.0]), Some((2.0, 3.0)));
        assert_eq!(mean(&[1.0, 1.0, 1.0, 1.0, 5.0]), Some((1.0, 2.0)));
        assert!(Mean::of(&[1.0]).is_none() && Mean::of(&[0.0, 0.0_f64.ln()]).is_none());
        assert!(Mean::of(&[0.0, (-1.0_f64).ln()]).is_none() && Mean::of(&[]).is_none());
    }

    #[test]
    fn without_spread_a_difference_is_certain() {
        let half = Mean::of(&[0.5, 0.5]).expect("values");
        assert_eq!((half.p_value(), half.interval(0.95)), (0.0, (0.5, 0.5)));
        assert!(Mean::of(&[0.0, 0.0]).is_some_and(|zero| zero.p_value() >= 1.0));
        assert_eq!(Mean::certain(2.0).minus(&Mean::certain(1.5)).interval(0.9), (0.5, 0.5));
    }

    #[test]
    fn a_variance_that_is_known_to_be_larger_takes_the_place_of_a_smaller() {
        let mean = Mean::of(&[1.0, 1.1, 0.9, 1.05]).expect("values");
        let larger = mean.at_least(2.0 * mean.variance, 10.0);
        assert_eq!((larger.variance, larger.freedom, larger.mean), (2.0 * mean.variance, 13.0, mean.mean));
        assert_eq!(mean.at_least(0.5 * mean.variance, 10.0), mean);
    }

    /// Ten means err a tenth as much in variance as one, and a further error does not average out.
    #[test]
    fn errors_of_independent_means_average_out() {
        let one = Mean::of(&[1.0, 1.1, 0.9, 1.05]).expect("values");
        let ten = Mean::average(&[one; 10]).expect("means");
        assert!((ten.variance - one.variance / 10.0).abs() < 1e-15 && (ten.freedom - 30.0).abs() < 1e-9);
        assert!(ten.with_variance(1.0).variance > 1.0 && Mean::average(&[]).is_none());
    }
}
