//! `cargo bench`: what it lists, tests, measures and refuses.

mod support;

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use weft::cell::OWN_HOST;
use weft::hosts::BE_HOST;
use weft::protocol::PROTOCOL;
use weft::variables::ALL;

use support::{bench, command, executable, json, names, only_run, text};

#[test]
fn a_filtered_run_keeps_its_figures_and_its_filter() -> Result<()> {
    let results = tempfile::tempdir()?;
    let filter = "boundary/wasm_to_wasm|log@1/peek/bytes/(adapter|linked)";
    let output = bench(results.path(), &[], &[filter])?;
    ensure!(output.status.code() == Some(0), "{}", text(&output.stderr));
    let stdout = text(&output.stdout);
    ensure!(stdout.contains("exchange/log@1/peek/bytes/linked") && stdout.contains("time:"), "{stdout}");
    ensure!(stdout.contains("3 rows in") && stdout.contains("report.md"), "{stdout}");

    let run = only_run(results.path())?;
    let id = run.file_name().context("its name")?.to_string_lossy();
    ensure!(fs::read_link(results.path().join("latest"))?.to_string_lossy() == id);
    ensure!(stdout.contains(&format!("latest → {id}, filtered by `{filter}`")), "{stdout}");
    let json = json(&run)?;
    ensure!(json["filter"] == filter && json["complete"] == true, "{json}");
    ensure!(json["boundary"]["wasm_to_wasm"]["value"].as_f64().is_some_and(|figure| figure > 0.0));
    let cells = json["cells"].as_array().context("cells")?;
    ensure!(cells.len() == 2);
    for cell in cells {
        ensure!(cell["status"] == "ok" && cell["latency_ns"]["value"].as_f64().is_some_and(|figure| figure > 0.0));
        let copies = if cell["transport"] == "adapter" { 1 } else { 0 };
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
    let mut cargo = command(results.path(), &[], &[BE_HOST, OWN_HOST]);
    let mut process = cargo.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    process.stdin.take().context("its input")?.write_all(b"nonsense\n")?;
    let output = process.wait_with_output()?;
    ensure!(output.status.code() == Some(0), "{}", text(&output.stderr));
    let told: Vec<serde_json::Value> =
        text(&output.stdout).lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let [greeting, error] = told.as_slice() else { anyhow::bail!("{told:?}") };
    ensure!(greeting["greeting"]["name"] == OWN_HOST && greeting["greeting"]["protocol"] == PROTOCOL, "{greeting}");
    ensure!(error["error"]["reason"].to_string().contains("this is no request"), "{error}");

    let output = bench(results.path(), &[], &[BE_HOST, "v8"])?;
    ensure!(output.status.code() == Some(1), "{}", text(&output.stderr));
    ensure!(text(&output.stderr).contains("there is no setting for the host `v8`; there are wasmtime"));
    ensure!(names(results.path()).is_empty());
    Ok(())
}

#[test]
fn list_and_test_write_nothing() -> Result<()> {
    let results = tempfile::tempdir()?;
    let output = bench(results.path(), &[("WEFT_MATRIX", "core")], &["--list"])?;
    let stdout = text(&output.stdout);
    for row in ["boundary/seed_log: benchmark", "exchange/blob@16777216/peek/null/relay: benchmark"] {
        ensure!(stdout.contains(row), "{stdout}");
    }
    let output = bench(results.path(), &[], &["--test", "--exact", "exchange/log@1/own/bincode/pane"])?;
    let stdout = text(&output.stdout);
    ensure!(stdout.matches("Testing").count() == 1 && stdout.contains("Success"), "{stdout}");
    ensure!(names(results.path()).is_empty());
    Ok(())
}

#[test]
fn bad_input_says_what_to_type() -> Result<()> {
    let results = tempfile::tempdir()?;
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str], i32, &'a str);
    // In two parts, because no file mentions a variable that there is not.
    let misspelt = ["WEFT", "_MATRX"].concat();
    let cases: [Case<'_>; 9] = [
        (&[], &["("], 2, "is not a regular expression"),
        (&[("WEFT_MATRIX", "huge")], &[], 2, "there are quick, core and full"),
        (&[(&misspelt, "core")], &[], 2, "did you mean WEFT_MATRIX?"),
        (&[("WEFT_MESSAGES", "log@10,blob")], &[], 2, "blob@1 to blob@"),
        (&[], &["no/such/cell"], 1, "cargo bench -- --list"),
        (&[], &["kernel"], 1, "WEFT_HOSTS=extism cargo bench -- kernel"),
        (&[], &["--list", "guest-call"], 1, "WEFT_HOSTS=wapc cargo bench -- guest-call"),
        (&[], &["--no-such-flag"], 2, "--no-such-flag"),
        (&[], &["--profile-time", "1", "boundary/wasm_to_host"], 2, "docs/HOSTS.md"),
    ];
    for (variables, arguments, code, message) in cases {
        let output = bench(results.path(), variables, arguments)?;
        let stderr = text(&output.stderr);
        ensure!(output.status.code() == Some(code), "{arguments:?}: {stderr}");
        ensure!(stderr.contains(message), "{arguments:?}: {stderr}");
    }
    ensure!(names(results.path()).is_empty());
    Ok(())
}

