//! Verdicts: what is said of each cell.

use serde::Serialize;

use super::ALPHA;
use super::row::Row;
use crate::statistics::holm::holm;
use crate::statistics::trimmed::Mean;

/// What a comparison says of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Its time shrank: significantly among all cells, and perhaps by more than the threshold.
    Faster,
    /// Its time grew, likewise.
    Slower,
    /// It lies within the threshold for certain.
    Same,
    /// None of these can be said.
    Unsure,
    /// The runs cannot be compared by time.
    NotJudged,
}

impl Verdict {
    /// All verdicts, in the order of reports.
    pub const ALL: [Self; 5] = [Self::Slower, Self::Faster, Self::Unsure, Self::Same, Self::NotJudged];

    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Faster => "faster",
            Self::Slower => "slower",
            Self::Same => "same",
            Self::Unsure => "unsure",
            Self::NotJudged => "not judged",
        }
    }
}

/// How many cells have which verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Faster cells.
    pub faster: usize,
    /// Slower cells.
    pub slower: usize,
    /// Cells that are the same.
    pub same: usize,
    /// Cells of which nothing can be said.
    pub unsure: usize,
    /// Cells that are not judged.
    pub not_judged: usize,
}

impl Counts {
    fn of(rows: &[Row]) -> Self {
        let count = |verdict| rows.iter().filter(|row| row.verdict == verdict).count();
        Self {
            faster: count(Verdict::Faster),
            slower: count(Verdict::Slower),
            same: count(Verdict::Same),
            unsure: count(Verdict::Unsure),
            not_judged: count(Verdict::NotJudged),
        }
    }
}

/// Gives each row its verdict, where it is to be judged; returns how many have which.
///
/// A row is *same* where its 90 % interval lies within the threshold on both sides, which is two one-sided tests at 5 %
/// (Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 15, 1987), however surely it differs from 1. Otherwise
/// it is *faster* or *slower* where Holm's p-value among all that are judged is at most α: so the probability that any cell
/// at all is called so though nothing changed is at most α. What a neighbour may have moved is
/// unsure, and no part of these.
pub(super) fn judge(rows: &mut [Row], threshold: f64, judged: impl Fn(&Row) -> bool) -> Counts {
    let (mut judged, disturbed): (Vec<&mut Row>, Vec<&mut Row>) =
        rows.iter_mut().filter(|row| judged(row)).partition(|row| row.is_comparable);
    disturbed.into_iter().for_each(|row| row.verdict = Verdict::Unsure);
    let p_values: Vec<f64> = judged.iter().map(|row| row.log.p_value()).collect();
    for ((row, p), p_holm) in judged.iter_mut().zip(&p_values).zip(holm(&p_values)) {
        row.verdict = verdict(&row.log, p_holm, threshold);
        if let Some(ratio) = &mut row.ratio {
            (ratio.p, ratio.p_holm) = (Some(*p), Some(p_holm));
        }
    }
    Counts::of(rows)
}

fn verdict(log: &Mean, p_holm: f64, threshold: f64) -> Verdict {
    if is_within(log, threshold) {
        Verdict::Same
    } else if p_holm > ALPHA {
        Verdict::Unsure
    } else if log.mean < 0.0 {
        Verdict::Faster
    } else {
        Verdict::Slower
    }
}

/// Whether a ratio lies within a threshold for certain: 5 % are from 1 / 1.05 to 1.05.
fn is_within(log: &Mean, threshold: f64) -> bool {
    let (low, high) = log.interval(1.0 - 2.0 * ALPHA);
    low >= -threshold.ln_1p() && high <= threshold.ln_1p()
}

#[cfg(test)]
mod tests {
    use super::{Verdict, verdict};
    use crate::statistics::trimmed::Mean;

    fn of(mean: f64, error: f64, p_holm: f64) -> Verdict {
        verdict(&Mean { mean, variance: error * error, freedom: 1e6 }, p_holm, 0.05)
    }

    /// ln 1.05 is 0.0488; the 90 % interval is ± 1.645 errors, the 95 % interval ± 1.96.
    #[test]
    fn the_same_lies_within_the_threshold_with_its_90_per_cent_interval() {
        assert_eq!(of(0.02, 0.017, 1.0), Verdict::Same);
        assert_eq!(of(0.02, 0.018, 1.0), Verdict::Unsure);
        // Certain, and of no weight.
        assert_eq!(of(-0.02, 0.001, 1e-9), Verdict::Same);
    }

    #[test]
    fn what_changed_is_significant_among_all() {
        assert_eq!(of(0.2, 0.01, 0.05), Verdict::Slower);
        assert_eq!(of(-0.2, 0.01, 0.05), Verdict::Faster);
        assert_eq!(of(0.2, 0.01, 0.051), Verdict::Unsure);
    }
}
