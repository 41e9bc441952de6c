//! A fault at each step that changes the files of a run: an error of the system, or the end of the process. No finished round is
//! lost, `run.json` is always whole, and the next command works.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use anyhow::{Context, Result, bail, ensure};
use rustix::io::Errno;
use serde_json::Value;
use weft::cell::{Filter, Matrix};
use weft::record::faults::{self, Fault};
use weft::record::{Record, RunDirectory};
use weft::report;
use weft::run::{self, Mode, Plan, although_kept};
use weft::trials::in_parallel;

use crate::support::stand_in;

/// How a test tells the process that makes the run what is to happen to it: a step and a fault, and a run to go on with.
const ASKED: [&str; 2] = ["FAULT_OF_TEST", "RESUME_OF_TEST"];

const FAULTS: [(&str, Fault); 6] = [
    ("ENOSPC", Fault::Fails(Errno::NOSPC.raw_os_error())),
    ("EACCES", Fault::Fails(Errno::ACCESS.raw_os_error())),
    ("EIO", Fault::Fails(Errno::IO.raw_os_error())),
    ("full", Fault::FailsFromHere(Errno::NOSPC.raw_os_error())),
    ("before", Fault::EndsBefore),
    ("after", Fault::EndsAfter),
];

/// More steps than the run has.
const FAR: u64 = 200;

/// A run of two cells, as `cargo bench` makes it; not a test, but what tests start.
#[test]
#[ignore = "the other tests start it, in a process of its own"]
fn a_run() -> Result<()> {
    let [fault, resume] = ASKED.map(|name| env::var(name).ok());
    let Some((step, fault)) = fault.as_deref().and_then(|fault| fault.split_once(' ')) else { return Ok(()) };
    let scripts = tempfile::tempdir()?;
    let plan = Plan {
        matrix: Matrix::Quick,
        messages: None,
        filter: Filter::pattern("log@1/peek/bytes/(linked|adapter)").map_err(anyhow::Error::msg)?,
        hosts: vec![stand_in::stand_in(scripts.path())?],
        placements: 1,
        name: None,
        resume: resume.filter(|run| !run.is_empty()),
        attacks: None,
    };
    if let Some((_, fault)) = FAULTS.iter().find(|(name, _)| *name == fault) {
        faults::arm(step.parse()?, *fault);
    }
    let ran = run::run(&plan, Mode::Measure)?;
    let directory = ran.directory.as_ref().context("a directory")?;
    report::derive(directory, &ran.record).map_err(|error| although_kept(directory, error))?;
    eprintln!("{} steps", faults::made());
    Ok(())
}

/// Starts a run whose results go below a directory, with a fault at a step.
fn started(results: &Path, step: u64, fault: &str, resume: Option<&Path>) -> Result<Output> {
    let mut command = Command::new(env::current_exe()?);
    command.args(["--exact", "faults::a_run", "--include-ignored", "--nocapture"]);
    command.env(ASKED[0], format!("{step} {fault}")).env("WEFT_RESULTS", results);
    command.env(ASKED[1], resume.unwrap_or(Path::new("")));
    Ok(command.output()?)
}

/// How many whole rounds are on disk as a process has said that it makes them: the one that it has begun is not yet.
fn begun(stderr: &str) -> u64 {
    stderr.lines().filter(|line| line.starts_with("round ")).count() as u64
}

/// What a results directory holds, but for `latest`: the one run, if there is any.
fn run_in(results: &Path) -> Result<Option<PathBuf>> {
    let mut runs = Vec::new();
    for entry in fs::read_dir(results).into_iter().flatten() {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name == "latest" || name.starts_with(".latest.") {
            continue;
        }
        runs.push(path);
    }
    ensure!(runs.len() < 2, "{runs:?}");
    Ok(runs.pop())
}

/// Every cell has a reading of each round that is whole, and of no other.
fn is_whole(record: &Record) -> Result<()> {
    let rounds: Vec<usize> = (0..record.whole_rounds.context("whole rounds")?).collect();
    for cell in &record.cells {
        let made: Vec<usize> = cell.readings.iter().map(|reading| reading.round).collect();
        ensure!(made == rounds, "{}: {made:?} of {rounds:?}", cell.name());
    }
    ensure!(rounds.is_empty() || record.cells.len() == 2, "{} cells", record.cells.len());
    Ok(())
}

/// What is left after a fault: all rounds that had ended, nothing half, and at most one file that was in the making.
fn nothing_is_lost(results: &Path, output: &Output, fault: &str) -> Result<Option<PathBuf>> {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let Some(run) = run_in(results)? else { return Ok(None) };
    let left = |directory: &Path| {
        let entries = fs::read_dir(directory).into_iter().flatten().flatten();
        entries.filter(|entry| entry.file_name().to_string_lossy().starts_with('.')).count()
    };
    let ended = fault == "before" || fault == "after";
    ensure!(left(&run) + left(results) <= usize::from(ended), "temporary files pile up");
    if !run.join("run.json").exists() {
        ensure!(begun(&stderr) == 0, "a round was made, and there is no run.json: {stderr}");
        return Ok(None);
    }
    let record = RunDirectory::open(results, &run.display().to_string())?.record()?;
    is_whole(&record)?;
    let saved = begun(&stderr).saturating_sub(if fault == "full" { Matrix::Quick.rounds() as u64 } else { 1 });
    ensure!(record.whole_rounds.is_some_and(|whole| whole as u64 >= saved), "{:?}: {stderr}", record.whole_rounds);
    Ok(Some(run))
}

