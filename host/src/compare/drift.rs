//! Drift: how much a run's figures move while nothing changes.
//!
//! The pairs of a cell are measured in rounds all over the run, so their scatter holds what moves from minute to
//! minute, and what differs between fresh pairs. It holds nothing of what all pairs of a run share because the
//! machine moved slowly, or stayed moved. A run measures one cell of the floor again and again; the error of
//! that cell's mean over the run, which sees that neighbouring looks hang together, is a part of each cell's error, on
//! both sides:
//!
//! variance(ln new/old) = s²(old pairs)/n + s²(new pairs)/n + d²(old) + d²(new)
//!
//! d² is not divided by n, because the pairs of a cell share it; it is twice what the looks say, because half of them are taken before
//! the rounds begin. A run that was interrupted before its rounds has
//! measured each cell within a second: there d is the deviation of a single look.

use serde::Serialize;

use crate::record::Record;
use crate::statistics::batches::error_of_mean;
use crate::statistics::ratio::{Component, variance};
use crate::statistics::student::NORMAL;

/// What is taken for the drift of a run where neither run has measured it, as a standard deviation of logarithms:
/// 2 %, which is what one instance moved when it was measured again (`docs/STATISTICS.md`).
pub const ASSUMED_DRIFT: f64 = 0.02;

/// The drift of one run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunDrift {
    /// The standard deviation of the looks' logarithms, nearly that of the looks as a part of their mean.
    pub deviation: f64,
    /// How wrong all figures of the run may be together: the standard error of the looks' mean logarithm.
    pub error: f64,
    /// Whether the run measured it; otherwise it is the other run's, or [`ASSUMED_DRIFT`].
    pub measured: bool,
    #[serde(skip)]
    freedom: f64,
}

/// The drifts of two runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Drifts {
    /// The old run's.
    pub old: RunDrift,
    /// The new run's.
    pub new: RunDrift,
    /// The cell that both measured again and again, and its ratio new ÷ old.
    pub reference: Option<(String, f64)>,
}

impl Drifts {
    /// The drifts that two runs recorded.
    pub fn of(old: &Record, new: &Record) -> Self {
        let (own, other) = (RunDrift::measured(old), RunDrift::measured(new));
        let borrowed = |drift: &Option<RunDrift>| drift.clone().map(|drift| RunDrift { measured: false, ..drift });
        let assumed = || RunDrift { deviation: ASSUMED_DRIFT, error: ASSUMED_DRIFT, measured: false, freedom: NORMAL };
        Self {
            reference: reference(old, new),
            old: own.clone().or_else(|| borrowed(&other)).unwrap_or_else(assumed),
            new: other.or_else(|| borrowed(&own)).unwrap_or_else(assumed),
        }
    }

    /// Whether at least one of the runs measured its drift.
    pub fn known(&self) -> bool {
        self.old.measured || self.new.measured
    }

    /// The part of a ratio's error that is drift.
    pub fn components(&self) -> [Component; 2] {
        [&self.old, &self.new].map(|drift| Component { variance: drift.error.powi(2), freedom: drift.freedom })
    }
}

impl RunDrift {
    /// What a run recorded. None where it looked fewer than twice.
    fn measured(record: &Record) -> Option<Self> {
        let logs: Vec<f64> = record.drift.as_ref()?.medians_ns.iter().map(|median| median.ln()).collect();
        let look = Component { variance: variance(&logs)?, freedom: logs.len() as f64 - 1.0 };
        // The rounds see the later half of the looks only.
        let rounds = error_of_mean(&logs).map(|error| Component { variance: 2.0 * error.variance, ..error });
        let error = if record.complete { rounds? } else { look };
        Some(Self {
            deviation: look.variance.sqrt(),
            error: error.variance.sqrt(),
            measured: true,
            freedom: error.freedom,
        })
    }
}

fn reference(old: &Record, new: &Record) -> Option<(String, f64)> {
    let (old, new) = (old.drift.as_ref()?, new.drift.as_ref()?);
    let mean = |medians: &[f64]| crate::statistics::location::geometric_mean(medians);
    let ratio = mean(&new.medians_ns)? / mean(&old.medians_ns)?;
    (old.cell == new.cell).then(|| (new.cell.clone(), ratio))
}
