//! What moved as a whole: what all cells share, what the calibrations share, and whether it was the machine.

use std::collections::{BTreeMap, BTreeSet};
use std::f64::consts::FRAC_PI_2;

use serde::Serialize;

use super::ALPHA;
use super::both::Both;
use crate::measure::RoundReading;
use crate::record::{Record, Timed, figures};
use crate::statistics::common_factor::common_factor;
use crate::statistics::median;
use crate::statistics::rounds::ByRound;
use crate::statistics::trimmed::{Mean, variance};

/// What the ratios of a comparison are relative to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RelativeTo {
    /// What all cells share.
    Cells,
    /// What the calibrations share, because the cells are too few to tell.
    Calibrations,
    /// Nothing: that was asked for, or there is nothing that could tell.
    Nothing,
}

/// The common factor K: what all cells of weft's own host share, new ÷ old, as far as it is no neighbour's doing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Common {
    /// The median over cells.
    pub ratio: f64,
    /// The lower end of its 95 % interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// Of how many cells: where enough are calm in both runs, of these alone.
    pub cells: usize,
    /// Of how many codecs.
    pub codecs: usize,
}

impl Common {
    /// Of these cells, which share this, as a logarithm. None where a run has fewer than two rounds of them.
    pub(super) fn of(own: &[Both<'_>], log: f64) -> Option<Self> {
        let of = |both: &Both<'_>| (figures::logarithms(&both.old.readings), figures::logarithms(&both.new.readings));
        let (old, new): (Vec<ByRound>, Vec<ByRound>) = own.iter().map(of).unzip();
        let found = common_factor(&old, &new, 1.0 - ALPHA)?;
        // A run and its copy share all errors.
        let (low, high) = match own.iter().all(Both::is_one_measurement) {
            true => (log, log),
            false => (log + found.low - found.log, log + found.high - found.log),
        };
        let codecs = own.iter().map(|both| both.new.cell.codec.as_str()).collect::<BTreeSet<_>>().len();
        Some(Self { ratio: log.exp(), low: low.exp(), high: high.exp(), cells: own.len(), codecs })
    }
}

/// A piece of native work in both runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Calibration {
    /// Its name.
    pub name: String,
    /// New ÷ old.
    pub ratio: f64,
    /// The lower end of its 95 % interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// How many rounds of the old run it is made of.
    pub old_rounds: usize,
    /// How many rounds of the new one.
    pub new_rounds: usize,
}

/// What the calibrations say of the machine.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Calibrations {
    /// The median over calibrations of new ÷ old.
    pub ratio: f64,
    /// The lower end of its 95 % interval, which covers each one's error and how far they lie apart.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// Each of them.
    pub each: Vec<Calibration>,
    /// The same as a logarithm.
    #[serde(skip)]
    pub(super) mean: Mean,
}

/// What the calibrations of two runs say. None where they have none in common. What rounds share is not taken out of them:
/// they are to tell how fast the machine was.
pub(super) fn calibrations(old: &Record, new: &Record) -> Option<Calibrations> {
    calibrations_of(&old.calibrations, &new.calibrations)
}

/// Those that are calm in both runs, where there are any: a neighbour moves them as it moves cells.
fn calibrations_of(old: &BTreeMap<String, Timed>, new: &BTreeMap<String, Timed>) -> Option<Calibrations> {
    let both = new.iter().filter_map(|(name, new)| Some((name, old.get(name)?, new)));
    let (calm, disturbed): (Vec<_>, Vec<_>) =
        both.partition(|(_, old, new)| [old, new].iter().all(|timed| RoundReading::are_calm(&timed.readings)));
    let telling = if calm.is_empty() { disturbed } else { calm };
    let differences: Vec<(Calibration, Mean)> =
        telling.into_iter().filter_map(|(name, old, new)| calibration(name, old, new)).collect();
    let (each, means): (Vec<Calibration>, Vec<Mean>) = differences.into_iter().unzip();
    let mean = together(&means)?;
    let (low, high) = mean.interval(1.0 - ALPHA);
    Some(Calibrations { ratio: mean.mean.exp(), low: low.exp(), high: high.exp(), each, mean })
}

fn calibration(name: &str, old: &Timed, new: &Timed) -> Option<(Calibration, Mean)> {
    let difference = figures::level(&new.readings, &[])?.minus(&figures::level(&old.readings, &[])?);
    let (low, high) = difference.interval(1.0 - ALPHA);
    let rounds = |timed: &Timed| RoundReading::counted(&timed.readings).count();
    let calibration = Calibration {
        name: name.to_owned(),
        ratio: difference.mean.exp(),
        low: low.exp(),
        high: high.exp(),
        old_rounds: rounds(old),
        new_rounds: rounds(new),
    };
    Some((calibration, difference))
}

