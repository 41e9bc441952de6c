//! `weft compare` as users type it.

use crate::support::fixture;
use crate::support::other_hosts;
use crate::support::runs::{Outcome, Runs, cell_name, cells, drawn, drawn_from};
use anyhow::{Context, Result, ensure};
use regex::Regex;
use serde_json::{Value, json};
use weft::cell::Filter;
use weft::compare::{Options, compare};
use weft::record::load;
use weft::variables::quoted;

/// How much slower some cells of the run `changed` are. Most are not: what most cells do is what all share.
const CHANGES: [(&str, f64); 4] = [("/own/bincode/", 1.02), ("/capnp/", 1.1), ("/bytes/", 1.5), ("/flatbuffers/", 0.8)];

fn change(cell: &str) -> f64 {
    CHANGES.iter().find(|(part, _)| cell.contains(part)).map_or(1.0, |(_, factor)| *factor)
}

/// A run whose calibrations take so many times as long.
fn calibrated(mut run: Value, factor: f64) -> Result<Value> {
    for calibration in run["calibrations"].as_object_mut().context("calibrations")?.values_mut() {
        for reading in calibration["readings"].as_array_mut().context("readings")? {
            reading["ns"] = json!(reading["ns"].as_f64().context("a time")? * factor);
        }
    }
    fixture::settle(&mut run);
    Ok(run)
}

/// What stands above the first empty line of a text, in one line.
fn head(outcome: &Outcome) -> String {
    flat(outcome.stdout.split("\n\n").next().unwrap_or_default())
}

/// A command that compares, as it is typed where these results are.
fn command(runs: &Runs, arguments: &str) -> String {
    format!("WEFT_RESULTS={} cargo weft compare {arguments}", quoted(&runs.path().display().to_string()))
}

/// A text in one line, however it was wrapped.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How many cells the runs have.
fn measured() -> usize {
    cells(&mut fixture::run()).count()
}

/// Runs `old` and `changed`.
fn changed() -> Result<Runs> {
    let runs = Runs::new()?;
    runs.write("old", &drawn("old", |_| 1.0)?)?;
    runs.write("changed", &drawn("changed", change)?)?;
    Ok(runs)
}

/// Compares, and checks what all texts have in common.
fn text(runs: &Runs, arguments: &[&str]) -> Result<Outcome> {
    let outcome = runs.weft(&[&["compare"], arguments].concat())?;
    // A command is never cut.
    for line in outcome.stdout.lines().filter(|line| !line.contains(" cargo ")) {
        ensure!(line.chars().count() <= 100, "{} columns: {line}", line.chars().count());
    }
    Ok(outcome)
}

fn json_of(runs: &Runs, arguments: &[&str]) -> Result<Value> {
    let outcome = runs.weft(&[&["compare"], arguments, &["--format", "json"]].concat())?;
    serde_json::from_str(&outcome.stdout).with_context(|| outcome.stderr)
}

fn verdict_of(comparison: &Value, cell: &str) -> String {
    let row = comparison["cells"].as_array().into_iter().flatten().find(|row| row["cell"] == cell);
    row.and_then(|row| row["verdict"].as_str()).unwrap_or("none").to_owned()
}

#[test]
fn a_run_is_the_same_as_itself() -> Result<()> {
    let runs = Runs::new()?;
    runs.write("one", &fixture::run())?;
    let outcome = text(&runs, &["one", "one", "--fail-on", "slower"])?;
    let cells = measured();
    ensure!(outcome.code == Some(0), "{}", outcome.stderr);
    ensure!(outcome.stdout.starts_with(&format!("0 slower, 0 faster, {cells} same, 0 unsure of {cells} cells; ")));
    ensure!(outcome.stdout.contains("both are the same run") && outcome.stdout.contains("0 grew, 0 shrank"));
    Ok(())
}

#[test]
fn another_run_of_the_same_is_not_slower() -> Result<()> {
    let runs = changed()?;
    runs.write("again", &drawn("again", |_| 1.0)?)?;
    let outcome = text(&runs, &["old", "again", "--fail-on", "slower"])?;
    ensure!(outcome.code == Some(0) && outcome.stdout.starts_with("0 slower, 0 faster, "), "{}", outcome.stdout);
    ensure!(outcome.stdout.contains(" 0 unsure of "), "{}", outcome.stdout);
    Ok(())
}

