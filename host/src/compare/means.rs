//! Geometric means of the ratios: of all cells, and per codec, transport, message and host.
//!
//! The cells of a mean are not drawn from others, they are those that there are: what is uncertain is each cell's
//! ratio. Each cell has pairs of its own, which are measured apart from those of others, so their errors are independent, and
//! average out (that cells share the guests' compiled code is not seen in their errors: `docs/STATISTICS.md`).
//! Drift is common to all cells of a run, so it is not made smaller by their number.

use serde::Serialize;

use super::ALPHA;
use super::drift::Drifts;
use super::row::{UNCHANGED, log_mean, same_measurement};
use crate::record::CellRecord;
use crate::statistics::ratio::{LogMean, LogRatio};

/// The geometric mean of some cells' ratios.
#[derive(Clone, Debug, Serialize)]
pub struct Mean {
    /// What the cells have in common: a codec's, transport's, message's or host's name.
    pub name: String,
    /// How many cells they are.
    pub cells: usize,
    /// The mean of new ÷ old.
    pub ratio: f64,
    /// The lower end of its 95 % interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// All means of a comparison.
#[derive(Clone, Debug, Serialize)]
pub struct Means {
    /// Of all cells.
    pub all: Option<Mean>,
    /// By codec: of the cells of weft's own host, or of all where none of them is.
    pub codecs: Vec<Mean>,
    /// By transport, of the same cells.
    pub transports: Vec<Mean>,
    /// By message, of the same cells.
    pub messages: Vec<Mean>,
    /// By host; none where all cells are of weft's own.
    pub hosts: Vec<Mean>,
}

/// A cell of the old and of the new run.
type Both<'a> = (&'a CellRecord, &'a CellRecord);

impl Means {
    /// The means of the cells that both runs measured.
    pub(super) fn of(both: &[Both<'_>], pairs: (usize, usize), drift: &Drifts) -> Self {
        let own: Vec<Both<'_>> = both.iter().filter(|(_, cell)| cell.cell.is_own()).copied().collect();
        let foreign = own.len() < both.len();
        let of = if own.is_empty() { both } else { &own };
        let by = |cells: &[Both<'_>], name: fn(&CellRecord) -> String| by(cells, name, pairs, drift);
        Self {
            all: mean("all", both, pairs, drift),
            codecs: by(of, |cell| cell.cell.codec.clone()),
            transports: by(of, |cell| cell.cell.transport.clone()),
            messages: by(of, CellRecord::message),
            hosts: if foreign { by(both, |cell| cell.cell.host.clone()) } else { Vec::new() },
        }
    }
}

/// The means of cells that share a name, in the order of the cells.
fn by(both: &[Both<'_>], name: fn(&CellRecord) -> String, pairs: (usize, usize), drift: &Drifts) -> Vec<Mean> {
    let mut names: Vec<String> = Vec::new();
    for (_, cell) in both {
        if !names.contains(&name(cell)) {
            names.push(name(cell));
        }
    }
    let mean = |wanted: &String| {
        let cells: Vec<Both<'_>> = both.iter().filter(|(_, cell)| name(cell) == *wanted).copied().collect();
        mean(wanted, &cells, pairs, drift)
    };
    names.iter().filter_map(mean).collect()
}

fn mean(name: &str, both: &[Both<'_>], pairs: (usize, usize), drift: &Drifts) -> Option<Mean> {
    let side = |cells: Vec<&CellRecord>, pairs| {
        let means: Vec<LogMean> = cells.iter().map(|cell| log_mean(cell, pairs)).collect::<Option<_>>()?;
        LogMean::mean(&means)
    };
    let measured_once = both.iter().all(|(old, new)| same_measurement(old, new));
    let ratio = if measured_once && !both.is_empty() {
        UNCHANGED
    } else {
        let old = side(both.iter().map(|(old, _)| *old).collect(), pairs.0)?;
        let new = side(both.iter().map(|(_, new)| *new).collect(), pairs.1)?;
        LogRatio::between(old, new, drift.components())
    };
    let (low, high) = ratio.interval(1.0 - ALPHA);
    Some(Mean { name: name.to_owned(), cells: both.len(), ratio: ratio.ratio(), low, high })
}

#[cfg(test)]
mod tests {
    use super::{Both, Drifts, Mean, mean};
    use crate::record::{CellRecord, Drift, Latency, Record};

    fn record() -> Record {
        serde_json::from_str(include_str!("../../../results/reference/run.json")).expect("the reference run")
    }

    fn cell(pairs: Option<&[f64]>) -> CellRecord {
        let cell = record().measured().next().cloned().expect("a cell");
        let latency = pairs.map(|pairs| Latency { median: pairs[3], low: pairs[1], high: pairs[5] });
        let latency_ns = latency.or(Some(Latency { median: 104.0, low: 102.0, high: 106.0 }));
        CellRecord { latency_ns, pair_medians_ns: pairs.map(<[f64]>::to_vec), ..cell }
    }

    fn drifts(medians: &[f64]) -> Drifts {
        let drift = Drift { cell: "c".to_owned(), medians_ns: medians.to_vec(), spread: 0.0 };
        let run = Record { drift: Some(drift), ..record() };
        Drifts::of(&run, &run)
    }

    fn of(old: &CellRecord, new: &CellRecord, cells: usize, drift: &Drifts) -> Mean {
        let both: Vec<Both<'_>> = vec![(old, new); cells];
        mean("all", &both, (7, 7), drift).expect("a mean")
    }

    const OLD: [f64; 7] = [100.0, 101.0, 99.0, 100.5, 99.5, 102.0, 98.0];
    const NEW: [f64; 7] = [101.0, 102.0, 103.0, 104.0, 105.0, 106.0, 107.0];

    /// Ten cells err a tenth as much in variance as one, with and without their pairs.
    #[test]
    fn errors_of_cells_average_out() {
        let still = drifts(&[100.0, 100.0, 100.0]);
        for (old, new) in [(cell(Some(&OLD)), cell(Some(&NEW))), (cell(Some(&OLD)), cell(None))] {
            let (one, ten) = (of(&old, &new, 1, &still), of(&old, &new, 10, &still));
            assert!((one.ratio - ten.ratio).abs() < 1e-9 && one.low < one.ratio && one.ratio < one.high);
            // More than √10, because the error itself is known better.
            let narrower = (one.high / one.low).ln() / (ten.high / ten.low).ln();
            assert!((10.0_f64.sqrt()..2.0 * 10.0_f64.sqrt()).contains(&narrower), "{narrower}");
        }
    }

    /// Drift does not.
    #[test]
    fn drift_does_not_average_out() {
        let (old, new) = (cell(Some(&OLD)), cell(Some(&NEW)));
        let moving = drifts(&[98.0, 98.0, 102.0, 102.0]);
        let (one, ten) = (of(&old, &new, 1, &moving), of(&old, &new, 10, &moving));
        assert!(ten.high / ten.low > 1.05 && ten.high / ten.low > 0.9 * (one.high / one.low));
    }
}
