//! The `weft` command as users type it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, ensure};
use weft::guests::catalog;
use weft::lock::locked_version;
use weft::record::SCHEMA_VERSION;
use weft_link::transport::TRANSPORTS;

use crate::support::fixture;

fn weft(results: &Path, arguments: &[&str]) -> Result<Output> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weft"));
    command.args(arguments).env("WEFT_RESULTS", results).output().context("weft did not start")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A run alone in a results directory.
fn copied(json: &str) -> Result<(tempfile::TempDir, PathBuf)> {
    let results = tempfile::tempdir()?;
    let run = results.path().join("copy");
    fs::create_dir(&run)?;
    fs::write(run.join("run.json"), json)?;
    Ok((results, run))
}

/// The fixture's run, alone in a results directory.
fn copied_fixture() -> Result<(tempfile::TempDir, PathBuf)> {
    copied(&serde_json::to_string_pretty(&fixture::run())?)
}

#[test]
fn list_names_everything_that_there_is() -> Result<()> {
    let output = weft(Path::new("unused"), &["list"])?;
    ensure!(output.status.code() == Some(0));
    let stdout = text(&output.stdout);
    for codec in catalog(|_| true)? {
        let about = codec.traits.about.context("the workspace's codecs describe themselves")?;
        ensure!(stdout.contains(&codec.name) && stdout.contains(&about), "{stdout}");
    }
    ensure!(
        stdout.contains("bincode 2.0.1, released 2025-03, unmaintained, no schema, skips unknown fields: no"),
        "{stdout}"
    );
    for transport in TRANSPORTS {
        let described =
            format!("  {:<14} isolation {:<7} {}", transport.name(), transport.isolation(), transport.about());
        ensure!(stdout.contains(&described), "`{described}` is not in {stdout}");
    }
    Ok(())
}

/// A library that is updated has another release: whoever updates it looks up when that was.
#[test]
fn releases_are_those_of_the_lock_file() -> Result<()> {
    for codec in catalog(|_| true)? {
        let library = codec.traits.library.context("the workspace's codecs name their libraries")?;
        let locked = locked_version(&library);
        let release = codec.traits.release.as_ref();
        ensure!(
            release.map(|release| release.version.as_str()) == locked,
            "{}: {release:?}, but {locked:?}",
            codec.name
        );
        let is_month = |month: &str| month.len() == 7 && month.starts_with("20") && month.as_bytes()[4] == b'-';
        ensure!(release.is_none_or(|release| is_month(&release.month)), "{}: {release:?}", codec.name);
    }
    Ok(())
}

#[test]
fn verify_counts_what_it_verified() -> Result<()> {
    let output = weft(Path::new("unused"), &["verify", "^(ping@1|log@1)/"])?;
    ensure!(output.status.code() == Some(0), "{}", text(&output.stdout));
    ensure!(text(&output.stdout).contains("cells verified, 0 wrong"), "{}", text(&output.stdout));
    Ok(())
}

#[test]
fn report_makes_the_same_files_again() -> Result<()> {
    let reference = Path::new(env!("CARGO_MANIFEST_DIR")).join("../results/reference");
    let record = fs::read_to_string(reference.join("run.json"))?;
    let (results, run) = copied(&record)?;
    let output = weft(results.path(), &["report", "copy"])?;
    ensure!(output.status.code() == Some(0), "{}", text(&output.stderr));
    // The page alone names its run, in the command that makes it again; outside of the workspace by the name that it had.
    let record: serde_json::Value = serde_json::from_str(&record)?;
    let copy = format!("cargo weft report {}", record["run_id"].as_str().context("it has a name")?);
    for file in ["report.md", "cells.csv", "report.html", "heatmap.svg"] {
        let made = fs::read_to_string(run.join(file))?;
        ensure!(made.contains(&copy) == (file == "report.html"), "{file} does not name its run as it is typed");
        let expected = fs::read_to_string(reference.join(file))?;
        ensure!(
            made.replace(&copy, "cargo weft report reference") == expected,
            "{file} differs from the committed one"
        );
    }
    Ok(())
}

