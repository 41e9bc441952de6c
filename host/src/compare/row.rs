//! One cell of two runs: its ratio, the interval, and the p-value.

use serde::Serialize;

use super::drift::Drifts;
use super::verdict::{Needs, Verdict};
use crate::record::CellRecord;
use crate::statistics::bootstrap_interval_of_median;
use crate::statistics::ratio::{Component, LogMean, LogRatio};
use weft_link::transport::Isolation;

/// A cell that both runs measured.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The cell's name: `<message>/<task>/<codec>/<transport>`, and `@<host>` on any host but weft's own.
    pub cell: String,
    /// The message.
    pub message: String,
    /// The task.
    pub task: String,
    /// The codec.
    pub codec: String,
    /// The transport.
    pub transport: String,
    /// The host.
    pub host: String,
    /// The transport's isolation class in the new run.
    pub isolation: Isolation,
    /// The old run's geometric mean over pairs in nanoseconds, trimmed where it has ten or more; where the run kept no
    /// pairs, its median.
    pub old_ns: f64,
    /// The new run's.
    pub new_ns: f64,
    /// New ÷ old: above 1 is slower.
    pub ratio: f64,
    /// The lower end of the ratio's 95 % interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// How probable such a ratio is where nothing changed, were this the only cell.
    pub p: f64,
    /// The same by Holm's correction for all cells of the comparison.
    pub p_holm: f64,
    /// What the comparison says of it.
    pub verdict: Verdict,
    /// What it would take to be sure, where it is unsure.
    pub needs: Option<Needs>,
    #[serde(skip)]
    pub(super) log_ratio: LogRatio,
    /// How many pairs the run with fewer of them has.
    #[serde(skip)]
    pub(super) pairs: usize,
}

impl Row {
    /// Compares a cell. None where a run has fewer than two pairs, whose spread nobody knows.
    pub(super) fn of(old: &CellRecord, new: &CellRecord, pairs: (usize, usize), drift: &Drifts) -> Option<Self> {
        let (before, after) = (log_mean(old, pairs.0)?, log_mean(new, pairs.1)?);
        let count = |cell: &CellRecord, pairs| cell.pair_medians_ns.as_ref().map_or(pairs, Vec::len);
        let log_ratio =
            if same_measurement(old, new) { UNCHANGED } else { LogRatio::between(before, after, drift.components()) };
        let (low, high) = log_ratio.interval(1.0 - super::ALPHA);
        Some(Self {
            cell: new.name(),
            message: new.message(),
            task: new.task().to_owned(),
            codec: new.cell.codec.clone(),
            transport: new.cell.transport.clone(),
            host: new.cell.host.clone(),
            isolation: new.isolation,
            old_ns: before.mean.exp(),
            new_ns: after.mean.exp(),
            ratio: log_ratio.ratio(),
            low,
            high,
            p: log_ratio.p_value(),
            p_holm: 1.0,
            verdict: Verdict::NotJudged,
            needs: None,
            log_ratio,
            pairs: count(old, pairs.0).min(count(new, pairs.1)),
        })
    }
}

/// Of a measurement with itself: all errors are in both.
pub(super) const UNCHANGED: LogRatio = LogRatio {
    log: 0.0,
    pairs: [Component { variance: 0.0, freedom: 1.0 }; 2],
    drift: [Component { variance: 0.0, freedom: 1.0 }; 2],
};

/// Whether two records hold one and the same measurement, as a run and its copy do: seven medians do not agree to
/// the last bit by chance.
pub(super) fn same_measurement(old: &CellRecord, new: &CellRecord) -> bool {
    old.latency_ns == new.latency_ns && old.pair_medians_ns == new.pair_medians_ns
}

/// What a run knows of a cell: by its pairs, or by its interval where it kept none.
pub(super) fn log_mean(cell: &CellRecord, pairs: usize) -> Option<LogMean> {
    if let Some(medians) = &cell.pair_medians_ns {
        return LogMean::of(medians);
    }
    let (latency, ranks) = (cell.latency_ns?, bootstrap_interval_of_median(pairs)?);
    LogMean::of_interval(latency.median, (latency.low, latency.high), ranks, pairs)
}
