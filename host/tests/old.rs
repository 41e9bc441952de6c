//! Runs of older versions are read: every figure of theirs survives, and what they do not say is unknown.

use std::collections::BTreeMap;
use std::fs;

use crate::support::fixture;
use crate::support::runs::{Runs, cell_name};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use weft::record::{CellRecord, Machine, Record, SCHEMA_VERSION, load, machine};

const VERSIONS: [&str; 3] = ["version-1", "version-2", "version-3"];

/// An old file, as it lies there and as it is read.
fn old(name: &str) -> Result<(Value, Record)> {
    let path = fixture::old_runs().join(name).join("run.json");
    Ok((serde_json::from_str(&fs::read_to_string(&path)?)?, load(&path)?))
}

/// Every number below some JSON, but for a `median`, whose key is another, and for what each round took.
fn numbers(json: &Value, path: &str, all: &mut BTreeMap<String, f64>) {
    match json {
        Value::Number(number) => {
            all.insert(path.replace("median", "value"), number.as_f64().unwrap_or(f64::NAN));
        }
        Value::Object(object) => object.iter().for_each(|(key, value)| numbers(value, &format!("{path}/{key}"), all)),
        _ => {}
    }
}

fn numbers_of(json: &Value) -> BTreeMap<String, f64> {
    let mut all = BTreeMap::new();
    numbers(json, "", &mut all);
    all
}

/// The interval of a time that had none is the time itself.
fn has_number(all: &BTreeMap<String, f64>, path: &str, number: f64) -> bool {
    let is = |path: &str| all.get(path) == Some(&number);
    is(path) || ["value", "low", "high"].iter().all(|part| is(&format!("{path}/{part}")))
}

/// The times and throughput of a cell with readings are made of these.
fn is_computed(path: &str) -> bool {
    path.starts_with("/latency_ns") || path == "/throughput_mb_s"
}

