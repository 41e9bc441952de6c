//! The bench as users type it: `cargo bench -- …`, here with the dev profile, so that `cargo test` need
//! not build wasmtime a second time.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, ensure};
use weft::cell::OWN_HOST;
use weft::hosts::BE_HOST;
use weft::protocol::PROTOCOL;

/// `cargo bench -- <arguments>` with its results below `results`.
fn bench(results: &Path, matrix: Option<&str>, arguments: &[&str]) -> Result<Output> {
    command(results, matrix, arguments).output().context("cargo did not start")
}

fn command(results: &Path, matrix: Option<&str>, arguments: &[&str]) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["bench", "--profile", "dev", "--package", "weft-benches", "--"]).args(arguments);
    cargo.current_dir(env!("CARGO_MANIFEST_DIR")).env("WEFT_RESULTS", results);
    // What criterion keeps is not for the workspace either.
    cargo.env("CRITERION_HOME", results.join("criterion")).env_remove("WEFT_MATRIX");
    if let Some(matrix) = matrix {
        cargo.env("WEFT_MATRIX", matrix);
    }
    cargo
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The exit code of the bench, which cargo reports in words.
fn bench_code(output: &Output) -> Option<i32> {
    if output.status.success() {
        return Some(0);
    }
    let stderr = text(&output.stderr);
    let (_, rest) = stderr.rsplit_once("(exit status: ")?;
    rest.split(')').next()?.parse().ok()
}

fn runs(results: &Path) -> Vec<String> {
    let entries = fs::read_dir(results).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).filter(|name| name != "criterion").collect()
}

#[test]
fn a_filtered_run_keeps_its_figures_and_its_filter() -> Result<()> {
    let results = tempfile::tempdir()?;
    let filter = "boundary/wasm_to_wasm|log@1/peek/bytes/(direct|linked)";
    let output = bench(results.path(), None, &[filter])?;
    ensure!(bench_code(&output) == Some(0), "{}", text(&output.stderr));
    let stdout = text(&output.stdout);
    ensure!(stdout.contains("exchange/log@1/peek/bytes/linked") && stdout.contains("time:"), "{stdout}");
    ensure!(stdout.contains("3 rows in") && stdout.contains("report.md"), "{stdout}");

    let runs = runs(results.path());
    ensure!(runs.len() == 1, "one run and no `latest`: {runs:?}");
    let run = results.path().join(&runs[0]);
    let json: serde_json::Value = serde_json::from_str(&fs::read_to_string(run.join("run.json"))?)?;
    ensure!(json["filter"] == filter && json["complete"] == true, "{json}");
    ensure!(json["boundary"]["wasm_to_wasm"]["median"].as_f64().is_some_and(|figure| figure > 0.0));
    let cells = json["cells"].as_array().context("cells")?;
    ensure!(cells.len() == 2);
    for cell in cells {
        ensure!(cell["status"] == "ok" && cell["latency_ns"]["median"].as_f64().is_some_and(|figure| figure > 0.0));
        let copies = if cell["transport"] == "direct" { 1 } else { 0 };
        ensure!(cell["transport_copies"] == copies, "{cell}");
    }
    ensure!(fs::read_to_string(run.join("report.md"))?.contains("### log@1 peek"));
    ensure!(fs::read_to_string(run.join("cells.csv"))?.lines().count() == 3);
    Ok(())
}

/// What a run starts for its rounds is the bench itself, as a host.
#[test]
fn the_bench_is_a_host_for_whoever_asks() -> Result<()> {
    let results = tempfile::tempdir()?;
    let mut cargo = command(results.path(), None, &[BE_HOST, OWN_HOST]);
    let mut process = cargo.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    process.stdin.take().context("its input")?.write_all(b"nonsense\n")?;
    let output = process.wait_with_output()?;
    ensure!(bench_code(&output) == Some(0), "{}", text(&output.stderr));
    let told: Vec<serde_json::Value> =
        text(&output.stdout).lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let [greeting, error] = told.as_slice() else { anyhow::bail!("{told:?}") };
    ensure!(greeting["greeting"]["name"] == OWN_HOST && greeting["greeting"]["protocol"] == PROTOCOL, "{greeting}");
    ensure!(error["error"]["reason"].to_string().contains("this is no request"), "{error}");

    let output = bench(results.path(), None, &[BE_HOST, "v8"])?;
    ensure!(bench_code(&output) == Some(1), "{}", text(&output.stderr));
    ensure!(text(&output.stderr).contains("there is no setting for the host `v8`; there are wasmtime"));
    ensure!(runs(results.path()).is_empty());
    Ok(())
}

#[test]
fn list_and_test_write_nothing() -> Result<()> {
    let results = tempfile::tempdir()?;
    let output = bench(results.path(), Some("core"), &["--list"])?;
    let stdout = text(&output.stdout);
    for row in ["boundary/seed_log: benchmark", "exchange/blob@16777216/peek/null/relay: benchmark"] {
        ensure!(stdout.contains(row), "{stdout}");
    }
    let output = bench(results.path(), None, &["--test", "--exact", "exchange/log@1/own/bincode/window"])?;
    let stdout = text(&output.stdout);
    ensure!(stdout.matches("Testing").count() == 1 && stdout.contains("Success"), "{stdout}");
    ensure!(runs(results.path()).is_empty());
    Ok(())
}

#[test]
fn bad_input_says_what_to_type() -> Result<()> {
    let results = tempfile::tempdir()?;
    let cases: [(Option<&str>, &[&str], i32, &str); 5] = [
        (None, &["("], 2, "is not a regular expression"),
        (Some("huge"), &[], 2, "there are quick, core and full"),
        (None, &["no/such/cell"], 1, "cargo bench -- --list"),
        (None, &["--no-such-flag"], 2, "--no-such-flag"),
        (None, &["--profile-time", "1", "boundary/wasm_to_host"], 2, "docs/HOSTS.md"),
    ];
    for (matrix, arguments, code, message) in cases {
        let output = bench(results.path(), matrix, arguments)?;
        let stderr = text(&output.stderr);
        ensure!(bench_code(&output) == Some(code), "{arguments:?}: {stderr}");
        ensure!(stderr.contains(message), "{arguments:?}: {stderr}");
    }
    ensure!(runs(results.path()).is_empty());
    Ok(())
}
