//! A run: what is planned, verified, counted, timed in rounds, and kept. `cargo bench` and the command's verbs are fronts
//! of it.

mod check;
mod conformance;
mod count;
mod elsewhere;
mod findings;
mod keep;
mod made_of;
mod pass;
mod plan;
mod prepare;
mod progress;
mod resume;
mod rounds;
mod supplies;
mod sweep;

use std::fmt::Display;
use std::time::{Duration, Instant};

use anyhow::Context;

pub use check::{Check, Checked};
pub use conformance::conformance;
pub use count::count;
pub use elsewhere::{Elsewhere, NAMES, in_a_larger};
pub use pass::{Acquaintance, Holders, Outcome, Pass, greet};
pub use plan::Plan;
pub use prepare::supported;
pub use progress::{Progress, minutes};
pub use resume::again;
pub use rounds::shuffled;
pub use supplies::{Supplies, Wanted, limits_from_environment};
pub use sweep::{sweep, sweep_wanted};

use crate::cell::{Figure, Matrix};
use crate::record::{BUSY_LOAD, Environment, Record, RunDirectory, can_keep, load_average, results_directory};
use crate::{interrupt, print, variables};
use keep::Keeper;
use prepare::Prepared;
use resume::Resumed;
use rounds::Rounds;

/// How much a run does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// All rounds; what was found is kept.
    Measure,
    /// Every row once; nothing is kept.
    Test,
}

/// What came of a run.
pub struct Ran {
    /// What was found.
    pub record: Record,
    /// Where it is kept; none in a test.
    pub directory: Option<RunDirectory>,
    /// The readings of each row in nanoseconds, in the order of the plan.
    pub rows: Vec<(Figure, Vec<f64>)>,
    /// How many rows have no figure because something failed.
    pub failures: usize,
    /// How long it took.
    pub elapsed: Duration,
}

/// Runs what is planned. When this command is asked to end, the record is what was measured until then, and is not complete.
///
/// # Errors
/// Where nothing is selected, a guest cannot be used, a digest is wrong, a host cannot be asked, or a file not be written;
/// or where this command is asked to end before anything was timed. A cell that fails is a row that says so.
pub fn run(plan: &Plan, mode: Mode) -> anyhow::Result<Ran> {
    let started = Instant::now();
    // Building and verifying are a load of their own.
    let load = load_average();
    if let Some(warning) = load.and_then(busy).filter(|_| mode == Mode::Measure) {
        print::err(&warning);
    }
    let resumed = plan.resume.as_deref().map(|name| Resumed::open(plan, name)).transpose()?;
    if mode == Mode::Measure {
        let into = resumed.as_ref().map_or_else(results_directory, |resumed| resumed.directory.path().to_owned());
        can_keep(&into).context("the run cannot be kept")?;
    }
    let prepared = Prepared::of(plan, mode)?;
    let mut record = record(plan, &prepared);
    record.environment.load_at_start = load;
    let mut rounds = Rounds::new(plan, &prepared, mode);
    let directory = match (mode, resumed) {
        (Mode::Test, _) => None,
        (Mode::Measure, None) => {
            fill(&rounds, &mut record, 0, true);
            Some(create(plan, &mut record)?)
        }
        (Mode::Measure, Some(resumed)) => {
            record = resumed.record_here(&record.environment, &prepared)?;
            rounds.resume(&record, resumed.unfinished);
            // So that it can be gone on with once more where no further round comes to its end.
            record.unfinished = Some(rounds.unfinished());
            Some(resumed.directory)
        }
    };
    let done = all_rounds(&mut rounds, &mut record, directory.as_ref());
    rounds.finish();
    let (rows, failures) = (rounds.rows(), rounds.failures());
    drop(rounds);
    done?;
    directory.as_ref().map_or(Ok(()), |directory| ended(directory, &record))?;
    Ok(Ran { record, directory, rows, failures, elapsed: started.elapsed() })
}

/// What becomes of the directory of a run that has ended.
fn ended(directory: &RunDirectory, record: &Record) -> anyhow::Result<()> {
    match (record.complete, record.rows()) {
        (true, _) => directory.mark_latest().map_err(|error| although_kept(directory, error)),
        // Nobody misses it, and its name is free again.
        (false, 0) if record.resumed.is_empty() => {
            directory.remove()?;
            Ok(interrupt::check()?)
        }
        (false, _) => Ok(()),
    }
}