#[test]
fn a_filtered_run_is_said_to_be_one() -> Result<()> {
    let mut run = fixture::run();
    run["filter"] = "log@1/own".into();
    let (results, _) = copied(&serde_json::to_string(&run)?)?;
    for arguments in [&["report", "copy"][..], &["report", "copy", "--format", "csv"]] {
        let output = weft(results.path(), arguments)?;
        let stderr = text(&output.stderr);
        ensure!(stderr.contains("copy is filtered: only what matches `log@1/own`"), "{stderr}");
    }
    let output = weft(results.path(), &["compare", "copy", "copy"])?;
    ensure!(text(&output.stdout).contains("the new run was filtered: log@1/own"));
    Ok(())
}

#[test]
fn messages_at_will_are_listed_verified_and_counted() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let file = directory.path().join("exact.json").display().to_string();
    let own = "/own/(bytes|inplace)/linked$";
    let cases: [(&str, &[&str], i32, &str); 6] = [
        ("log@3", &["list"], 0, "log@3 (peek scan own reply)"),
        ("log@3", &["verify", own], 0, "2 cells verified, 0 wrong"),
        ("log@3", &["verify", "--host", "wasmtime+fuel", "--matrix", "quick", own], 0, "2 cells verified, 0 wrong"),
        ("log@3", &["count", own], 0, "log@3"),
        ("log@3", &["count", "--write", &file], 1, "unset WEFT_MESSAGES"),
        ("log", &["verify"], 2, "log@1 to log@"),
    ];
    for (messages, arguments, code, part) in cases {
        let mut command = Command::new(env!("CARGO_BIN_EXE_weft"));
        let output = command.args(arguments).env("WEFT_MESSAGES", messages).output()?;
        let all = text(&output.stdout) + &text(&output.stderr);
        ensure!(output.status.code() == Some(code) && all.contains(part), "{arguments:?}: {all}");
    }
    Ok(())
}

#[test]
fn sections_go_into_documents() -> Result<()> {
    let (results, _) = copied_fixture()?;
    let document = results.path().join("page.md");
    let (page, marked) = (document.display().to_string(), "a\n<!-- weft:answer -->\nold\n<!-- /weft:answer -->\nz\n");
    fs::write(&document, marked)?;
    let check = ["report", "copy", "--into", &page, "--check"];
    let output = weft(results.path(), &check)?;
    ensure!(output.status.code() == Some(1) && text(&output.stderr).contains("cargo weft report copy --into"));
    ensure!(fs::read_to_string(&document)? == marked, "--check changed the document");
    ensure!(weft(results.path(), &check[..4])?.status.code() == Some(0));
    let updated = fs::read_to_string(&document)?;
    ensure!(updated.starts_with("a\n<!-- weft:answer -->\n") && updated.ends_with("<!-- /weft:answer -->\nz\n"));
    ensure!(updated.contains("| isolation |") && !updated.contains("\nold\n"), "{updated}");
    ensure!(weft(results.path(), &check)?.status.code() == Some(0));

    fs::write(&document, "<!-- weft:nonsense -->\n<!-- /weft:nonsense -->\n")?;
    let output = weft(results.path(), &check)?;
    ensure!(output.status.code() == Some(1) && text(&output.stderr).contains("there is no section `nonsense`"));
    Ok(())
}

#[test]
fn damaged_runs_are_named_and_kept() -> Result<()> {
    let (results, run) = copied_fixture()?;
    let json = fs::read_to_string(run.join("run.json"))?;
    let version = |version| format!("\"schema_version\": {version}");
    let newer = json.replacen(&version(SCHEMA_VERSION), &version(SCHEMA_VERSION + 1), 1);
    let wrong_type = json.replacen("\"complete\": true", "\"complete\": \"yes\"", 1);
    let cases = [
        (&json[..json.len() / 2], "EOF while parsing"),
        (&newer, &format!("schema version {}", SCHEMA_VERSION + 1)),
        (&wrong_type, "expected a boolean at line"),
        ("", "EOF while parsing"),
        ("[1, 2]", "expected a string at line 1"),
    ];
    for (damaged, message) in cases {
        fs::write(run.join("run.json"), damaged)?;
        let output = weft(results.path(), &["report", "copy"])?;
        let stderr = text(&output.stderr);
        ensure!(output.status.code() == Some(1), "{stderr}");
        ensure!(stderr.contains(message) && stderr.contains("run.json"), "{stderr}");
        ensure!(fs::read_to_string(run.join("run.json"))? == damaged && !run.join("report.md").exists());
    }
    Ok(())
}