#[test]
fn changes_are_found_and_measured() -> Result<()> {
    let runs = changed()?;
    let comparison = json_of(&runs, &["old", "changed"])?;
    for row in comparison["cells"].as_array().context("cells")? {
        let codec = row["codec"].as_str().context("a codec")?;
        // 2 % are within the threshold, though they are there.
        let expected = match codec {
            "capnp" | "bytes" => "slower",
            "flatbuffers" => "faster",
            _ => "same",
        };
        ensure!(row["verdict"] == expected, "{row}");
        let factor = change(row["cell"].as_str().unwrap_or_default());
        ensure!(row["ratio"].as_f64().is_some_and(|ratio| (ratio / factor - 1.0).abs() < 0.01), "{row}");
    }
    for mean in comparison["means"]["codecs"].as_array().context("means")? {
        let codec = format!("/{}/", mean["name"].as_str().unwrap_or_default());
        let rows = comparison["cells"].as_array().into_iter().flatten();
        let logs: Vec<f64> = rows
            .filter_map(|row| row["cell"].as_str().filter(|cell| cell.contains(&codec)))
            .map(|cell| change(cell).ln())
            .collect();
        let factor = (logs.iter().sum::<f64>() / logs.len() as f64).exp();
        let within = mean["low"].as_f64() < Some(factor) && mean["high"].as_f64() > Some(factor);
        ensure!(within, "{mean} does not cover {factor}");
    }
    let outcome = text(&runs, &["old", "changed"])?;
    ensure!(outcome.code == Some(0));
    let most = outcome.stdout.split("\nwhat moved most").nth(1).and_then(|rest| rest.lines().nth(1));
    ensure!(most.is_some_and(|line| line.contains("slower") && line.contains("/bytes/")), "{}", outcome.stdout);
    ensure!(!outcome.stdout.contains("\nsame: ") && outcome.stdout.contains("--all"));
    ensure!(text(&runs, &["old", "changed", "--all"])?.stdout.contains("\nsame: "));
    Ok(())
}

#[test]
fn the_threshold_decides_what_is_the_same() -> Result<()> {
    let runs = changed()?;
    let of = |threshold| json_of(&runs, &["old", "changed", "--threshold", threshold]);
    let cell = "log@1/own/bincode/direct";
    ensure!(verdict_of(&of("5%")?, cell) == "same" && verdict_of(&of("0.05")?, cell) == "same");
    let narrow = of("1%")?;
    ensure!(verdict_of(&narrow, cell) != "same", "{narrow}");
    ensure!(verdict_of(&of("60%")?, "log@1/own/bytes/direct") == "same");
    Ok(())
}

#[test]
fn what_the_machine_did_is_taken_out_and_said() -> Result<()> {
    let runs = changed()?;
    runs.write("faster", &calibrated(drawn("faster", |cell| 0.9 * change(cell))?, 0.9)?)?;
    let comparison = json_of(&runs, &["old", "faster"])?;
    ensure!(comparison["machine_verdict"] == "machine" && comparison["relative_to"] == "cells", "{comparison}");
    for row in comparison["cells"].as_array().context("cells")? {
        let factor = change(row["cell"].as_str().unwrap_or_default());
        let close =
            |key: &str, expected: f64| row[key].as_f64().is_some_and(|ratio| (ratio / expected - 1.0).abs() < 0.01);
        ensure!(close("ratio", factor) && close("absolute_ratio", 0.9 * factor), "{row}");
    }
    let outcome = text(&runs, &["old", "faster"])?;
    let expected = Regex::new(
        r" all cells 0\.9\d\d × \[0\.8\d\d, 0\.9\d\d\]; calibrations 0\.900 × \[0\.89\d, 0\.90\d\]: the machine$",
    )?;
    ensure!(expected.is_match(&head(&outcome)), "{}", outcome.stdout);
    ensure!(outcome.stdout.contains("relative to what all cells share"), "{}", outcome.stdout);
    let all = text(&runs, &["old", "faster", "--all"])?.stdout;
    ensure!(all.contains("  arithmetic       0.900 × ["), "{all}");
    // Nothing moved.
    let still = text(&runs, &["old", "changed"])?;
    ensure!(head(&still).ends_with(": nothing moved as a whole"), "{}", still.stdout);
    Ok(())
}

#[test]
fn cells_can_be_judged_as_they_are() -> Result<()> {
    let runs = changed()?;
    runs.write("faster", &calibrated(drawn("faster", |_| 0.9)?, 0.9)?)?;
    let relative = json_of(&runs, &["old", "faster"])?;
    let absolute = json_of(&runs, &["old", "faster", "--absolute"])?;
    let cells = measured();
    ensure!(relative["counts"]["same"] == cells && absolute["counts"]["faster"] == cells, "{}", absolute["counts"]);
    ensure!(absolute["relative_to"] == "nothing" && absolute["machine_verdict"] == "machine");
    let outcome = text(&runs, &["old", "faster", "--absolute"])?;
    ensure!(head(&outcome).contains("; absolute, with what the machine did between the runs"), "{}", outcome.stdout);
    let page = command(&runs, "old faster --absolute --format html");
    ensure!(outcome.stdout.contains(&page), "{}", outcome.stdout);
    Ok(())
}

