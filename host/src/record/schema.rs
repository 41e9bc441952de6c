//! `docs/run.schema.json` is made from the types of `run.json`, and kept current by this test.

use std::path::PathBuf;
use std::{env, fs};

use serde_json::{Value, json};

use super::format::readable;
use super::{Record, SCHEMA_VERSION, fixture, load};
use crate::protocol::validator::Validator;

fn workspace(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// The schema of the types, with what types do not say: the version, and that times are above 0.
fn generated() -> Value {
    let mut schema = schemars::schema_for!(Record).to_value();
    schema["$id"] = json!("https://github.com/weft-bench/weft/blob/main/docs/run.schema.json");
    schema["title"] = json!("run.json of weft");
    schema["properties"]["schema_version"] =
        json!({ "description": "The version of this schema.", "const": SCHEMA_VERSION });
    for pointer in [
        "/$defs/Latency/properties/value",
        "/$defs/Latency/properties/low",
        "/$defs/Latency/properties/high",
        "/$defs/Timed/properties/value",
        "/$defs/Timed/properties/low",
        "/$defs/Timed/properties/high",
        "/$defs/RoundReading/properties/ns",
        "/$defs/RoundReading/properties/placements_ns/items",
        "/$defs/Tail/properties/max",
        "/$defs/HostRecord/properties/round_effects/items",
    ] {
        schema.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}"))["exclusiveMinimum"] = json!(0);
    }
    schema
}

#[test]
fn the_published_schema_is_that_of_the_types() {
    let path = workspace("docs/run.schema.json");
    let schema = generated();
    if env::var_os("WEFT_UPDATE").is_some() {
        let text = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
        fs::write(&path, text).expect("docs/run.schema.json");
    }
    let published = fs::read_to_string(path).unwrap_or_default();
    let current = serde_json::from_str::<Value>(&published).is_ok_and(|published| published == schema);
    assert!(current, "not current; run: WEFT_UPDATE=1 cargo test -p weft --lib schema");
}

/// What is written of a run.
fn written(record: &Record) -> Value {
    serde_json::from_slice(&readable(record).expect("JSON")).expect("JSON")
}

#[test]
fn a_run_is_valid() {
    let schema = generated();
    let run = fixture::record(&fixture::run());
    assert_eq!(Validator::of(&schema).validate(&written(&run), "run"), Ok(()));
}

#[test]
fn an_old_run_that_was_read_is_valid() {
    let schema = generated();
    for name in ["version-1", "version-2", "version-3"] {
        let run = load(&fixture::old_runs().join(name).join("run.json")).expect(name);
        assert_eq!(Validator::of(&schema).validate(&written(&run), name), Ok(()));
    }
}

#[test]
fn what_cannot_be_read_is_invalid() {
    let run = fixture::run();
    let schema = generated();
    let broken = [
        ("/schema_version", json!(99)),
        ("/complete", json!("yes")),
        ("/cells/3/latency_ns/value", json!(0.0)),
        ("/cells/3/readings/0/ns", json!(-1.0)),
        ("/cells/3/readings/0/placements_ns/5", json!(0.0)),
        ("/cells/3/readings/0/round", json!(-1)),
        ("/hosts/wasmtime/round_effects/2", json!(0.0)),
        ("/calibrations/arithmetic/low", json!(0.0)),
        ("/environment/machine/family", json!("Zen")),
        ("/environment/machine", Value::Null),
        ("/cells/3/latency_ns/low", Value::Null),
        ("/cells/3/status", json!("fine")),
        ("/cells/3/crossings", json!({ "host_to_wasm": -1, "wasm_to_host": 0, "wasm_to_wasm": 0 })),
        ("/environment/codecs/null/traits/role", json!("ceiling")),
        ("/environment/codecs/null/producer", json!({ "sha256": "x" })),
        ("/boundary/compile", json!([])),
    ];
    for (pointer, value) in broken {
        let mut run = run.clone();
        *run.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = value;
        assert!(Validator::of(&schema).validate(&run, "run").is_err(), "{pointer} went through");
    }
}
