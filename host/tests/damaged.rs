//! Damaged and foreign runs: an error that names the place, exit 1, and nothing overwritten.

use std::fs;

use crate::support::fixture;
use crate::support::runs::{Runs, cell_name, cells, drawn};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
#[cfg(unix)]
use weft::hosts::{KnownHost, Process};
use weft::record::SCHEMA_VERSION;

/// Runs what reads a run, on a damaged one; each must name the file and what is wrong, and change nothing.
fn refused(runs: &Runs, messages: &[&str]) -> Result<()> {
    let before = files(runs)?;
    for arguments in [
        &["report", "damaged"][..],
        &["report", "damaged", "--format", "bmf"],
        &["compare", "damaged", "good"],
        &["compare", "good", "damaged", "--fail-on", "slower"],
    ] {
        let outcome = runs.weft(arguments)?;
        ensure!(outcome.code == Some(1), "{arguments:?}: {:?} {}", outcome.code, outcome.stdout);
        for message in messages {
            ensure!(outcome.stderr.contains(message), "{arguments:?} says no `{message}`: {}", outcome.stderr);
        }
        ensure!(outcome.stdout.is_empty() && files(runs)? == before, "{arguments:?} wrote something");
    }
    Ok(())
}

/// Every file below the results with its content.
fn files(runs: &Runs) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for run in fs::read_dir(runs.path())? {
        let run = run?.path();
        for file in fs::read_dir(&run).into_iter().flatten() {
            let path = file?.path();
            files.push((path.display().to_string(), fs::read(&path).unwrap_or_default()));
        }
    }
    files.sort();
    Ok(files)
}

/// A results directory with a run that is good.
fn good() -> Result<(Runs, Value)> {
    let (runs, run) = (Runs::new()?, drawn("good", |_| 1.0)?);
    runs.write("good", &run)?;
    Ok((runs, run))
}

#[test]
fn what_is_no_json_or_another_schema() -> Result<()> {
    let (runs, run) = good()?;
    let text = serde_json::to_string_pretty(&run)?;
    let is = |version: &str| format!("\"schema_version\": {version}");
    let versioned = |version: &str| text.replacen(&is(&SCHEMA_VERSION.to_string()), &is(version), 1);
    let reads = format!("reads versions 1 to {SCHEMA_VERSION}");
    let [newer, older] = [SCHEMA_VERSION + 1, 0].map(|version| version.to_string());
    let has = |version: &str| format!("run.json has schema version {version}");
    let cases: [(String, &[&str]); 10] = [
        (text[..text.len() / 2].to_owned(), &["run.json is not a run: EOF while parsing", "at line"]),
        (String::new(), &["EOF while parsing a value at line 1 column 0"]),
        ("\u{0}\u{1}".to_owned(), &["expected value at line 1 column 1"]),
        ("{}".to_owned(), &["missing field `schema_version` at line 1 column 2"]),
        ("null".to_owned(), &["invalid type: null", "line 1"]),
        (text.clone() + "}", &["trailing characters at line"]),
        (versioned(&newer), &[&has(&newer), &reads]),
        (versioned(&older), &[&has(&older), &reads]),
        (versioned("\"1\""), &["invalid type: string \"1\", expected u32 at line", "column"]),
        (versioned("-1"), &["invalid value: integer `-1`, expected u32 at line", "column"]),
    ];
    for (damaged, messages) in cases {
        runs.write_text("damaged", &damaged)?;
        refused(&runs, messages)?;
    }
    Ok(())
}

#[test]
fn values_of_the_wrong_type() -> Result<()> {
    let (runs, run) = good()?;
    let cases: [(&str, Value, &[&str]); 9] = [
        (
            "/cells/3/latency_ns/value",
            json!("fast"),
            &["invalid type: string \"fast\", expected f64 at line", "in cells[3].latency_ns.value"],
        ),
        // What a program writes that has no number: JSON has no NaN.
        ("/cells/3/latency_ns/value", Value::Null, &["invalid type: null, expected f64 at line"]),
        ("/cells/3/readings/2/ns", Value::Null, &["expected f64 at line", "in cells[3].readings[2].ns"]),
        ("/boundary/compile", json!(1.0), &["invalid type: floating point `1.0`, expected struct Timed at line"]),
        ("/cells/3/message", json!("log\"><b>@1"), &["there is no message `log\"><b>`", "at line"]),
        ("/cells/3/status", json!("fine"), &["unknown variant `fine`", "`unsupported`", "at line"]),
        ("/cells/3/transport_copies", json!(1.5), &["invalid type: floating point `1.5`, expected u64 at line"]),
        ("/cells", json!({}), &["invalid type: map, expected a sequence at line"]),
        ("/environment", json!([]), &["invalid length 0", "at line"]),
    ];
    for (pointer, value, messages) in cases {
        let mut damaged = run.clone();
        *damaged.pointer_mut(pointer).with_context(|| pointer.to_owned())? = value;
        runs.write("damaged", &damaged)?;
        refused(&runs, messages)?;
    }
    let huge = serde_json::to_string(&run)?.replacen("\"value\":", "\"value\":1e999,\"was\":", 1);
    runs.write_text("damaged", &huge)?;
    refused(&runs, &["number out of range at line 1 column"])
}

