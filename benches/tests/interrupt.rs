//! Ctrl-C and `kill` while the bench runs: everything ends, and what was measured is kept.
#![cfg(target_os = "linux")]

#[path = "support/started.rs"]
mod started;
mod support;

use std::path::Path;
use std::thread;

use anyhow::{Context, Result, bail, ensure};
use rustix::process::Signal;
use serde_json::Value;
use weft::cell::Matrix;

use started::{Ended, Started};
use support::{bench, json, names, only_run, text};

/// Enough cells that a round does not end before a signal comes.
const CELLS: &str = "exchange/(log@1|blob@65536)/own/(bytes|inplace)/";

/// The numbers of readings of the cells that were measured.
fn readings(run: &Value) -> Result<Vec<usize>> {
    let cells = run["cells"].as_array().context("cells")?.iter();
    Ok(cells.filter_map(|cell| Some(cell["readings"].as_array()?.len())).collect())
}

/// What is kept of an interrupted run, and what was said of it.
fn is_kept(results: &Path, ended: &Ended) -> Result<Value> {
    let Ended { stdout, stderr, .. } = ended;
    ensure!(!stderr.contains("panicked") && !stderr.contains("FAILED: round"), "{stderr}");
    let (run, id) = (only_run(results)?, names(results));
    ensure!(id.len() == 1, "an interrupted run is not the latest: {id:?}");
    let json = json(&run)?;
    ensure!(json["complete"] == false && json["cells"].as_array().is_some_and(|cells| cells.len() > 1));
    let rounds = json["whole_rounds"].as_u64().context("whole_rounds")?;
    let planned = Matrix::Quick.rounds();
    ensure!((1..planned as u64).contains(&rounds), "{rounds}");
    let said = format!("interrupted after {rounds} of {planned} rounds; ");
    let typed = format!("cargo weft report {}", run.canonicalize()?.display());
    ensure!(stdout.contains(&said) && stdout.contains(&typed), "{said} {typed} {stdout}");
    let resumed = format!("go on with it    WEFT_RESUME={} WEFT_RESULTS=", run.canonicalize()?.display());
    ensure!(stdout.contains(&resumed) && stdout.contains(" cargo bench -- 'exchange/"), "{resumed} {stdout}");
    ensure!(!stdout.contains("time:"), "nothing is shown but what was asked for: {stdout}");
    for file in ["report.html", "report.md", "cells.csv", "heatmap.svg"] {
        ensure!(run.join(file).is_file(), "{file}");
    }
    Ok(json)
}

/// Sends Ctrl-C when the harness has read so many bytes after the second round has begun; returns the whole rounds, and the
/// readings of each cell.
fn interrupted_in_a_round(results: &Path, bytes: u64) -> Result<(usize, Vec<usize>)> {
    let started = Started::until("round 2 in wasmtime", results, &[CELLS])?;
    let before = started.harness.read()?;
    while started.harness.read()? < before + bytes {
        thread::yield_now();
    }
    // Now it hangs.
    let _ = started.host.send(Signal::STOP);
    started.send_to_group(Signal::INT)?;
    let ended = started.wait()?;
    let json = is_kept(results, &ended)?;
    Ok((json["whole_rounds"].as_u64().context("whole_rounds")? as usize, readings(&json)?))
}

/// Goes on with the run: its whole rounds are kept, the one that was under way is made again, and nothing is there twice.
fn goes_on(results: &Path, rounds: usize) -> Result<()> {
    let run = only_run(results)?;
    let before = json(&run)?;
    let path = run.display().to_string();
    let resume = [("WEFT_RESUME", path.as_str())];
    // It is ended again before a further round has come to its end, and can be gone on with all the same.
    let started = Started::with(&resume, &format!("round {} in wasmtime", rounds + 1), results, &[CELLS])?;
    started.send_to_group(Signal::INT)?;
    started.wait()?;
    let output = bench(results, &resume, &[CELLS])?;
    ensure!(output.status.code() == Some(0), "{}", text(&output.stderr));
    let after = json(&run)?;
    ensure!(after["complete"] == true && after["resumed"][0]["after_rounds"] == rounds, "{}", after["resumed"]);
    let cells = |run: &Value| run["cells"].as_array().cloned().context("cells");
    for (old, new) in cells(&before)?.iter().zip(cells(&after)?) {
        let of = |cell: &Value| cell["readings"].as_array().cloned().unwrap_or_default();
        let (old, new) = (of(old), of(&new));
        ensure!(new.len() >= Matrix::Quick.rounds() && new.starts_with(&old[..rounds]), "{old:?} {new:?}");
        ensure!(new.iter().enumerate().all(|(round, reading)| reading["round"] == round), "{new:?}");
    }
    Ok(())
}

