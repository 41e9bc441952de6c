//! Whether a record that could be read can be true: what a type cannot say.

use std::collections::HashSet;

use super::{CellRecord, Latency, Record, Status};

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
    for (key, figures) in [("boundary", &record.boundary), ("task_floor_ns", &record.task_floor_ns)] {
        for (name, figure) in figures {
            check_latency(*figure).map_err(|what| format!("{key}.{name}: {what}"))?;
        }
    }
    for median in record.drift.iter().flat_map(|drift| &drift.medians_ns) {
        positive(*median).map_err(|what| format!("drift.medians_ns: {what}"))?;
    }
    Ok(())
}

fn check_cell(cell: &CellRecord) -> Result<(), String> {
    if cell.status != Status::Ok {
        return Ok(());
    }
    let Some(latency) = cell.latency_ns else { return Err("it is `ok`, but has no latency_ns".to_owned()) };
    check_latency(latency).map_err(|what| format!("latency_ns: {what}"))?;
    for median in cell.pair_medians_ns.iter().flatten() {
        positive(*median).map_err(|what| format!("pair_medians_ns: {what}"))?;
    }
    for (key, bytes) in [("payload_bytes", cell.payload_bytes), ("wire_bytes", cell.wire_bytes)] {
        bytes.map_or(Ok(()), not_negative).map_err(|what| format!("{key}: {what}"))?;
    }
    Ok(())
}

fn check_latency(Latency { median, low, high }: Latency) -> Result<(), String> {
    for (key, value) in [("median", median), ("low", low), ("high", high)] {
        positive(value).map_err(|what| format!("{key}: {what}"))?;
    }
    if low <= median && median <= high {
        return Ok(());
    }
    Err(format!("the median {median} is not between low {low} and high {high}"))
}

fn positive(value: f64) -> Result<(), String> {
    if value.is_finite() && value > 0.0 { Ok(()) } else { Err(format!("{value} is no time; it must be above 0")) }
}

fn not_negative(value: f64) -> Result<(), String> {
    if value.is_finite() && value >= 0.0 { Ok(()) } else { Err(format!("{value} must not be below 0")) }
}