#[test]
fn everything_that_changed_and_not_the_machine_is_said() -> Result<()> {
    let runs = changed()?;
    runs.write("heavier", &drawn("heavier", |_| 1.2)?)?;
    let outcome = text(&runs, &["old", "heavier", "--fail-on", "slower"])?;
    ensure!(outcome.code == Some(3), "a change of everything is one for the worse: {}", outcome.stdout);
    ensure!(head(&outcome).ends_with(": everything changed, and not the machine"), "{}", outcome.stdout);
    let absolute = format!("  as they are    {}\n", command(&runs, "old heavier --absolute"));
    ensure!(outcome.stdout.contains(&absolute), "{}", outcome.stdout);
    ensure!(text(&runs, &["heavier", "old", "--fail-on", "slower"])?.code == Some(0), "it is faster");
    // A little of it is within the threshold, as a cell would be.
    runs.write("heavier", &drawn("heavier", |_| 1.03)?)?;
    ensure!(text(&runs, &["old", "heavier", "--fail-on", "slower"])?.code == Some(0));
    runs.write("still", &calibrated(drawn("still", |_| 1.0)?, 0.8)?)?;
    let outcome = text(&runs, &["old", "still", "--fail-on", "slower"])?;
    ensure!(head(&outcome).ends_with(": the machine moved, and the cells did not with it"), "{}", outcome.stdout);
    Ok(())
}

/// A run of what one filter leaves.
fn filtered(mut run: Value) -> Result<Value> {
    let of_bytes = |cell: &Value| cell["codec"] == "bytes" && cell["message"] == "log@1";
    run["cells"].as_array_mut().context("cells")?.retain(of_bytes);
    run["filter"] = json!("log@1/.*/bytes/");
    fixture::settle(&mut run);
    Ok(run)
}

#[test]
fn a_few_cells_are_compared_relative_to_the_calibrations() -> Result<()> {
    let runs = changed()?;
    runs.write("few", &filtered(calibrated(drawn("few", |_| 0.9 * 1.5)?, 0.9)?)?)?;
    let comparison = json_of(&runs, &["old", "few"])?;
    ensure!(comparison["relative_to"] == "calibrations" && comparison["common"].is_null(), "{comparison}");
    let rows = comparison["cells"].as_array().context("cells")?;
    ensure!(rows.len() == 18 && comparison["only_old"].as_array().is_some_and(Vec::is_empty), "{}", rows.len());
    for row in rows {
        ensure!(row["ratio"].as_f64().is_some_and(|ratio| (ratio / 1.5 - 1.0).abs() < 0.01), "{row}");
    }
    ensure!(comparison["counts"]["slower"] == 18, "{}", comparison["counts"]);
    let outcome = text(&runs, &["old", "few"])?;
    ensure!(
        head(&outcome).contains("too few cells to tell what all share; calibrations 0.900 × ["),
        "{}",
        outcome.stdout
    );
    let left_out = measured() - 18;
    let note = format!("the new run was filtered: log@1/.*/bytes/; {left_out} cells of the old one are not compared");
    ensure!(flat(&outcome.stdout).contains(&note), "{}", outcome.stdout);
    Ok(())
}

#[test]
fn without_cells_and_calibrations_nothing_is_taken_out() -> Result<()> {
    let runs = changed()?;
    let mut few = filtered(drawn("few", |_| 1.3)?)?;
    few["calibrations"] = json!({});
    runs.write("few", &few)?;
    let outcome = text(&runs, &["old", "few", "--filter", "/own/"])?;
    ensure!(outcome.stdout.starts_with("6 slower, 0 faster, 0 same, 0 unsure of 6 cells; with what the machine did"));
    ensure!(
        head(&outcome).ends_with("too few cells to tell what all share, and no calibrations: nothing is taken out")
    );
    Ok(())
}

#[test]
fn a_filter_of_the_comparison_leaves_what_all_cells_share() -> Result<()> {
    let runs = changed()?;
    runs.write("faster", &calibrated(drawn("faster", |_| 0.9)?, 0.9)?)?;
    let whole = json_of(&runs, &["old", "faster"])?;
    let some = json_of(&runs, &["old", "faster", "--filter", "^log@1/own/bytes/relay$"])?;
    ensure!(some["common"] == whole["common"] && some["cells"][0]["verdict"] == "same", "{some}");
    Ok(())
}

#[test]
fn unsure_cells_are_to_be_raced() -> Result<()> {
    let runs = changed()?;
    let mut unsure = drawn("unsure", |_| 1.0)?;
    for cell in cells(&mut unsure).filter(|cell| cell["codec"] == "bytes" && cell["message"] == "log@1") {
        for (round, reading) in cell["readings"].as_array_mut().context("readings")?.iter_mut().enumerate() {
            reading["ns"] = json!(reading["ns"].as_f64().context("a time")? * (1.0 + 0.05 * round as f64));
        }
    }
    fixture::settle(&mut unsure);
    let revision = "1049824e3ace42eaaf98a8f8b1f817df61cd98b7";
    for (revision, guest, against) in [
        (revision, None, ""),
        ("feed", None, " --against 1049824e3ace --host-too"),
        ("feed", Some("bytes"), " --against 1049824e3ace"),
    ] {
        let mut new = unsure.clone();
        new["environment"]["git_revision"] = json!(revision);
        let command = format!("cargo weft race 'log@1/[^/]+/bytes/'{against} --matrix core --threshold 5%");
        if let Some(codec) = guest {
            new["environment"]["codecs"][codec]["consumer"]["bytes"] = json!(7);
        }
        runs.write("unsure", &new)?;
        let outcome = text(&runs, &["old", "unsure"])?;
        ensure!(outcome.stdout.contains(" 18 unsure of "), "{}", outcome.stdout);
        ensure!(outcome.stdout.contains(&format!("\n  race them      {command}\n")), "{command}: {}", outcome.stdout);
    }
    // Nobody can build what was not committed.
    let mut old = drawn("old", |_| 1.0)?;
    old["environment"]["git_revision"] = json!("1049824e3ace42eaaf98a8f8b1f817df61cd98b7-dirty");
    runs.write("old", &old)?;
    ensure!(!text(&runs, &["old", "unsure"])?.stdout.contains("cargo weft race"));
    Ok(())
}

