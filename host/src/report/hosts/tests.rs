//! The arithmetic of other hosts, on records made by hand.

use serde_json::json;
use weft_link::transport::Isolation;

use super::{Kind, Pair, Ratio, Spread, costs, hosts, swaps};
use crate::cell::{Cell, Matrix};
use crate::measure::RoundReading;
use crate::protocol::Engine;
use crate::record::{CellRecord, Environment, HostRecord, Latency, Record, Status};
use crate::report::markdown;

/// A record with these cells, each with its time and half its interval, and with seven equal rounds.
fn record(cells: &[(&str, f64, f64)]) -> Record {
    let resident = json!({
        "abi": 1, "about": "", "role": "codec", "library": "", "schema": false, "encodes": false, "in_place": true,
        "validates": "lazily", "scan_checks_utf8": false,
    });
    let wasm = json!({ "bytes": 1, "sha256": "" });
    let environment: Environment = serde_json::from_value(json!({
        "command_line": "", "started": "", "git_revision": "", "rustc": "", "wasmtime": "", "engine": "", "features": [],
        "limits": { "memory_bytes": 1, "table_elements": 1, "instances": 1, "stack_bytes": 1 }, "rounds": 7, "seed": 1,
        "cores": 1, "kernel": "", "architecture": "", "load_at_start": null, "discarded_s": 0.0,
        "disturbed_readings": 0, "setup_codec": null,
        "codecs": { "inplace": { "library_version": null, "traits": resident, "producer": wasm, "consumer": wasm } },
    }))
    .expect("an environment");
    let mut record = Record::new("made".to_owned(), Matrix::Quick, None, environment);
    for (host, engine) in [
        ("wasmtime", "wasmtime"),
        ("wasmtime+fuel", "wasmtime"),
        ("winch", "wasmtime"),
        ("native", "native code"),
        ("native+glibc", "native code"),
        ("node", "V8"),
    ] {
        let engine = Engine { name: engine.to_owned(), version: "1 | 2".to_owned(), ..Engine::default() };
        record.hosts.insert(host.to_owned(), HostRecord { engine, ..HostRecord::default() });
    }
    record.cells = cells.iter().map(|&(name, median, half)| cell(name, median, half)).collect();
    record
}

fn cell(name: &str, median: f64, half: f64) -> CellRecord {
    let cell: Cell = name.parse().expect(name);
    CellRecord {
        latency_ns: Some(Latency { value: median, low: median - half, high: median + half }),
        readings: (0..7).map(|round| RoundReading::bare(round, median)).collect(),
        reason: None,
        ..CellRecord::without_figures(cell, Isolation::None, Status::Ok, String::new())
    }
}

/// Whether two numbers are the same but for rounding.
fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

#[test]
fn hosts_are_told_apart_by_their_engines() {
    let record = record(&[
        ("log@1/own/bytes/linked@node", 1.0, 0.0),
        ("log@1/own/bytes/linked@winch", 1.0, 0.0),
        ("log@1/own/bytes/linked", 1.0, 0.0),
        ("log@1/own/bytes/linked@native", 1.0, 0.0),
        ("log@1/own/bytes/linked@unheard-of", 1.0, 0.0),
    ]);
    let found: Vec<_> = hosts(&record).iter().map(|host| (host.name, host.kind, host.pairs.len())).collect();
    let (native, engine, setting) = (Kind::Native, Kind::Engine, Kind::Setting);
    assert_eq!(found, [("native", native, 1), ("node", engine, 1), ("unheard-of", engine, 1), ("winch", setting, 1)]);
}

#[test]
fn a_ratio_is_a_tie_where_the_intervals_overlap() {
    let time = |median: f64, half: f64| Latency { value: median, low: median - half, high: median + half };
    let tie = |a: Latency, b: Latency| Ratio::of(&a, &b).expect("a ratio").is_tie();
    for (a, b) in [(time(100.0, 5.0), time(110.0, 5.0)), (time(100.0, 4.0), time(110.0, 5.0))] {
        assert_eq!(tie(a, b), a.overlaps(&b));
        assert_eq!(tie(b, a), b.overlaps(&a));
    }
    let ratio = Ratio::of(&time(100.0, 10.0), &time(50.0, 10.0)).expect("a ratio");
    assert!(close(ratio.value, 2.0) && close(ratio.low, 1.5) && close(ratio.high, 2.75), "{ratio:?}");
    assert_eq!(Ratio::of(&time(1.0, 0.0), &time(0.0, 0.0)), None);
}

#[test]
fn a_setting_costs_the_geometric_mean() {
    let record = record(&[
        ("log@1/own/bytes/relay", 100.0, 1.0),
        ("log@1/own/bytes/linked", 100.0, 1.0),
        ("log@1/own/json/linked", 100.0, 1.0),
        ("log@1/own/bytes/relay@winch", 200.0, 1.0),
        ("log@1/own/bytes/linked@winch", 400.0, 1.0),
        ("log@1/own/json/linked@winch", 800.0, 1.0),
        ("log@1/own/json/direct@winch", 1.0, 0.0),
    ]);
    let hosts = hosts(&record);
    let mut pairs = hosts[0].pairs.clone();
    let spread = Spread::of(&pairs.iter().collect::<Vec<_>>()).expect("a spread");
    assert!(close(spread.mean, 4.0), "{spread:?}");
    let ends = [spread.smallest, spread.largest].map(|(cell, ratio)| (cell.cell.transport.as_str(), ratio.value));
    assert_eq!((ends, spread.cells), ([("relay", 2.0), ("linked", 8.0)], 3));
    assert!(spread.interval.is_some_and(|(low, high)| close(low, 4.0) && close(high, 4.0)) && !spread.is_tie());
    // Where a cell's rounds were not kept, the mean is that of the medians, and nobody knows its interval.
    let forgotten = CellRecord { readings: Vec::new(), ..pairs[0].other.clone() };
    pairs[0] = Pair { other: &forgotten, ..pairs[0] };
    let spread = Spread::of(&pairs.iter().collect::<Vec<_>>()).expect("a spread");
    assert!(close(spread.mean, 4.0) && spread.interval.is_none(), "{spread:?}");
    assert!(Spread::of(&[]).is_none());
}

