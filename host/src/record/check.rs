//! Whether a record that could be read can be true: what a type cannot say.

use std::collections::HashSet;

use super::{CellRecord, Finding, Found, Latency, Record, Status};
use crate::cell::is_name;
use crate::measure::RoundReading;

/// What is wrong with a record: the cell or the key, and what it says.
///
/// # Errors
/// The first thing that cannot be.
pub fn check(record: &Record) -> Result<(), String> {
    check_names(record)?;
    let mut seen = HashSet::new();
    for cell in &record.cells {
        let name = cell.name();
        let parts = [&cell.cell.codec, &cell.cell.transport, &cell.cell.host];
        if let Some(part) = parts.into_iter().find(|part| !is_name(part)) {
            return Err(format!("cell {}: {part:?} is no name of a codec, a transport or a host", name.escape_debug()));
        }
        check_cell(cell).map_err(|what| format!("cell {name}: {what}"))?;
        if !seen.insert(name.clone()) {
            return Err(format!("cell {name}: it is there twice"));
        }
    }
    let groups = [
        ("boundary", &record.boundary),
        ("task_floor_ns", &record.task_floor_ns),
        ("calibrations", &record.calibrations),
    ];
    for (key, figures) in groups {
        for (name, figure) in figures {
            let checked = check_latency(figure.latency).and_then(|()| check_readings(&figure.readings));
            checked.map_err(|what| format!("{key}.{name}: {what}"))?;
        }
    }
    if let Some(unfinished) = &record.unfinished {
        let rounds = record.whole_rounds.unwrap_or(0);
        for Found { figure, finding } in &unfinished.findings {
            check_finding(finding, rounds).map_err(|what| format!("unfinished.findings: {figure}: {what}"))?;
        }
    }
    for (name, host) in &record.hosts {
        for effect in &host.round_effects {
            positive(*effect).map_err(|what| format!("hosts.{name}.round_effects: {what}"))?;
        }
    }
    Ok(())
}

/// Whatever has a name is called so that it can be a part of a cell's.
fn check_names(record: &Record) -> Result<(), String> {
    if let Some(codec) = record.environment.codecs.keys().find(|codec| !is_name(codec)) {
        return Err(format!("environment.codecs: {codec:?} is no name of a codec"));
    }
    if let Some(host) = record.hosts.keys().find(|host| !is_name(host)) {
        return Err(format!("hosts: {host:?} is no name of a host"));
    }
    Ok(())
}

fn check_cell(cell: &CellRecord) -> Result<(), String> {
    // Of one that failed as well: what rounds share is made of all readings.
    check_readings(&cell.readings)?;
    if cell.status != Status::Ok {
        return Ok(());
    }
    let Some(latency) = cell.latency_ns else { return Err("it is `ok`, but has no latency_ns".to_owned()) };
    check_latency(latency).map_err(|what| format!("latency_ns: {what}"))?;
    for (key, bytes) in [("payload_bytes", cell.payload_bytes), ("wire_bytes", cell.wire_bytes)] {
        bytes.map_or(Ok(()), not_negative).map_err(|what| format!("{key}: {what}"))?;
    }
    Ok(())
}

/// More rounds than this no run has: a file that says so is damaged.
const MOST_ROUNDS: usize = 1_000;

fn check_readings(readings: &[RoundReading]) -> Result<(), String> {
    let mut before = None;
    for reading in readings {
        let times = std::iter::once(&reading.ns).chain(&reading.placements_ns);
        times.copied().try_for_each(positive).map_err(|what| format!("readings: round {}: {what}", reading.round))?;
        if before.is_some_and(|before| reading.round <= before) || reading.round > MOST_ROUNDS {
            return Err(format!("readings: round {} is out of order", reading.round));
        }
        before = Some(reading.round);
    }
    Ok(())
}