#[test]
fn cells_with_one_round_are_left_out_and_counted() -> Result<()> {
    let runs = changed()?;
    let mut new = drawn("lonely", |_| 1.0)?;
    for cell in cells(&mut new).take(2) {
        cell["readings"].as_array_mut().context("readings")?.truncate(1);
    }
    fixture::settle(&mut new);
    runs.write("lonely", &new)?;
    let comparison = json_of(&runs, &["old", "lonely"])?;
    ensure!(comparison["cells"].as_array().map(Vec::len) == Some(measured() - 2));
    let note = "2 cells left out: with fewer than two rounds in a run nobody knows the spread";
    ensure!(
        comparison["notes"].as_array().is_some_and(|notes| notes.iter().any(|found| found == note)),
        "{comparison}"
    );
    ensure!(comparison["cells"][0]["old_rounds"] == fixture::ROUNDS, "{}", comparison["cells"][0]);
    Ok(())
}

#[test]
fn a_filter_selects_cells() -> Result<()> {
    let runs = changed()?;
    let comparison = json_of(&runs, &["old", "changed", "--filter", "^log@1/own/bytes/(relay|direct)$"])?;
    ensure!(comparison["cells"].as_array().map(Vec::len) == Some(2) && comparison["counts"]["slower"] == 2);
    let outcome = text(&runs, &["old", "changed", "--filter", "no-such-cell"])?;
    ensure!(outcome.code == Some(1) && outcome.stderr.contains("nothing was compared"), "{}", outcome.stderr);
    Ok(())
}

#[test]
fn cells_of_one_run_are_listed() -> Result<()> {
    let runs = changed()?;
    let mut new = drawn("fewer", |_| 1.0)?;
    let gone = cell_name(cells(&mut new).next().context("a cell")?);
    new["cells"].as_array_mut().context("cells")?.remove(0);
    runs.write("fewer", &new)?;
    let outcome = text(&runs, &["old", "fewer", "--fail-on", "slower"])?;
    ensure!(outcome.code == Some(0) && outcome.stdout.contains("only the old run measured: 1 cell\n"));
    ensure!(outcome.stdout.contains(&gone), "{}", outcome.stdout);
    let outcome = text(&runs, &["fewer", "old"])?;
    ensure!(outcome.stdout.contains("only the new run measured: 1 cell\n"), "{}", outcome.stdout);

    let broken = cells(&mut new).next().context("a cell")?;
    broken["status"] = json!("failed");
    broken["reason"] = json!("trapped: unreachable\nbacktrace");
    runs.write("fewer", &new)?;
    let outcome = text(&runs, &["old", "fewer", "--fail-on", "slower"])?;
    ensure!(outcome.code == Some(3) && outcome.stdout.contains("failed: trapped: unreachable"), "{}", outcome.stdout);
    Ok(())
}

/// Two runs of one round: nobody knows the spread of any cell, and what is counted is compared all the same.
#[test]
fn runs_of_one_round_are_compared_by_what_is_counted() -> Result<()> {
    let runs = Runs::new()?;
    let of_one_round = |name: &str, more: u64| -> Result<Value> {
        let mut run = drawn(name, |_| 1.0)?;
        for cell in cells(&mut run) {
            cell["readings"].as_array_mut().context("readings")?.truncate(1);
        }
        let first = cells(&mut run).next().context("a cell")?;
        first["transport_copies"] = json!(first["transport_copies"].as_u64().context("copies")? + more);
        fixture::settle(&mut run);
        Ok(run)
    };
    runs.write("old", &of_one_round("old", 0)?)?;
    let said =
        format!("{} cells in both runs, none with two rounds in each: only exact figures are compared", measured());
    for (more, code) in [(0, 0), (7, 3)] {
        runs.write("new", &of_one_round("new", more)?)?;
        let outcome = text(&runs, &["old", "new", "--fail-on", "slower"])?;
        ensure!(
            outcome.code == Some(code) && outcome.stdout.starts_with(&said),
            "{}{}",
            outcome.stdout,
            outcome.stderr
        );
        ensure!(outcome.stderr.contains("times were not judged"), "{}", outcome.stderr);
        ensure!(json_of(&runs, &["old", "new"])?["lonely"] == measured());
    }
    Ok(())
}

