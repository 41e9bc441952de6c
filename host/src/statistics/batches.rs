//! The error of a mean of values that came one after the other, and may hang together.
//!
//! Values that drift are not independent, so their variance divided by their number is too little. Means of
//! consecutive batches hang together less, the longer the batches are: their variance, divided by the number of
//! batches, is that of the whole mean (Schmeiser: *Batch Size Effects in the Analysis of Simulation Output*, Operations
//! Research 30, 1982). The number of batches is the square root of the number of values, so that both grow, but four where there
//! are two values for each: an error that is known from two or three batches is hardly known.

use super::ratio::{Component, variance};

/// The error of the mean of `values`, which are in the order in which they came. None of fewer than two values, or where one
/// is not finite.
pub fn error_of_mean(values: &[f64]) -> Option<Component> {
    let batches = ((values.len() as f64).sqrt() as usize).max((values.len() / 2).clamp(2, 4));
    let means: Vec<f64> = (0..batches)
        .map(|batch| &values[values.len() * batch / batches..values.len() * (batch + 1) / batches])
        .map(|batch| batch.iter().sum::<f64>() / batch.len() as f64)
        .collect();
    Some(Component { variance: variance(&means)? / batches as f64, freedom: batches as f64 - 1.0 })
}

#[cfg(test)]
mod tests {
    use super::error_of_mean;

    /// By hand: batches 1 to 4, 5 to 8, 9 to 12 and 13 to 16 have the means 2.5, 6.5, 10.5 and 14.5, whose variance is
    /// 80 / 3; a quarter of it is 20 / 3.
    #[test]
    fn a_series_that_climbs() {
        let values: Vec<f64> = (1..=16).map(f64::from).collect();
        let error = error_of_mean(&values).expect("an error");
        assert!((error.variance - 20.0 / 3.0).abs() < 1e-12);
        assert_eq!(error.freedom, 3.0);
    }

    /// The same values in another order: each batch has the mean 8.5, so the mean is known.
    #[test]
    fn the_same_values_mixed() {
        let values = [1, 16, 8, 9, 2, 15, 7, 10, 3, 14, 6, 11, 4, 13, 5, 12].map(f64::from);
        assert_eq!(error_of_mean(&values).map(|error| error.variance), Some(0.0));
    }

    /// Batches of two or three where the number is no square.
    #[test]
    fn every_value_is_in_one_batch() {
        let error = error_of_mean(&[0.0, 0.0, 3.0, 3.0, 3.0]).expect("an error");
        // 0 0 and 3 3 3: means 0 and 3, variance 4.5, half of it.
        assert_eq!((error.variance, error.freedom), (2.25, 1.0));
        assert_eq!((error_of_mean(&[]), error_of_mean(&[1.0]), error_of_mean(&[1.0, f64::NAN])), (None, None, None));
    }
}