#[test]
fn help_says_what_means_something_here() -> Result<()> {
    let results = tempfile::tempdir()?;
    let output = bench(results.path(), &[], &["-h"])?;
    let stdout = text(&output.stdout);
    for part in ALL.iter().flat_map(|variable| [variable.name, variable.about]).chain(["--list", "--exact", "FILTER"]) {
        ensure!(output.status.code() == Some(0) && stdout.contains(part), "`{part}` is not in {stdout}");
    }
    ensure!(!stdout.contains("--sample-size"), "{stdout}");
    Ok(())
}

#[test]
fn a_run_has_the_name_that_it_is_given() -> Result<()> {
    let results = tempfile::tempdir()?;
    let row = "blob@64/peek/null/linked";
    let named = |name: &str| bench(results.path(), &[("WEFT_RUN_NAME", name)], &[row]);
    let output = named("before")?;
    ensure!(output.status.code() == Some(0), "{}", text(&output.stderr));
    ensure!(names(results.path()) == ["before", "latest"], "{:?}", names(results.path()));
    let run = json(&results.path().join("before"))?;
    ensure!(run["run_id"] == "before" && run["complete"] == true, "{run}");
    let command = run["environment"]["command_line"].as_str().context("the command")?;
    ensure!(command.starts_with("WEFT_RUN_NAME=before ") && command.ends_with(&format!(" -- {row}")), "{command}");
    // It can be typed once more, but for the name.
    let stdout = text(&output.stdout);
    ensure!(stdout.contains("WEFT_RUN_NAME=after ") && !stdout.contains("WEFT_RUN_NAME=before"), "{stdout}");
    ensure!(stdout.contains("cargo weft compare before after\n"), "{stdout}");

    let cases = [
        ("before", "rm -r "),
        ("latest", "choose another name"),
        ("reference", "choose another name"),
        ("a/b", "letters, digits"),
        ("..", "letters, digits"),
        ("-x", "letters, digits"),
    ];
    for (name, next) in cases {
        let output = named(name)?;
        let stderr = text(&output.stderr);
        ensure!(output.status.code() == Some(2) && stderr.contains(next) && !stderr.contains("verified"), "{stderr}");
    }
    ensure!(names(results.path()) == ["before", "latest"], "{:?}", names(results.path()));
    Ok(())
}

#[test]
fn messages_at_will_are_in_place_of_the_matrix_own() -> Result<()> {
    let results = tempfile::tempdir()?;
    let messages = [("WEFT_MESSAGES", "log@3,blob@1024")];
    let output = bench(results.path(), &messages, &["--list"])?;
    let stdout = text(&output.stdout);
    for row in ["log@3/scan/bytes/adapter", "blob@1024/own/capnp/linked", "blob@64/peek/null/direct"] {
        ensure!(stdout.contains(&format!("exchange/{row}: ")), "`{row}` is not in {stdout}");
    }
    ensure!(stdout.contains("boundary/task_floor/log@3/own") && !stdout.contains("log@1/"), "{stdout}");

    let filter = "/own/bytes/linked|/own/inplace/adapter";
    let output = bench(results.path(), &messages, &[filter])?;
    let stdout = text(&output.stdout);
    ensure!(output.status.code() == Some(0) && stdout.contains("(log@3)"), "{stdout}{}", text(&output.stderr));
    let run = only_run(results.path())?;
    let json = json(&run)?;
    ensure!(json["matrix"] == "quick" && json["messages"] == serde_json::json!(["log@3", "blob@1024"]), "{json}");
    ensure!(json["cells"].as_array().is_some_and(|cells| cells.len() == 4), "{}", json["cells"]);
    let command = json["environment"]["command_line"].as_str().context("the command")?;
    ensure!(
        command
            == format!(
                "WEFT_MESSAGES=log@3,blob@1024 WEFT_RESULTS={} cargo bench -- '{filter}'",
                results.path().display()
            )
    );
    let report = fs::read_to_string(run.join("report.md"))?;
    ensure!(report.contains("Measured with log@3, blob@1024, in place of the quick matrix' own messages."), "{report}");
    Ok(())
}

