//! Runs for the tests of the command: that of `fixture` with figures that are drawn anew, and changed as a test says.
#![allow(dead_code, reason = "each test file uses a part of this")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use weft::cell::OWN_HOST;

use crate::fixture;

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

/// A quiet run of the fixture's cells: each pair within 0.3 % of its median times `slowed(cell)`, a drift of
/// 0.2 %, and nothing under `exact`.
pub fn drawn(name: &str, slowed: impl Fn(&str) -> f64) -> Result<Value> {
    drawn_from(fixture::run(), name, slowed)
}

/// The same of another run.
pub fn drawn_from(mut run: Value, name: &str, slowed: impl Fn(&str) -> f64) -> Result<Value> {
    let mut state = name.bytes().fold(7_u64, |state, byte| state.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let mut noise = |size: f64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        1.0 + size * ((state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0)
    };
    run["run_id"] = json!(name);
    let medians: Vec<f64> = (0..8).map(|_| 1000.0 * noise(0.002)).collect();
    run["drift"] = json!({ "cell": "blob@65536/peek/null/direct", "medians_ns": medians, "spread": 0.002 });
    run["cells"].as_array_mut().context("cells")?.retain(|cell| cell["status"] == "ok");
    for cell in cells(&mut run) {
        cell["exact"] = Value::Null;
        let median = cell["latency_ns"]["median"].as_f64().context("a median")? * slowed(&cell_name(cell));
        let pairs: Vec<f64> = (0..7).map(|_| median * noise(0.003)).collect();
        let mut sorted = pairs.clone();
        sorted.sort_by(f64::total_cmp);
        cell["latency_ns"] = json!({ "median": sorted[3], "low": sorted[1], "high": sorted[5] });
        cell["pair_medians_ns"] = json!(pairs);
    }
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
