//! What a host costs in all: the mean over its cells, and how far they lie apart.

use super::{Pair, Ratio};
use crate::record::CellRecord;
use crate::statistics::location::geometric_mean;
use crate::statistics::ratio::{Component, LogMean, LogRatio};

/// The confidence of a mean's interval.
const CONFIDENCE: f64 = 0.95;

/// Rounds of all hosts alternate within a run: what moves slowly moves all of them.
const NO_DRIFT: [Component; 2] = [Component { variance: 0.0, freedom: 1.0 }; 2];

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
            mean: rounds.map_or_else(|| geometric_mean(&values), |ratio| Some(ratio.ratio()))?,
            interval: rounds.map(|ratio| ratio.interval(CONFIDENCE)),
            smallest,
            largest,
        })
    }

    /// Whether the mean is not to be told from 1.
    pub fn is_tie(&self) -> bool {
        self.interval.is_none_or(|(low, high)| low <= 1.0 && high >= 1.0)
    }
}

/// The mean of the ratios by the readings of all rounds, where every cell has them.
fn of_rounds(pairs: &[&Pair<'_>]) -> Option<LogRatio> {
    let mean = |cells: Vec<&CellRecord>| {
        let means: Vec<LogMean> =
            cells.iter().map(|cell| LogMean::of(cell.pair_medians_ns.as_ref()?)).collect::<Option<_>>()?;
        LogMean::mean(&means)
    };
    let own = mean(pairs.iter().map(|pair| pair.own).collect())?;
    let other = mean(pairs.iter().map(|pair| pair.other).collect())?;
    Some(LogRatio::between(own, other, NO_DRIFT))
}
