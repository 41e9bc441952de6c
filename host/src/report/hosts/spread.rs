//! What a host costs in all: the mean over its cells, and how far they lie apart.

use super::{Pair, Ratio};
use crate::measure::RoundReading;
use crate::record::CellRecord;
use crate::record::figures::{CONFIDENCE, logarithms};
use crate::statistics::location::geometric_mean;
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
    let rounds = pairs.iter().flat_map(|pair| &pair.own.readings).map(|reading| reading.round + 1).max()?;
    let by_round = |readings: &[RoundReading]| {
        let mut logs = vec![None; rounds];
        for (round, log) in logarithms(readings) {
            if let Some(place) = logs.get_mut(round) {
                *place = Some(log);
            }
        }
        logs
    };
    let cells: Vec<Vec<Option<f64>>> = pairs
        .iter()
        .map(|pair| {
            let (other, own) = (by_round(&pair.other.readings), by_round(&pair.own.readings));
            other.into_iter().zip(own).map(|(other, own)| Some(other? - own?)).collect()
        })
        .collect();
    let mean_of = |all: &[f64]| (!all.is_empty()).then(|| all.iter().sum::<f64>() / all.len() as f64);
    let levels: Vec<f64> =
        cells.iter().map(|cell| mean_of(&cell.iter().flatten().copied().collect::<Vec<_>>())).collect::<Option<_>>()?;
    let level = mean_of(&levels)?;
    // A cell that a round lacks is none that differs: of the others only what is beside their own means counts.
    let mean = |round: usize| {
        let beside = cells.iter().zip(&levels).filter_map(|(cell, level)| Some(cell.get(round).copied()?? - level));
        let beside: Vec<f64> = beside.collect();
        Some(level + mean_of(&beside).filter(|_| 2 * beside.len() >= cells.len())?)
    };
    Mean::of(&(0..rounds).filter_map(mean).collect::<Vec<_>>())
}