fn check_finding(finding: &Finding, rounds: usize) -> Result<(), String> {
    let (kept, firsts) = (finding.readings.kept(), finding.readings.firsts());
    check_readings(kept)?;
    check_readings(firsts)?;
    match kept.iter().chain(firsts).find(|reading| reading.round >= rounds) {
        Some(reading) => Err(format!("readings: round {} is not one of the {rounds} whole ones", reading.round)),
        None => Ok(()),
    }
}

fn check_latency(Latency { value, low, high }: Latency) -> Result<(), String> {
    for (key, value) in [("value", value), ("low", low), ("high", high)] {
        positive(value).map_err(|what| format!("{key}: {what}"))?;
    }
    if low <= value && value <= high {
        return Ok(());
    }
    Err(format!("the value {value} is not between low {low} and high {high}"))
}

fn positive(value: f64) -> Result<(), String> {
    if value.is_finite() && value > 0.0 { Ok(()) } else { Err(format!("{value} is no time; it must be above 0")) }
}

fn not_negative(value: f64) -> Result<(), String> {
    if value.is_finite() && value >= 0.0 { Ok(()) } else { Err(format!("{value} must not be below 0")) }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::record::{Latency, Record, Status, fixture};

    type Damage = fn(&mut Record);

    fn run() -> Record {
        fixture::record(&fixture::run())
    }

    #[test]
    fn a_run_that_can_be_true() {
        assert_eq!(check(&run()), Ok(()));
    }

    #[test]
    fn codecs_of_an_environment_have_names() {
        let mut run = run();
        let codec = run.environment.codecs.values().next().expect("a codec").clone();
        run.environment.codecs.insert("a|b".to_owned(), codec);
        assert!(check(&run).expect_err("no name").contains("environment.codecs: \"a|b\" is no name"));
    }

    #[test]
    fn what_cannot_be_is_named() {
        let damages: [(&str, Damage); 14] = [
            ("\"<b>\" is no name", |run| run.cells[3].cell.codec = "<b>".to_owned()),
            ("readings: round 1000000000000 is out of order", |run| {
                run.cells[3].status = Status::Failed;
                run.cells[3].readings[13].round = 1_000_000_000_000;
            }),
            ("it is `ok`, but has no latency_ns", |run| run.cells[3].latency_ns = None),
            ("latency_ns: the value 2 is not between low 1 and high 1.5", |run| {
                run.cells[3].latency_ns = Some(Latency { value: 2.0, low: 1.0, high: 1.5 });
            }),
            ("readings: round 2: -1 is no time", |run| run.cells[3].readings[2].ns = -1.0),
            ("readings: round 2: NaN is no time", |run| run.cells[3].readings[2].placements_ns[5] = f64::NAN),
            ("readings: round 1 is out of order", |run| run.cells[3].readings[2].round = 1),
            ("readings: round 100001 is out of order", |run| run.cells[3].readings[13].round = 100_001),
            ("wire_bytes: -1 must not be below 0", |run| run.cells[3].wire_bytes = Some(-1.0)),
            ("it is there twice", |run| run.cells[4] = run.cells[3].clone()),
            ("boundary.compile: low: 0 is no time", |run| {
                run.boundary.get_mut("compile").expect("a figure").latency.low = 0.0;
            }),
            ("task_floor_ns.log@1/own: readings: round 0: 0 is no time", |run| {
                run.task_floor_ns.get_mut("log@1/own").expect("a figure").readings[0].ns = 0.0;
            }),
            ("calibrations.arithmetic: value: inf is no time", |run| {
                run.calibrations.get_mut("arithmetic").expect("a figure").latency.value = f64::INFINITY;
            }),
            ("hosts.wasmtime.round_effects: 0 is no time", |run| {
                run.hosts.get_mut("wasmtime").expect("a host").round_effects[3] = 0.0;
            }),
        ];
        for (expected, damage) in damages {
            let mut run = run();
            damage(&mut run);
            let flaw = check(&run).expect_err(expected);
            assert!(flaw.contains(expected), "{flaw}");
            assert!(!flaw.starts_with("cell") || flaw.contains(&run.cells[3].name()), "{flaw}");
        }
    }
}
