//! Verdicts: what is said of each cell, and what it would take to say more.

use serde::Serialize;

use super::ALPHA;
use super::row::Row;
use crate::statistics::holm::holm;
use crate::statistics::ratio::LogRatio;

/// What a comparison says of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Its time shrank: significantly among all cells, and perhaps by more than the threshold.
    Faster,
    /// Its time grew, likewise.
    Slower,
    /// The whole interval lies within the threshold.
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

/// What it would take to be sure of a cell, were its ratio and its spreads as they appear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Needs {
    /// How many pairs each run would need. None where no number helps, because drift alone is too much.
    pub pairs: Option<u32>,
    /// How many runs like these would be needed on each side. None where more than a hundred.
    pub runs: Option<u32>,
}

/// More pairs than this are not worth naming.
const MOST_PAIRS: u32 = 1000;
/// More runs than this are not worth naming.
pub const MOST_RUNS: u32 = 100;

/// Gives each row its verdict, where it is to be judged; returns how many have which.
///
/// A row is *same* where its own 95 % interval lies within the threshold on both sides (two one-sided tests:
/// Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 15, 1987), however surely it differs from 1. Otherwise
/// it is *faster* or *slower* where Holm's p-value is at most α: so the probability that any cell at all
/// is called so though nothing changed is at most α.
pub(super) fn judge(rows: &mut [Row], threshold: f64, judged: impl Fn(&Row) -> bool) -> Counts {
    let adjusted = holm(&rows.iter().map(|row| row.p).collect::<Vec<_>>());
    let rejected = adjusted.iter().filter(|p| **p <= ALPHA).count();
    // What the first p-value that was not rejected would have had to reach.
    let level = ALPHA / rows.len().saturating_sub(rejected).max(1) as f64;
    for (row, p_holm) in rows.iter_mut().zip(adjusted) {
        row.p_holm = p_holm;
        row.verdict = if !judged(row) {
            Verdict::NotJudged
        } else if within((row.low, row.high), threshold) {
            Verdict::Same
        } else if p_holm > ALPHA {
            Verdict::Unsure
        } else if row.ratio < 1.0 {
            Verdict::Faster
        } else {
            Verdict::Slower
        };
        row.needs = (row.verdict == Verdict::Unsure).then(|| needs(row, threshold, level));
    }
    Counts::of(rows)
}

/// Whether an interval of a ratio lies within a threshold: 5 % are from 1 / 1.05 to 1.05.
fn within((low, high): (f64, f64), threshold: f64) -> bool {
    low >= 1.0 / (1.0 + threshold) && high <= 1.0 + threshold
}

/// What it would take until the ratio is either within the threshold or significant at `level`.
fn needs(row: &Row, threshold: f64, level: f64) -> Needs {
    let ratio = &row.log_ratio;
    let sure = |ratio: LogRatio| ratio.p_value() <= level || within(ratio.interval(1.0 - ALPHA), threshold);
    Needs {
        pairs: smallest(MOST_PAIRS, |pairs| {
            let by = f64::from(pairs) / row.pairs as f64;
            by >= 1.0 && sure(ratio.scaled(by, 1.0))
        }),
        runs: smallest(MOST_RUNS, |runs| sure(ratio.scaled(1.0, f64::from(runs)))),
    }
}

/// The smallest number up to `most` with a property that all larger ones have too.
fn smallest(most: u32, holds: impl Fn(u32) -> bool) -> Option<u32> {
    let (mut low, mut high) = (0, most);
    if !holds(most) {
        return None;
    }
    while high - low > 1 {
        let middle = u32::midpoint(low, high);
        if holds(middle) { high = middle } else { low = middle }
    }
    Some(high)
}
