//! `run.json` of older versions as the version that this library reads. What an old file does not say stays unknown.
//!
//! Each step turns a file of one version into the next. A step changes what is there and adds nothing that was not measured,
//! so files of one version that differ in what they have are all read.

use serde_json::{Map, Value, json};

use crate::cell::OWN_HOST;

/// The oldest version that is read.
pub const OLDEST: u64 = 1;

/// A step from a version to the next.
type Step = fn(&mut Value);

/// The steps, from version 1 up.
const STEPS: [Step; 3] = [without_samples, with_hosts, with_readings];

/// A `run.json` of some older version, turned into one of the current version; its figures are still those of the file. One
/// that is no older version is left alone.
pub fn upgraded(mut run: Value, version: u64) -> Value {
    let done = usize::try_from(version.saturating_sub(OLDEST)).unwrap_or(usize::MAX);
    for step in STEPS.iter().skip(done) {
        step(&mut run);
    }
    run["schema_version"] = json!(super::SCHEMA_VERSION);
    run
}

/// From 1 to 2: version 1 counted disturbed samples, and for how long it waited; nobody counted disturbed readings.
fn without_samples(run: &mut Value) {
    if let Some(environment) = object(run, "environment") {
        environment.remove("waited_s");
        environment.remove("disturbed_samples");
    }
}

/// From 2 to 3: everything is of weft's own host, and a time that had no interval is one with an interval of no width.
fn with_hosts(run: &mut Value) {
    let of_environment = |key: &str| run["environment"][key].clone();
    let engine = json!({
        "name": OWN_HOST, "version": of_environment("wasmtime"), "settings": of_environment("engine"), "features": [],
    });
    add(run, "hosts", json!({ OWN_HOST: { "engine": engine, "yardstick_ns": null } }));
    add(run, "failed", json!({}));
    if let Some(environment) = object(run, "environment") {
        environment.entry("features").or_insert(json!([]));
    }
    for time in times(run) {
        if time.is_number() {
            *time = json!({ "median": *time, "low": *time, "high": *time });
        }
    }
}

/// From 3 to 4: a time's value need not be a median, the times of pairs are readings, and one cell's drift is not kept.
///
/// Which rounds a cell has no time of, nobody wrote down: all are numbered from 0. So what the rounds of such a run share is
/// taken out of it less well than it could be.
fn with_readings(run: &mut Value) {
    for time in times(run) {
        rename(time.as_object_mut(), "median", "value");
    }
    if let Some(run) = run.as_object_mut() {
        run.remove("drift");
    }
    add(run, "calibrations", json!({}));
    if let Some(environment) = object(run, "environment") {
        rename(Some(environment), "pairs", "rounds");
        let name = environment.remove("cpu_model").filter(|name| name != "unknown");
        environment.insert("machine".to_owned(), json!({ "name": name }));
    }
    for cell in cells(run) {
        if let Some(Value::Array(pairs)) = cell.remove("pair_medians_ns") {
            let reading = |(round, ns): (usize, &Value)| json!({ "round": round, "ns": ns, "calm": true });
            cell.insert("readings".to_owned(), pairs.iter().enumerate().map(reading).collect());
        }
    }
}

/// Every time of a run that is not a list, wherever it is there.
fn times(run: &mut Value) -> Vec<&mut Value> {
    let Some(run) = run.as_object_mut() else { return Vec::new() };
    let mut times = Vec::new();
    for (key, value) in run {
        match (key.as_str(), value) {
            ("boundary" | "task_floor_ns", Value::Object(figures)) => times.extend(figures.values_mut()),
            ("cells", Value::Array(cells)) => {
                times.extend(cells.iter_mut().filter_map(Value::as_object_mut).flat_map(times_of_cell));
            }
            _ => {}
        }
    }
    times
}

fn times_of_cell(cell: &mut Map<String, Value>) -> Vec<&mut Value> {
    let mut times = Vec::new();
    for (key, value) in cell {
        match (key.as_str(), value) {
            ("latency_ns" | "first_message_ns", time) => times.push(time),
            ("attribution_ns", Value::Object(parts)) => times.extend(parts.values_mut()),
            ("tail_ns", Value::Object(tail)) => {
                let percentiles = tail.iter_mut().filter(|(key, _)| key.starts_with('p'));
                times.extend(percentiles.map(|(_, time)| time));
            }
            _ => {}
        }
    }
    times
}

fn cells(run: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    run.get_mut("cells").and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut)
}

fn object<'a>(run: &'a mut Value, key: &str) -> Option<&'a mut Map<String, Value>> {
    run.get_mut(key)?.as_object_mut()
}

/// Adds what is not there.
fn add(run: &mut Value, key: &str, value: Value) {
    if let Some(run) = run.as_object_mut() {
        run.entry(key).or_insert(value);
    }
}

fn rename(object: Option<&mut Map<String, Value>>, from: &str, to: &str) {
    if let Some(object) = object
        && let Some(value) = object.remove(from)
    {
        object.insert(to.to_owned(), value);
    }
}