#[test]
fn ctrl_c_keeps_what_was_measured_even_of_the_round_under_way() -> Result<()> {
    // A greeting and some readings have so many bytes. A harness that waits for long reads more, of how its host does: then the
    // signal comes before the round's first reading. Where this test is slow itself, it comes between two rounds.
    let mut bytes = 8000;
    for _ in 0..8 {
        let results = tempfile::tempdir()?;
        let (rounds, readings) = interrupted_in_a_round(results.path(), bytes)?;
        ensure!(readings.iter().all(|count| (rounds..=rounds + 1).contains(count)), "{rounds}: {readings:?}");
        if readings.contains(&(rounds + 1)) {
            return goes_on(results.path(), rounds);
        }
        bytes = if rounds == 1 { bytes * 2 } else { bytes * 3 / 4 };
    }
    bail!("no round under way was kept")
}

#[test]
fn each_process_alone_ends_everything() -> Result<()> {
    let (results, other) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let started = Started::until("round 2 in wasmtime", results.path(), &[CELLS])?;
    started.harness.send(Signal::TERM)?;
    let ended = started.wait()?;
    ensure!(ended.code == Some(143), "{:?}", ended.code);
    is_kept(results.path(), &ended)?;

    let started = Started::until("round 2 in wasmtime", other.path(), &[CELLS])?;
    // Not Ctrl-C: what a shell has started in the background is deaf to it.
    started.send_to_cargo(Signal::TERM)?;
    let ended = started.wait()?;
    is_kept(other.path(), &ended)?;
    Ok(())
}

#[test]
fn nothing_is_kept_of_a_run_that_has_measured_nothing() -> Result<()> {
    // Where this test was slow itself, something was measured before the signal came.
    for _ in 0..5 {
        let results = tempfile::tempdir()?;
        let started = Started::until("round 1 in wasmtime", results.path(), &["exchange/log@1/own/bytes/linked"])?;
        let _ = started.host.send(Signal::STOP);
        started.harness.send(Signal::INT)?;
        let Ended { code, stdout, stderr } = started.wait()?;
        ensure!(code == Some(130), "{code:?}");
        if names(results.path()).is_empty() {
            ensure!(stderr.contains("nothing is kept") && stdout.is_empty(), "{stderr}{stdout}");
            return Ok(());
        }
    }
    bail!("something was kept")
}

#[test]
fn the_second_signal_ends_at_once() -> Result<()> {
    let results = tempfile::tempdir()?;
    let started = Started::until("round 2 in wasmtime", results.path(), &[CELLS])?;
    // Both are there when it goes on. Which of them is the second is not said.
    started.harness.send(Signal::STOP)?;
    started.harness.send(Signal::INT)?;
    started.harness.send(Signal::TERM)?;
    started.harness.send(Signal::CONT)?;
    let ended = started.wait()?;
    ensure!(matches!(ended.code, Some(130 | 143)) && ended.stdout.is_empty(), "{:?} {}", ended.code, ended.stdout);
    let run = only_run(results.path())?;
    ensure!(json(&run)?["complete"] == false && !run.join("report.md").exists());
    Ok(())
}

/// A host ends with a harness that could not end it.
#[test]
fn hosts_end_with_the_harness() -> Result<()> {
    let results = tempfile::tempdir()?;
    let started = Started::until("round 2 in wasmtime", results.path(), &[CELLS])?;
    started.harness.send(Signal::KILL)?;
    started.wait()?;
    ensure!(json(&only_run(results.path())?)?["complete"] == false);
    Ok(())
}
