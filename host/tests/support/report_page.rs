//! A run's page, and runs to make pages of.

use serde_json::{Value, json};
use weft::report::FORMATS;

use crate::support::fixture::{record, run};
use crate::support::opened::Page;

/// A record's file of this name.
pub fn render(json: &Value, file: &str) -> String {
    let format = FORMATS.iter().find(|format| format.file == Some(file)).expect("a format");
    (format.render)(&record(json), "the-run").unwrap_or_else(|error| panic!("{error}"))
}

/// A record's page. None where there is no Chromium and there need not be.
pub fn opened(json: &Value) -> Option<Page> {
    Page::of(&render(json, "report.html"))
}

/// The run with everything in it that a run may have.
pub fn complete() -> Value {
    let mut json = run();
    json["clock"] = json!({ "cost_ns": 21.5, "resolution_ns": 1.0 });
    let guest = json!({
        "instructions": 900.0, "calls": 9.0, "allocations": 1.0, "allocated_bytes": 64.0, "memory_grown": 0.0,
        "bytes_read": { "shadow_stack": 8.0, "static_data": 0.0, "heap": 300.0, "outbox": 0.0, "inbox": 300.0 },
        "bytes_written": { "shadow_stack": 8.0, "static_data": 0.0, "heap": 0.0, "outbox": 300.0, "inbox": 0.0 },
    });
    for (place, cell) in json["cells"].as_array_mut().expect("cells").iter_mut().enumerate() {
        let time = cell["latency_ns"]["value"].as_f64().expect("a latency");
        cell["exact"] = json!({
            "producer": guest, "consumer": guest, "transport_copied_bytes": 326.0, "wire_overhead": 1.1,
            "payload_found_in": { "outbox": 1 }, "copies": 1, "copies_unknown": null,
        });
        // Parts of which the residual is negative in every third cell.
        let read = if place % 3 == 0 { 0.8 } else { 0.3 };
        cell["attribution_ns"] = json!({
            "encode": around(0.3 * time), "transport": around(0.2 * time), "read": around(read * time),
            "residual": around((0.5 - read) * time),
        });
        if place % 4 == 0 {
            cell["tail_reason"] = json!("too short to be timed alone");
        } else {
            cell["tail_ns"] = json!({
                "p50": around(time), "p90": around(1.1 * time), "p99": around(2.0 * time),
                "p999": around(9.0 * time), "max": 99.0 * time, "samples": 10000,
            });
        }
        cell["first_message_ns"] = around(40.0 * time);
    }
    json
}

/// A value with an interval of ± 1 %.
fn around(value: f64) -> Value {
    let (one, other) = (0.99 * value, 1.01 * value);
    json!({ "value": value, "low": one.min(other), "high": one.max(other) })
}
