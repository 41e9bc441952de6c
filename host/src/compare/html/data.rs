//! What the page knows of a comparison: its typed values as they are, and the words that all formats share.

use serde::Serialize;

use crate::compare::exact::shared;
use crate::compare::text::{answer, drift, needed, threshold};
use crate::compare::{Change, Comparison, Counts, Difference, Means, Missing, OnlyHost, Row, Side};

/// The page's data. The script (`assets/comparison.js`) reads it.
#[derive(Serialize)]
pub struct Page<'a> {
    /// The answer in words.
    answer: String,
    old: &'a Side,
    new: &'a Side,
    threshold: f64,
    /// What the threshold means.
    threshold_text: String,
    alpha: f64,
    filter: Option<&'a str>,
    differences: &'a [Difference],
    judged: bool,
    notes: &'a [String],
    /// How far the machine moved, in lines.
    drift: Vec<String>,
    counts: Counts,
    means: &'a Means,
    middle_half: Option<(f64, f64)>,
    cells: Vec<Cell<'a>>,
    exact: Exact<'a>,
    only_old: &'a [Missing],
    only_new: &'a [Missing],
    hosts_only_old: &'a [OnlyHost],
    hosts_only_new: &'a [OnlyHost],
}

/// A cell that both runs measured.
#[derive(Serialize)]
struct Cell<'a> {
    #[serde(flatten)]
    row: &'a Row,
    /// What it would take to be sure, in words; empty where it is sure.
    #[serde(skip_serializing_if = "String::is_empty")]
    takes: String,
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
        answer: answer(comparison),
        old: &comparison.old,
        new: &comparison.new,
        threshold: comparison.threshold,
        threshold_text: threshold(comparison),
        alpha: comparison.alpha,
        filter: comparison.filter.as_deref(),
        differences: &comparison.differences,
        judged: comparison.judged,
        notes: &comparison.notes,
        drift: drift(comparison),
        counts: comparison.counts,
        means: &comparison.means,
        middle_half: comparison.middle_half,
        cells: comparison.cells.iter().map(|row| Cell { row, takes: needed(row) }).collect(),
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
    }
}

fn changes(changes: &[Change]) -> impl Iterator<Item = Changes<'_>> {
    shared(changes).into_iter().map(|group| Changes {
        cells: group.cells,
        figures: group.changes.into_iter().map(|change| (change.figure.as_str(), change.old, change.new)).collect(),
    })
}
