//! `cargo bench -- CODEC`: what is said of a codec beside the others of the last full run.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use weft::compare::{beside, only_codec};

use crate::support::fixture;
use crate::support::runs;
use crate::support::runs::{Runs, cells};

/// A run of what a filter selects of the fixture's, by the parts of the names; twice as slow.
fn of_part(codec: &str, parts: &[&str]) -> Result<Value> {
    let mut run = fixture::run();
    run["run_id"] = json!("part");
    run["filter"] = json!(codec);
    let selected = |cell: &Value| {
        let name = runs::cell_name(cell);
        name.contains(&format!("/{codec}/")) && parts.iter().all(|part| name.contains(part))
    };
    run["cells"].as_array_mut().context("cells")?.retain(selected);
    for cell in cells(&mut run) {
        for key in ["value", "low", "high"] {
            cell["latency_ns"][key] = json!(2.0 * cell["latency_ns"][key].as_f64().context("a time")?);
        }
    }
    Ok(run)
}

/// Another run: its name, when it began, and what is changed of the fixture's.
type Other<'a> = (&'a str, &'a str, &'a dyn Fn(&mut Value));

/// What is said of a run where there are these others.
fn said(run: &Value, others: &[Other<'_>]) -> Result<Option<String>> {
    let runs = Runs::new()?;
    for (name, started, change) in others {
        let mut other = fixture::run();
        other["run_id"] = json!(name);
        other["environment"]["started"] = json!(started);
        change(&mut other);
        runs.write(name, &other)?;
    }
    #[cfg(unix)]
    if let Some((name, ..)) = others.first() {
        std::os::unix::fs::symlink(name, runs.path().join("latest"))?;
    }
    Ok(beside(&fixture::record(run), runs.path()))
}

fn nothing(_: &mut Value) {}

/// The lines of codecs.
fn lines(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.contains(" ns") || line.contains(" µs")).collect()
}

#[test]
fn codecs_are_sorted_by_time_with_the_one_that_was_run_among_them() -> Result<()> {
    let run = of_part("capnp", &["log@1/own/"])?;
    let text = said(&run, &[("full", "2026-11-20T10:00:00Z", &nothing)])?.context("something is said")?;
    ensure!(text.contains("capnp beside the other codecs of the last full run, full of 2026-11-20"), "{text}");
    ensure!(text.contains("figures are of another time") && text.contains("log@1/own"), "{text}");
    // By what the fixture's codecs cost. What was run is twice as slow as it was then.
    let lines = lines(&text);
    let names: Vec<&str> = lines.iter().filter_map(|line| line.split_whitespace().next()).collect();
    ensure!(names == ["bytes", "bincode", "inplace", "flatbuffers", "capnp", "capnp"], "{text}");
    ensure!(lines[4].contains("capnp (then)") && lines[4].contains("0.50 ×"), "{text}");
    ensure!(lines[5].contains("capnp (this run)") && !lines[5].contains('×'), "{text}");
    for transport in ["relay", "direct", "adapter", "window", "pane", "linked"] {
        ensure!(text.contains(transport), "{text}");
    }
    let heading = text.lines().find(|line| line.contains("time ÷")).context("a heading")?;
    let ends = |line: &str, what: &str| line.split_once(what).map(|(before, _)| before.chars().count() + what.len());
    let relay = ends(heading, "relay").context("a column")?;
    ensure!(
        lines.iter().all(|line| line.chars().nth(relay - 1) == Some('s')),
        "columns are not one above the other: {text}"
    );
    ensure!(text.contains("† encodes nothing") && !text.contains('‡'), "{text}");
    Ok(())
}

#[test]
fn a_run_of_many_cells_shows_those_of_one_transport() -> Result<()> {
    let text = said(&of_part("bytes", &[])?, &[("full", "2026-11-20T10:00:00Z", &nothing)])?.context("said")?;
    let heading = text.lines().find(|line| line.contains("time ÷ bytes's")).context("a heading")?;
    ensure!(heading.trim_start().starts_with("own/adapter") && heading.contains("mesh@1000"), "{text}");
    ensure!(text.contains("cells are shown; the report has all"), "{text}");
    ensure!(lines(&text).len() == 6 && text.lines().all(|line| line.chars().count() <= 120), "{text}");
    Ok(())
}

#[test]
fn the_last_full_run_of_the_matrix_is_taken() -> Result<()> {
    let run = of_part("capnp", &["log@1/own/"])?;
    let text = said(
        &run,
        &[
            ("older", "2026-11-19T10:00:00Z", &nothing),
            ("right", "2026-11-20T10:00:00Z", &nothing),
            ("filtered", "2026-11-21T10:00:00Z", &|run| run["filter"] = json!("x")),
            ("interrupted", "2026-11-21T10:00:00Z", &|run| run["complete"] = json!(false)),
            ("quick", "2026-11-21T10:00:00Z", &|run| run["matrix"] = json!("quick")),
            ("other", "2026-11-21T10:00:00Z", &|run| run["messages"] = json!(["log@7"])),
            ("damaged", "2026-11-21T10:00:00Z", &|run| run["cells"] = json!(1)),
        ],
    )?;
    ensure!(text.as_ref().is_some_and(|text| text.contains("the last full run, right of 2026-11-20")), "{text:?}");
    let text = said(&run, &[("filtered", "2026-11-21T10:00:00Z", &|run| run["filter"] = json!("x"))])?;
    ensure!(text.is_some_and(|text| text.contains("no full run of the core matrix")));
    Ok(())
}

#[test]
fn another_machine_and_another_engine_have_no_ratios() -> Result<()> {
    let run = of_part("capnp", &["log@1/own/"])?;
    for (key, value, kind) in [("cores", json!(64), "machine"), ("wasmtime", json!("49.0.0"), "engine")] {
        let change = |run: &mut Value| run["environment"][key] = value.clone();
        let text = said(&run, &[("full", "2026-11-20T10:00:00Z", &change)])?.context("something is said")?;
        ensure!(text.contains(&format!("no ratios, because that run is of another {kind}: {key} was ")), "{text}");
        ensure!(!text.contains('×') && !text.contains('÷') && text.contains("bytes"), "{text}");
    }
    Ok(())
}

#[test]
fn only_filtered_runs_of_one_codec_stand_beside_others() -> Result<()> {
    let full = [("full", "2026-11-20T10:00:00Z", &nothing as &dyn Fn(&mut Value))];
    let whole = fixture::run();
    ensure!(said(&whole, &full)?.is_none() && only_codec(&fixture::record(&whole)).is_none());
    let mut unfiltered = of_part("capnp", &[])?;
    unfiltered["filter"] = Value::Null;
    ensure!(said(&unfiltered, &full)?.is_none());
    ensure!(said(&of_part("null", &[])?, &full)?.is_none(), "the floor is no codec");
    Ok(())
}
