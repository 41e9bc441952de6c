//! The `weft` command as users type it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result, ensure};

fn weft(results: &Path, arguments: &[&str]) -> Result<Output> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weft"));
    command.args(arguments).env("WEFT_RESULTS", results).output().context("weft did not start")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A copy of the reference run's record, alone in a results directory.
fn copied_reference() -> Result<(tempfile::TempDir, PathBuf)> {
    let results = tempfile::tempdir()?;
    let run = results.path().join("copy");
    fs::create_dir(&run)?;
    let reference = Path::new(env!("CARGO_MANIFEST_DIR")).join("../results/reference/run.json");
    fs::copy(reference, run.join("run.json"))?;
    Ok((results, run))
}

#[test]
fn list_names_everything_that_was_built() -> Result<()> {
    let output = weft(Path::new("unused"), &["list"])?;
    ensure!(output.status.code() == Some(0));
    let stdout = text(&output.stdout);
    for codec in weft::guest::catalog()? {
        ensure!(stdout.contains(&codec.name) && stdout.contains(&codec.traits.about), "{stdout}");
    }
    for transport in weft::transport::TRANSPORTS {
        ensure!(stdout.contains(transport.name()), "{stdout}");
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
    let (results, run) = copied_reference()?;
    let output = weft(results.path(), &["report", "copy"])?;
    ensure!(output.status.code() == Some(0), "{}", text(&output.stderr));
    let reference = Path::new(env!("CARGO_MANIFEST_DIR")).join("../results/reference");
    for file in ["report.md", "cells.csv", "report.html", "heatmap.svg"] {
        ensure!(fs::read(run.join(file))? == fs::read(reference.join(file))?, "{file} differs from the committed one");
    }
    Ok(())
}

#[test]
fn sections_go_into_documents() -> Result<()> {
    let (results, _) = copied_reference()?;
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
    ensure!(updated.contains("| isolation |") && !updated.contains("old"), "{updated}");
    ensure!(weft(results.path(), &check)?.status.code() == Some(0));

    fs::write(&document, "<!-- weft:nonsense -->\n<!-- /weft:nonsense -->\n")?;
    let output = weft(results.path(), &check)?;
    ensure!(output.status.code() == Some(1) && text(&output.stderr).contains("there is no section `nonsense`"));
    Ok(())
}

#[test]
fn damaged_runs_are_named_and_kept() -> Result<()> {
    let (results, run) = copied_reference()?;
    let json = fs::read_to_string(run.join("run.json"))?;
    let newer = json.replacen("\"schema_version\": 2", "\"schema_version\": 3", 1);
    let wrong_type = json.replacen("\"complete\": true", "\"complete\": \"yes\"", 1);
    let cases = [
        (&json[..json.len() / 2], "EOF while parsing"),
        (&newer, "schema version 3"),
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
fn help_has_an_example_for_each_verb() -> Result<()> {
    for verb in ["list", "verify", "report"] {
        let output = weft(Path::new("unused"), &[verb, "--help"])?;
        let stdout = text(&output.stdout);
        ensure!(output.status.code() == Some(0) && stdout.contains(&format!("cargo weft {verb}")), "{stdout}");
    }
    Ok(())
}
