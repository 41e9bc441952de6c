//! `weft compare` as users type it.

#[path = "support/fixture.rs"]
mod fixture;
#[path = "support/other_hosts.rs"]
mod other_hosts;
#[path = "support/runs.rs"]
mod runs;

use anyhow::{Context, Result, ensure};
use runs::{Outcome, Runs, cell_name, cells, drawn, drawn_from};
use serde_json::{Value, json};
use weft::cell::Filter;
use weft::compare::{Options, compare};
use weft::record::load;

/// How much slower each codec of the run `changed` is.
const CHANGES: [(&str, f64); 4] = [("bincode", 1.02), ("capnp", 1.1), ("bytes", 1.5), ("flatbuffers", 0.8)];

fn change(cell: &str) -> f64 {
    CHANGES.iter().find(|(codec, _)| cell.contains(&format!("/{codec}/"))).map_or(1.0, |(_, factor)| *factor)
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
    for line in outcome.stdout.lines() {
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
        let factor = change(&format!("/{}/", mean["name"].as_str().unwrap_or_default()));
        let within = mean["low"].as_f64() < Some(factor) && mean["high"].as_f64() > Some(factor);
        ensure!(within, "{mean} does not cover {factor}");
    }
    let outcome = text(&runs, &["old", "changed"])?;
    ensure!(outcome.code == Some(0));
    let most = outcome.stdout.split("what moved most\n").nth(1).and_then(|rest| rest.lines().next());
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
    let unsure = narrow["cells"].as_array().into_iter().flatten().find(|row| row["verdict"] == "unsure");
    ensure!(unsure.is_none_or(|row| row["needs"]["runs"].is_u64()), "{unsure:?}");
    ensure!(verdict_of(&of("60%")?, "log@1/own/bytes/direct") == "same");
    Ok(())
}

#[test]
fn drift_makes_verdicts_careful() -> Result<()> {
    let runs = changed()?;
    for name in ["old", "changed"] {
        let mut run: Value = serde_json::from_str(&std::fs::read_to_string(runs.json(name))?)?;
        run["drift"]["medians_ns"] = json!([900.0, 1000.0, 1100.0, 950.0, 1050.0]);
        runs.write(name, &run)?;
    }
    let comparison = json_of(&runs, &["old", "changed"])?;
    ensure!(verdict_of(&comparison, "log@1/own/capnp/direct") == "unsure");
    ensure!(verdict_of(&comparison, "blob@64/peek/null/direct") == "unsure");
    let row = comparison["cells"].as_array().into_iter().flatten().find(|row| row["cell"] == "log@1/own/capnp/direct");
    let needs = row.map(|row| &row["needs"]).context("a row")?;
    ensure!(needs["pairs"].is_null() && needs["runs"].as_u64() > Some(1), "more pairs do not help: {needs}");
    let outcome = text(&runs, &["old", "changed"])?;
    ensure!(outcome.stdout.contains(" runs ") && outcome.stdout.contains("cargo bench"), "{}", outcome.stdout);
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

#[test]
fn other_machines_are_named_and_not_judged() -> Result<()> {
    let runs = changed()?;
    for (key, value, kind) in [
        ("cpu_model", json!("Another CPU"), "machine"),
        ("cores", json!(64), "machine"),
        ("kernel", json!("Linux 7"), "machine"),
        ("architecture", json!("aarch64"), "machine"),
        ("wasmtime", json!("49.0.0"), "engine"),
        ("engine", json!("winch"), "engine"),
        ("rustc", json!("rustc 1.96.0"), "toolchain"),
    ] {
        let mut other = drawn("other", change)?;
        other["environment"][key] = value;
        let cell = cells(&mut other).next().context("a cell")?;
        let before = cell["transport_copies"].as_u64().context("copies")?;
        cell["transport_copies"] = json!(before + 7);
        let grown = format!("transport_copies: {before} → {}", before + 7);
        runs.write("other", &other)?;
        let outcome = text(&runs, &["old", "other", "--fail-on", "slower"])?;
        ensure!(outcome.stdout.starts_with(&format!("DIFFERENT {}: times are not judged", kind.to_uppercase())));
        ensure!(outcome.code == Some(3) && outcome.stdout.contains(&grown), "{}", outcome.stdout);
        ensure!(outcome.stderr.contains("times were not judged") && !outcome.stdout.contains("what moved most"));
        let judged = json_of(&runs, &["old", "other", "--across-machines"])?;
        ensure!(judged["counts"]["slower"].as_u64() > Some(100) && judged["differences"][0]["key"] == key);
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
    let options = Options { threshold: 0.05, filter: Filter::All, across_machines: false };
    let expected = compare(&load(&runs.json("old"))?, &load(&runs.json("changed"))?, &options);
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
        ["# weft: old → odd\\|run", "| machine | `kernel` |", "a\\|b &lt;i> c |", "## What moved", "| codec | bytes |"]
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
    for cell in cells(&mut odd).take(2) {
        cell["codec"] = json!(attack);
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
    ensure!(data["cells"].as_array().map(Vec::len) == Some(measured() - 2));
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
    let mut new = with_hosts("new", |_| 1.5)?;
    new["hosts"]["node"]["engine"]["version"] = json!("2 of node");
    runs.write("new", &new)?;
    let verdict_on = |comparison: &Value, host: &str| -> Result<Vec<String>> {
        let rows = comparison["cells"].as_array().context("cells")?.iter().filter(|row| row["host"] == host);
        let mut verdicts: Vec<String> =
            rows.map(|row| row["verdict"].as_str().unwrap_or_default().to_owned()).collect();
        verdicts.dedup();
        Ok(verdicts)
    };
    let comparison = json_of(&runs, &["old", "new"])?;
    ensure!(verdict_on(&comparison, "node")? == ["not_judged"] && verdict_on(&comparison, "wasmtime")? == ["slower"]);
    let note = "the host node differs, and its times are not judged: 1 of node → 2 of node";
    ensure!(
        comparison["notes"].as_array().is_some_and(|notes| notes.iter().any(|found| found == note)),
        "{comparison}"
    );
    ensure!(verdict_on(&json_of(&runs, &["old", "new", "--across-machines"])?, "node")? == ["slower"]);
    Ok(())
}
