//! One cell of two runs: its times, its ratio, the interval, and the p-value.

use serde::Serialize;
use weft_link::transport::Isolation;

use super::ALPHA;
use super::both::{Both, Estimate};
use super::verdict::Verdict;
use crate::measure::RoundReading;
use crate::record::CellRecord;
use crate::statistics::trimmed::Mean;

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
    /// The old run's level in nanoseconds.
    pub old_ns: f64,
    /// The new run's.
    pub new_ns: f64,
    /// How many rounds of the old run it is made of.
    pub old_rounds: usize,
    /// How many rounds of the new one.
    pub new_rounds: usize,
    /// Whether a neighbour can be told from a change: otherwise it is unsure.
    #[serde(rename = "comparable")]
    pub is_comparable: bool,
    /// New ÷ old. None where the runs are of two machines, or may be, and nobody asked for it.
    #[serde(flatten)]
    pub ratio: Option<Ratio>,
    /// What the comparison says of it.
    pub verdict: Verdict,
    /// The logarithm of the ratio, with its error.
    #[serde(skip)]
    pub(super) log: Mean,
}

/// How many times as long a cell takes: above 1 is slower.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Ratio {
    /// New ÷ old, relative to what the comparison is relative to.
    pub ratio: f64,
    /// The lower end of its 95 % interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// New ÷ old as it is.
    pub absolute_ratio: f64,
    /// How probable such a ratio is where nothing changed, were this the only cell. None where it is not judged.
    pub p: Option<f64>,
    /// The same by Holm's correction for all cells that are judged.
    pub p_holm: Option<f64>,
}

impl Row {
    /// Compares a cell. None where a run has fewer than two rounds of it, whose spread nobody knows.
    pub(super) fn of(both: Both<'_>, estimate: &Estimate<'_>, shown: bool) -> Option<Self> {
        let levels = estimate.levels(&both)?;
        let difference = levels.difference();
        let log = if both.is_one_measurement() {
            Mean::certain(0.0)
        } else {
            estimate.relative(&difference, &[&both.new.cell.host])
        };
        let rounds = |cell: &CellRecord| RoundReading::counted(&cell.readings).count();
        let new = both.new;
        Some(Self {
            cell: new.name(),
            message: new.message(),
            task: new.task().to_owned(),
            codec: new.cell.codec.clone(),
            transport: new.cell.transport.clone(),
            host: new.cell.host.clone(),
            isolation: new.isolation,
            old_ns: levels.old.mean.exp(),
            new_ns: levels.new.mean.exp(),
            old_rounds: rounds(both.old),
            new_rounds: rounds(new),
            is_comparable: estimate.is_comparable(&both),
            ratio: shown.then(|| Ratio::of(&log, &difference)),
            verdict: Verdict::NotJudged,
            log,
        })
    }
}

impl Ratio {
    fn of(log: &Mean, difference: &Mean) -> Self {
        let (low, high) = log.interval(1.0 - ALPHA);
        let absolute_ratio = difference.mean.exp();
        Self { ratio: log.mean.exp(), low: low.exp(), high: high.exp(), absolute_ratio, p: None, p_holm: None }
    }
}