#[test]
fn figures_that_cannot_be() -> Result<()> {
    let (runs, run) = good()?;
    let name = run["cells"].as_array().and_then(|cells| cells.get(3)).map(cell_name).context("a cell")?;
    let cases = [
        ("/cells/3/latency_ns", Value::Null, "it is `ok`, but has no latency_ns"),
        ("/cells/3/latency_ns/value", json!(0.0), "latency_ns: value: 0 is no time"),
        ("/cells/3/latency_ns/low", json!(-3.5), "latency_ns: low: -3.5 is no time"),
        ("/cells/3/latency_ns/high", json!(1e-9), "is not between low"),
        ("/cells/3/readings/2/ns", json!(0), "readings: round 2: 0 is no time"),
        ("/cells/3/readings/2/round", json!(1), "readings: round 1 is out of order"),
        ("/cells/3/wire_bytes", json!(-1), "wire_bytes: -1 must not be below 0"),
        (
            "/cells/3/first_message_ns",
            json!({ "value": 0.0, "low": 0.0, "high": 0.0 }),
            "first_message_ns: value: 0 is no time",
        ),
    ];
    for (pointer, value, message) in cases {
        let mut damaged = run.clone();
        *damaged.pointer_mut(pointer).with_context(|| pointer.to_owned())? = value;
        runs.write("damaged", &damaged)?;
        refused(&runs, &["damaged/run.json cannot be true: cell ", &name, message])?;
    }
    for (pointer, value, message) in [
        ("/boundary/compile/value", json!(-1.0), "boundary.compile: value: -1 is no time"),
        ("/task_floor_ns/log@1~1own/low", json!(1e9), "task_floor_ns.log@1/own: the value"),
        ("/hosts/wasmtime/round_effects/0", json!(0.0), "hosts.wasmtime.round_effects: 0 is no time"),
    ] {
        let mut damaged = run.clone();
        *damaged.pointer_mut(pointer).with_context(|| pointer.to_owned())? = value;
        runs.write("damaged", &damaged)?;
        refused(&runs, &[message])?;
    }
    let mut damaged = run.clone();
    let first = cells(&mut damaged).next().cloned().context("a cell")?;
    damaged["cells"].as_array_mut().context("cells")?.push(first.clone());
    runs.write("damaged", &damaged)?;
    refused(&runs, &[&cell_name(&first), "it is there twice"])
}

#[test]
fn directories_that_are_no_runs() -> Result<()> {
    let (runs, _) = good()?;
    let damaged = runs.path().join("damaged");
    refused(&runs, &["there is no run `damaged`", "there are good"])?;

    fs::create_dir(&damaged)?;
    refused(&runs, &["damaged is a directory without a run.json", "there are good"])?;

    fs::create_dir(damaged.join("run.json"))?;
    refused(&runs, &["cannot read", "damaged/run.json"])?;

    fs::remove_dir_all(&damaged)?;
    fs::write(&damaged, "")?;
    refused(&runs, &["damaged is a file, and a run is a directory"])?;

    let json = runs.json("good").display().to_string();
    let outcome = runs.weft(&["report", &json])?;
    ensure!(outcome.code == Some(1) && outcome.stderr.contains("run.json is a file"), "{}", outcome.stderr);
    Ok(())
}

#[cfg(unix)]
#[test]
fn files_that_cannot_be_read() -> Result<()> {
    let (runs, _) = good()?;
    let damaged = runs.path().join("damaged");
    fs::create_dir(&damaged)?;
    // Permissions do not stop root; a link to itself stops everybody.
    std::os::unix::fs::symlink("run.json", damaged.join("run.json"))?;
    refused(&runs, &["cannot read", "damaged/run.json", "symbolic links"])?;
    fs::remove_file(damaged.join("run.json"))?;
    fs::write(damaged.join("run.json"), b"\xff\xfe{}")?;
    refused(&runs, &["cannot read", "damaged/run.json", "UTF-8"])
}

