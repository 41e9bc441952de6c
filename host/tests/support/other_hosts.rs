//! The fixture's run with cells on other hosts.

use serde_json::{Value, json};
use weft::cell::SMALL_MATRIX;

use crate::support::fixture;

/// The other hosts: name, engine, how many times as long as weft's own they take, and over what.
pub const OTHERS: [(&str, &str, f64, &[&str]); 4] = [
    ("native", "native code", 0.5, &["linked"]),
    ("node", "V8", 2.0, &["relay", "direct", "linked"]),
    ("wasmtime+fuel", "wasmtime", 1.25, &["relay", "direct", "adapter", "window", "pane", "linked"]),
    ("wasmtime+epochs", "wasmtime", 1.0, &["relay", "linked"]),
];

/// Adds the cells. The first on `wasmtime+fuel` failed; over `window`, `node` has none.
pub fn with_hosts(mut run: Value) -> Value {
    let small = |cell: &&Value| cell["task"] == "own" && SMALL_MATRIX.iter().any(|name| cell["message"] == **name);
    let own: Vec<Value> = run["cells"].as_array().expect("cells").iter().filter(small).cloned().collect();
    let effects = run["hosts"]["wasmtime"]["round_effects"].clone();
    let mut cells = Vec::new();
    for (host, name, factor, transports) in OTHERS {
        let engine = json!({ "name": name, "version": format!("1 of {host}"), "settings": "as it comes" });
        run["hosts"][host] = json!({ "engine": engine, "yardstick_ns": null, "round_effects": effects });
        let before = cells.len();
        for cell in &own {
            if transports.iter().any(|transport| cell["transport"] == **transport) {
                cells.push(timed(cell, host, factor));
            } else if host == "node" && cell["transport"] == "window" {
                cells.push(without_figures(cell, host, "unsupported", "V8 maps no pages"));
            }
        }
        if host == "wasmtime+fuel" {
            cells[before] = without_figures(&own[0], host, "failed", "out of fuel\nits backtrace");
        }
    }
    run["cells"].as_array_mut().expect("cells").extend(cells);
    run
}

/// The run of the fixture with other hosts.
pub fn run() -> Value {
    with_hosts(fixture::run())
}

/// The fixture's run with a plugin system, whose only way is none of weft's: it takes so many times as long as `linked`.
pub fn with_a_plugin_system(mut run: Value, factor: f64) -> Value {
    let engine = json!({ "name": "Extism", "version": "1", "settings": "its defaults" });
    let effects = run["hosts"]["wasmtime"]["round_effects"].clone();
    run["hosts"]["extism"] = json!({ "engine": engine, "yardstick_ns": null, "round_effects": effects });
    let small = |cell: &&Value| {
        let own = cell["task"] == "own" && cell["host"] == "wasmtime" && cell["transport"] == "linked";
        own && SMALL_MATRIX.iter().any(|name| cell["message"] == **name)
    };
    let own: Vec<Value> = run["cells"].as_array().expect("cells").iter().filter(small).cloned().collect();
    let over = |cell: &Value| {
        let mut there = timed(cell, "extism", factor);
        (there["transport"], there["isolation"]) = (json!("kernel"), json!("full"));
        there
    };
    run["cells"].as_array_mut().expect("cells").extend(own.iter().map(over));
    run
}

/// A cell as another host measures it: everything takes so many times as long, so that a ratio is the factor exactly.
fn timed(cell: &Value, host: &str, factor: f64) -> Value {
    let mut other = without_figures(cell, host, "ok", "");
    other["reason"] = Value::Null;
    for key in ["latency_ns", "readings"] {
        other[key] = cell[key].clone();
    }
    for key in ["value", "low", "high"] {
        scale(&mut other["latency_ns"][key], factor);
    }
    for reading in other["readings"].as_array_mut().expect("readings") {
        scale(&mut reading["ns"], factor);
        reading["placements_ns"].as_array_mut().expect("placements").iter_mut().for_each(|ns| scale(ns, factor));
    }
    other
}

fn scale(time: &mut Value, factor: f64) {
    *time = json!(time.as_f64().expect("a time") * factor);
}

/// A cell of another host that has no figures.
fn without_figures(cell: &Value, host: &str, status: &str, reason: &str) -> Value {
    let mut other = cell.clone();
    for (key, value) in [("host", host), ("status", status), ("reason", reason)] {
        other[key] = json!(value);
    }
    for key in ["latency_ns", "throughput_mb_s", "exact", "attribution_ns", "tail_ns"] {
        other[key] = Value::Null;
    }
    other["readings"] = json!([]);
    other
}
