//! The error of a mean of values that came one after the other, and may hang together.
//!
//! Values that drift are not independent, so their variance divided by their number is too little. Means of
//! consecutive batches hang together less, the longer the batches are: their variance, divided by the number of
//! batches, is that of the whole mean (Schmeiser: *Batch Size Effects in the Analysis of Simulation Output*, Operations
//! Research 30, 1982). The number of batches is the square root of the number of values, so that both grow.

use super::ratio::{Component, variance};

/// The error of the mean of `values`, which are in the order in which they came. None of fewer than two values, or where one
/// is not finite.
pub fn error_of_mean(values: &[f64]) -> Option<Component> {
    let batches = ((values.len() as f64).sqrt() as usize).max(2);
    let means: Vec<f64> = (0..batches)
        .map(|batch| &values[values.len() * batch / batches..values.len() * (batch + 1) / batches])
        .map(|batch| batch.iter().sum::<f64>() / batch.len() as f64)
        .collect();
    Some(Component { variance: variance(&means)? / batches as f64, freedom: batches as f64 - 1.0 })
}

#[cfg(test)]
mod tests {
    use super::error_of_mean;

    /// By hand: batches 1 2 3, 4 5 6 and 7 8 9 have the means 2, 5 and 8, whose variance is 9; a third of it is 3.
    #[test]
    fn a_series_that_climbs() {
        let error = error_of_mean(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]).expect("an error");
        assert_eq!((error.variance, error.freedom), (3.0, 2.0));
    }

    /// The same values in another order are independent of their neighbours, and their mean is known better:
    /// batches 1 9 5, 8 2 4 and 6 3 7 have the means 5, 14/3 and 16/3, whose variance is 1/9.
    #[test]
    fn the_same_values_mixed() {
        let error = error_of_mean(&[1.0, 9.0, 5.0, 8.0, 2.0, 4.0, 6.0, 3.0, 7.0]).expect("an error");
        assert!((error.variance - 1.0 / 27.0).abs() < 1e-12);
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
