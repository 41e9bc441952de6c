//! What a report says of rounds: which cells they tell apart, what rows are made of, how far they moved.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use weft::record::figures::paired;
use weft::record::{CellRecord, Record};
use weft::statistics::holm::holm;

use crate::support::fixture;
use crate::support::fixture::{record, run};
use crate::support::opened::{column, columns, rows, without_data};
use crate::support::other_hosts;
use crate::support::report_page::{opened, render};

/// What a page has in a column of its table of cells, by cell.
fn of_cells(dom: &str, key: &str) -> BTreeMap<String, String> {
    let at = columns(dom, "cells");
    let name = |row: &Vec<String>| ["message", "task", "codec", "transport"].map(|key| row[at[key]].clone()).join("/");
    rows(dom, "cells").iter().map(|row| (name(row), row[at[key]].clone())).collect()
}

/// The run, in which the cells of `log@1` are about as fast as each other, every other one has lost a round, and one in three
/// has placements in another order.
fn close_run() -> Value {
    let mut json = run();
    let cells = json["cells"].as_array_mut().expect("cells").iter_mut();
    for (place, cell) in cells.filter(|cell| cell["message"] == "log@1").enumerate() {
        let mut readings = fixture::readings(&format!("close {place}"), 500.0 + (place % 3) as f64);
        if place % 2 == 0 {
            readings.remove(place % readings.len());
        }
        for reading in readings.iter_mut().filter(|_| place % 3 == 0) {
            let ns = reading.ns;
            reading.placements_ns.iter_mut().enumerate().for_each(|(number, placement)| {
                *placement = ns * (1.0 + 0.005 * ((number + reading.round + place) % 5) as f64);
            });
        }
        cell["readings"] = json!(readings);
    }
    fixture::settle(&mut json);
    json
}

/// The adjusted p-values of the cells that are compared with the best of their class and league, over all of a message and task,
/// as the library has them.
fn expected(record: &Record) -> BTreeMap<String, f64> {
    let mut tables: BTreeMap<_, BTreeMap<_, Vec<&CellRecord>>> = BTreeMap::new();
    for cell in record.measured().filter(|cell| !record.is_floor(&cell.cell.codec)) {
        let league = record.encodes(&cell.cell.codec);
        let table = tables.entry((cell.message(), cell.task())).or_default();
        table.entry((cell.isolation, league)).or_default().push(cell);
    }
    let mut found = BTreeMap::new();
    let time = |cell: &&CellRecord| cell.latency_ns.expect("a time").value;
    for table in tables.into_values() {
        let mut p_values = Vec::new();
        for mut cells in table.into_values() {
            cells.sort_by(|a, b| time(a).total_cmp(&time(b)));
            let (best, others) = cells.split_first().expect("a cell");
            let p = |cell: &&CellRecord| paired(&cell.readings, &best.readings).expect("rounds").p_value();
            p_values.extend(others.iter().map(|cell| (cell.name(), p(cell))));
        }
        let adjusted = holm(&p_values.iter().map(|(_, p)| *p).collect::<Vec<_>>());
        found.extend(p_values.into_iter().map(|(name, _)| name).zip(adjusted));
    }
    found
}

/// The page's own arithmetic is that of the library.
#[test]
fn the_page_s_p_values_are_those_of_the_library() {
    let json = close_run();
    let Some(page) = opened(&json) else { return };
    let shown = of_cells(&page.at("all=cells"), "p");
    let expected = expected(&record(&json));
    assert_eq!(shown.values().filter(|p| !p.is_empty()).count(), expected.len());
    for (name, p) in &expected {
        let found: f64 = shown[name].parse().unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!((found - p).abs() < 1e-9 + 1e-3 * p, "{name}: the page has {found}, the library {p}");
    }
    let within = |range: std::ops::Range<f64>| expected.values().filter(|p| range.contains(p)).count();
    assert!(within(1e-6..0.05) > 4 && within(0.05..0.9) > 4, "they tell little: {expected:?}");
}

/// Of a run that kept no readings, and of one with a single round, nothing is told apart.
#[test]
fn without_rounds_nothing_is_marked_and_that_is_said_once() {
    let with = |rounds: usize| {
        let mut json = other_hosts::run();
        for cell in json["cells"].as_array_mut().expect("cells") {
            cell["readings"].as_array_mut().expect("readings").truncate(rounds);
        }
        json
    };
    const SAID: &str = "its cells are not told apart";
    for json in [with(0), with(1)] {
        let markdown = render(&json, "report.md");
        let section = |name: &str| markdown.split(name).nth(1).and_then(|rest| rest.split("\n## ").next()).expect(name);
        assert_eq!(markdown.matches(SAID).count(), 1);
        assert!(!section("\n## Every message and task\n").contains("**") && !section("\n## Hosts\n").contains(" × ≈"));
        assert!(!render(&json, "heatmap.svg").contains("class=\"value best\""));
        let Some(page) = opened(&json) else { return };
        let dom = page.at("all=cells&open=crossings,host-cells");
        assert_eq!(without_data(&dom).matches(SAID).count(), 1);
        assert!(of_cells(&dom, "rank").values().all(String::is_empty), "something has a rank");
        let shown = without_data(&dom);
        assert!(!shown.contains("wins above"), "a crossover is marked");
        assert!(!shown.contains('★'), "a best cell is marked, or the mark explained");
        assert!(column(&dom, "host-cells", "low").iter().all(String::is_empty));
    }
}

