//! What a host costs in all: the mean over its cells, and how far they lie apart.

use super::{Pair, Ratio};
use crate::record::CellRecord;
use crate::record::figures::{CONFIDENCE, differences};
use crate::statistics::location::geometric_mean;
use crate::statistics::rounds::{ByRound, above_levels};
use crate::statistics::trimmed::Mean;

/// The ratios of some cells of a host to those of weft's own.
#[derive(Clone, Debug)]
pub struct Spread<'a> {
    /// How many cells they are.
    pub cells: usize,
    /// The geometric mean over cells and rounds.
    pub mean: f64,
    /// Its 95 % interval. None where rounds were not kept.
    pub interval: Option<(f64, f64)>,
    /// The cell with the smallest ratio.
    pub smallest: (&'a CellRecord, Ratio),
    /// The cell with the largest.
    pub largest: (&'a CellRecord, Ratio),
}

impl<'a> Spread<'a> {
    /// Of some cells. None of none.
    pub fn of(pairs: &[&Pair<'a>]) -> Option<Self> {
        let ratios: Vec<(&CellRecord, Ratio)> =
            pairs.iter().filter_map(|pair| Some((pair.other, pair.ratio()?))).collect();
        let by_ratio = |a: &&(&CellRecord, Ratio), b: &&(&CellRecord, Ratio)| a.1.value.total_cmp(&b.1.value);
        let (smallest, largest) = (*ratios.iter().min_by(by_ratio)?, *ratios.iter().max_by(by_ratio)?);
        let rounds = of_rounds(pairs);
        let values: Vec<f64> = ratios.iter().map(|(_, ratio)| ratio.value).collect();
        Some(Self {
            cells: ratios.len(),
            mean: rounds.map_or_else(|| geometric_mean(&values), |mean| Some(mean.mean.exp()))?,
            interval: rounds.map(|mean| mean.interval(CONFIDENCE)).map(|(low, high)| (low.exp(), high.exp())),
            smallest,
            largest,
        })
    }

    /// Whether 1 is within the interval. Not where nobody knows.
    pub fn is_tie(&self) -> bool {
        self.interval.is_some_and(|(low, high)| low <= 1.0 && high >= 1.0)
    }
}

/// The mean over cells of ln other − ln own, round by round: cells that move together in a round do not count as
/// independent. None where a cell has no round, or fewer than two rounds have half of the cells.
fn of_rounds(pairs: &[&Pair<'_>]) -> Option<Mean> {
    let cells: Vec<ByRound> = pairs.iter().map(|pair| differences(&pair.other.readings, &pair.own.readings)).collect();
    let mean =
        |all: &ByRound| (!all.is_empty()).then(|| all.iter().map(|(_, log)| log).sum::<f64>() / all.len() as f64);
    let levels: Vec<f64> = cells.iter().map(mean).collect::<Option<_>>()?;
    let level = levels.iter().sum::<f64>() / levels.len() as f64;
    // A cell that a round lacks is none that differs: of the others only what is beside their own means counts.
    Mean::of(&above_levels(&cells, &levels).iter().map(|above| level + above).collect::<Vec<_>>())
}
