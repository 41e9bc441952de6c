//! SIGKILL at any moment, to the harness, to its host or to both; disks that are full or read-only. Nothing that was measured is
//! lost, no process is left, and the next command works.
#![cfg(target_os = "linux")]

#[path = "support/started.rs"]
#[allow(clippy::duplicate_mod, reason = "each test file is a crate of its own")]
mod started;
mod support;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal};
use serde_json::Value;
use weft::cell::Matrix;
use weft::run::shuffled;

use started::Running;
use support::{executable, json, names, only_run, text};

/// Few cells: a run takes some seconds.
const CELLS: &str = "exchange/log@1/peek/bytes/(adapter|linked)";
/// How many rounds it makes, at least.
const ROUNDS: usize = Matrix::Quick.rounds();

/// Whom a signal is sent to.
#[derive(Clone, Copy, Debug)]
enum Victim {
    Harness,
    Host,
    Both,
}

/// A number below `bound`, which depends on the seed alone.
fn drawn(seed: usize, bound: usize) -> usize {
    shuffled(bound, seed).first().copied().unwrap_or(0)
}

/// The bench as a program, with its results below a directory.
fn bench(program: &Path, results: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(["--bench", CELLS]).current_dir(env!("CARGO_MANIFEST_DIR"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("WEFT_")) {
        command.env_remove(name);
    }
    command.env("WEFT_RESULTS", results).env("CRITERION_HOME", results.join("criterion"));
    command
}

/// A bench that runs, and what was heard of it.
struct Bench {
    child: Child,
    harness: Running,
    heard: thread::JoinHandle<String>,
}

impl Bench {
    /// Starts one, and waits until its round `number` begins.
    fn until_round(program: &Path, results: &Path, number: usize) -> Result<Self> {
        let mut child = bench(program, results).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let mut stderr = BufReader::new(child.stderr.take().context("its standard error")?);
        let (mut heard, begins) = (String::new(), format!("round {number} in "));
        while !heard.lines().last().is_some_and(|line| line.starts_with(&begins)) {
            ensure!(stderr.read_line(&mut heard)? > 0, "the bench has ended: {heard}");
        }
        let harness = Running::of(Pid::from_child(&child))?;
        let heard = thread::spawn(move || {
            let _ = stderr.read_to_string(&mut heard);
            heard
        });
        Ok(Self { child, harness, heard })
    }

    /// Kills at a moment that the seed tells, and waits until nothing of it runs. Returns what it said, and whether it was killed
    /// and did not end before.
    fn kill(mut self, victim: Victim, bytes: u64) -> Result<(String, bool)> {
        let begin = self.harness.read()?;
        while self.harness.read().is_ok_and(|read| read < begin + bytes) {
            thread::yield_now();
        }
        // A process that was just started is among them.
        let hosts = self.harness.children().unwrap_or_default();
        if !matches!(victim, Victim::Host) {
            let _ = self.harness.send(Signal::KILL);
        }
        if !matches!(victim, Victim::Harness) {
            hosts.iter().for_each(|host| drop(host.send(Signal::KILL)));
        }
        for host in &hosts {
            host.wait()?;
        }
        let status = self.child.wait()?;
        let heard = self.heard.join().map_err(|_| anyhow::anyhow!("its standard error was not read"))?;
        Ok((heard, !status.success()))
    }
}

/// The readings of each cell, by cell.
fn readings(run: &Value) -> Result<Vec<(String, Vec<Value>)>> {
    let cells = run["cells"].as_array().context("cells")?;
    let of = |cell: &Value| {
        let readings = cell["readings"].as_array().cloned().unwrap_or_default();
        (format!("{}/{}", cell["transport"], cell["host"]), readings)
    };
    Ok(cells.iter().map(of).collect())
}

/// How many rounds had ended, as far as was told: the last that has begun need not be on disk.
fn ended_rounds(heard: &str) -> u64 {
    (heard.lines().filter(|line| line.starts_with("round ")).count() as u64).saturating_sub(1)
}

/// Goes on with a run to its end: what was measured is still there, and every round is whole.
fn goes_on(program: &Path, results: &Path, run: &Path) -> Result<()> {
    let before = json(run)?;
    let whole = before["whole_rounds"].as_u64().context("whole_rounds")? as usize;
    let output = bench(program, results).env("WEFT_RESUME", run).output()?;
    let stderr = text(&output.stderr);
    ensure!(output.status.code() == Some(0), "{stderr}");
    let after = json(run)?;
    ensure!(after["complete"] == true && after["resumed"][0]["after_rounds"] == whole, "{}", after["resumed"]);
    let rounds = after["whole_rounds"].as_u64().context("whole_rounds")? as usize;
    ensure!(
        rounds >= ROUNDS && stderr.contains(&format!("round {} in wasmtime", whole + 1)) || whole >= ROUNDS,
        "{stderr}"
    );
    for ((cell, old), (_, new)) in readings(&before)?.into_iter().zip(readings(&after)?) {
        ensure!(new.len() >= ROUNDS && new.starts_with(&old[..whole.min(old.len())]), "{cell}: {old:?} {new:?}");
        ensure!(new.iter().enumerate().all(|(round, reading)| reading["round"] == round), "{cell}: {new:?}");
    }
    Ok(())
}

/// What a kill leaves. Returns whether it came in time.
fn survives(program: &Path, seed: usize) -> Result<bool> {
    let results = tempfile::tempdir()?;
    let victim = [Victim::Harness, Victim::Host, Victim::Both][drawn(seed, 3)];
    let (round, bytes) = (1 + drawn(seed + 1000, ROUNDS), drawn(seed + 2000, 5000) as u64);
    let (heard, killed) = Bench::until_round(program, results.path(), round)?.kill(victim, bytes)?;
    ensure!(!heard.contains("panicked"), "{victim:?}: {heard}");
    let run = only_run(results.path()).with_context(|| heard.clone())?;
    let json = json(&run)?;
    ensure!(json["whole_rounds"].as_u64() >= Some(ended_rounds(&heard)), "{}: {heard}", json["whole_rounds"]);
    let left = names(&run).iter().filter(|name| name.starts_with('.')).count();
    ensure!(left <= usize::from(killed), "temporary files: {:?}", names(&run));
    if json["complete"] == true {
        ensure!(readings(&json)?.iter().all(|(_, readings)| readings.len() >= 6), "{heard}");
        return Ok(killed || matches!(victim, Victim::Host));
    }
    goes_on(program, results.path(), &run)
        .with_context(|| format!("{victim:?} in round {round} after {bytes} bytes"))?;
    ensure!(names(&run).iter().all(|name| !name.starts_with('.')), "{:?}", names(&run));
    Ok(killed)
}

/// Kills until so many came in time.
fn kills(enough: usize) -> Result<()> {
    let program = executable()?;
    let mut killed = 0;
    for seed in 0..3 * enough {
        killed += usize::from(survives(&program, seed).with_context(|| format!("seed {seed}"))?);
        if killed == enough {
            return Ok(());
        }
    }
    bail!("only {killed} kills came before the end of a run")
}

#[test]
fn a_few_kills() -> Result<()> {
    kills(3)
}

/// CONTRIBUTING.md says how.
#[test]
#[ignore = "takes three minutes"]
fn fifty_kills() -> Result<()> {
    kills(50)
}

/// The bench where no file may be longer than so many blocks of 512 bytes, as on a disk that is full.
fn limited(program: &Path, results: &Path, blocks: u64) -> Result<Output> {
    let script = "trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"";
    let bench = bench(program, results);
    let mut shell = Command::new("sh");
    shell.args(["-c", script, "sh", &blocks.to_string()]).arg(bench.get_program()).args(bench.get_args());
    shell.current_dir(env!("CARGO_MANIFEST_DIR"));
    for (name, value) in bench.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    Ok(shell.output()?)
}

#[test]
fn a_full_disk_loses_no_round_that_was_on_it() -> Result<()> {
    let program = executable()?;
    let results = tempfile::tempdir()?;
    let output = limited(&program, results.path(), 2)?;
    let stderr = text(&output.stderr);
    ensure!(output.status.code() == Some(1) && stderr.contains("so nothing was measured: cannot write "), "{stderr}");
    ensure!(names(results.path()).is_empty() && !stderr.contains("round 1 "), "{:?}", names(results.path()));

    let output = limited(&program, results.path(), room_for_a_round(&program)?)?;
    let stderr = text(&output.stderr);
    ensure!(output.status.code() == Some(1) && !stderr.contains("panicked"), "{stderr}");
    ensure!(stderr.contains("the run goes on, and this is tried again after each round"), "{stderr}");
    let run = only_run(results.path())?;
    let whole = json(&run)?["whole_rounds"].as_u64().context("whole_rounds")?;
    let said = format!("has the first {whole} rounds. When it can be written, go on with it");
    ensure!((1..ROUNDS as u64).contains(&whole) && stderr.contains(&said), "{said}: {stderr}");
    ensure!(names(&run) == ["run.json"], "{:?}", names(&run));
    goes_on(&program, results.path(), &run)
}

/// As many blocks as `run.json` takes after the first round. That of a whole run takes more, although it needs not say what the run can be
/// gone on with.
fn room_for_a_round(program: &Path) -> Result<u64> {
    let results = tempfile::tempdir()?;
    let bench = Bench::until_round(program, results.path(), 2)?;
    bench.kill(Victim::Both, 0)?;
    let len = fs::metadata(only_run(results.path())?.join("run.json"))?.len();
    Ok(len.div_ceil(512))
}

#[test]
fn a_directory_that_cannot_be_written_is_told_before_anything_is_measured() -> Result<()> {
    let program = executable()?;
    // Not even root makes directories there.
    let output = bench(&program, Path::new("/proc/self/results")).output()?;
    let stderr = text(&output.stderr);
    let said = "error: the run cannot be kept: cannot write /proc/self/results: ";
    let in_vain = ["verified ", "round 1 "].iter().any(|done| stderr.contains(done));
    ensure!(output.status.code() == Some(1) && stderr.contains(said) && !in_vain, "{stderr}");
    Ok(())
}

/// Two processes do not measure into one directory.
#[test]
fn a_run_that_is_being_measured_is_not_gone_on_with() -> Result<()> {
    let program = executable()?;
    let results = tempfile::tempdir()?;
    let running = Bench::until_round(&program, results.path(), 2)?;
    let run = only_run(results.path())?;
    let output = bench(&program, results.path()).env("WEFT_RESUME", &run).output()?;
    running.kill(Victim::Both, 0)?;
    let stderr = text(&output.stderr);
    ensure!(output.status.code() == Some(1), "{stderr}");
    ensure!(stderr.contains("is being measured by another process; wait for its end"), "{stderr}");
    Ok(())
}

/// Damages a run, and returns what is said of going on with it.
fn refused(program: &Path, results: &Path, run: &Path, key: &str, value: Value) -> Result<String> {
    let path = run.join("run.json");
    let whole = fs::read(&path)?;
    let mut other = json(run)?;
    *other.pointer_mut(key).with_context(|| key.to_owned())? = value;
    serde_json::to_writer(File::create(&path)?, &other)?;
    let output = bench(program, results).env("WEFT_RESUME", run).output()?;
    ensure!(output.status.code() == Some(1) && output.stdout.is_empty(), "{key}: {}", text(&output.stderr));
    ensure!(json(run)? == other, "{key}: the run has changed");
    fs::write(&path, whole)?;
    Ok(text(&output.stderr))
}

#[test]
fn a_run_of_another_build_machine_or_plan_is_not_gone_on_with() -> Result<()> {
    let program = executable()?;
    let results = tempfile::tempdir()?;
    Bench::until_round(&program, results.path(), 2)?.kill(Victim::Both, 0)?;
    let run: PathBuf = only_run(results.path())?;
    let cases = [
        ("/environment/machine/family", Value::from(7), "machine: family was 7 and is "),
        ("/environment/program_sha256", Value::from("abc"), "the build of weft was abc and is "),
        ("/environment/rustc", Value::from("rustc 1.0"), "rustc was rustc 1.0 and is "),
        ("/environment/codecs/bytes/producer/bytes", Value::from(1), "the guests of bytes are others"),
        ("/hosts/wasmtime/engine/version", Value::from("1"), "the engine of wasmtime was wasmtime 1 ("),
        (
            "/matrix",
            Value::from("core"),
            "the matrix was core and is quick; go on with it by the command that began it: ",
        ),
        ("/filter", Value::from("x"), "the filter was `x` and is "),
        ("/complete", Value::from(true), "is complete: there is nothing to go on with"),
        ("/unfinished", Value::Null, "does not say what its rounds found"),
        ("/whole_rounds", Value::from(0), "round 0 is not one of the 0 whole ones"),
    ];
    for (key, value, said) in cases {
        let stderr = refused(&program, results.path(), &run, key, value)?;
        ensure!(stderr.contains(said), "{key}: `{said}` is not in {stderr}");
    }
    let output = bench(&program, results.path()).env("WEFT_RESUME", "no-such-run").output()?;
    ensure!(output.status.code() == Some(1) && text(&output.stderr).contains("there is no run `no-such-run`"));
    let both = bench(&program, results.path()).env("WEFT_RESUME", &run).env("WEFT_RUN_NAME", "x").output()?;
    ensure!(both.status.code() == Some(2) && text(&both.stderr).contains("set one of them"), "{}", text(&both.stderr));
    goes_on(&program, results.path(), &run)
}
