//! What is left of a command that was interrupted: a report that claims nothing that was not done, and no build.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::support::fixture;
use crate::support::runs::{Outcome, Runs, cells};

/// The fixture's run, interrupted in its third round; the cells that it had not reached are not in it.
fn interrupted() -> Result<Value> {
    let mut run = fixture::run();
    run["complete"] = json!(false);
    run["whole_rounds"] = json!(2);
    for (place, cell) in cells(&mut run).enumerate() {
        let readings = cell["readings"].as_array_mut().context("readings")?;
        readings.truncate(if place < 40 { 3 } else { 2 });
    }
    fixture::settle(&mut run);
    Ok(run)
}

#[test]
fn a_report_says_what_was_done_and_not_what_was_planned() -> Result<()> {
    let runs = Runs::new()?;
    runs.write("half", &interrupted()?)?;
    for format in ["md", "html"] {
        let Outcome { code, stdout, stderr } = runs.weft(&["report", "half", "--format", format])?;
        ensure!(code == Some(0), "{stderr}");
        for part in ["interrupted after 2 of ", "each row has "] {
            ensure!(stdout.contains(part), "`{part}` is not in {format}: {stdout}");
        }
        for part in ["made of 14", "over 14", "14 rounds, each"] {
            ensure!(!stdout.contains(part), "`{part}` is in {format}: {stdout}");
        }
    }
    Ok(())
}

#[test]
fn a_run_that_says_nothing_of_rounds_was_interrupted_all_the_same() -> Result<()> {
    let runs = Runs::new()?;
    let mut run = interrupted()?;
    run.as_object_mut().context("a run")?.remove("whole_rounds");
    runs.write("half", &run)?;
    let Outcome { stdout, .. } = runs.weft(&["report", "half", "--format", "md"])?;
    ensure!(stdout.contains("This run was interrupted: each row has"), "{stdout}");

    run["whole_rounds"] = json!(0);
    for cell in cells(&mut run) {
        cell["readings"].as_array_mut().context("readings")?.truncate(1);
    }
    runs.write("half", &run)?;
    let Outcome { stdout, .. } = runs.weft(&["report", "half", "--format", "md"])?;
    ensure!(stdout.contains("interrupted after 0 of "), "{stdout}");
    Ok(())
}

#[cfg(unix)]
mod builds {
    use std::fs::{self, File};
    use std::io::{BufRead, BufReader, Read};
    use std::os::unix::fs::PermissionsExt;
    use std::path::{Path, PathBuf};
    use std::process::{Command, Stdio};

    use anyhow::{Result, ensure};
    use rustix::process::{Pid, Signal, kill_process};

    /// A program that is a line of shell.
    fn script(directory: &Path, name: &str, text: &str) -> Result<PathBuf> {
        let path = directory.join(name);
        fs::write(&path, format!("#!/bin/sh\n{text}\n"))?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        Ok(path)
    }

    /// A compiler that nothing was compiled with yet, and a cargo that never ends: both it and what it starts say so.
    #[test]
    fn a_build_ends_with_all_that_it_has_started() -> Result<()> {
        let directory = tempfile::tempdir()?;
        let [said, never] = ["said", "never"].map(|name| directory.path().join(name));
        ensure!(Command::new("mkfifo").args([&said, &never]).status()?.success());
        let forever = format!("(echo child; cat {}) & echo cargo; wait", never.display());
        let cargo = script(directory.path(), "cargo", &format!("exec >{}; {forever}", said.display()))?;
        let rustc =
            script(directory.path(), "rustc", "case $1 in -vV) echo 'rustc 0.0.0 (of a test)';; *) echo /;; esac")?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_weft"));
        command.args(["verify", "log@1/own/bytes/linked"]).env("CARGO", cargo).env("RUSTC", rustc);
        let mut weft = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let mut said = BufReader::new(File::open(said)?);
        let mut lines = String::new();
        while !(lines.contains("cargo\n") && lines.contains("child\n")) {
            ensure!(said.read_line(&mut lines)? > 0, "it ended: {lines}");
        }
        kill_process(Pid::from_child(&weft), Signal::INT)?;
        // To the end: nobody is left who could write.
        said.read_to_string(&mut lines)?;
        let mut stderr = String::new();
        weft.stderr.take().map(|mut stream| stream.read_to_string(&mut stderr)).transpose()?;
        ensure!(weft.wait()?.code() == Some(130) && stderr.contains("interrupted"), "{stderr}");
        Ok(())
    }
}
