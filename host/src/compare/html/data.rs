//! What the page knows of a comparison: its typed values as they are, and the words that all formats share.

use serde::Serialize;

use crate::compare::exact::shared;
use crate::compare::words::{answer, relative, threshold, whole};
use crate::compare::{
    Calibrations, Change, Comparison, Counts, Difference, Machines, Means, Missing, OnlyHost, Row, Side, advice, words,
};

/// The page's data. The script (`assets/comparison.js`) reads it.
#[derive(Serialize)]
pub struct Page<'a> {
    /// The command that makes the comparison.
    command: &'a str,
    /// The answer in words.
    answer: String,
    /// What moved as a whole, in words.
    whole: Option<String>,
    /// What the ratios are relative to, in words.
    relative: &'static str,
    old: &'a Side,
    new: &'a Side,
    threshold: f64,
    /// What the threshold means.
    threshold_text: String,
    alpha: f64,
    filter: Option<&'a str>,
    machines: Machines,
    machine: &'a str,
    /// What is to be said of machine, engine and toolchain, where they differ.
    setups: Vec<String>,
    differences: &'a [Difference],
    judged: bool,
    notes: &'a [String],
    calibrations: Option<&'a Calibrations>,
    counts: Counts,
    means: &'a Means,
    middle_half: Option<(f64, f64)>,
    cells: &'a [Row],
    exact: Exact<'a>,
    only_old: &'a [Missing],
    only_new: &'a [Missing],
    hosts_only_old: &'a [OnlyHost],
    hosts_only_new: &'a [OnlyHost],
    /// What to do next, and the command for it.
    next: Vec<(&'static str, String)>,
}

/// The exact figures that changed.
#[derive(Serialize)]
struct Exact<'a> {
    compared: usize,
    /// How many grew, of all cells.
    grew: usize,
    /// How many shrank.
    shrank: usize,
    changes: Vec<Changes<'a>>,
}

/// Changes that some cells share.
#[derive(Serialize)]
struct Changes<'a> {
    /// The cells: one's name, or with all that share it in the transport's place.
    cells: String,
    /// Figure, old and new.
    figures: Vec<(&'a str, f64, f64)>,
}

/// The page's data.
pub fn page(comparison: &Comparison) -> Page<'_> {
    let exact = &comparison.exact;
    Page {
        command: &comparison.command,
        answer: answer(comparison),
        whole: whole(comparison),
        relative: relative(comparison),
        old: &comparison.old,
        new: &comparison.new,
        threshold: comparison.threshold,
        threshold_text: threshold(comparison),
        alpha: comparison.alpha,
        filter: comparison.filter.as_deref(),
        machines: comparison.machines,
        machine: &comparison.machine,
        setups: words::machines(comparison).map(str::to_owned).into_iter().chain(words::compared(comparison)).collect(),
        differences: &comparison.differences,
        judged: comparison.judged,
        notes: &comparison.notes,
        calibrations: comparison.calibrations.as_ref(),
        counts: comparison.counts,
        means: &comparison.means,
        middle_half: comparison.middle_half,
        cells: &comparison.cells,
        exact: Exact {
            compared: exact.compared,
            grew: exact.grew.len(),
            shrank: exact.shrank.len(),
            changes: changes(&exact.grew).chain(changes(&exact.shrank)).collect(),
        },
        only_old: &comparison.only_old,
        only_new: &comparison.only_new,
        hosts_only_old: &comparison.hosts_only_old,
        hosts_only_new: &comparison.hosts_only_new,
        // The page shows every cell.
        next: advice::next(comparison, true).into_iter().filter(|(what, _)| *what != "as a page").collect(),
    }
}

fn changes(changes: &[Change]) -> impl Iterator<Item = Changes<'_>> {
    shared(changes).into_iter().map(|group| Changes {
        cells: group.cells,
        figures: group.changes.into_iter().map(|change| (change.figure.as_str(), change.old, change.new)).collect(),
    })
}
