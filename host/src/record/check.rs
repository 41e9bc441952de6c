//! Whether a record that could be read can be true: what a type cannot say.

use std::collections::HashSet;

use super::{CellRecord, Latency, Record, Status};
use crate::measure::RoundReading;

/// What is wrong with a record: the cell or the key, and what it says.
///
/// # Errors
/// The first thing that cannot be.
pub fn check(record: &Record) -> Result<(), String> {
    let mut seen = HashSet::new();
    for cell in &record.cells {
        let name = cell.name();
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
    for (name, host) in &record.hosts {
        for effect in &host.round_effects {
            positive(*effect).map_err(|what| format!("hosts.{name}.round_effects: {what}"))?;
        }
    }
    Ok(())
}

fn check_cell(cell: &CellRecord) -> Result<(), String> {
    if cell.status != Status::Ok {
        return Ok(());
    }
    let Some(latency) = cell.latency_ns else { return Err("it is `ok`, but has no latency_ns".to_owned()) };
    check_latency(latency).map_err(|what| format!("latency_ns: {what}"))?;
    check_readings(&cell.readings)?;
    for (key, bytes) in [("payload_bytes", cell.payload_bytes), ("wire_bytes", cell.wire_bytes)] {
        bytes.map_or(Ok(()), not_negative).map_err(|what| format!("{key}: {what}"))?;
    }
    Ok(())
}

/// More rounds than this no run has: a file that says so is damaged.
const MOST_ROUNDS: usize = 100_000;

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
