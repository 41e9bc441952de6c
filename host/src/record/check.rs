//! Whether a record that could be read can be true: what a type cannot say.

use std::collections::HashSet;

use super::{Attribution, CellRecord, Finding, Found, Interval, Latency, Record, Status, Tail};
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
    cell.first_message_ns.map_or(Ok(()), check_latency).map_err(|what| format!("first_message_ns: {what}"))?;
    cell.tail_ns.map_or(Ok(()), |tail| check_tail(&tail)).map_err(|what| format!("tail_ns: {what}"))?;
    cell.attribution_ns.map_or(Ok(()), |parts| check_parts(&parts)).map_err(|what| format!("attribution_ns: {what}"))
}

/// The value of a percentile is of all rounds together: it need not lie within its interval, which is over rounds.
fn check_tail(tail: &Tail) -> Result<(), String> {
    for (key, Latency { value, low, high }) in
        [("p50", tail.p50), ("p90", tail.p90), ("p99", tail.p99), ("p999", tail.p999)]
    {
        for (end, time) in [("value", value), ("low", low), ("high", high)] {
            positive(time).map_err(|what| format!("{key}: {end}: {what}"))?;
        }
    }
    positive(tail.max).map_err(|what| format!("max: {what}"))
}

/// Parts are differences: any may be below 0.
fn check_parts(Attribution { encode, transport, read, residual }: &Attribution) -> Result<(), String> {
    for (key, part) in [("encode", encode), ("transport", transport), ("read", read), ("residual", residual)] {
        let Interval { value, low, high } = *part;
        if !(value.is_finite() && low.is_finite() && high.is_finite() && low <= high) {
            return Err(format!("{key}: {value} from {low} to {high} is no interval"));
        }
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
    use crate::record::{Attribution, Interval, Latency, Record, Status, Tail, fixture};

    type Damage = fn(&mut Record);

    fn run() -> Record {
        fixture::record(&fixture::run())
    }

    fn tail(time: f64, max: f64) -> Tail {
        let [p50, p90, p99, p999] = [Latency { value: time, low: time, high: time }; 4];
        Tail { p50, p90, p99, p999, max, samples: 9 }
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

    /// Whether each of these is found, and where.
    fn are_named(damages: &[(&str, Damage)]) {
        for (expected, damage) in damages {
            let mut run = run();
            damage(&mut run);
            let flaw = check(&run).expect_err(expected);
            assert!(flaw.contains(expected), "{flaw}");
            assert!(!flaw.starts_with("cell") || flaw.contains(&run.cells[3].name()), "{flaw}");
        }
    }

    #[test]
    fn single_messages_and_parts_that_cannot_be_are_named() {
        are_named(&[
            ("first_message_ns: low: 0 is no time", |run| {
                run.cells[3].first_message_ns = Some(Latency { value: 1.0, low: 0.0, high: 1.0 });
            }),
            ("tail_ns: p50: value: 0 is no time", |run| run.cells[3].tail_ns = Some(tail(0.0, 1.0))),
            ("tail_ns: max: 0 is no time", |run| run.cells[3].tail_ns = Some(tail(1.0, 0.0))),
            ("attribution_ns: residual: 1 from 2 to NaN is no interval", |run| {
                let part = Interval { value: -1.0, low: -1.0, high: 0.0 };
                let residual = Interval { value: 1.0, low: 2.0, high: f64::NAN };
                run.cells[3].attribution_ns = Some(Attribution { encode: part, transport: part, read: part, residual });
            }),
        ]);
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
        are_named(&damages);
    }
}