#[test]
fn codecs_change_places_only_where_intervals_are_sure() {
    let record = record(&[
        ("log@1/own/bytes/relay", 100.0, 2.0),
        ("log@1/own/json/relay", 110.0, 2.0),
        ("log@1/own/capnp/relay", 200.0, 2.0),
        ("log@1/own/inplace/relay", 50.0, 2.0),
        ("log@1/own/bytes/linked", 100.0, 2.0),
        ("log@1/own/json/linked", 110.0, 9.0),
        // Surely the other way round over relay; over linked weft's own host is not sure.
        ("log@1/own/bytes/relay@winch", 300.0, 2.0),
        ("log@1/own/json/relay@winch", 250.0, 2.0),
        // Overtakes with its median only.
        ("log@1/own/capnp/relay@winch", 299.0, 2.0),
        // Falls behind all, but is of another league.
        ("log@1/own/inplace/relay@winch", 900.0, 2.0),
        ("log@1/own/bytes/linked@winch", 300.0, 2.0),
        ("log@1/own/json/linked@winch", 250.0, 2.0),
    ]);
    let hosts = hosts(&record);
    let found = swaps(&record, &hosts[0].pairs.iter().collect::<Vec<_>>());
    let found: Vec<_> = found.iter().map(|swap| (swap.faster, swap.slower, swap.transports.clone())).collect();
    assert_eq!(found, [("json", "bytes", vec!["relay"])]);
}

#[test]
fn wasm_costs_its_time_by_that_of_native_code() {
    let mut record = record(&[
        ("log@1/own/json/linked", 300.0, 3.0),
        ("log@1/own/bytes/linked", 150.0, 3.0),
        ("log@1/own/json/linked@native", 200.0, 3.0),
        ("log@1/own/bytes/linked@native", 149.0, 3.0),
        ("log@1/own/bytes/linked@native+glibc", 100.0, 3.0),
        ("log@1/own/json/linked@native+glibc", 100.0, 3.0),
    ]);
    if let Some(last) = record.cells.last_mut() {
        (last.status, last.latency_ns) = (Status::Failed, None);
    }
    let hosts = hosts(&record);
    let costs = costs(&record, &hosts.iter().collect::<Vec<_>>());
    let cost = |codec: usize, host: usize| costs[codec].natives[host].cost.map(|cost| (cost.value, cost.is_tie()));
    assert_eq!(costs.iter().map(|cost| cost.codec).collect::<Vec<_>>(), ["bytes", "json"]);
    assert_eq!((cost(0, 0), cost(0, 1)), (Some((150.0 / 149.0, true)), Some((1.5, false))));
    assert_eq!((cost(1, 0), cost(1, 1)), (Some((1.5, false)), None));
    let text = markdown::render(&record).expect("a report");
    assert!(text.contains("| log@1 own | bytes | 150 ns | 149 ns | 1.01 × ≈ | 100 ns | 1.50 × |"), "{text}");
    assert!(text.contains("| log@1 own | json | 300 ns | 200 ns | 1.50 × | failed |  |"), "{text}");
}

#[test]
fn a_report_names_other_hosts_only_where_there_are_some() {
    let mut record = record(&[
        ("log@1/own/bytes/relay", 100.0, 1.0),
        ("log@1/own/bytes/relay@node", 150.0, 1.0),
        ("log@1/own/bytes/relay@wasmtime+fuel", 101.0, 1.0),
        ("log@1/own/bytes/window@node", 1.0, 0.0),
    ]);
    if let Some(last) = record.cells.last_mut() {
        (last.status, last.latency_ns, last.reason) = (Status::Unsupported, None, Some("no pages".to_owned()));
    }
    let text = markdown::render(&record).expect("a report");
    for line in [
        "| node | V8 | 1 \\| 2 |  |",
        "### node: log@1 own\n\nThe time, and the ratio to weft's own host.\n\n| codec | relay |\n",
        "| bytes | 150 ns (1.50 ×) |",
        "| wasmtime+fuel | log@1 own | 1.01 × (1.01 to 1.01) | 1.01 × ≈, bytes over relay | 1.01 × ≈, bytes over relay | 1 | the same |",
        "- unsupported: log@1/own/bytes/window@node: no pages",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    record.cells.retain(|cell| cell.cell.is_own());
    let alone = markdown::render(&record).expect("a report");
    let foreign = |section: &&str| ["Hosts\n", "Not measured\n"].iter().any(|heading| section.starts_with(heading));
    let others: Vec<&str> = text.split("\n## ").filter(|section| !foreign(section)).collect();
    assert_eq!(others.join("\n## "), alone);
}
