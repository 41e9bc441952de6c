//! Where values lie: geometric mean and percentiles.

/// The geometric mean: the one mean of ratios that is the same whichever of the two is called new (Fleming &
/// Wallace: *How Not to Lie with Statistics*, CACM 29, 1986). None of no values, or where one is not positive.
pub fn geometric_mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() || values.iter().any(|value| !value.is_finite() || *value <= 0.0) {
        return None;
    }
    Some((values.iter().map(|value| value.ln()).sum::<f64>() / values.len() as f64).exp())
}

/// The value below which the part `part` (0 to 1) of the values lies, interpolated linearly between the two at
/// rank 1 + (n − 1) · part: type 7 of Hyndman & Fan (*Sample Quantiles in Statistical Packages*, The American
/// Statistician 50, 1996), R's default. None of no values, or of a part outside 0 to 1.
pub fn percentile(values: &[f64], part: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    if !(0.0..=1.0).contains(&part) {
        return None;
    }
    let rank = sorted.len().checked_sub(1)? as f64 * part;
    let (below, above) = (*sorted.get(rank.floor() as usize)?, *sorted.get(rank.ceil() as usize)?);
    Some(below + (above - below) * rank.fract())
}

#[cfg(test)]
mod tests {
    use super::{geometric_mean, percentile};

    /// The twelve gauge measurements of the NIST/SEMATECH e-Handbook, 7.2.6.2. It takes rank 0.9 (n + 1) = 11.7 for the
    /// 90th percentile; type 7 takes rank 1 + 0.9 (n − 1) = 10.9, so 95.1937 + 0.9 · (95.1959 − 95.1937).
    #[test]
    fn percentiles_match_the_handbook() {
        let gauge = [
            95.1772, 95.1567, 95.1937, 95.1959, 95.1442, 95.0610, 95.1591, 95.1195, 95.1065, 95.0925, 95.1990, 95.1682,
        ];
        assert!(percentile(&gauge, 0.9).is_some_and(|found| (found - 95.195_68).abs() < 1e-9));
        assert_eq!((percentile(&gauge, 0.0), percentile(&gauge, 1.0)), (Some(95.0610), Some(95.1990)));
    }

    /// R: `quantile(1:4)`.
    #[test]
    fn quartiles_match_r() {
        let found = [0.25, 0.5, 0.75].map(|part| percentile(&[4.0, 1.0, 3.0, 2.0], part));
        assert_eq!(found, [Some(1.75), Some(2.5), Some(3.25)]);
        assert_eq!((percentile(&[], 0.5), percentile(&[1.0], 1.5)), (None, None));
    }

    /// Fleming & Wallace 1986: halving and doubling cancel out.
    #[test]
    fn geometric_means_of_ratios() {
        assert!(geometric_mean(&[0.5, 2.0]).is_some_and(|mean| (mean - 1.0).abs() < 1e-15));
        assert!(geometric_mean(&[4.0, 1.0, 1.0 / 32.0]).is_some_and(|mean| (mean - 0.5).abs() < 1e-15));
        assert_eq!((geometric_mean(&[]), geometric_mean(&[1.0, 0.0])), (None, None));
    }
}