#[test]
fn a_run_in_which_everything_fails_is_worse() -> Result<()> {
    let runs = changed()?;
    let mut broken = drawn("broken", |_| 1.0)?;
    for cell in cells(&mut broken) {
        (cell["status"], cell["reason"]) = (json!("failed"), json!("trapped: unreachable\u{1b}[2J"));
    }
    runs.write("broken", &broken)?;
    let outcome = text(&runs, &["old", "broken", "--fail-on", "slower"])?;
    let said = format!("no measured cell in common: {} cells failed that the old one measured", measured());
    ensure!(outcome.code == Some(3) && head(&outcome).contains(&said), "{}{}", outcome.stdout, outcome.stderr);
    // What a run says tells no terminal what to do.
    ensure!(!outcome.stdout.contains('\u{1b}') && outcome.stdout.contains("trapped: unreachable\u{fffd}[2J"));
    // Nobody could have expected these of a run that had none.
    let outcome = text(&runs, &["broken", "old", "--fail-on", "slower"])?;
    ensure!(
        outcome.code == Some(1) && outcome.stderr.contains("no cell was measured by both runs"),
        "{}",
        outcome.stderr
    );
    Ok(())
}

#[test]
fn a_new_run_has_a_name_that_is_free() -> Result<()> {
    let (runs, _) = elsewhere(|environment| {
        environment["cores"] = json!(64);
        environment["command_line"] = json!("WEFT_MATRIX=core WEFT_RUN_NAME=other cargo bench");
    })?;
    let outcome = text(&runs, &["old", "other"])?;
    let expected = "  make a new run WEFT_RUN_NAME=other-2 WEFT_MATRIX=core cargo bench\n";
    ensure!(outcome.stdout.contains(expected), "{}", outcome.stdout);
    Ok(())
}

/// A changed run of which a test says what else differs, and whose first cell copies seven times more.
fn elsewhere(change_environment: impl Fn(&mut Value)) -> Result<(Runs, String)> {
    let runs = changed()?;
    let mut other = drawn("other", change)?;
    change_environment(&mut other["environment"]);
    let cell = cells(&mut other).next().context("a cell")?;
    let before = cell["transport_copies"].as_u64().context("copies")?;
    cell["transport_copies"] = json!(before + 7);
    runs.write("other", &other)?;
    Ok((runs, format!("transport_copies: {before} → {}", before + 7)))
}

#[test]
fn times_of_two_machines_are_never_judged() -> Result<()> {
    for (keys, value) in [
        (&["machine", "model"][..], json!(1)),
        (&["machine", "l3_bytes"], json!(1024)),
        (&["machine", "hypervisor"], json!("none")),
        (&["cores"], json!(64)),
        (&["kernel"], json!("Linux 7")),
    ] {
        let (runs, grown) = elsewhere(|environment| {
            *keys.iter().fold(environment, |place, key| &mut place[*key]) = value.clone();
        })?;
        let outcome = text(&runs, &["old", "other", "--fail-on", "slower"])?;
        ensure!(outcome.stdout.starts_with("TWO MACHINES: times are not judged\n"), "{}", outcome.stdout);
        // What is counted is compared all the same.
        ensure!(outcome.code == Some(3) && outcome.stdout.contains(&grown), "{}", outcome.stdout);
        ensure!(
            outcome.stderr.contains("times were not judged") && !outcome.stdout.contains(" × "),
            "{}",
            outcome.stdout
        );
        let comparison = json_of(&runs, &["old", "other"])?;
        ensure!(
            comparison["machines"] == "two" && comparison["differences"][0]["key"] == *keys.last().context("a key")?
        );
        ensure!(comparison["cells"][0]["ratio"].is_null() && comparison["means"]["all"].is_null(), "{comparison}");
        let across = json_of(&runs, &["old", "other", "--across-machines"])?;
        ensure!(
            across["counts"]["not_judged"] == measured() && across["machine_verdict"].is_null(),
            "{}",
            across["counts"]
        );
        ensure!(across["cells"][0]["ratio"].is_f64() && across["cells"][0]["p"].is_null(), "{}", across["cells"][0]);
        let shown = text(&runs, &["old", "other", "--across-machines"])?.stdout;
        ensure!(shown.contains(": two machines\n") && shown.contains("\nnot judged: "), "{shown}");
    }
    Ok(())
}

#[test]
fn times_across_machines_make_nothing_fail() -> Result<()> {
    let runs = changed()?;
    let mut other = drawn("other", |_| 2.0)?;
    other["environment"]["cores"] = json!(64);
    runs.write("other", &other)?;
    let outcome = text(&runs, &["old", "other", "--fail-on", "slower", "--across-machines"])?;
    ensure!(outcome.code == Some(0) && outcome.stderr.contains("times were not judged"), "{}", outcome.stdout);
    Ok(())
}

#[test]
fn a_machine_that_is_not_known_is_no_machine_s_equal() -> Result<()> {
    let (runs, _) = elsewhere(|environment| environment["machine"] = json!({ "name": "A processor" }))?;
    for (old, new) in [("old", "other"), ("other", "old"), ("other", "other")] {
        let outcome = text(&runs, &[old, new, "--fail-on", "slower"])?;
        let heading = "UNKNOWN MACHINE: times are not judged, because unknown is not the same\n";
        ensure!(outcome.stdout.starts_with(heading) && outcome.stdout.contains("unknown"), "{}", outcome.stdout);
        ensure!(outcome.stdout.contains("  make a new run WEFT_MATRIX=core cargo bench\n"), "{}", outcome.stdout);
        let command = format!("  only ratios    {}\n", command(&runs, &format!("{old} {new} --across-machines")));
        ensure!(outcome.stdout.contains(&command), "{}", outcome.stdout);
        ensure!(json_of(&runs, &[old, new])?["machines"] == "unknown");
    }
    Ok(())
}

