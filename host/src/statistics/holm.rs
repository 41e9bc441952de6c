//! Holm's correction: many tests at once, and the probability of even one false alarm stays bounded.

/// The p-values adjusted for their number, in the given order: an adjusted value of at most α rejects, and the
/// probability of any wrong rejection is at most α, however the tests depend on each other.
///
/// The k-th smallest of m values is multiplied by m − k + 1, capped at 1, and never smaller than the one before
/// it (Holm: *A Simple Sequentially Rejective Multiple Test Procedure*, Scandinavian Journal of Statistics 6,
/// 1979).
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut adjusted = vec![1.0; p_values.len()];
    let mut least = 0.0_f64;
    for (rank, index) in order.into_iter().enumerate() {
        least = least.max((p_values.len() - rank) as f64 * p_values[index]).min(1.0);
        adjusted[index] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::holm;

    fn close(found: &[f64], expected: &[f64]) -> bool {
        found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12)
    }

    /// The worked example of *Holm–Bonferroni method* (four hypotheses, α = 0.05): 0.005 and 0.01 are rejected,
    /// 0.03 and 0.04 are not. R: `p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")`.
    #[test]
    fn four_hypotheses() {
        assert!(close(&holm(&[0.01, 0.04, 0.03, 0.005]), &[0.03, 0.06, 0.06, 0.02]));
    }

    /// The fifteen p-values of Benjamini & Hochberg 1995 (myocardial infarction): Bonferroni and Holm reject the
    /// first three at 0.05.
    #[test]
    fn fifteen_hypotheses() {
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
            0.7590, 1.0,
        ];
        let adjusted = holm(&p);
        assert!(close(&adjusted[..4], &[0.0015, 0.0056, 0.0247, 0.114]), "{adjusted:?}");
        assert_eq!(adjusted.iter().filter(|p| **p <= 0.05).count(), 3);
    }

    #[test]
    fn ties_caps_and_nothing() {
        assert!(close(&holm(&[0.5, 0.5, 0.9]), &[1.0, 1.0, 1.0]));
        assert!(close(&holm(&[0.02]), &[0.02]));
        assert!(holm(&[]).is_empty());
    }
}