#[test]
fn a_row_of_one_round_has_no_interval() {
    let mut json = run();
    let cells = json["cells"].as_array_mut().expect("cells");
    cells.iter_mut().for_each(|cell| cell["readings"].as_array_mut().expect("readings").truncate(1));
    fixture::settle(&mut json);
    let cells = render(&json, "cells.csv");
    let mut lines = cells.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let head = lines.next().expect("a head");
    let at = |name: &str| head.iter().position(|column| *column == name).expect(name);
    let row = lines.next().expect("a row");
    assert_eq!([row[at("latency_ns_low")], row[at("latency_ns_high")], row[at("rounds")]], ["", "", "1"]);
    assert!(!row[at("latency_ns")].is_empty());
    let bmf = weft::report::format("bmf").expect("a format");
    let bmf: Value = serde_json::from_str(&(bmf.render)(&record(&json), "run").expect("JSON")).expect("JSON");
    let latency = &bmf["log@1/own/bytes/direct"]["latency"];
    assert!(latency["value"].is_number() && latency.get("lower_value").is_none(), "{latency}");
    let Some(page) = opened(&json) else { return };
    let dom = page.at("all=cells");
    assert!(of_cells(&dom, "low").values().all(String::is_empty) && dom.contains("1 round"));
}

#[test]
fn rows_say_what_they_are_made_of() {
    let mut json = run();
    json["complete"] = json!(false);
    json["environment"]["load_at_start"] = json!(3.25);
    let name = "log@1/own/bytes/direct";
    let is = |cell: &Value| {
        ["message", "task", "codec", "transport"].map(|key| cell[key].as_str()).map(Option::unwrap).join("/") == name
    };
    let cell = json["cells"].as_array_mut().expect("cells").iter_mut().find(|cell| is(cell)).expect("the cell");
    let readings = cell["readings"].as_array_mut().expect("readings");
    readings.truncate(9);
    readings[0]["calm"] = json!(false);
    let calm = readings.iter().filter(|reading| reading["calm"] == true).count().to_string();
    fixture::settle(&mut json);
    let notes = [
        "This run was interrupted: each row has 9 to 14 rounds of the 14 that were planned.",
        "The machine was busy when this run began (load 3.25)",
    ];
    let markdown = render(&json, "report.md");
    for text in notes.into_iter().chain(["9 to 14 rounds of 6 placements", " [9]", "[n]: of n rounds only"]) {
        assert!(markdown.contains(text), "report.md does not say `{text}`");
    }
    assert!(!render(&run(), "report.md").contains("[n]"));
    let Some(page) = opened(&json) else { return };
    let dom = page.at("all=cells&message=log@1&task=own");
    for text in notes {
        assert!(without_data(&dom).contains(text), "the page does not say `{text}`");
    }
    let made = ["rounds", "placements", "calm"].map(|key| of_cells(&dom, key)[name].clone());
    assert_eq!(made, ["9".to_owned(), "54".to_owned(), calm.clone()]);
    assert!(dom.contains(&format!("; 9 rounds, 54 placements, {calm} of the readings calm")), "no tooltip says so");
}

/// How far rounds moved, and the calibrations, are those of the record; without them nothing is drawn.
#[test]
fn rounds_and_calibrations_are_those_of_the_record() {
    let json = run();
    let Some(page) = opened(&json) else { return };
    let dom = page.at("open=moved");
    let effects = &record(&json).hosts["wasmtime"].round_effects;
    let shown: Vec<f64> =
        column(&dom, "moved", "effect").iter().map(|effect| effect.parse().expect("a number")).collect();
    assert_eq!(shown.len(), fixture::ROUNDS);
    assert!(shown.iter().zip(effects).all(|(shown, effect)| (shown / effect - 1.0).abs() < 1e-5));
    let times = column(&dom, "calibrations", "name").into_iter().zip(column(&dom, "calibrations", "ns"));
    let times: BTreeMap<String, f64> = times.map(|(name, ns)| (name, ns.parse().expect("a number"))).collect();
    let expected = record(&json).calibrations.into_iter().map(|(name, timed)| (name, timed.latency.value));
    assert_eq!(times, expected.collect());
    let markdown = render(&json, "report.md");
    assert!(markdown.contains("| `json_log` | `log@1` to JSON and back |") && markdown.contains("- wasmtime: −"));
    let mut few = json;
    few["hosts"]["wasmtime"]["round_effects"] = json!([]);
    few["calibrations"] = json!({});
    assert!(!render(&few, "report.md").contains("Rounds and calibrations"));
    let dom = opened(&few).expect("Chromium is there").at("");
    assert!(dom.contains("too few cells to tell") && dom.contains("has no calibrations"));
}
