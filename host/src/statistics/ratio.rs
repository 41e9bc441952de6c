//! The ratio of two figures that were measured with errors: Welch's t on logarithms.
//!
//! A figure is known from a few pairs (seven), so what is compared are means of the logarithms of the pairs'
//! medians: a ratio is a difference of logarithms, and what disturbs a time multiplies it. Its error has several
//! parts, each estimated with its own few degrees of freedom: the pairs of the one run, those of the other, and
//! what moves between two measurements of the same thing. Their variances add up; the degrees of freedom of the
//! sum are Welch's and Satterthwaite's (Satterthwaite: *An Approximate Distribution of Estimates of Variance
//! Components*, Biometrics Bulletin 2, 1946; Welch: *The Generalization of "Student's" Problem when Several
//! Different Population Variances are Involved*, Biometrika 34, 1947).
//!
//! A pair that a neighbour disturbed for its whole life is far off, and one such pair in fourteen would hide any change of a
//! few percent. So where there are ten pairs or more, a fifth of them at either end is left out, and the error is that of
//! the trimmed mean (Yuen: *The Two-Sample Trimmed t for Unequal Population Variances*, Biometrika 61, 1974).
//!
//! Why not another: of 7 and 7 values no rank or permutation test can give less than 2 / C(14, 7) = 0.0006, so among
//! 355 cells Holm would never let it find anything, and a bootstrap of 7 values has no tail to read such
//! probabilities from. Of fewer than ten values nothing is trimmed: where pairs come in two kinds, as placement makes
//! them, a trimmed mean of seven alarms too often (8 to 50 times in the simulation that led here). Welch's test, and Yuen's
//! of ten or more, were at or below their level in all of them.

use statrs::distribution::{ContinuousCDF, Normal};

use super::student;

/// One part of an error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Component {
    /// Its variance, of logarithms.
    pub variance: f64,
    /// The degrees of freedom with which that is known.
    pub freedom: f64,
}

impl Component {
    /// The sum of independent errors, with Welch's and Satterthwaite's degrees of freedom.
    fn sum<'a>(parts: impl Iterator<Item = &'a Self> + Clone) -> Self {
        let variance: f64 = parts.clone().map(|part| part.variance).sum();
        let wrong = parts.filter(|part| part.variance > 0.0);
        let inverse: f64 = wrong.map(|part| (part.variance / variance).powi(2) / part.freedom).sum();
        Self { variance, freedom: 1.0 / inverse }
    }
}

/// Of so many values on, a fifth at either end is left out.
const TRIMMED_FROM: usize = 10;

/// The mean of a figure's logarithms, and its error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogMean {
    /// The mean of the logarithms of nanoseconds.
    pub mean: f64,
    /// How wrong it may be.
    pub error: Component,
}

impl LogMean {
    /// Of some values. None of fewer than two, whose spread nobody knows, or where one is not positive.
    pub fn of(values: &[f64]) -> Option<Self> {
        let logs: Vec<f64> = values.iter().map(|value| value.ln()).collect();
        Self::of_logs(&logs)
    }

    /// Of some logarithms: their mean, trimmed where there are enough. None of fewer than two, or where one is not finite.
    pub fn of_logs(logs: &[f64]) -> Option<Self> {
        let trimmed = if logs.len() >= TRIMMED_FROM { logs.len() / 5 } else { 0 };
        Self::trimmed(logs, trimmed)
    }

    /// The mean without the `off` smallest and largest values, and Yuen's error of it: (n − 1) · s² / h (h − 1), where h values
    /// are left and s² is the variance when those that were left out are replaced by the outermost of the others. None where fewer than two are left.
    fn trimmed(values: &[f64], off: usize) -> Option<Self> {
        if values.iter().any(|value| !value.is_finite()) {
            return None;
        }
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let left = sorted.get(off..sorted.len().checked_sub(off)?)?;
        let (first, last) = (*left.first()?, *left.last()?);
        let (n, h) = (values.len() as f64, left.len() as f64);
        let mean = left.iter().sum::<f64>() / h;
        let winsorized: Vec<f64> = sorted.iter().map(|value| value.clamp(first, last)).collect();
        let variance = (n - 1.0) * variance(&winsorized)? / (h * (h - 1.0));
        (h > 1.0).then_some(Self { mean, error: Component { variance, freedom: h - 1.0 } })
    }

