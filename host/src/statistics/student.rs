//! Student's t distribution, for means of few values whose spread is estimated from them (Student: *The
//! Probable Error of a Mean*, Biometrika 6, 1908). The incomplete beta function behind it is statrs'.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// As many degrees of freedom as make the distribution normal for every purpose here.
pub const NORMAL: f64 = 1e6;

/// The probability that a t of `freedom` degrees is at least as far from 0 as `t` is, on either side. 1 where
/// `freedom` is not positive: then nothing is known of the error.
pub fn two_sided(t: f64, freedom: f64) -> f64 {
    distribution(freedom).map_or(1.0, |student| (2.0 * student.cdf(-t.abs())).min(1.0))
}

/// The t that is exceeded, on either side, with the probability `1 - confidence`. Infinite where `freedom` is
/// not positive.
pub fn critical(confidence: f64, freedom: f64) -> f64 {
    distribution(freedom).map_or(f64::INFINITY, |student| student.inverse_cdf(f64::midpoint(1.0, confidence)))
}

fn distribution(freedom: f64) -> Option<StudentsT> {
    // `clamp` leaves a NaN one, as `min` does not.
    StudentsT::new(0.0, 1.0, freedom.clamp(f64::NEG_INFINITY, NORMAL)).ok()
}

#[cfg(test)]
mod tests {
    use super::{critical, two_sided};

    /// NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2: upper critical values of Student's t.
    #[test]
    fn critical_values_match_the_table() {
        let table = [
            (0.95, 1.0, 12.706),
            (0.95, 4.0, 2.776),
            (0.95, 6.0, 2.447),
            (0.95, 12.0, 2.179),
            (0.99, 6.0, 3.707),
            (0.998, 12.0, 3.930),
            (0.90, 30.0, 1.697),
            (0.95, 1e9, 1.960),
        ];
        for (confidence, freedom, expected) in table {
            let found = critical(confidence, freedom);
            assert!((found - expected).abs() < 6e-4, "t({confidence}, {freedom}) = {found}, not {expected}");
        }
    }

    /// One degree of freedom is Cauchy's distribution, two have a closed form (Abramowitz & Stegun 26.7).
    #[test]
    fn probabilities_match_closed_forms() {
        for t in [0.1_f64, 1.0, 3.0, 40.0] {
            let cauchy = 1.0 - 2.0 * t.atan() / std::f64::consts::PI;
            assert!((two_sided(t, 1.0) / cauchy - 1.0).abs() < 1e-9);
            let of_two = 1.0 - t / (2.0 + t * t).sqrt();
            assert!((two_sided(-t, 2.0) / of_two - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn without_freedom_nothing_is_known() {
        assert!(two_sided(9.0, 0.0) >= 1.0 && two_sided(9.0, f64::NAN) >= 1.0);
        assert!(critical(0.95, 0.0).is_infinite());
    }
}