#[test]
fn another_engine_or_compiler_is_judged_and_said() -> Result<()> {
    for (key, value, kind) in [
        ("wasmtime", json!("49.0.0"), "engine"),
        ("engine", json!("winch"), "engine"),
        ("features", json!(["async"]), "engine"),
        ("rustc", json!("rustc 1.96.0"), "toolchain"),
    ] {
        let (runs, _) = elsewhere(|environment| environment[key] = value.clone())?;
        let outcome = text(&runs, &["old", "other"])?;
        let heading = format!("ANOTHER {}: that is a part of what is compared\n  {key} ", kind.to_uppercase());
        ensure!(outcome.stdout.starts_with(&heading), "{}", outcome.stdout);
        let comparison = json_of(&runs, &["old", "other"])?;
        ensure!(comparison["counts"]["slower"].as_u64() > Some(100) && comparison["judged"] == true);
        ensure!(comparison["differences"][0]["kind"] == kind && comparison["machines"] == "one", "{comparison}");
    }
    Ok(())
}

#[test]
fn exact_figures_are_compared_exactly() -> Result<()> {
    let runs = Runs::new()?;
    let guest = |instructions: f64| {
        let bytes = json!({ "shadow_stack": 1.0, "static_data": 2.0, "heap": 3.0, "outbox": 4.0, "inbox": 5.0 });
        json!({ "instructions": instructions, "calls": 3.0, "bytes_read": bytes, "bytes_written": bytes,
                "allocations": null, "allocated_bytes": null, "memory_grown": 0.0 })
    };
    let run = |name: &str, instructions: f64, wire: f64, places: Value| -> Result<Value> {
        let mut run = drawn(name, |_| 1.0)?;
        for cell in cells(&mut run).filter(|cell| cell["codec"] == "bytes") {
            cell["wire_bytes"] = json!(wire);
            cell["exact"] = json!({ "producer": guest(instructions), "consumer": guest(7.0), "transport_copied_bytes": 1.0,
                "wire_overhead": 1.0, "payload_found_in": places, "copies": 1, "copies_unknown": null });
        }
        Ok(run)
    };
    runs.write("old", &run("old", 1000.25, 100.0, json!({ "inbox": 1 }))?)?;
    runs.write("grown", &run("grown", 1000.5, 99.0, json!({ "inbox": 1, "heap": 1 }))?)?;
    runs.write("shrunk", &run("shrunk", 999.0, 100.0, json!({ "inbox": 1 }))?)?;
    let only = ["--filter", "^log@1/own/bytes/(relay|direct)$"];
    let outcome = text(&runs, &[&["old", "grown", "--fail-on", "slower"], &only[..]].concat())?;
    ensure!(outcome.code == Some(3), "{}", outcome.stdout);
    for line in [
        "exact figures: 4 grew, 2 shrank of ",
        "  grew: log@1/own/bytes/{relay,direct}",
        "    exact.producer.instructions: 1000.25 → 1000.5 (+0.025 %)",
        "    exact.payload_found_in.heap: 0 → 1 (from nothing)",
        "    wire_bytes: 100 → 99 (-1.000 %)",
    ] {
        ensure!(outcome.stdout.contains(line), "{line}: {}", outcome.stdout);
    }
    let outcome = text(&runs, &[&["old", "shrunk", "--fail-on", "slower"], &only[..]].concat())?;
    ensure!(outcome.code == Some(0) && outcome.stdout.contains("0 grew, 2 shrank"), "{}", outcome.stdout);
    Ok(())
}

/// Something else used the core all the time in which the new run measured one codec.
#[test]
fn what_a_neighbour_disturbed_is_not_judged_and_that_is_said() -> Result<()> {
    let runs = changed()?;
    let is_disturbed = |cell: &str| cell.contains("/bytes/");
    let mut new = drawn("new", |cell| if is_disturbed(cell) { 1.5 } else { 1.0 })?;
    let mut disturbed = 0;
    for cell in cells(&mut new) {
        if is_disturbed(&cell_name(cell)) {
            disturbed += 1;
            for reading in cell["readings"].as_array_mut().context("readings")? {
                reading["calm"] = json!(false);
            }
        }
    }
    fixture::settle(&mut new);
    runs.write("new", &new)?;
    let comparison = json_of(&runs, &["old", "new"])?;
    for row in comparison["cells"].as_array().context("cells")? {
        let (verdict, comparable) = match is_disturbed(row["cell"].as_str().context("a name")?) {
            true => ("unsure", false),
            false => ("same", true),
        };
        ensure!(row["verdict"] == verdict && row["comparable"] == comparable, "{row}");
    }
    let means = comparison["means"]["codecs"].as_array().context("means")?;
    ensure!(means.iter().all(|mean| mean["name"] != "bytes") && comparison["disturbed"] == disturbed, "{means:?}");
    let outcome = text(&runs, &["old", "new", "--fail-on", "slower"])?;
    ensure!(outcome.code == Some(0), "{}", outcome.stderr);
    let note = format!("note {disturbed} cells unsure, because a neighbour may have moved them");
    ensure!(flat(&outcome.stdout).contains(&note), "{}", outcome.stdout);
    ensure!(
        outcome.stderr.contains(&format!("{disturbed} of {} cells were not judged", measured())),
        "{}",
        outcome.stderr
    );
    Ok(())
}

