//! Two runs compared, cell by cell: what is faster, what is slower, what is the same, and what nobody can tell.
//!
//! `docs/STATISTICS.md`, *Two runs*, says why it is done so. [`compare`] turns two records into a typed
//! [`Comparison`]; one file per format makes a text of it.

mod drift;
mod exact;
mod hosts;
mod html;
mod machines;
mod markdown;
mod means;
mod row;
#[cfg(test)]
mod simulation;
mod text;
mod verdict;

use std::collections::HashMap;

use serde::Serialize;

use crate::cell::Filter;
use crate::record::{CellRecord, Record, Status};
use crate::statistics::location::percentile;

pub use drift::{ASSUMED_DRIFT, Drifts, RunDrift};
pub use exact::{Change, ExactChanges};
pub use hosts::OnlyHost;
pub use machines::{Difference, Kind};
pub use means::{Mean, Means};
pub use row::Row;
pub use verdict::{Counts, Needs, Verdict};

/// The probability of any false alarm among all cells of a comparison, and of a single interval to miss.
pub const ALPHA: f64 = 0.05;

/// How two runs are to be compared.
#[derive(Clone, Debug)]
pub struct Options {
    /// The smallest change that matters, as a part: 0.05 is 5 %.
    pub threshold: f64,
    /// Which cells are compared.
    pub filter: Filter,
    /// Whether timings are judged although machine, engine or toolchain differ.
    pub across_machines: bool,
}

/// A run of a comparison.
#[derive(Clone, Debug, Serialize)]
pub struct Side {
    /// The run's name.
    pub run_id: String,
    /// The project's revision.
    pub git_revision: String,
    /// When it began.
    pub started: String,
    /// How many of its cells were selected and measured.
    pub cells: usize,
}

/// A cell that only one of the runs measured.
#[derive(Clone, Debug, Serialize)]
pub struct Missing {
    /// The cell's name.
    pub cell: String,
    /// Whether it failed in the new run, though the old one had measured it.
    pub failed: bool,
    /// Why the other run has no figure of it.
    pub reason: String,
}

/// What a comparison of two runs found.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The run that is compared with.
    pub old: Side,
    /// The run that is judged.
    pub new: Side,
    /// The smallest change that matters, as a part.
    pub threshold: f64,
    /// The probability of any false alarm.
    pub alpha: f64,
    /// The new run's matrix.
    pub matrix: String,
    /// The filter, where there is one.
    pub filter: Option<String>,
    /// What differs about machine, engine and toolchain.
    pub differences: Vec<Difference>,
    /// Whether timings are judged.
    pub judged: bool,
    /// What else is to be known of the two runs.
    pub notes: Vec<String>,
    /// How much the runs' machines moved while they were made.
    pub drift: Drifts,
    /// How many cells have which verdict.
    pub counts: Counts,
    /// Geometric means of the ratios.
    pub means: Means,
    /// The middle half of the cells' ratios: the first and the third quartile.
    pub middle_half: Option<(f64, f64)>,
    /// The cells that both runs measured, in the new run's order.
    pub cells: Vec<Row>,
    /// The exact figures that differ.
    pub exact: ExactChanges,
    /// Cells that only the old run measured.
    pub only_old: Vec<Missing>,
    /// Cells that only the new run measured.
    pub only_new: Vec<Missing>,
    /// Hosts that only the old run has; their cells are not among those above.
    pub hosts_only_old: Vec<OnlyHost>,
    /// Hosts that only the new run has.
    pub hosts_only_new: Vec<OnlyHost>,
}

impl Comparison {
    /// Whether a change for the worse was found: a cell that is slower, one that fails and did not, or an exact
    /// figure that grew.
    pub fn worse(&self) -> bool {
        self.counts.slower > 0 || !self.exact.grew.is_empty() || self.only_old.iter().any(|missing| missing.failed)
    }
}