/// Where it stands beside others, `weft::compare::beside` tells; here there are none.
#[test]
fn a_run_of_one_codec_ends_with_what_to_do_after_a_change() -> Result<()> {
    let results = tempfile::tempdir()?;
    fs::create_dir(results.path().join("after"))?;
    let output = bench(results.path(), &[], &["--exact", "exchange/log@1/own/inplace/linked"])?;
    let stdout = text(&output.stdout);
    ensure!(output.status.code() == Some(0), "{}", text(&output.stderr));
    let shown = results.path().display();
    for part in [
        "no full run of the quick matrix is there to set inplace beside".to_owned(),
        format!("WEFT_RUN_NAME=after-2 WEFT_RESULTS={shown} cargo bench -- --exact exchange/log@1/own/inplace/linked"),
        "cargo weft race '^exchange/log@1/own/inplace/linked$' --against HEAD\n".to_owned(),
        format!("WEFT_RESULTS={shown} cargo weft compare 2"),
        " after-2\n".to_owned(),
    ] {
        ensure!(stdout.contains(&part), "`{part}` is not in {stdout}");
    }
    ensure!(!stdout.contains("at equal isolation"), "{stdout}");
    Ok(())
}

#[test]
fn options_that_mean_nothing_are_refused() -> Result<()> {
    let results = tempfile::tempdir()?;
    let cases: [(&[&str], &str); 16] = [
        (&["--sample-size", "20"], "WEFT_MATRIX"),
        (&["--sample-size=20"], "WEFT_MATRIX"),
        (&["--measurement-time", "1"], "WEFT_MATRIX"),
        (&["--warm-up-time", "1"], "WEFT_MATRIX"),
        (&["--quick"], "WEFT_MATRIX"),
        (&["--nresamples", "1000"], "the report"),
        (&["--confidence-level", "0.9"], "the report"),
        (&["--noise-threshold", "0.1"], "cargo weft compare"),
        (&["--significance-level", "0.1"], "cargo weft compare"),
        (&["--save-baseline", "x"], "cargo weft compare"),
        (&["-sx"], "cargo weft compare"),
        (&["--baseline", "x"], "cargo weft compare"),
        (&["-b", "x"], "cargo weft compare"),
        (&["--load-baseline", "x", "--baseline", "y"], "cargo weft compare"),
        (&["--discard-baseline"], "cargo weft compare"),
        (&["--plotting-backend", "plotters"], "report.html"),
    ];
    for (arguments, next) in cases {
        let output = bench(results.path(), &[], arguments)?;
        let stderr = text(&output.stderr);
        let said: Vec<&str> = stderr.lines().filter(|line| line.contains("means nothing here: ")).collect();
        ensure!(
            output.status.code() == Some(2) && said.len() == 1 && said[0].contains(next),
            "{arguments:?}: {stderr}"
        );
    }
    ensure!(names(results.path()).is_empty());
    Ok(())
}

/// Criterion would compare with what it has kept, and two readings of one binary are never the same.
#[test]
fn criterion_judges_no_change() -> Result<()> {
    let results = tempfile::tempdir()?;
    for _ in 0..2 {
        let output = bench(results.path(), &[], &["--verbose", "boundary/wasm_to_host"])?;
        let stdout = text(&output.stdout);
        ensure!(output.status.code() == Some(0) && stdout.contains("std. dev."), "{stdout}");
        for verdict in ["change:", "Performance", "No change", "noise threshold"] {
            ensure!(!stdout.contains(verdict), "{stdout}");
        }
    }
    Ok(())
}

/// `cargo bench | head -1`: whoever has read enough loses nothing. Here nobody has ever listened.
#[test]
fn a_closed_pipe_loses_no_run() -> Result<()> {
    let results = tempfile::tempdir()?;
    let unheard = |arguments: &[&str]| -> Result<()> {
        let mut process =
            command(results.path(), &[], arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        drop(process.stdout.take());
        let output = process.wait_with_output()?;
        let stderr = text(&output.stderr);
        ensure!(output.status.code() == Some(0) && !stderr.contains("panicked"), "{arguments:?}: {stderr}");
        Ok(())
    };
    unheard(&["--list", "boundary"])?;
    unheard(&["--help"])?;
    ensure!(names(results.path()).is_empty());
    unheard(&["boundary/wasm_to_host"])?;
    let run = only_run(results.path())?;
    ensure!(json(&run)?["complete"] == true && run.join("report.html").is_file());

    // The same for standard error, which cargo itself needs.
    let mut bench = Command::new(executable()?);
    bench.args(["--bench", "--verbose", "boundary/wasm_to_host"]).env("WEFT_RESULTS", results.path());
    bench.env("CRITERION_HOME", results.path().join("criterion")).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = bench.spawn()?;
    drop((process.stdout.take(), process.stderr.take()));
    ensure!(process.wait()?.code() == Some(0));
    Ok(())
}