    /// The mean of some means whose errors are independent; the degrees of freedom are Satterthwaite's. None of none.
    pub fn mean(means: &[Self]) -> Option<Self> {
        let count = means.len() as f64;
        let error = Component::sum(means.iter().map(|mean| &mean.error));
        (!means.is_empty()).then(|| Self {
            mean: means.iter().map(|mean| mean.mean).sum::<f64>() / count,
            error: Component { variance: error.variance / (count * count), ..error },
        })
    }

    /// Of a median and the interval of order statistics around it, where the `n` values themselves were not kept;
    /// `ranks` says which of them the interval's ends are, from 0.
    ///
    /// The spread of n normal values is the distance of two of them divided by that of their expected places
    /// (Blom: *Statistical Estimates and Transformed Beta-Variables*, 1958), and the median of n has π / 2n of
    /// their variance. Such a spread is known about as well as with three degrees of freedom (simulated: 3.6 for
    /// n = 5, 3.3 for 7, 3.0 for 9).
    pub fn of_interval(median: f64, (low, high): (f64, f64), ranks: (usize, usize), n: usize) -> Option<Self> {
        let normal = Normal::standard();
        let place = |rank: usize| normal.inverse_cdf((rank as f64 + 0.625) / (n as f64 + 0.25));
        let sigma = (high.ln() - low.ln()) / (place(ranks.1) - place(ranks.0));
        let variance = std::f64::consts::FRAC_PI_2 * sigma * sigma / n as f64;
        (variance.is_finite() && n > 1).then(|| Self { mean: median.ln(), error: Component { variance, freedom: 3.0 } })
    }
}

/// The variance of a sample. None of fewer than two values, or where one is not finite.
pub fn variance(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (values.len() > 1 && squares.is_finite()).then(|| squares / (n - 1.0))
}

/// A ratio new ÷ old, with its error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogRatio {
    /// Its logarithm.
    pub log: f64,
    /// The error that more pairs make smaller: of the old and of the new figure.
    pub pairs: [Component; 2],
    /// The error that only another run makes smaller: the drift of the old and of the new run.
    pub drift: [Component; 2],
}

impl LogRatio {
    /// Between two figures of two runs with their drifts.
    pub fn between(old: LogMean, new: LogMean, drift: [Component; 2]) -> Self {
        Self { log: new.mean - old.mean, pairs: [old.error, new.error], drift }
    }

    /// The ratio.
    pub fn ratio(&self) -> f64 {
        self.log.exp()
    }

    /// The interval of the ratio at a confidence such as 0.95.
    pub fn interval(&self, confidence: f64) -> (f64, f64) {
        let (variance, freedom) = self.error();
        let half = if variance > 0.0 { student::critical(confidence, freedom) * variance.sqrt() } else { 0.0 };
        ((self.log - half).exp(), (self.log + half).exp())
    }

    /// How probable a ratio at least as far from 1 is where nothing has changed.
    pub fn p_value(&self) -> f64 {
        match self.error() {
            (variance, freedom) if variance > 0.0 => student::two_sided(self.log / variance.sqrt(), freedom),
            _ if self.log == 0.0 => 1.0,
            _ => 0.0,
        }
    }

    /// What the ratio's error would be with other numbers of pairs and runs, the spreads and the ratio being as
    /// they are: `pairs` times as many pairs, in `runs` times as many runs.
    #[must_use]
    pub fn scaled(&self, pairs: f64, runs: f64) -> Self {
        let scale = |by: f64| {
            move |part: Component| Component { variance: part.variance / by, freedom: (part.freedom + 1.0) * by - 1.0 }
        };
        Self { log: self.log, pairs: self.pairs.map(scale(pairs * runs)), drift: self.drift.map(scale(runs)) }
    }

    /// The variance of the logarithm, and its degrees of freedom.
    fn error(&self) -> (f64, f64) {
        let Component { variance, freedom } = Component::sum(self.pairs.iter().chain(&self.drift));
        (variance, freedom)
    }
}

#[cfg(test)]
mod tests {
    use super::{Component, LogMean, LogRatio};

    const NONE: [Component; 2] = [Component { variance: 0.0, freedom: 1.0 }; 2];

    fn ratio(old: &[f64], new: &[f64]) -> LogRatio {
        let logs = |values: &[f64]| LogMean::trimmed(values, 0).expect("values");
        LogRatio::between(logs(old), logs(new), NONE)
    }

