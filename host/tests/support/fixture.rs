//! A run that nobody measured: a core matrix with figures from a simple model of costs. The tests of reports and
//! comparisons read it, so that none depends on what a machine has measured.
#![allow(dead_code, unused_imports, reason = "each test file uses a part of this")]

#[path = "fixture/environment.rs"]
mod environment;
#[path = "fixture/readings.rs"]
mod readings;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use weft::cell::{CALIBRATIONS, Cell, CodecId, FLOOR_SIZES, Matrix, MessageId, Workload};
use weft::record::{Record, SCHEMA_VERSION, load};
use weft_link::transport::by_name;
use weft_schemas::Task;

use environment::{engine, environment};
use readings::{centre, first, timed};
pub use readings::{drawn, reading, readings, settle};

/// A codec of the run, as far as its costs are concerned: a fixed part in nanoseconds, and one for each byte of payload.
struct Costs {
    name: &'static str,
    encode: (f64, f64),
    peek: (f64, f64),
    own: (f64, f64),
    /// Wire bytes for each byte of payload.
    overhead: f64,
}

/// The floor first. Of the others `bytes` is the fastest but for `inplace`, which encodes nothing and is faster where a
/// message is large; none that has a schema is ever the fastest.
const CODECS: [Costs; 6] = [
    Costs { name: "null", encode: (1.0, 0.0), peek: (1.0, 0.0), own: (1.0, 0.0), overhead: 1.0 },
    Costs { name: "bincode", encode: (60.0, 0.45), peek: (40.0, 0.4), own: (250.0, 0.9), overhead: 0.9 },
    Costs { name: "bytes", encode: (20.0, 0.3), peek: (9.0, 0.0), own: (100.0, 0.8), overhead: 1.125 },
    Costs { name: "capnp", encode: (120.0, 0.55), peek: (30.0, 0.0), own: (400.0, 1.4), overhead: 1.75 },
    Costs { name: "flatbuffers", encode: (150.0, 0.6), peek: (90.0, 0.2), own: (300.0, 1.2), overhead: 1.5 },
    Costs { name: "inplace", encode: (2.0, 0.0), peek: (50.0, 0.0), own: (500.0, 0.75), overhead: 1.25 },
];

/// The floor's name.
const FLOOR: &str = "null";

/// Transports, as many as make a run of each kind: the time of a message, its copies, and its crossings (host to wasm, wasm to host, wasm to wasm).
const TRANSPORTS: [(&str, f64, u64, [u64; 3]); 6] = [
    ("relay", 34.0, 2, [1, 1, 0]),
    ("direct", 31.0, 1, [1, 1, 0]),
    ("adapter", 8.0, 1, [0, 0, 2]),
    ("window", 28.0, 0, [1, 1, 0]),
    ("pane", 20.0, 0, [0, 0, 2]),
    ("linked", 2.0, 0, [0, 0, 1]),
];

/// The time to copy a byte, in nanoseconds.
const COPY: f64 = 0.03;

/// How many rounds the run had.
pub const ROUNDS: usize = 14;

static RUN: LazyLock<Value> = LazyLock::new(made);

/// The run.
pub fn run() -> Value {
    RUN.clone()
}

fn made() -> Value {
    let ids: Vec<CodecId> =
        CODECS.iter().map(|codec| CodecId { name: codec.name.to_owned(), floor: codec.name == FLOOR }).collect();
    let cells: Vec<Value> = cells(&ids).iter().filter(|cell| carries(cell)).map(measured).collect();
    let mut run = json!({
        "schema_version": SCHEMA_VERSION,
        "run_id": "2026-11-24T10-00-00Z-core",
        "matrix": "core",
        "filter": null,
        "complete": true,
        "environment": environment(),
        "hosts": { "wasmtime": { "engine": engine(), "yardstick_ns": 24000.0 } },
        "boundary": boundary(),
        "task_floor_ns": task_floors(),
        "calibrations": calibrations(),
        "failed": {},
        "clock": { "cost_ns": 28.0, "resolution_ns": 1.0 },
        "cells": cells,
    });
    settle(&mut run);
    run
}