#[test]
fn mistakes_have_their_exit_codes() -> Result<()> {
    let results = tempfile::tempdir()?;
    let cases: [(&[&str], i32, &str); 6] = [
        (&["report", "no-such-run"], 1, "cargo bench"),
        (&["verify", "("], 2, "not a regular expression"),
        (&["verify", "no-such-cell"], 1, "cargo weft list"),
        (&["verify", "--matrix", "huge"], 2, "there are quick, core and full"),
        (&["report", "x", "--check"], 2, "--into"),
        (&["measure"], 2, "unrecognized subcommand"),
    ];
    for (arguments, code, message) in cases {
        let output = weft(results.path(), arguments)?;
        let stderr = text(&output.stderr);
        ensure!(output.status.code() == Some(code) && stderr.contains(message), "{arguments:?}: {stderr}");
    }
    Ok(())
}

#[test]
fn a_variable_that_is_set_to_nonsense_is_a_mistake_like_a_flag() -> Result<()> {
    for (name, value, said) in [
        ("WEFT_MATRIX", "huge", "there are quick, core and full"),
        ("WEFT_MESSAGES", "dog@1", "no message `dog`"),
        ("WEFT_LIMITS", "stack=1TB", "sets no limit"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_weft"));
        let output = command.args(["verify", "^log@1/own/bytes/linked$"]).env(name, value).output()?;
        let stderr = text(&output.stderr);
        ensure!(output.status.code() == Some(2) && stderr.contains(said), "{name}={value}: {stderr}");
    }
    Ok(())
}

/// What only another host has is not there for weft's own; the command that has it is.
#[test]
fn a_transport_of_another_host_leads_to_the_host() -> Result<()> {
    let results = tempfile::tempdir()?;
    for (verb, filter, said) in [
        ("verify", "kernel", "cargo weft verify --host extism kernel"),
        ("verify", "own/json/guest-call", "cargo weft verify --host wapc own/json/guest-call"),
        ("race", "kernel", "WEFT_HOSTS=extism cargo bench -- kernel"),
        ("count", "kernel", "the host extism has some, but only weft's own host counts"),
        ("verify", "no/such/cell", "names look like"),
        ("race", "no/such/cell", "names look like"),
    ] {
        let output = weft(results.path(), &[verb, filter])?;
        let stderr = text(&output.stderr);
        ensure!(output.status.code() == Some(1) && stderr.contains(said), "{verb} {filter}: {stderr}");
    }
    Ok(())
}

/// `weft … | head`: whoever has read enough has not found a fault.
#[test]
fn a_closed_pipe_is_no_error() -> Result<()> {
    let (results, _) = copied_fixture()?;
    let (cell, kept) = ("^log@1/own/bytes/linked$", results.path().join("exact.json"));
    fs::write(&kept, weft(results.path(), &["count", cell, "--format", "json"])?.stdout)?;
    let exact = kept.display().to_string();
    let cases: [&[&str]; 10] = [
        &["list"],
        &["hosts"],
        &["--help"],
        &["report", "copy"],
        &["report", "copy", "--format", "md"],
        &["compare", "copy", "copy"],
        &["verify", cell],
        &["count", cell],
        &["count", cell, "--check", &exact],
        &["count", cell, "--check", &exact, "--format", "json"],
    ];
    for arguments in cases {
        let mut command = Command::new(env!("CARGO_BIN_EXE_weft"));
        command.args(arguments).env("WEFT_RESULTS", results.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn()?;
        drop((process.stdout.take(), process.stderr.take()));
        ensure!(process.wait()?.code() == Some(0), "{arguments:?}");
    }
    Ok(())
}

#[test]
fn help_has_an_example_for_each_verb() -> Result<()> {
    for verb in ["list", "verify", "count", "report", "compare", "hosts", "host"] {
        let output = weft(Path::new("unused"), &[verb, "--help"])?;
        let stdout = text(&output.stdout);
        ensure!(output.status.code() == Some(0) && stdout.contains(&format!("cargo weft {verb}")), "{stdout}");
    }
    Ok(())
}