/// Compares two runs.
pub fn compare(old: &Record, new: &Record, options: &Options) -> Comparison {
    let selected = |cell: &&CellRecord| options.filter.selects(&cell.name());
    let differences = machines::differences(&old.environment, &new.environment);
    let judged = differences.is_empty() || options.across_machines;
    let drift = Drifts::of(old, new);
    let before: HashMap<String, &CellRecord> = old.all_measured().map(|cell| (cell.name(), cell)).collect();
    let both: Vec<(&CellRecord, &CellRecord)> =
        new.all_measured().filter(selected).filter_map(|cell| Some((*before.get(&cell.name())?, cell))).collect();
    let pairs = (old.environment.pairs, new.environment.pairs);
    let mut rows: Vec<Row> = both.iter().filter_map(|(old, new)| Row::of(old, new, pairs, &drift)).collect();
    let changed = hosts::changed(old, new);
    let same_host = |row: &Row| options.across_machines || changed.iter().all(|change| change.host != row.host);
    let counts = verdict::judge(&mut rows, options.threshold, |row| judged && same_host(row));
    let ratios: Vec<f64> = rows.iter().map(|row| row.ratio).collect();
    Comparison {
        old: side(old, &options.filter),
        new: side(new, &options.filter),
        threshold: options.threshold,
        alpha: ALPHA,
        matrix: new.matrix.clone(),
        filter: options.filter.text(),
        notes: machines::notes(old, new, both.len() - rows.len())
            .into_iter()
            .chain(changed.iter().map(|change| change.note(options.across_machines)))
            .collect(),
        means: Means::of(&both, pairs, &drift),
        middle_half: percentile(&ratios, 0.25).zip(percentile(&ratios, 0.75)),
        exact: ExactChanges::of(&both),
        only_old: missing(old, new, options),
        only_new: missing(new, old, options).into_iter().map(|cell| Missing { failed: false, ..cell }).collect(),
        hosts_only_old: hosts::only(old, new, &options.filter),
        hosts_only_new: hosts::only(new, old, &options.filter),
        cells: rows,
        differences,
        judged,
        drift,
        counts,
    }
}

fn side(record: &Record, filter: &Filter) -> Side {
    Side {
        run_id: record.run_id.clone(),
        git_revision: record.environment.git_revision.clone(),
        started: record.environment.started.clone(),
        cells: record.all_measured().filter(|cell| filter.selects(&cell.name())).count(),
    }
}

/// The selected cells that `run` measured and `other` did not, on hosts that both have.
fn missing(run: &Record, other: &Record, options: &Options) -> Vec<Missing> {
    let others: HashMap<String, &CellRecord> = other.cells.iter().map(|cell| (cell.name(), cell)).collect();
    let selected = run.all_measured().filter(|cell| options.filter.selects(&cell.name()));
    let cells = selected.filter(|cell| hosts::has(other, &cell.cell.host));
    let missing = cells.filter_map(|cell| {
        let counterpart = others.get(&cell.name());
        let why = |status: &str, cell: &CellRecord| match cell.reason.as_deref().and_then(|why| why.lines().next()) {
            Some(reason) => format!("{status}: {reason}"),
            None => status.to_owned(),
        };
        let reason = match counterpart {
            None => "not in the other run".to_owned(),
            Some(other) if other.status == Status::Failed => why("failed", other),
            Some(other) if other.status == Status::Unsupported => why("unsupported", other),
            Some(_) => return None,
        };
        let failed = counterpart.is_some_and(|other| other.status == Status::Failed);
        Some(Missing { cell: cell.name(), failed, reason })
    });
    missing.collect()
}

/// A format: how a comparison becomes text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For a terminal: 100 columns
    Text,
    /// Markdown, for issues and pull requests
    Md,
    /// Everything, for programs
    Json,
    /// A page of its own, for a browser
    Html,
}

impl Format {
    /// Makes the text. `all` shows the cells that are the same as well, where the format leaves them out.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn render(self, comparison: &Comparison, all: bool) -> Result<String, serde_json::Error> {
        Ok(match self {
            Self::Text => text::render(comparison, all),
            Self::Md => markdown::render(comparison, all),
            Self::Json => serde_json::to_string_pretty(comparison)? + "\n",
            Self::Html => html::render(comparison)?,
        })
    }
}
