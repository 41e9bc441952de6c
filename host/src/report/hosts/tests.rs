//! The arithmetic of other hosts, on records made by hand.

use serde_json::json;
use weft_link::transport::Isolation;
use weft_schemas::Random;

use super::{Kind, Pair, Ratio, Spread, costs, hosts, swaps, ways};
use crate::cell::{Cell, Matrix};
use crate::measure::RoundReading;
use crate::protocol::Engine;
use crate::record::{CellRecord, Environment, HostRecord, Latency, Record, Status};
use crate::report::markdown;

/// A record with these cells, each with its time and how far its seven rounds scatter.
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
        ("extism", "Extism"),
    ] {
        let engine = Engine { name: engine.to_owned(), version: "1 | 2".to_owned(), ..Engine::default() };
        record.hosts.insert(host.to_owned(), HostRecord { engine, ..HostRecord::default() });
    }
    record.cells = cells.iter().map(|&(name, time, scatter)| cell(name, time, scatter)).collect();
    record
}

fn cell(name: &str, time: f64, scatter: f64) -> CellRecord {
    let cell: Cell = name.parse().expect(name);
    let seed = name.bytes().fold(0, |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
    let mut random = Random::new(seed, 0);
    let mut reading = |round| RoundReading::bare(round, time + scatter * (random.below(2001) as f64 / 1e3 - 1.0));
    CellRecord {
        latency_ns: Some(Latency { value: time, low: time - scatter, high: time + scatter }),
        readings: (0..7).map(&mut reading).collect(),
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
fn a_ratio_is_that_of_each_round() {
    let with = |cell: &CellRecord, all: &[f64]| {
        let reading = |(round, ns): (usize, &f64)| RoundReading::bare(round, *ns);
        CellRecord { readings: all.iter().enumerate().map(reading).collect(), ..cell.clone() }
    };
    let (a, b) = (cell("log@1/own/bytes/linked", 103.0, 20.0), cell("log@1/own/bytes/linked@node", 100.0, 20.0));
    // Both scatter by 20 %, together: 2 % are told apart. The same times in another order are not.
    let (slow, fast) = ([102.0, 122.5, 81.6, 112.2, 91.7], [100.0, 120.0, 80.0, 110.0, 90.0]);
    let ratio = Ratio::of(&with(&a, &slow), &with(&b, &fast)).expect("a ratio");
    assert!((ratio.value - 1.02).abs() < 1e-3 && !ratio.is_tie(), "{ratio:?}");
    assert!(ratio.interval.is_some_and(|(low, high)| low > 1.01 && low < ratio.value && ratio.value < high));
    let turned = Ratio::of(&with(&a, &slow), &with(&b, &[120.0, 80.0, 110.0, 90.0, 100.0])).expect("a ratio");
    assert!(turned.is_tie(), "{turned:?}");
    // Without rounds it is that of the times, and nobody knows whether they tie.
    let alone = Ratio::of(&with(&a, &[]), &b).expect("a ratio");
    assert!(close(alone.value, 1.03) && alone.interval.is_none() && !alone.is_tie());
    assert_eq!(Ratio::of(&CellRecord { latency_ns: None, ..a.clone() }, &b), None);
    // Two rounds know little, and their interval ends somewhere.
    let two = Ratio::of(&with(&a, &[1.0, 1e9]), &with(&b, &[1e9, 1.0])).expect("a ratio");
    assert!(two.is_tie() && two.interval.is_some_and(|(low, high)| low > 0.0 && high.is_finite()), "{two:?}");
}

#[test]
fn a_setting_costs_the_geometric_mean() {
    let record = record(&[
        ("log@1/own/bytes/relay", 100.0, 0.0),
        ("log@1/own/bytes/linked", 100.0, 0.0),
        ("log@1/own/json/linked", 100.0, 0.0),
        ("log@1/own/bytes/relay@winch", 200.0, 0.0),
        ("log@1/own/bytes/linked@winch", 400.0, 0.0),
        ("log@1/own/json/linked@winch", 800.0, 0.0),
        ("log@1/own/json/direct@winch", 1.0, 0.0),
    ]);
    let hosts = hosts(&record);
    let mut pairs = hosts[0].pairs.clone();
    let spread = Spread::of(&pairs.iter().collect::<Vec<_>>()).expect("a spread");
    assert!(close(spread.mean, 4.0), "{spread:?}");
    let ends =
        [spread.smallest, spread.largest].map(|(cell, ratio)| (cell.cell.transport.as_str(), ratio.value.round()));
    assert_eq!((ends, spread.cells), ([("relay", 2.0), ("linked", 8.0)], 3));
    assert!(spread.interval.is_some_and(|(low, high)| close(low, 4.0) && close(high, 4.0)) && !spread.is_tie());
    // Where a cell's rounds were not kept, the mean is that of the times, and nobody knows its interval.
    let forgotten = CellRecord { readings: Vec::new(), ..pairs[0].other.clone() };
    pairs[0] = Pair { other: &forgotten, ..pairs[0] };
    let spread = Spread::of(&pairs.iter().collect::<Vec<_>>()).expect("a spread");
    assert!(close(spread.mean, 4.0) && spread.interval.is_none(), "{spread:?}");
    assert!(Spread::of(&[]).is_none());
}

#[test]
fn codecs_change_places_only_where_both_hosts_tell_them_apart() {
    let record = record(&[
        ("log@1/own/bytes/relay", 100.0, 2.0),
        ("log@1/own/json/relay", 110.0, 2.0),
        ("log@1/own/capnp/relay", 200.0, 2.0),
        ("log@1/own/inplace/relay", 50.0, 2.0),
        ("log@1/own/bytes/linked", 100.0, 2.0),
        ("log@1/own/json/linked", 102.0, 9.0),
        // Surely the other way round over relay; over linked weft's own host is not sure.
        ("log@1/own/bytes/relay@winch", 300.0, 2.0),
        ("log@1/own/json/relay@winch", 250.0, 2.0),
        // Overtakes with its time only.
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
        ("log@1/own/bytes/linked@native+glibc", 100.0, 0.3),
        ("log@1/own/json/linked@native+glibc", 100.0, 3.0),
    ]);
    if let Some(last) = record.cells.last_mut() {
        (last.status, last.latency_ns) = (Status::Failed, None);
    }
    let hosts = hosts(&record);
    let costs = costs(&record, &hosts.iter().collect::<Vec<_>>());
    let cost = |codec: usize, host: usize| costs[codec].natives[host].cost.map(|cost| (cost.value, cost.is_tie()));
    assert_eq!(costs.iter().map(|cost| cost.codec).collect::<Vec<_>>(), ["bytes", "json"]);
    let is = |found: Option<(f64, bool)>, ratio: f64, tie| {
        found.is_some_and(|found| (found.0 / ratio - 1.0).abs() < 0.02 && found.1 == tie)
    };
    assert!(is(cost(0, 0), 1.0, true) && is(cost(0, 1), 1.5, false), "{:?}, {:?}", cost(0, 0), cost(0, 1));
    assert!(is(cost(1, 0), 1.5, false) && cost(1, 1).is_none(), "{:?}", cost(1, 0));
    let text = markdown::render(&record).expect("a report");
    assert!(text.contains("| log@1 own | bytes | 150 ns | 149 ns | 1.01 × ≈ | 100 ns | 1.50 × |"), "{text}");
    assert!(text.contains("| log@1 own | json | 300 ns | 200 ns | 1.50 × | failed |  |"), "{text}");
}

#[test]
fn a_report_names_other_hosts_only_where_there_are_some() {
    let mut record = record(&[
        ("log@1/own/bytes/relay", 100.0, 0.1),
        ("log@1/own/bytes/relay@node", 150.0, 0.1),
        ("log@1/own/bytes/relay@wasmtime+fuel", 101.0, 5.0),
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
        "| wasmtime+fuel | log@1 own | 0.99 × (0.96 to 1.03) ≈ | 0.99 × ≈, bytes over relay | 0.99 × ≈, bytes over relay | 1 | the same |",
        "- unsupported: log@1/own/bytes/window@node: no pages",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    record.cells.retain(|cell| cell.cell.is_own());
    let alone = markdown::render(&record).expect("a report");
    // What the run counts is of all hosts.
    let foreign =
        |section: &&str| ["The run\n", "Hosts\n", "Not measured\n"].iter().any(|heading| section.starts_with(heading));
    let alone = alone.split("\n## ").filter(|section| !foreign(section)).collect::<Vec<_>>().join("\n## ");
    let others: Vec<&str> = text.split("\n## ").filter(|section| !foreign(section)).collect();
    assert_eq!(others.join("\n## "), alone);
}

/// A record in which weft's own host and a plugin system, whose only way is none of weft's, have isolated their guests.
fn with_a_plugin_system() -> Record {
    let mut record = record(&[
        ("log@1/own/bytes/relay", 330.0, 0.0),
        ("log@1/own/bytes/adapter", 308.0, 0.0),
        ("log@1/own/bytes/window", 302.0, 0.0),
        ("log@1/own/bytes/linked", 300.0, 0.0),
        ("log@1/peek/bytes/adapter", 1.0, 0.0),
        ("log@1/own/json/linked", 900.0, 0.0),
        ("log@1/own/bytes/kernel@extism", 1900.0, 0.0),
        ("log@1/own/json/kernel@extism", 2900.0, 0.0),
        ("log@1/own/capnp/kernel@extism", 1.0, 0.0),
    ]);
    for cell in &mut record.cells {
        cell.isolation = match cell.cell.transport.as_str() {
            "linked" => Isolation::None,
            "window" => Isolation::Window,
            _ => Isolation::Full,
        };
    }
    if let Some(last) = record.cells.last_mut() {
        (last.status, last.latency_ns, last.reason) = (Status::Unsupported, None, Some("no plugin".to_owned()));
    }
    record
}

#[test]
fn a_way_costs_its_time_less_that_without_isolation() {
    let record = with_a_plugin_system();
    let hosts = hosts(&record);
    assert_eq!((hosts[0].name, hosts[0].kind, hosts[0].pairs.len()), ("extism", Kind::Engine, 0));
    let ways = ways(&record, &hosts[0]);
    let [bytes, json] = ways.as_slice() else { panic!("two were measured: {ways:?}") };
    assert_eq!(bytes.best.map(|best| best.name()).as_deref(), Some("log@1/own/bytes/adapter"));
    assert_eq!((bytes.cost(), bytes.best_cost(), bytes.times_at_least()), (Some(1600.0), Some(8.0), Some(200.0)));
    // Its own host has no isolated cell of it.
    assert_eq!((json.cost(), json.best_cost(), json.times_at_least()), (Some(2000.0), None, None));
    assert!(bytes.best_is_told());
    let mut wide = record.clone();
    wide.cells[1].latency_ns = Some(Latency { value: 308.0, low: 299.0, high: 320.0 });
    let wide_hosts = super::hosts(&wide);
    let untold = super::ways(&wide, &wide_hosts[0])[0];
    assert_eq!(untold.times_at_least(), Some(80.0));
    let mut faster = record.clone();
    faster.cells[1].latency_ns = Some(Latency { value: 299.0, low: 299.0, high: 299.0 });
    let hosts = super::hosts(&faster);
    assert_eq!(super::ways(&faster, &hosts[0])[0].times_at_least(), None);
    // The same times, in other rounds: what the two differ by is nothing that rounds tell.
    let mut read = record.clone();
    let rounds = |all: [f64; 4]| (0..).zip(all).map(|(round, ns)| RoundReading::bare(round, ns)).collect();
    read.cells[1].readings = rounds([306.0, 275.0, 367.0, 337.0]);
    read.cells[3].readings = rounds([300.0, 360.0, 270.0, 330.0]);
    let hosts = super::hosts(&read);
    assert!(!super::ways(&read, &hosts[0])[0].best_is_told());
}

#[test]
fn a_host_whose_only_way_is_its_own_is_reported() {
    let record = with_a_plugin_system();
    let text = markdown::render(&record).expect("a report");
    for line in [
        "| extism | Extism | 1 \\| 2 |  |",
        "### extism: log@1 own, over a way of its own",
        "| bytes | kernel | 1.90 µs | 300 ns | adapter | 308 ns | 1.60 µs | 8.00 ns | 200 × |",
        "| json | kernel | 2.90 µs | 900 ns |  |  | 2.00 µs |  |  |",
        "- unsupported: log@1/own/capnp/kernel@extism: no plugin",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    // There is no ratio to weft's own host.
    assert!(!text.contains("### extism: log@1 own\n"), "{text}");
}