/// The messages, with their tasks.
fn workloads() -> Vec<Workload> {
    let messages = [
        ("log@1", &Task::ONE_WAY[..]),
        ("log@100", &Task::ONE_WAY),
        ("blob@65536", &[Task::Peek, Task::Own]),
        ("mesh@1000", &Task::ONE_WAY),
        ("ping@1", &[Task::Scan]),
    ];
    messages.into_iter().filter_map(|(name, tasks)| Some((name.parse().ok()?, tasks))).collect()
}

/// Every codec with every message over each of the transports; of the floor what a core run has.
fn cells(ids: &[CodecId]) -> Vec<Cell> {
    let is_floor = |cell: &Cell| cell.codec == FLOOR;
    let floor = Matrix::Core.cells(ids).into_iter().filter(is_floor);
    let rest = Matrix::Full.cells_of(&workloads(), ids).into_iter().filter(|cell| !is_floor(cell));
    let is_here = |cell: &Cell| TRANSPORTS.iter().any(|(name, ..)| *name == cell.transport);
    floor.chain(rest).filter(is_here).collect()
}

/// Runs of older versions, each cut down to some cells: a results directory with a run `version-1` and so on.
pub fn old_runs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/old")
}

/// The runs of two machines that share a name, with the same cells: a Zen 3 of version 2, and a Zen 4 of version 3. Neither
/// says more of its machine than that.
pub fn two_machines() -> [Record; 2] {
    ["version-2", "version-3"]
        .map(|name| load(&old_runs().join(name).join("run.json")).unwrap_or_else(|error| panic!("{error}")))
}

/// The record that some JSON is.
pub fn record(json: &Value) -> Record {
    serde_json::from_value(json.clone()).unwrap_or_else(|error| panic!("a record: {error}"))
}

/// The floor has no fields and builds no value; what encodes nothing has no answer.
fn carries(cell: &Cell) -> bool {
    let one_way = cell.task != Task::Reply;
    match cell.codec.as_str() {
        FLOOR => cell.message.kind.name == "blob" && matches!(cell.task, Task::Peek | Task::Reply),
        "inplace" => one_way,
        _ => true,
    }
}

fn payload(message: MessageId) -> f64 {
    message.payload_bytes() as f64
}

fn linear((fixed, each): (f64, f64), bytes: f64) -> f64 {
    fixed + each * bytes
}

/// What encoding, the way and reading take, in nanoseconds.
fn parts(cell: &Cell) -> [f64; 3] {
    let costs = CODECS.iter().find(|codec| codec.name == cell.codec).expect("a codec of the run");
    let (_, fixed, copies, _) = transport(cell);
    let bytes = payload(cell.message);
    let read = match cell.task {
        Task::Peek => linear(costs.peek, bytes),
        Task::Scan => linear(costs.peek, bytes) + 0.35 * bytes,
        Task::Own => linear(costs.own, bytes),
        Task::Reply => 2.0 * linear(costs.own, bytes),
    };
    [linear(costs.encode, bytes), fixed + copies as f64 * COPY * costs.overhead * bytes, read]
}

fn transport(cell: &Cell) -> (&'static str, f64, u64, [u64; 3]) {
    *TRANSPORTS.iter().find(|(name, ..)| *name == cell.transport).expect("the run knows every transport")
}

fn measured(cell: &Cell) -> Value {
    let name = cell.to_string();
    let (encode, way, read) = parts(cell).into();
    let centre = centre(&name, encode + way + read);
    let (_, _, copies, [host_to_wasm, wasm_to_host, wasm_to_wasm]) = transport(cell);
    let overhead = CODECS.iter().find(|codec| codec.name == cell.codec).map_or(1.0, |codec| codec.overhead);
    let payload = payload(cell.message);
    json!({
        "message": cell.message.to_string(), "task": cell.task.name(), "codec": cell.codec, "transport": cell.transport,
        "host": cell.host,
        "isolation": by_name(&cell.transport).expect("a transport").isolation(),
        "status": "ok",
        "reason": null,
        "payload_bytes": payload,
        "wire_bytes": overhead * payload,
        "transport_copies": copies,
        "crossings": { "host_to_wasm": host_to_wasm, "wasm_to_host": wasm_to_host, "wasm_to_wasm": wasm_to_wasm },
        "readings": readings(&name, centre),
        "exact": exact(cell, copies, overhead),
        "attribution_ns": (cell.codec != FLOOR).then(|| attribution([encode, way, read], centre)),
        "tail_ns": null,
        "tail_reason": "a message takes less than 20 readings of the clock (28 ns each): that would be measured",
        "first_message_ns": first(&format!("the first {name}"), 13_000.0 + 40.0 * centre),
        "failed_rounds": 0,
    })
}