    /// NIST/SEMATECH e-Handbook, 7.3.1.1: the times of two processes of assembly, variances not assumed to
    /// be equal: t = 2.269.
    #[test]
    fn welch_matches_the_handbook() {
        let old = [32.0, 37.0, 35.0, 28.0, 41.0, 44.0, 35.0, 31.0, 34.0, 38.0, 42.0];
        let new = [36.0, 31.0, 30.0, 31.0, 34.0, 36.0, 29.0, 32.0, 31.0];
        let found = ratio(&old, &new);
        let (variance, freedom) = found.error();
        assert!((-found.log / variance.sqrt() - 2.269).abs() < 1e-3, "{}", found.log / variance.sqrt());
        assert!((freedom - 15.5).abs() < 0.1, "{freedom}");
    }

    /// R: `t.test(extra ~ group, data = sleep)` (Student 1908): t = -1.8608, df = 17.776, p = 0.07939, 95 % interval
    /// -3.3654832 to 0.2054832.
    #[test]
    fn welch_matches_r() {
        let old = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
        let new = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
        let found = ratio(&old, &new);
        let (low, high) = found.interval(0.95);
        assert!((found.error().1 - 17.776).abs() < 1e-3);
        assert!((found.p_value() - 0.079_39).abs() < 1e-5);
        assert!((low.ln() + 0.205_483_2).abs() < 1e-6 && (high.ln() - 3.365_483_2).abs() < 1e-6);
    }

    /// Wilcox: *Introduction to Robust Estimation and Hypothesis Testing*, 3.3: Dana's data on self-awareness. A fifth at either
    /// end left out, the mean is 283 and the Winsorized variance 21 551.4; the error as a whole is 56.1 by the formula
    /// s / (0.6 √n), where Yuen's has √((n − 1) / h (h − 1)) instead.
    #[test]
    fn trimmed_means_match_wilcox() {
        let data = [77, 87, 88, 114, 151, 210, 219, 246, 253, 262, 296, 299, 306, 376, 428, 515, 666, 1310, 2611];
        let found = LogMean::of_logs(&data.map(f64::from)).expect("values");
        let winsorized = found.error.variance * 13.0 * 12.0 / 18.0;
        assert!((found.mean - 283.0).abs() < 0.5 && found.error.freedom == 12.0);
        assert!((winsorized - 21_551.4).abs() < 0.1, "{winsorized}");
        assert!((winsorized.sqrt() / (0.6 * 19.0_f64.sqrt()) - 56.1).abs() < 0.05);
    }

    #[test]
    fn of_few_values_nothing_is_left_out() {
        let found = LogMean::of_logs(&[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 10.0]).expect("values");
        assert_eq!((found.mean, found.error.freedom), (2.0, 8.0));
        assert_eq!(
            LogMean::of_logs(&[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 10.0]).map(|mean| mean.mean),
            Some(1.0)
        );
    }

    #[test]
    fn drift_widens() {
        let (old, new) = ([1.00, 1.01, 0.99, 1.0].map(f64::ln), [1.10, 1.11, 1.09, 1.1].map(f64::ln));
        let still = ratio(&old, &new);
        let moving = LogRatio { drift: [Component { variance: 4e-4, freedom: 5.0 }; 2], ..still };
        let width = |ratio: &LogRatio| ratio.interval(0.95).1 / ratio.interval(0.95).0;
        assert!(width(&moving) > width(&still) && moving.p_value() > still.p_value());
        assert!(width(&moving.scaled(1.0, 3.0)) < width(&moving.scaled(100.0, 1.0)));
    }

    #[test]
    fn without_spread_a_difference_is_certain() {
        let found = ratio(&[0.0, 0.0], &[0.5, 0.5]);
        assert_eq!((found.p_value(), found.interval(0.95).0), (0.0, 0.5_f64.exp()));
        assert!(ratio(&[0.0, 0.0], &[0.0, 0.0]).p_value() >= 1.0);
        assert!(LogMean::of(&[1.0]).is_none() && LogMean::of(&[1.0, 0.0]).is_none());
        assert!(LogMean::of(&[1.0, -1.0]).is_none());
    }

    /// Seven values at their expected places (Blom's) with a spread of 2 %.
    #[test]
    fn an_interval_tells_the_spread() {
        let sigma = 0.02_f64;
        let (low, high) = ((-0.758 * sigma).exp() * 100.0, (0.758 * sigma).exp() * 100.0);
        let found = LogMean::of_interval(100.0, (low, high), (1, 5), 7).expect("an interval");
        let expected = std::f64::consts::FRAC_PI_2 * sigma * sigma / 7.0;
        assert!((found.error.variance / expected - 1.0).abs() < 0.01);
        assert!(LogMean::of_interval(1.0, (1.0, 1.0), (0, 0), 1).is_none());
    }
}