#[test]
fn slower_cells_fail_where_that_is_asked_for() -> Result<()> {
    let runs = changed()?;
    for (arguments, code) in [
        (&["old", "changed"][..], 0),
        (&["old", "changed", "--fail-on", "slower"], 3),
        (&["old", "changed", "--fail-on", "slower", "--format", "json"], 3),
        (&["old", "changed", "--fail-on", "slower", "--filter", "/null/"], 0),
        (&["old", "changed", "--fail-on", "faster"], 2),
        (&["old", "changed", "--threshold", "5"], 2),
        (&["old", "changed", "--filter", "("], 2),
        (&["old", "changed", "--format", "pdf"], 2),
        (&["old"], 2),
        (&["old", "no-such-run"], 1),
    ] {
        let outcome = runs.weft(&[&["compare"], arguments].concat())?;
        ensure!(outcome.code == Some(code), "{arguments:?}: {:?} {}", outcome.code, outcome.stderr);
    }
    Ok(())
}

#[test]
fn json_is_what_the_library_says() -> Result<()> {
    let runs = changed()?;
    let named = Some(("old".to_owned(), "changed".to_owned()));
    let options = Options { threshold: 0.05, filter: Filter::All, across_machines: false, absolute: false, named };
    let mut expected = compare(&load(&runs.json("old"))?, &load(&runs.json("changed"))?, &options);
    // What is typed depends on where runs are looked for.
    expected.command = command(&runs, "old changed");
    ensure!(json_of(&runs, &["old", "changed"])? == serde_json::from_str::<Value>(&serde_json::to_string(&expected)?)?);
    Ok(())
}

#[test]
fn markdown_has_tables() -> Result<()> {
    let runs = changed()?;
    let mut odd = drawn("odd|run", change)?;
    odd["environment"]["kernel"] = json!("a|b <i>\nc");
    runs.write("odd", &odd)?;
    let markdown = runs.weft(&["compare", "old", "odd", "--across-machines", "--format", "md"])?.stdout;
    for line in
        ["# weft: old → odd\\|run", "| machine | `kernel` |", "a\\|b &lt;i> c |", "## Not judged", "| codec | bytes |"]
    {
        ensure!(markdown.contains(line), "{line}: {markdown}");
    }
    let mut columns = None;
    for line in markdown.lines() {
        let count = line.starts_with('|').then(|| line.replace("\\|", "").matches('|').count());
        ensure!(columns.is_none() || count.is_none() || columns == count, "a row of another width: {line}");
        columns = count;
    }
    Ok(())
}

#[test]
fn the_page_is_whole_and_escaped() -> Result<()> {
    let runs = changed()?;
    let attack = "</title></script><script>alert('1\"&')</script>";
    let mut odd = drawn(attack, change)?;
    for key in ["kernel", "git_revision", "started"] {
        odd["environment"][key] = json!(attack);
    }
    runs.write("odd", &odd)?;
    let page = runs.weft(&["compare", "old", "odd", "--across-machines", "--format", "html"])?.stdout;
    // What a run says is in the title as text and in the data as JSON, in which nothing opens or ends an element.
    ensure!(
        !page.contains("<script>alert") && page.contains("&lt;/title&gt;&lt;/script&gt;&lt;script&gt;"),
        "not escaped"
    );
    ensure!(page.matches("<script").count() == 3 && page.matches("</script>").count() == 3, "another script");
    let data = page.split("id=\"data\">").nth(1).and_then(|rest| rest.split("</script>").next()).context("data")?;
    ensure!(!data.contains('<'), "the data has markup");
    let data: Value = serde_json::from_str::<Value>(data)?["data"].take();
    ensure!(
        data["new"]["run_id"] == attack && data["differences"][0]["new"] == attack,
        "the data is not what the run says"
    );
    ensure!(data["cells"].as_array().map(Vec::len) == Some(measured()));
    ensure!(page.contains("default-src 'none'"), "the page may load something");
    let elsewhere = page.replace("http://www.w3.org/2000/svg", "");
    ensure!(!elsewhere.contains("http:") && !elsewhere.contains("https:"), "network");
    Ok(())
}

/// A run with other hosts, all of whose cells are slower by these factors.
fn with_hosts(name: &str, slowed: impl Fn(&str) -> f64) -> Result<Value> {
    drawn_from(other_hosts::run(), name, slowed)
}