/// The run that was not finished is gone on with, and then is what one in one go would have been.
fn the_next_command_works(results: &Path, run: Option<&Path>) -> Result<()> {
    let unfinished = match run {
        Some(run) => {
            Some(run).filter(|_| !RunDirectory::open(results, &run.display().to_string()).is_ok_and(is_complete))
        }
        None => None,
    };
    if let Some(run) = run.filter(|_| unfinished.is_none()) {
        let directory = RunDirectory::open(results, &run.display().to_string())?;
        report::derive(&directory, &directory.record()?)?;
        return Ok(());
    }
    let output = started(results, FAR, "none", unfinished)?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let Some(run) = unfinished else { return Ok(()) };
    let json: Value = serde_json::from_str(&fs::read_to_string(run.join("run.json"))?)?;
    let record = RunDirectory::open(results, &run.display().to_string())?.record()?;
    is_whole(&record)?;
    ensure!(
        json["complete"] == true && json["whole_rounds"] == Matrix::Quick.rounds() && json.get("unfinished").is_none()
    );
    ensure!(record.resumed.len() == 1, "{:?}", record.resumed);
    ensure!(fs::read_to_string(run.join("report.md"))?.contains("This run was interrupted and resumed: after "));
    ensure!(fs::read_dir(run)?.flatten().all(|entry| !entry.file_name().to_string_lossy().starts_with('.')));
    Ok(())
}

fn is_complete(directory: RunDirectory) -> bool {
    directory.record().is_ok_and(|record| record.complete)
}

/// What is said of a fault that does not end the process: which file, what the system says, and what to do.
fn is_told(output: &Output, errno: &str) -> Result<()> {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let said = format!("{}{stderr}", String::from_utf8_lossy(&output.stdout));
    ensure!(!said.contains("panicked"), "{said}");
    let os_error = std::io::Error::from_raw_os_error(errno_of(errno)?).to_string();
    ensure!(said.contains("cannot write ") && said.contains(&os_error), "{said}");
    let next =
        ["the run goes on", "nothing was measured", "cargo weft report ", "WEFT_RESUME=", "the run cannot be kept"];
    ensure!(next.iter().any(|next| said.contains(next)), "{said}");
    Ok(())
}

fn errno_of(name: &str) -> Result<i32> {
    match FAULTS.iter().find(|(fault, _)| *fault == name) {
        Some((_, Fault::Fails(errno) | Fault::FailsFromHere(errno))) => Ok(*errno),
        _ => bail!("{name} is no error"),
    }
}

/// One run with a fault at a step, and what is left of it.
fn tried(step: u64, fault: &str) -> Result<()> {
    let results = tempfile::tempdir()?;
    let output = started(results.path(), step, fault, None)?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(!output.status.success() || said.contains("cannot write "), "nothing happened: {said}");
    if errno_of(fault).is_ok() {
        is_told(&output, fault)?;
    }
    let run = nothing_is_lost(results.path(), &output, fault)?;
    the_next_command_works(results.path(), run.as_deref())
}

/// How many steps a run has in which nothing happens.
fn steps() -> Result<u64> {
    let results = tempfile::tempdir()?;
    let output = started(results.path(), FAR, "none", None)?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{stderr}");
    let steps = stderr.lines().find_map(|line| line.strip_suffix(" steps")?.parse().ok());
    steps.with_context(|| stderr.into_owned())
}

/// Tries every step with these faults.
fn walk(faults: impl Fn(u64) -> Vec<&'static str>) -> Result<()> {
    let steps = steps()?;
    ensure!((40..FAR).contains(&steps), "{steps} steps");
    let all: Vec<(u64, &str)> =
        (0..steps).flat_map(|step| faults(step).into_iter().map(move |fault| (step, fault))).collect();
    let wrong = in_parallel(&all, |(step, fault)| {
        let tried = tried(*step, fault).with_context(|| format!("{fault} at step {step}"));
        tried.err().map(|error| format!("{error:#}")).into_iter().collect::<Vec<_>>()
    });
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// Each step with one of the faults, in turn.
#[test]
fn a_fault_at_each_step() -> Result<()> {
    walk(|step| vec![FAULTS[step as usize % FAULTS.len()].0])
}

/// Each step with every fault: about 400 runs (CONTRIBUTING.md).
#[test]
#[ignore = "takes some minutes"]
fn every_fault_at_each_step() -> Result<()> {
    walk(|_| FAULTS.map(|(name, _)| name).to_vec())
}
