//! What a race found, as data.

use serde::Serialize;

use super::Options;
use super::lane::Lane;
use super::looks::{ALPHA, LOOKS, Standing};
use super::prepare::Prepared;
use crate::compare::Verdict;
use crate::exact::{Exact, Named};
use crate::statistics::location::percentile;
use crate::statistics::median;

/// An exact figure that differs between the two sides.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExactChange {
    /// The figure, such as `consumer.instructions`.
    pub figure: String,
    /// What it was, per message.
    pub old: f64,
    /// What it is.
    pub new: f64,
}

impl ExactChange {
    /// What differs between two cells' exact figures.
    pub fn between(old: &Exact, new: &Exact) -> Vec<Self> {
        let (old, new) = Named::of_both(old, new);
        let changes = old.against(&new).filter_map(|(figure, old, new)| {
            let (old, new) = (old?, new?);
            (old != new).then(|| Self { figure: figure.to_owned(), old, new })
        });
        changes.collect()
    }
}

/// How a lane ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was raced.
    Raced,
    /// Its sides are the same, and it ran along.
    Control,
    /// It could not be raced; `reason` says why.
    Out,
}

/// What is told of a lane.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    /// The cell.
    pub cell: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether verdicts are about it: it is no control that ran along.
    pub judged: bool,
    /// Whether it is this working tree that could not be raced.
    pub broken: bool,
    /// Why it could not be raced.
    pub reason: Option<String>,
    /// What was found. None where no pair was made.
    #[serde(flatten)]
    pub standing: Option<Standing>,
    /// The median of the old side's readings, in nanoseconds.
    pub old_ns: Option<f64>,
    /// The median of the new side's.
    pub new_ns: Option<f64>,
    /// How many of the pairs had calm moments on both sides.
    pub calm_pairs: usize,
    /// The exact figures that differ.
    pub exact: Vec<ExactChange>,
}

/// A race that is over.
#[derive(Clone, Debug, Serialize)]
pub struct Raced {
    /// What the old side is.
    pub old: String,
    /// What the new side is.
    pub new: String,
    /// The matrix that the cells are of.
    pub matrix: String,
    /// The filter, where there is one.
    pub filter: Option<String>,
    /// The smallest change that matters, as a part.
    pub threshold: f64,
    /// The probability of any false *faster* or *slower*.
    pub alpha: f64,
    /// After how many pairs there were looks.
    pub looks: [usize; 4],
    /// For how long was raced at most, in seconds.
    pub time_s: f64,
    /// How many placements each reading is the mean of.
    pub placements: u32,
    /// The lanes, in the order of reports.
    pub lanes: Vec<Told>,
    /// How far controls could be told: the 90th percentile over lanes whose sides are the same of half the width of their 95 %
    /// intervals, as a part, with the pairs that they had when the race ended. None without such lanes.
    pub could_show: Option<f64>,
    /// The load average of the last minute when the race was asked for.
    pub load: Option<f64>,
    /// Whether somebody ended it: then nothing was judged that was not before.
    pub interrupted: bool,
}

impl Raced {
    /// What came of some lanes.
    pub(super) fn of(options: &Options, prepared: &Prepared, lanes: &[Lane], placements: u32) -> Self {
        let controls = lanes.iter().filter(|lane| lane.role.is_same());
        let widths: Vec<f64> = controls.filter_map(|lane| Some(lane.standing?.half_width())).collect();
        Self {
            old: prepared.old.clone(),
            new: prepared.new.clone(),
            matrix: prepared.matrix.name().to_owned(),
            filter: options.filter.text(),
            threshold: options.threshold,
            alpha: ALPHA,
            looks: LOOKS,
            time_s: options.time.as_secs_f64(),
            placements,
            lanes: lanes.iter().map(told).collect(),
            could_show: percentile(&widths, 0.9),
            load: prepared.load,
            interrupted: false,
        }
    }

    /// The lanes that verdicts are about.
    pub fn judged(&self) -> impl Iterator<Item = &Told> {
        self.lanes.iter().filter(|told| told.judged && told.reason.is_none())
    }

    /// How many judged lanes have a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        let of = |told: &&Told| told.standing.is_some_and(|standing| standing.verdict == verdict);
        self.judged().filter(of).count()
    }

    /// Whether a cell is slower, does not run in this working tree though the old side had it, or an exact figure grew.
    pub fn worse(&self) -> bool {
        let grew = |told: &Told| told.exact.iter().any(|change| change.new > change.old);
        self.count(Verdict::Slower) > 0 || self.lanes.iter().any(|told| told.broken || grew(told))
    }
}

fn told(lane: &Lane) -> Told {
    let outcome = match (&lane.out, lane.role.is_same()) {
        (Some(_), _) => Outcome::Out,
        (None, true) => Outcome::Control,
        (None, false) => Outcome::Raced,
    };
    let side = |time: fn(&super::lane::Pair) -> f64| median(&lane.pairs.iter().map(time).collect::<Vec<_>>());
    Told {
        cell: lane.cell.to_string(),
        outcome,
        judged: lane.role.is_judged(),
        broken: lane.broken,
        reason: lane.out.clone(),
        standing: lane.standing.filter(|_| lane.out.is_none()),
        old_ns: side(|pair| pair.old_ns),
        new_ns: side(|pair| pair.new_ns),
        calm_pairs: lane.pairs.iter().filter(|pair| pair.calm).count(),
        exact: lane.exact.clone(),
    }
}
