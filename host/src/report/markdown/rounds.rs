//! The section of rounds: how far they moved, and what the calibrations took.

use std::fmt::Write as _;

use crate::record::Record;
use crate::report::escape::in_table_code;
use crate::report::rounds::{moved, spread};
use crate::report::units::{bytes, percent, time};

/// How far the rounds of each host moved, and the calibrations; empty where the run has neither.
pub fn rounds(record: &Record) -> String {
    (effects(record) + &calibrations(record)).trim_start().to_owned()
}

fn effects(record: &Record) -> String {
    let hosts = record.hosts.iter().filter_map(|(name, host)| {
        let (low, high) = moved(&host.round_effects)?;
        let rounds = host.round_effects.len();
        Some(format!("- {name}: {} to {} over {rounds} rounds\n", percent(low), percent(high)))
    });
    let hosts: String = hosts.collect();
    if hosts.is_empty() {
        return hosts;
    }
    format!("How far all cells of a host moved together in a round; that is taken out of their times.\n\n{hosts}")
}

fn calibrations(record: &Record) -> String {
    if record.calibrations.is_empty() {
        return String::new();
    }
    let mut text = String::from(
        "\nNative work that no guest and no transport has a part in: when it moves, the machine has moved. *over rounds*: \
         the standard deviation.\n\n| calibration | what | time | over rounds |\n|---|---|---:|---:|\n",
    );
    for (name, timed) in &record.calibrations {
        let spread = spread(timed).map_or_else(|| "1 round".to_owned(), |spread| format!("± {:.1} %", 100.0 * spread));
        let (name, what) = (in_table_code(name), calibration(name));
        let _ = writeln!(text, "| `{name}` | {what} | {} | {spread} |", time(timed.latency.value));
    }
    text
}

/// What a calibration is.
pub fn calibration(name: &str) -> String {
    let size = name.strip_prefix("copy_").and_then(|size| size.parse::<f64>().ok());
    match (name, size) {
        ("arithmetic", _) => "the yardstick's work".to_owned(),
        ("json_log", _) => "`log@1` to JSON and back".to_owned(),
        (_, Some(size)) => format!("a copy of {}", bytes(size)),
        _ => String::new(),
    }
}