/// The median of some differences. A round moves all calibrations, so their errors do not average out; how far they lie
/// apart does: the variance of a median of n is about π/2 times that of their mean (Kendall & Stuart: *The Advanced Theory
/// of Statistics* 1, 10.10).
fn together(each: &[Mean]) -> Option<Mean> {
    let means: Vec<f64> = each.iter().map(|mean| mean.mean).collect();
    let count = each.len() as f64;
    let error = Mean {
        mean: median(&means)?,
        variance: each.iter().map(|mean| mean.variance).sum::<f64>() / count,
        freedom: each.iter().map(|mean| mean.freedom).fold(f64::INFINITY, f64::min),
    };
    let apart = variance(&means).map(|variance| Mean {
        mean: 0.0,
        variance: FRAC_PI_2 * variance / count,
        freedom: count - 1.0,
    });
    Some(apart.map_or(error, |apart| error.minus(&apart)))
}

/// Whether what all cells share is the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MachineVerdict {
    /// Neither all cells nor the machine moved.
    NothingMoved,
    /// All cells moved as the machine did.
    Machine,
    /// All cells moved, and not as the machine did.
    NotMachine,
    /// The machine moved, and the cells did not.
    MachineAlone,
    /// Cells or calibrations are missing that could tell.
    Unknown,
}

impl MachineVerdict {
    /// What both say together. Moved is what lies beyond its interval and beyond `systematic`; they disagree where their
    /// intervals do not meet, and they are further apart than that.
    pub(super) fn of(common: Option<&Common>, calibrations: Option<&Calibrations>, systematic: f64) -> Self {
        let Some(common) = common else { return Self::Unknown };
        let moved = !(common.low..=common.high).contains(&1.0) && common.ratio.ln().abs() > systematic;
        let Some(calibrations) = calibrations else {
            return if moved { Self::Unknown } else { Self::NothingMoved };
        };
        let apart = common.low > calibrations.high || calibrations.low > common.high;
        // Calibrations that may not have moved at all are no evidence of the machine.
        let silent = (calibrations.low..=calibrations.high).contains(&1.0);
        let disagree = apart && (common.ratio / calibrations.ratio).ln().abs() > systematic;
        match (disagree, moved) {
            (true, true) => Self::NotMachine,
            (true, false) => Self::MachineAlone,
            (false, true) if silent => Self::Unknown,
            (false, true) => Self::Machine,
            (false, false) => Self::NothingMoved,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Calibrations, Common, MachineVerdict, together};
    use crate::statistics::trimmed::Mean;

    fn common((ratio, low, high): (f64, f64, f64)) -> Common {
        Common { ratio, low, high, cells: 300, codecs: 6 }
    }

    fn calibrations((ratio, low, high): (f64, f64, f64)) -> Calibrations {
        Calibrations { ratio, low, high, each: Vec::new(), mean: Mean::certain(0.0) }
    }

    #[test]
    fn cells_and_calibrations_tell_together_what_moved() {
        let still = (1.001, 0.995, 1.006);
        let (moved, also) = ((0.961, 0.953, 0.969), (0.96, 0.955, 0.966));
        for (cells, machine, expected) in [
            (Some(moved), Some(also), MachineVerdict::Machine),
            (Some(still), Some(still), MachineVerdict::NothingMoved),
            (Some(moved), Some(still), MachineVerdict::NotMachine),
            (Some((1.2, 1.15, 1.25)), Some(moved), MachineVerdict::NotMachine),
            (Some(still), Some(moved), MachineVerdict::MachineAlone),
            (Some(moved), None, MachineVerdict::Unknown),
            (Some(still), None, MachineVerdict::NothingMoved),
            (None, Some(still), MachineVerdict::Unknown),
            // Certain, and of no weight.
            (Some((1.002, 1.001, 1.003)), Some((0.9995, 0.999, 1.0)), MachineVerdict::NothingMoved),
        ] {
            let (cells, machine) = (cells.map(common), machine.map(calibrations));
            let found = MachineVerdict::of(cells.as_ref(), machine.as_ref(), 0.0035);
            assert_eq!(found, expected, "{cells:?} {machine:?}");
        }
    }

    /// Calibrations that agree are as sure as one of them; that they lie apart widens the interval, and one far off does
    /// not move the median.
    #[test]
    fn calibrations_that_lie_apart_are_less_sure() {
        let one = |mean| Mean { mean, variance: 1e-4, freedom: 9.0 };
        let alike = together(&[one(0.01); 5]).expect("calibrations");
        assert!((alike.variance - 1e-4).abs() < 1e-12 && (alike.mean - 0.01).abs() < 1e-12, "{alike:?}");
        let apart = together(&[0.01, 0.0, 0.02, 0.01, 0.3].map(one)).expect("calibrations");
        assert!(apart.mean == 0.01 && apart.half_width(0.95) > 3.0 * alike.half_width(0.95), "{apart:?}");
        assert!(together(&[]).is_none() && together(&[one(0.5)]).is_some_and(|only| only.mean == 0.5));
    }
}