/// What to say, and what to do, where the load average of the last minute is that of a busy machine.
fn busy(load: f64) -> Option<String> {
    (load > BUSY_LOAD).then(|| {
        format!(
            "the machine was busy in the last minute (load {load:.2}, above {BUSY_LOAD}): whatever still runs makes the run longer and \
             its intervals wider; end it, or, where it was a build, wait a minute and start again"
        )
    })
}

/// An error that comes after the rounds: what was measured is on disk all the same.
pub fn although_kept(directory: &RunDirectory, error: impl Display) -> anyhow::Error {
    let (shown, typed) = (directory.shown().display(), variables::quoted(&directory.typed()));
    anyhow::anyhow!("{error}; what was measured is kept in {shown}; for its report: cargo weft report {typed}")
}

/// Makes round after round, and keeps what was found after each. The record is complete where all were made, and this command
/// was not asked to end.
fn all_rounds(rounds: &mut Rounds<'_>, record: &mut Record, directory: Option<&RunDirectory>) -> anyhow::Result<()> {
    let mut whole = record.whole_rounds.unwrap_or(0);
    let mut keeper = Keeper::new(directory, whole);
    while !record.complete && interrupt::asked().is_none() {
        record.complete = match rounds.next() {
            Ok(more) => !more,
            Err(error) => return Err(keeper.although(record, error)),
        };
        // Looked at once: a signal may come at any time.
        let is_whole = !record.complete && interrupt::asked().is_none();
        whole += usize::from(is_whole);
        fill(rounds, record, whole, is_whole);
        if let Some(said) = keeper.keep(record) {
            rounds.say(&said);
        }
    }
    keeper.end(record)
}

/// Puts what was found into a record; and, where a round has come to its end, what the run can be gone on with.
fn fill(rounds: &Rounds<'_>, record: &mut Record, whole: usize, is_whole: bool) {
    rounds.fill(record);
    record.whole_rounds = Some(whole);
    if record.complete {
        record.unfinished = None;
    } else if is_whole {
        record.unfinished = Some(rounds.unfinished());
    }
}

/// The rows that a plan has, without measuring them.
///
/// # Errors
/// Where a guest cannot be used, or nothing is selected.
pub fn names(plan: &Plan) -> anyhow::Result<Vec<Figure>> {
    let supplies = Supplies::of(|codec| plan.wants(codec))?;
    let mut names = plan.references();
    for (place, host) in plan.hosts.iter().enumerate() {
        let greeting = greet(host)?;
        let cells = match place {
            0 => plan.own_cells(&supplies.ids()),
            _ => plan.cells_on(&greeting, &host.name, &supplies.ids()),
        };
        let supported = cells.into_iter().filter(|cell| prepare::supported(&supplies, &greeting, cell).is_ok());
        names.extend(supported.map(Figure::Cell));
    }
    if names.is_empty() { Err(plan.nothing()) } else { Ok(names) }
}

/// The record of a run that has found nothing yet.
fn record(plan: &Plan, prepared: &Prepared) -> Record {
    let supplies = &prepared.supplies;
    let rounds = plan.matrix.rounds();
    let engine = &prepared.own_greeting().engine;
    let mut environment = Environment::here(engine, supplies.limits, &supplies.codecs, rounds);
    environment.placements = Some(plan.placements);
    environment.setup_codec = supplies.setup_codec().map(str::to_owned);
    let mut record = Record::new(String::new(), plan.matrix, plan.filter.text(), environment);
    record.messages = plan.messages.iter().flatten().map(ToString::to_string).collect();
    record.attacks.clone_from(&plan.attacks);
    record.clock = (plan.matrix != Matrix::Quick).then(|| prepared.own_greeting().clock);
    record
}

/// A directory for the run, with a record that can be written: otherwise it would be measured in vain.
fn create(plan: &Plan, record: &mut Record) -> anyhow::Result<RunDirectory> {
    let results = results_directory();
    let (started, matrix) = (&record.environment.started, plan.matrix.name());
    let (directory, id) =
        RunDirectory::create(&results, plan.name.as_deref(), started, matrix).context("the run cannot be kept")?;
    record.run_id = id;
    match directory.save(record) {
        Ok(()) => Ok(directory),
        Err(error) => {
            let _ = directory.remove();
            Err(error).context("the run cannot be kept, so nothing was measured")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::busy;

    #[test]
    fn only_a_busy_machine_is_spoken_of() {
        assert_eq!(busy(0.5), None);
        assert!(busy(3.204).is_some_and(|warning| warning.contains("load 3.20, above 0.5") && !warning.contains('\n')));
    }
}