fn survives(old: &Value, new: &CellRecord) -> Result<()> {
    let found = numbers_of(&json!(new));
    let computed = !new.readings.is_empty();
    for (path, number) in numbers_of(old).into_iter().filter(|(path, _)| !computed || !is_computed(path)) {
        ensure!(has_number(&found, &path, number), "{}: {path} was {number}", new.name());
    }
    let rounds: Vec<f64> = old["pair_medians_ns"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    let kept: Vec<(usize, f64)> = new.readings.iter().map(|reading| (reading.round, reading.ns)).collect();
    ensure!(kept == rounds.iter().copied().enumerate().collect::<Vec<_>>(), "{}: {kept:?}", new.name());
    if let (true, Some(latency)) = (computed, new.latency_ns) {
        let was = old["latency_ns"]["median"].as_f64().context("a median")?;
        ensure!((latency.value / was - 1.0).abs() < 0.1, "{}: {was} became {latency:?}", new.name());
    }
    Ok(())
}

#[test]
fn every_figure_of_a_cell_survives() -> Result<()> {
    for name in VERSIONS {
        let (old, new) = old(name)?;
        let cells = old["cells"].as_array().context("cells")?;
        ensure!(cells.len() == new.cells.len() && cells.len() > 20, "{name}");
        for (old, new) in cells.iter().zip(&new.cells) {
            ensure!(cell_name(old) == new.name());
            survives(old, new).with_context(|| name.to_owned())?;
        }
    }
    Ok(())
}

#[test]
fn every_other_figure_survives() -> Result<()> {
    for name in VERSIONS {
        let (old, new) = old(name)?;
        let json = json!(new);
        for key in ["boundary", "task_floor_ns", "clock", "hosts"] {
            let found = numbers_of(&json[key]);
            for (path, number) in numbers_of(&old[key]) {
                ensure!(has_number(&found, &path, number), "{name}: {key}{path} was {number}");
            }
        }
        ensure!(new.boundary.len() > 15 && new.boundary.values().all(|timed| timed.readings.is_empty()), "{name}");
        ensure!(new.schema_version == SCHEMA_VERSION && old["run_id"] == json!(new.run_id));
        ensure!(old["environment"]["pairs"] == json!(new.environment.rounds));
        ensure!(old["environment"]["load_at_start"] == json!(new.environment.load_at_start));
    }
    Ok(())
}

#[test]
fn what_a_file_does_not_say_is_unknown() -> Result<()> {
    let name_alone = Machine { name: Some("AMD EPYC".to_owned()), ..Machine::default() };
    for (name, says_limits, says_disturbed) in
        [(VERSIONS[0], false, false), (VERSIONS[1], false, true), (VERSIONS[2], true, true)]
    {
        let (_, run) = old(name)?;
        let environment = &run.environment;
        ensure!(environment.machine == name_alone && run.calibrations.is_empty(), "{name}");
        ensure!(
            environment.limits.is_some() == says_limits && environment.features.is_empty() != says_limits,
            "{name}"
        );
        ensure!(environment.disturbed_readings.is_some() == says_disturbed, "{name}");
        ensure!(environment.discarded_s.is_some() == says_disturbed, "{name}");
        let host = run.hosts.get("wasmtime").context("weft's own host")?;
        ensure!(host.engine.version == "48.0.8" && host.engine.settings.starts_with("cranelift"), "{name}: {host:?}");
        for codec in environment.codecs.values().filter(|codec| codec.traits.library.as_deref() != Some("")) {
            let said = [&codec.release(), codec.evolution()];
            ensure!(said == ["unknown"; 2] && codec.traits.self_describing.is_none(), "{name}: {said:?}");
        }
        let rounds = run.cells.iter().filter(|cell| cell.cell.is_own()).map(|cell| cell.readings.len()).max();
        ensure!(Some(host.round_effects.len()) == rounds, "{name}: {:?}", host.round_effects);
    }
    Ok(())
}

/// Two processors share the name, the cores and the kernel; that is not enough to be called one machine.
#[test]
fn machines_that_are_not_known_are_not_the_same() {
    let [zen_3, zen_4] = fixture::two_machines();
    for (old, new) in [(&zen_3, &zen_4), (&zen_3, &zen_3)] {
        let found = machine::differences(&old.environment, &new.environment);
        let keys: Vec<&str> = found.iter().map(|difference| difference.key).collect();
        let unknown =
            ["vendor", "family", "model", "stepping", "l1d_bytes", "l1i_bytes", "l2_bytes", "l3_bytes", "hypervisor"];
        assert_eq!(keys, unknown);
        assert!(found.iter().all(|difference| difference.old == "unknown" && difference.new == "unknown"));
    }
}

#[test]
fn old_runs_have_reports() -> Result<()> {
    let runs = Runs::new()?;
    for name in VERSIONS {
        runs.write_text(name, &fs::read_to_string(fixture::old_runs().join(name).join("run.json"))?)?;
        let before = fs::read(runs.json(name))?;
        let outcome = runs.weft(&["report", name])?;
        ensure!(outcome.code == Some(0), "{name}: {}", outcome.stderr);
        let report = fs::read_to_string(runs.path().join(name).join("report.md"))?;
        ensure!(report.contains("AMD EPYC, 2 cores"), "{report}");
        ensure!(fs::read(runs.json(name))? == before, "{name} was written anew");
    }
    Ok(())
}

#[test]
fn a_version_that_is_not_known_is_refused() -> Result<()> {
    let runs = Runs::new()?;
    for version in [0, SCHEMA_VERSION + 1] {
        runs.write("run", &json!({ "schema_version": version }))?;
        let outcome = runs.weft(&["report", "run"])?;
        let expected = format!(
            "has schema version {version}, but this weft reads versions 1 to {SCHEMA_VERSION}; use the weft that made it"
        );
        ensure!(outcome.code == Some(1) && outcome.stderr.contains(&expected), "{}", outcome.stderr);
    }
    Ok(())
}

/// Of a damaged old run, too, an error says what is wrong.
#[test]
fn damage_in_an_old_run_is_found() -> Result<()> {
    let runs = Runs::new()?;
    for (name, pointer, value, expected) in [
        (VERSIONS[0], "/cells/3/latency_ns", json!([1]), "run.json is not a run"),
        (VERSIONS[1], "/cells/3/pair_medians_ns/2", json!(-4.0), "readings: round 2: -4 is no time"),
        (VERSIONS[1], "/cells/3/pair_medians_ns/2", json!("x"), "expected f64"),
        (VERSIONS[2], "/cells/3/latency_ns/low", json!(0), "latency_ns: low: 0 is no time"),
        (VERSIONS[2], "/environment", json!(7), "run.json is not a run"),
        (VERSIONS[2], "/cells", Value::Null, "run.json is not a run"),
    ] {
        let mut damaged = old(name)?.0;
        *damaged.pointer_mut(pointer).context(pointer)? = value;
        runs.write("damaged", &damaged)?;
        let outcome = runs.weft(&["report", "damaged"])?;
        ensure!(outcome.code == Some(1) && outcome.stderr.contains(expected), "{pointer}: {}", outcome.stderr);
    }
    Ok(())
}
