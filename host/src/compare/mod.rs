//! Two runs compared, cell by cell: what is faster, what is slower, what is the same, and what nobody can tell.
//!
//! What moves together is no difference: cells are judged relative to what all of them share, and that is a verdict of its
//! own, beside the calibrations'. `docs/STATISTICS.md` says why it is done so. [`compare`] turns two records into a typed
//! [`Comparison`]; one file per format makes a text of it.

mod advice;
mod beside;
mod both;
mod exact;
mod factor;
mod hosts;
mod html;
mod markdown;
mod means;
mod missing;
mod notes;
mod row;
mod setup;
#[cfg(test)]
mod simulation;
mod text;
mod times;
mod verdict;
mod words;

use serde::Serialize;

use crate::cell::Filter;
use crate::record::Record;

use both::Both;

pub use beside::{beside, only_codec};
pub use exact::{Change, ExactChanges};
pub use factor::{Calibration, Calibrations, Common, MachineVerdict, RelativeTo};
pub use hosts::OnlyHost;
pub use means::{Mean, Means};
pub use missing::Missing;
pub use row::{Ratio, Row};
pub use setup::{Difference, Kind, Machines};
use times::Times;
pub use verdict::{Counts, Verdict};

/// The probability of any false alarm among all cells of a comparison, and of a single interval to miss.
pub const ALPHA: f64 = 0.05;

/// The smallest change that matters where nobody says another, as a part.
pub const DEFAULT_THRESHOLD: f64 = 0.05;

/// How two runs are to be compared.
#[derive(Clone, Debug)]
pub struct Options {
    /// The smallest change that matters, as a part: 0.05 is 5 %.
    pub threshold: f64,
    /// Which cells are compared.
    pub filter: Filter,
    /// Whether ratios of times are shown, without verdicts, although the runs are of two machines or may be.
    pub across_machines: bool,
    /// Whether cells are judged as they are, and not relative to what all of them share.
    pub absolute: bool,
    /// How the old and the new run were named; their names in `run.json` where this is None.
    pub named: Option<(String, String)>,
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
    /// Its matrix.
    pub matrix: String,
    /// Its messages in place of those of the matrix; empty where it has the matrix' own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<String>,
    /// The command that makes such a run.
    pub command_line: String,
    /// What it was filtered by, where it was.
    pub filter: Option<String>,
    /// How many of its cells were selected and measured.
    pub cells: usize,
}

/// What a comparison of two runs found.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The command that makes this comparison.
    pub command: String,
    /// The run that is compared with.
    pub old: Side,
    /// The run that is judged.
    pub new: Side,
    /// The smallest change that matters, as a part.
    pub threshold: f64,
    /// The probability of any false alarm.
    pub alpha: f64,
    /// The filter, where there is one.
    pub filter: Option<String>,
    /// Whether both runs are of one machine.
    pub machines: Machines,
    /// The new run's machine, in a line.
    pub machine: String,
    /// What differs about machine, engine and toolchain.
    pub differences: Vec<Difference>,
    /// Whether times are judged.
    pub judged: bool,
    /// What else is to be known of the two runs.
    pub notes: Vec<String>,
    /// Which codecs' guests differ.
    pub changed_guests: Vec<String>,
    /// Whether cells were to be judged as they are.
    pub absolute: bool,
    /// What the ratios are relative to.
    pub relative_to: RelativeTo,
    /// What all cells share. None where they are too few to tell, and where ratios are not shown.
    pub common: Option<Common>,
    /// What the calibrations say of the machine. None where the runs have none in common, and where ratios are not shown.
    pub calibrations: Option<Calibrations>,
    /// Whether it was the machine. None where times are not judged.
    pub machine_verdict: Option<MachineVerdict>,
    /// How many cells have which verdict.
    pub counts: Counts,
    /// Geometric means of the ratios.
    pub means: Means,
    /// The middle half of the cells' ratios: the first and the third quartile.
    pub middle_half: Option<(f64, f64)>,
    /// The cells that both runs measured, in the new run's order.
    pub cells: Vec<Row>,
    /// How many more both runs measured, with fewer than two rounds in one of them: of these nobody knows the spread, so that
    /// only what is counted is compared.
    pub lonely: usize,
    /// How many cells are unsure because a neighbour may have moved them.
    pub disturbed: usize,
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
    /// Whether a change for the worse was found: a cell that is slower, all of them by more than the threshold and not
    /// because of the machine, one that fails and did not, or an exact figure that grew.
    pub fn worse(&self) -> bool {
        self.counts.slower > 0 || self.is_slower_as_a_whole() || !self.exact.grew.is_empty() || self.failed() > 0
    }

    /// How many cells fail in the new run that the old one measured.
    pub fn failed(&self) -> usize {
        self.only_old.iter().filter(|missing| missing.failed).count()
    }

    /// Whether the runs have nothing that could be compared: no cell that both measured, and none that fails and did not.
    pub fn is_of_nothing(&self) -> bool {
        self.cells.is_empty() && self.lonely == 0 && self.failed() == 0
    }

    /// Whether all cells together became slower than the machine did, by more than the threshold.
    pub fn is_slower_as_a_whole(&self) -> bool {
        let beside_the_machine = || Some(self.common.as_ref()?.ratio / self.calibrations.as_ref()?.ratio);
        self.machine_verdict == Some(MachineVerdict::NotMachine)
            && beside_the_machine().is_some_and(|ratio| ratio > 1.0 + self.threshold)
    }
}

/// Compares two runs.
pub fn compare(old: &Record, new: &Record, options: &Options) -> Comparison {
    let both = Both::of(old, new);
    let selected: Vec<Both<'_>> =
        both.iter().filter(|both| options.filter.selects_by_name(&both.new.cell)).copied().collect();
    let (machines, differences) = setup::differences(&old.environment, &new.environment);
    let times = Times::of((old, new), (&both, &selected), machines, options);
    let (only_old, left_out_of_new) = missing::missing(old, new, &options.filter);
    let (only_new, left_out_of_old) = missing::missing(new, old, &options.filter);
    Comparison {
        command: advice::command(old, new, options),
        old: side(old, &options.filter),
        new: side(new, &options.filter),
        threshold: options.threshold,
        alpha: ALPHA,
        filter: options.filter.text(),
        machines,
        machine: new.environment.machine.to_string(),
        differences,
        judged: times.judged,
        disturbed: times.disturbed(),
        notes: notes::notes(old, new, &times, (left_out_of_old, left_out_of_new)),
        changed_guests: notes::changed_guests(old, new),
        absolute: options.absolute,
        relative_to: times.relative_to,
        common: times.common,
        calibrations: times.calibrations,
        machine_verdict: times.machine_verdict,
        counts: times.counts,
        means: times.means,
        middle_half: times.middle_half,
        cells: times.cells,
        lonely: times.lonely,
        exact: ExactChanges::of(&selected),
        only_old,
        only_new: only_new.into_iter().map(|cell| Missing { failed: false, ..cell }).collect(),
        hosts_only_old: hosts::only(old, new, &options.filter),
        hosts_only_new: hosts::only(new, old, &options.filter),
    }
}

fn side(record: &Record, filter: &Filter) -> Side {
    let environment = &record.environment;
    Side {
        run_id: record.run_id.clone(),
        git_revision: environment.git_revision.clone(),
        started: environment.started.clone(),
        matrix: record.matrix.clone(),
        messages: record.messages.clone(),
        command_line: environment.command_line.clone(),
        filter: record.filter.clone(),
        cells: record.all_measured().filter(|cell| filter.selects_by_name(&cell.cell)).count(),
    }
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