#[test]
fn one_format_is_printed_and_nothing_written() -> Result<()> {
    let (runs, run) = good()?;
    let before = files(&runs)?;
    let printed = |format| runs.weft(&["report", "good", "--format", format]);
    let (md, csv, bmf) = (printed("md")?, printed("csv")?, printed("bmf")?);
    ensure!(files(&runs)? == before && [&md, &csv, &bmf].iter().all(|outcome| outcome.code == Some(0)));
    let wrong = printed("pdf")?;
    ensure!(wrong.code == Some(2) && wrong.stderr.contains("md") && wrong.stderr.contains("bmf"), "{}", wrong.stderr);

    ensure!(runs.weft(&["report", "good"])?.code == Some(0));
    for (file, printed) in [("report.md", &md), ("cells.csv", &csv)] {
        ensure!(fs::read_to_string(runs.path().join("good").join(file))? == printed.stdout, "{file}");
    }
    ensure!(runs.weft(&["report", "good", "--format", "md", "--into", "x.md"])?.code == Some(2));

    let bmf: Value = serde_json::from_str(&bmf.stdout)?;
    let cell = run["cells"].as_array().and_then(|cells| cells.first()).context("a cell")?;
    let (name, latency) = (cell_name(cell), &cell["latency_ns"]);
    let expected = json!({ "value": latency["value"], "lower_value": latency["low"], "upper_value": latency["high"] });
    ensure!(bmf[&name]["latency"] == expected && bmf[&name]["wire-bytes"] == json!({ "value": cell["wire_bytes"] }));
    ensure!(bmf["boundary/compile"]["latency"]["value"] == run["boundary"]["compile"]["value"]);
    Ok(())
}

/// What is said of a host whose output is these bytes.
#[cfg(unix)]
fn of_host(output: &[u8]) -> Result<String> {
    let file = tempfile::NamedTempFile::new()?;
    fs::write(file.path(), output)?;
    let mut host = KnownHost::own()?;
    host.launch.start = vec!["cat".to_owned(), file.path().display().to_string()];
    Ok(Process::start(&host).err().context("it started")?.to_string())
}

#[cfg(unix)]
#[test]
fn what_a_host_says_that_is_no_reply() -> Result<()> {
    let transcript = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/hosts.transcript.jsonl"))?;
    let said: Value = serde_json::from_str(transcript.lines().next().context("a line")?)?;
    let greeting = said["from_host"].to_string();
    let without = |part: &str, other: &str| greeting.replacen(part, other, 1).into_bytes();
    let half = greeting.get(..300).context("a long greeting")?;
    let cases: [(Vec<u8>, &[&str]); 10] = [
        (b"hello\n".to_vec(), &["is no reply (expected value at line 1 column 1): hello"]),
        (format!("{half}\n").into_bytes(), &["EOF while parsing", "at line 1 column 299, in greeting.engine.settings"]),
        (half.as_bytes().to_vec(), &["its output cannot be read: a line does not end"]),
        (
            without("\"protocol\":1", "\"protocol\":\"one\""),
            &["expected u32 at line 1 column", "in greeting.protocol)"],
        ),
        (without("\"full\"", "\"half\""), &["unknown variant `half`", "in greeting.transports[0].isolation)"]),
        (without("\"name\":\"direct\"", "\"name\":\"relay\""), &["it lists the transport `relay` twice"]),
        (without("\"name\":\"direct\"", "\"name\":\"a/b\""), &["it calls a transport \"a/b\"; a name has letters"]),
        (without("greeting", "greetings"), &["unknown variant `greetings`", "line 1 column"]),
        (b"\xff\xfe\n".to_vec(), &["its output cannot be read: ", "UTF-8"]),
        (b"{\"begin\":{\"item\":0}}\n".to_vec(), &["its first line is no greeting"]),
    ];
    for (mut output, said) in cases {
        if output.starts_with(b"{") && output.len() > 300 {
            output.push(b'\n');
        }
        let error = of_host(&output)?;
        ensure!(error.starts_with("the host wasmtime does not start: "), "{error}");
        for part in said {
            ensure!(error.contains(part), "`{part}` is not in {error}");
        }
    }
    Ok(())
}

#[test]
fn exact_figures_that_are_none() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let path = directory.path().join("exact.json");
    let exact = fixture::record(&fixture::run()).exact().context("exact figures")?.to_json()?;
    let cut = exact.get(..exact.len() / 2).context("half of it")?;
    let cases: [(String, &[&str]); 5] = [
        (
            exact.replacen("\"transport\": {\n    \"", "\"transport\": {\n    \"x/", 1),
            &["transport has the key `x/", "look like direct/64"],
        ),
        (cut.to_owned(), &["exact.json: it holds no exact figures: EOF while parsing", "at line"]),
        (exact.replacen("\"wire_bytes\": ", "\"wire_bytes\": \"many\", \"was\": ", 1), &["expected f64", "in encode"]),
        (
            exact.replacen("\"schema_version\": 1", "\"schema_version\": 9", 1),
            &["has schema version 9, but this weft reads"],
        ),
        ("[]".to_owned(), &["it holds no exact figures: invalid length 0", "line 1 column"]),
    ];
    for (text, said) in cases {
        fs::write(&path, text)?;
        let command =
            std::process::Command::new(env!("CARGO_BIN_EXE_weft")).arg("count").arg("--check").arg(&path).output()?;
        let stderr = String::from_utf8_lossy(&command.stderr);
        ensure!(command.status.code() == Some(1), "{stderr}");
        for part in said {
            ensure!(stderr.contains(part), "`{part}` is not in {stderr}");
        }
    }
    Ok(())
}
