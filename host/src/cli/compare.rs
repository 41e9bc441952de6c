//! `weft compare`: what changed between two runs.

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::threshold::threshold;
use crate::cell::Filter;
use crate::compare::{self, Comparison, Format, Options};
use crate::print;
use crate::record::{Record, RunDirectory, results_directory};

/// What changed between two runs: each cell's time, and every exact figure
#[derive(Args)]
#[command(after_help = "Examples:
  cargo weft compare reference latest
  cargo weft compare reference latest --filter '^log@1/' --threshold 2% --all
  cargo weft compare main change --fail-on slower --format md

The ratio is new/old, relative to what all cells share: what moved all of them is told apart, beside the
calibrations, which tell whether it was the machine. A cell is `same` where its whole 90 % interval lies within
the threshold; `faster` or `slower` where it differs significantly among all that are compared (Holm);
otherwise `unsure`. So is a cell that a neighbour on the core disturbed in one of the runs. Times of two
machines are not judged. docs/STATISTICS.md says how it is done.

Exit codes: 0 fine, 1 failure, 2 usage, 3 what --fail-on names was found.")]
pub struct Compare {
    /// The run to compare with: a run directory, or a name below results such as `reference`
    old: String,
    /// The run to judge
    new: String,
    /// The smallest change that matters: 5% or 0.05
    #[arg(long, default_value = "5%", value_parser = threshold)]
    threshold: f64,
    /// Only cells that this regular expression finds, over `<message>/<task>/<codec>/<transport>`
    #[arg(long, value_name = "REGEX", value_parser = Filter::pattern)]
    filter: Option<Filter>,
    /// Judge cells as they are, with what the machine did between the runs, and not relative to what all share
    #[arg(long)]
    absolute: bool,
    /// Show ratios of times, without verdicts, although the runs are of two machines or nobody knows of which
    #[arg(long)]
    across_machines: bool,
    /// Exit with 3 when NEW is worse: a cell is `slower`, all of them by more than the threshold and not because of
    /// the machine, an exact figure grew, or a cell failed that OLD measured. Where times are not judged, the last two
    /// are all that is looked at
    #[arg(long, value_name = "WHAT")]
    fail_on: Option<FailOn>,
    /// What to print
    #[arg(long, default_value = "text")]
    format: Format,
    /// Show the cells that are the same as well, each calibration, and whole lists
    #[arg(long)]
    all: bool,
}

/// What may make the command fail.
#[derive(Clone, Copy, ValueEnum)]
enum FailOn {
    /// A slower cell, a grown exact figure, or a cell that fails now
    Slower,
}

/// Why no cell was compared, and what each run has.
fn nothing_in_common(old: &Record, new: &Record, filter: Option<&Filter>) -> String {
    let first = |run: &Record| {
        let first = run.all_measured().next().map_or_else(|| "none".to_owned(), |cell| cell.name());
        format!("{} cells in {}: {first}", run.all_measured().count(), run.run_id)
    };
    let why = match filter.and_then(Filter::text) {
        Some(text) => format!("no cell that both runs measured matches `{text}`"),
        None => "no cell was measured by both runs".to_owned(),
    };
    format!("{why}; what they begin with:\n  {}\n  {}", first(old), first(new))
}

impl Compare {
    /// Prints the comparison.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let results = results_directory();
        let old = RunDirectory::open(&results, &self.old)?.record()?;
        let new = RunDirectory::open(&results, &self.new)?.record()?;
        let options = Options {
            threshold: self.threshold,
            filter: self.filter.clone().unwrap_or_default(),
            across_machines: self.across_machines,
            absolute: self.absolute,
            named: Some((self.old.clone(), self.new.clone())),
        };
        let comparison = compare::compare(&old, &new, &options);
        print::out(&self.format.render(&comparison, self.all)?)?;
        if comparison.is_of_nothing() {
            bail!("nothing was compared: {}", nothing_in_common(&old, &new, self.filter.as_ref()));
        }
        Ok(self.exit_code(&comparison))
    }

    fn exit_code(&self, comparison: &Comparison) -> ExitCode {
        match self.fail_on {
            Some(FailOn::Slower) if !comparison.judged || comparison.cells.is_empty() => {
                print::err("--fail-on: times were not judged; only exact figures and failures were looked at");
            }
            Some(FailOn::Slower) if comparison.disturbed > 0 => print::err(&format!(
                "--fail-on: {} of {} cells were not judged, because something else used the core in one of the runs: make it again",
                comparison.disturbed,
                comparison.cells.len()
            )),
            _ => {}
        }
        match self.fail_on {
            Some(FailOn::Slower) if comparison.worse() => ExitCode::from(3),
            _ => ExitCode::SUCCESS,
        }
    }
}