/// Parts with intervals of ± 1 %; what is left is the residual.
fn attribution(parts: [f64; 3], whole: f64) -> Value {
    let around = |value: f64| json!({ "value": value, "low": value - 0.01 * whole, "high": value + 0.01 * whole });
    let residual = whole - parts.iter().sum::<f64>();
    let [encode, way, read] = parts.map(around);
    json!({ "encode": encode, "transport": way, "read": read, "residual": around(residual) })
}

/// What both guests do: for each byte that a part is made of, an instruction and a byte read.
fn exact(cell: &Cell, copies: u64, overhead: f64) -> Value {
    let payload = payload(cell.message);
    let [encode, _, read] = parts(cell);
    let encodes = !["null", "inplace"].contains(&cell.codec.as_str());
    let (sent, owned) =
        (f64::from(u8::from(encodes)) * overhead * payload, f64::from(u8::from(cell.task == Task::Own)));
    let regions = |heap: f64, outbox: f64, inbox: f64| json!({ "shadow_stack": 8.0, "static_data": 2.0, "heap": heap, "outbox": outbox, "inbox": inbox });
    let guest = |time: f64, read: Value, written: Value, allocations: f64| {
        json!({
            "instructions": (8.0 * time).round() / 2.0, "calls": 9.0, "bytes_read": read, "bytes_written": written,
            "allocations": allocations, "allocated_bytes": allocations * payload, "memory_grown": 0.0,
        })
    };
    let places: Map<String, Value> = [
        ("producer outbox", u64::from(encodes)),
        ("host", u64::from(cell.transport == "relay")),
        ("consumer inbox", copies.min(1)),
        ("consumer heap", owned as u64),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .map(|(place, count)| (place.to_owned(), json!(count)))
    .collect();
    json!({
        "producer": guest(encode, regions(payload, 0.0, 0.0), regions(0.0, sent, 0.0), 0.0),
        "consumer": guest(read, regions(0.0, 0.0, payload), regions(owned * payload, 0.0, 0.0), owned),
        "transport_copied_bytes": copies as f64 * overhead * payload,
        "wire_overhead": overhead,
        "copies": places.values().filter_map(Value::as_u64).sum::<u64>(),
        "payload_found_in": places,
        "copies_unknown": null,
    })
}

fn boundary() -> Value {
    let named = [
        ("host_to_wasm", 24.0),
        ("wasm_to_host", 5.5),
        ("wasm_to_wasm", 1.9),
        ("seed_call", 90.0),
        ("seed_log", 209.0),
        ("compile", 1.2e8),
        ("setup_cold", 1.25e8),
        ("setup_precompiled", 5.9e5),
        ("fresh_instance", 1.2e4),
    ];
    let named = named.map(|(name, ns)| (name.to_owned(), ns)).into_iter();
    let copies = FLOOR_SIZES.iter().map(|size| (format!("memcpy_{size}"), 3.0 + COPY * f64::from(*size)));
    named.chain(copies).map(|(name, ns)| (name.clone(), timed(&name, ns))).collect::<Map<_, _>>().into()
}

/// What a task takes without any message: a third of what `bytes` takes to read it.
fn task_floors() -> Value {
    let workloads = workloads();
    let all = workloads.iter().flat_map(|(message, tasks)| tasks.iter().map(move |task| (*message, *task)));
    let floor = |(message, task): (MessageId, Task)| {
        let [_, _, read] = parts(&Cell::new(message, task, "bytes", "linked"));
        (format!("{message}/{task}"), timed(&format!("the floor of {message}/{task}"), read / 3.0))
    };
    all.map(floor).collect::<Map<_, _>>().into()
}

fn calibrations() -> Value {
    let about = [24_000.0, 60.0, 1_100.0, 30_000.0, 1_900.0];
    let named = CALIBRATIONS.iter().zip(about);
    named.map(|(name, ns)| ((*name).to_owned(), timed(name, ns))).collect::<Map<_, _>>().into()
}