#[test]
fn cells_are_compared_on_their_own_host() -> Result<()> {
    let runs = Runs::new()?;
    runs.write("old", &with_hosts("old", |_| 1.0)?)?;
    runs.write("new", &with_hosts("new", |cell| if cell.ends_with("@node") { 1.5 } else { 1.0 })?)?;
    let comparison = json_of(&runs, &["old", "new"])?;
    let on_node = |row: &&Value| row["host"] == "node";
    let rows = comparison["cells"].as_array().context("cells")?;
    ensure!(rows.iter().filter(on_node).count() == 3 * 5 * 3, "{}", rows.len());
    for row in rows {
        ensure!(row["verdict"] == if on_node(&row) { "slower" } else { "same" }, "{row}");
        let named = row["cell"].as_str().and_then(|cell| cell.rsplit('/').next()?.split_once('@'));
        let named = named.map_or("wasmtime", |(_, host)| host);
        ensure!(row["host"] == named, "{row}");
    }
    // What node does is in the mean of its own, and in that of all, but in none of codecs.
    let ratio = |of: &str, name: &str| -> Result<f64> {
        let means = comparison["means"][of].as_array().context("means")?;
        let mean = means.iter().find(|mean| mean["name"] == name).with_context(|| format!("{of} {name}"))?;
        mean["ratio"].as_f64().context("a ratio")
    };
    ensure!((ratio("hosts", "node")? / 1.5 - 1.0).abs() < 0.01 && (ratio("hosts", "native")? - 1.0).abs() < 0.01);
    ensure!((ratio("codecs", "bytes")? - 1.0).abs() < 0.01 && (ratio("transports", "relay")? - 1.0).abs() < 0.01);
    for format in ["text", "md"] {
        let shown = runs.weft(&["compare", "old", "new", "--all", "--format", format])?.stdout;
        ensure!(
            shown.contains("log@1/own/bytes/relay@node") && shown.contains("log@1/own/bytes/linked@native"),
            "{shown}"
        );
        ensure!(!shown.contains("@wasmtime ") && !shown.contains("hosts"), "{shown}");
    }
    ensure!(runs.weft(&["compare", "old", "new", "--filter", "@node$", "--fail-on", "slower"])?.code == Some(3));
    ensure!(runs.weft(&["compare", "old", "new", "--filter", "@native$", "--fail-on", "slower"])?.code == Some(0));
    Ok(())
}

#[test]
fn a_host_of_one_run_only_is_named_once() -> Result<()> {
    let runs = changed()?;
    runs.write("hosts", &with_hosts("hosts", |_| 1.0)?)?;
    for (old, new, side) in [("hosts", "old", "old"), ("old", "hosts", "new")] {
        let outcome = text(&runs, &[old, new, "--fail-on", "slower"])?;
        let heading = format!("only the {side} run has the hosts\n");
        ensure!(outcome.code == Some(0) && outcome.stdout.contains(&heading), "{}", outcome.stdout);
        ensure!(outcome.stdout.matches("node").count() == 1 && !outcome.stdout.contains("run measured"));
        ensure!(outcome.stdout.contains("  node                 45 cells\n"), "{}", outcome.stdout);
        let markdown = runs.weft(&["compare", old, new, "--format", "md"])?.stdout;
        ensure!(
            markdown.contains(&format!("## Only the {side} run has these hosts\n\n- native: 15 cells\n")),
            "{markdown}"
        );
        let found = &json_of(&runs, &[old, new])?[format!("hosts_only_{side}")];
        ensure!(found.as_array().map(Vec::len) == Some(other_hosts::OTHERS.len()), "{found}");
    }
    let alone = text(&runs, &["old", "changed", "--all"])?;
    ensure!(!alone.stdout.contains("host"), "{}", alone.stdout);
    Ok(())
}

#[test]
fn another_engine_of_a_host_is_named_and_its_cells_are_not_judged() -> Result<()> {
    let runs = Runs::new()?;
    runs.write("old", &with_hosts("old", |_| 1.0)?)?;
    let slower = |cell: &str| if cell.ends_with("@node") { 1.5 } else { 1.0 };
    let verdicts_on = |comparison: &Value, host: &str| -> Result<Vec<String>> {
        let rows = comparison["cells"].as_array().context("cells")?.iter().filter(|row| row["host"] == host);
        let mut verdicts: Vec<String> =
            rows.map(|row| row["verdict"].as_str().unwrap_or_default().to_owned()).collect();
        verdicts.dedup();
        Ok(verdicts)
    };
    for (key, verdict, note) in [
        ("version", "slower", "the host node differs, that is a part of what is compared: 1 of node → another"),
        (
            "name",
            "not_judged",
            "the host node differs, its times are not judged, because it is another engine: V8 → another",
        ),
    ] {
        let mut new = with_hosts("new", slower)?;
        new["hosts"]["node"]["engine"][key] = json!("another");
        runs.write("new", &new)?;
        let comparison = json_of(&runs, &["old", "new"])?;
        ensure!(verdicts_on(&comparison, "node")? == [verdict] && verdicts_on(&comparison, "wasmtime")? == ["same"]);
        let notes = comparison["notes"].as_array().context("notes")?;
        ensure!(notes.iter().any(|found| found == note), "{notes:?}");
    }
    Ok(())
}
