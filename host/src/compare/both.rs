//! The cells that two runs have in common, and how a cell's ratio is estimated from the readings of both.
//!
//! A cell's level is the trimmed mean over rounds of its logarithms, what all cells share in a round taken out
//! ([`figures::level`]). Between two runs: d = new level − old level; the common factor K is the median of d over the cells
//! of weft's own host; e = d − K is what a cell is judged by, with the variance of both levels and [`SYSTEMATIC`]².
//!
//! Rounds of all hosts alternate, so what weft's own host felt in a round is taken out of every host's cells; what another
//! host's process adds stays in its cells' variance. Nothing is taken out of rounds where K is not taken out: the level of a
//! run would then seem surer than it is.

use std::collections::HashMap;

use super::factor::{self, Calibrations, Common, RelativeTo};
use crate::measure::RoundReading;
use crate::record::{CellRecord, Record, figures};
use crate::statistics::rounds::are_enough;
use crate::statistics::trimmed::Mean;

/// How far cells move apart when a machine moves, as a standard deviation of logarithms: 0.35 %. What moves a machine moves
/// no two cells quite alike, so K is not known better than this for any one of them.
pub const SYSTEMATIC: f64 = 0.0035;

/// A cell that both runs measured.
#[derive(Clone, Copy, Debug)]
pub struct Both<'a> {
    pub old: &'a CellRecord,
    pub new: &'a CellRecord,
}

impl<'a> Both<'a> {
    /// All of them, in the new run's order.
    pub fn of(old: &'a Record, new: &'a Record) -> Vec<Self> {
        let before: HashMap<String, &CellRecord> = old.all_measured().map(|cell| (cell.name(), cell)).collect();
        let both = |new: &'a CellRecord| Some(Both { old: *before.get(&new.name())?, new });
        new.all_measured().filter_map(both).collect()
    }

    /// Whether both records hold one and the same measurement, as a run and its copy do: as many readings do not agree to
    /// the last bit by chance.
    pub fn is_one_measurement(&self) -> bool {
        self.old.latency_ns == self.new.latency_ns && self.old.readings == self.new.readings
    }
}

/// The levels of a cell in both runs, as logarithms of nanoseconds.
#[derive(Clone, Copy, Debug)]
pub struct Levels {
    pub old: Mean,
    pub new: Mean,
}

impl Levels {
    /// New less old.
    pub fn difference(&self) -> Mean {
        self.new.minus(&self.old)
    }
}

/// What all cells of two runs say together, and what follows for each.
#[derive(Clone, Debug)]
pub struct Estimate<'a> {
    /// The cells of weft's own host that tell what all share; empty where they are too few.
    own: Vec<Both<'a>>,
    codecs: usize,
    /// What they share, as a logarithm.
    log: Option<f64>,
    /// What the calibrations share.
    pub calibrations: Option<Calibrations>,
    /// What rounds share, as logarithms by round, of the old and the new run; empty where it is not taken out.
    pub effects: [Vec<f64>; 2],
    absolute: bool,
}

impl<'a> Estimate<'a> {
    /// Of the cells that both runs have, whatever is selected of them.
    pub fn of(both: &[Both<'a>], old: &Record, new: &Record, absolute: bool) -> Self {
        let mut own: Vec<Both<'a>> =
            both.iter().filter(|both| both.new.cell.is_own() && has_levels(both)).copied().collect();
        let mut codecs: Vec<&str> = own.iter().map(|both| both.new.cell.codec.as_str()).collect();
        codecs.sort_unstable();
        codecs.dedup();
        let codecs = codecs.len();
        if !are_enough(own.len(), codecs) {
            own.clear();
        }
        let effects = match absolute {
            true => [Vec::new(), Vec::new()],
            false => [rounds(&own, |both| &both.old.readings), rounds(&own, |both| &both.new.readings)],
        };
        Self { codecs, log: factor::log(&own), calibrations: factor::calibrations(old, new), effects, absolute, own }
    }

    /// What all cells share, with its interval.
    pub fn common(&self) -> Option<Common> {
        Common::of(&self.own, self.codecs)
    }

    /// What the ratios are relative to.
    pub const fn relative_to(&self) -> RelativeTo {
        match (self.log, &self.calibrations) {
            _ if self.absolute => RelativeTo::Nothing,
            (Some(_), _) => RelativeTo::Cells,
            (None, Some(_)) => RelativeTo::Calibrations,
            (None, None) => RelativeTo::Nothing,
        }
    }

    /// The levels of a cell. None where a run has fewer than two rounds of it, whose spread nobody knows.
    pub fn levels(&self, both: &Both<'_>) -> Option<Levels> {
        let [old, new] = &self.effects;
        Some(Levels { old: figures::level(&both.old.readings, old)?, new: figures::level(&both.new.readings, new)? })
    }

    /// What is left of a difference when what it is relative to is taken off.
    pub fn relative(&self, difference: &Mean) -> Mean {
        let relative = match (self.relative_to(), self.log, &self.calibrations) {
            // K's own error is in the cell's difference too.
            (RelativeTo::Cells, Some(log), _) => difference.minus(&Mean::certain(log)),
            (RelativeTo::Calibrations, _, Some(calibrations)) => difference.minus(&calibrations.mean),
            _ => *difference,
        };
        relative.with_variance(SYSTEMATIC * SYSTEMATIC)
    }
}

fn has_levels(both: &Both<'_>) -> bool {
    [both.old, both.new].iter().all(|cell| figures::level(&cell.readings, &[]).is_some())
}

fn rounds<'a>(own: &[Both<'a>], readings: impl Fn(&Both<'a>) -> &'a Vec<RoundReading>) -> Vec<f64> {
    figures::round_effects(own.iter().map(|both| (both.new.cell.codec.as_str(), readings(both).as_slice())))
}
