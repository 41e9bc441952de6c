//! The bench as users type it: `cargo bench -- …`, here with the dev profile and of the whole workspace, so that it is made
//! of what `cargo test --workspace` has built: for one package alone, cargo would build wasmtime again, with other features of its
//! dependencies.
#![allow(dead_code, reason = "each test file uses a part of this")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// What cargo is asked for.
const BENCH: [&str; 6] = ["bench", "--profile", "dev", "--workspace", "--bench", "weft"];

/// `cargo bench -- <arguments>` with its results below `results`, and these variables beside.
pub fn command(results: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(BENCH).arg("--").args(arguments);
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("WEFT_")) {
        cargo.env_remove(name);
    }
    // What criterion keeps is not for the workspace either.
    cargo.env("WEFT_RESULTS", results).env("CRITERION_HOME", results.join("criterion"));
    cargo.envs(variables.iter().copied());
    cargo
}

/// What `cargo bench` did.
pub fn bench(results: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Result<Output> {
    command(results, variables, arguments).output().context("cargo did not start")
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The names in a results directory, but for criterion's own.
pub fn names(results: &Path) -> Vec<String> {
    let entries = fs::read_dir(results).into_iter().flatten().flatten();
    let mut names: Vec<_> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.retain(|name| name != "criterion");
    names.sort();
    names
}

/// The only run in a results directory, whatever else there is.
pub fn only_run(results: &Path) -> Result<PathBuf> {
    let mut runs = names(results);
    // What a process left that was killed while it moved `latest` is no run.
    runs.retain(|name| name != "latest" && !name.starts_with('.'));
    ensure!(runs.len() == 1, "{runs:?}");
    Ok(results.join(&runs[0]))
}

/// The `run.json` of a run.
pub fn json(run: &Path) -> Result<Value> {
    serde_json::from_str(&fs::read_to_string(run.join("run.json"))?).context("run.json")
}

/// The bench as a program, built.
pub fn executable() -> Result<PathBuf> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(BENCH).args(["--no-run", "--message-format", "json"]);
    let output = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).output()?;
    let messages = text(&output.stdout);
    let mut artifacts = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let bench = artifacts.rfind(|artifact| artifact["target"]["kind"][0] == "bench");
    let path = bench.as_ref().and_then(|artifact| artifact["executable"].as_str());
    Ok(path.with_context(|| format!("there is no bench: {}", text(&output.stderr)))?.into())
}
