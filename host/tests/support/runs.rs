//! Runs for the tests of the command: that of `fixture` with figures that are drawn anew, and changed as a test says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use weft::cell::OWN_HOST;

use crate::support::fixture;

/// A results directory with runs in it.
pub struct Runs {
    results: tempfile::TempDir,
}

/// What a command did.
pub struct Outcome {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Runs {
    pub fn new() -> Result<Self> {
        Ok(Self { results: tempfile::tempdir()? })
    }

    /// The `run.json` of a run.
    pub fn json(&self, name: &str) -> PathBuf {
        self.results.path().join(name).join("run.json")
    }

    /// Writes a run.
    pub fn write(&self, name: &str, run: &Value) -> Result<()> {
        self.write_text(name, &serde_json::to_string_pretty(run)?)
    }

    /// Writes whatever as a run.
    pub fn write_text(&self, name: &str, text: &str) -> Result<()> {
        fs::create_dir_all(self.results.path().join(name))?;
        fs::write(self.json(name), text).context("run.json")
    }

    /// Runs `weft` with these results.
    pub fn weft(&self, arguments: &[&str]) -> Result<Outcome> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_weft"));
        let Output { status, stdout, stderr } =
            command.args(arguments).env("WEFT_RESULTS", self.results.path()).output()?;
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Ok(Outcome { code: status.code(), stdout: text(stdout), stderr: text(stderr) })
    }

    /// The results directory.
    pub fn path(&self) -> &Path {
        self.results.path()
    }
}

/// A quiet run of the fixture's cells: each takes what it took times `slowed(cell)`, with readings that are the run's own,
/// and nothing under `exact`.
pub fn drawn(name: &str, slowed: impl Fn(&str) -> f64) -> Result<Value> {
    drawn_from(fixture::run(), name, slowed)
}

/// The same of another run.
pub fn drawn_from(mut run: Value, name: &str, slowed: impl Fn(&str) -> f64) -> Result<Value> {
    run["run_id"] = json!(name);
    run["cells"].as_array_mut().context("cells")?.retain(|cell| cell["status"] == "ok");
    for cell in cells(&mut run) {
        cell["exact"] = Value::Null;
        let time = cell["latency_ns"]["value"].as_f64().context("a time")?;
        let cell_name = cell_name(cell);
        let readings = fixture::readings(&format!("{cell_name} of {name}"), time * slowed(&cell_name));
        cell["readings"] = json!(readings);
    }
    fixture::settle(&mut run);
    Ok(run)
}

/// The measured cells of a run.
pub fn cells(run: &mut Value) -> impl Iterator<Item = &mut Value> {
    run["cells"].as_array_mut().into_iter().flatten().filter(|cell| cell["status"] == "ok")
}

/// A cell's name.
pub fn cell_name(cell: &Value) -> String {
    let name = ["message", "task", "codec", "transport"].map(|key| cell[key].as_str().unwrap_or_default()).join("/");
    match cell["host"].as_str() {
        Some(host) if host != OWN_HOST => format!("{name}@{host}"),
        _ => name,
    }
}
