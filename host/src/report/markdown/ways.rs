//! What the ways of plugin systems cost, beside those of weft's own host.

use std::fmt::Write as _;

use crate::record::{CellRecord, Record};
use crate::report::hosts::{BARE_WAY, Host, Way, codecs, measured, workloads};
use crate::report::ranking::League;
use crate::report::units::{factor, time};

/// A table for each message: a host's cells over ways that weft's own host has not.
pub fn table(record: &Record, host: &Host<'_>, ways: &[Way<'_>]) -> String {
    let mut text = String::new();
    for (message, task) in workloads(ways.iter().map(|way| way.cell)) {
        let is = |way: &&Way<'_>| (way.cell.message(), way.cell.task()) == (message.clone(), task);
        let rows: Vec<&Way<'_>> = ways.iter().filter(is).collect();
        let _ = write!(text, "\n### {}: {message} {task}, over a way of its own\n\n{}", host.name, head(&rows));
        for codec in codecs(record, rows.iter().map(|way| way.cell)) {
            for way in rows.iter().filter(|way| way.cell.cell.codec == codec) {
                let name = format!("{codec}{}", League::of(record, codec).map_or("", League::note));
                let _ = writeln!(text, "| {name} | {} |", row(way).join(" | "));
            }
        }
    }
    text
}

/// What the table is about, and its head.
fn head(rows: &[&Way<'_>]) -> String {
    let isolation = rows.first().map_or("", |way| way.cell.isolation.name());
    format!(
        "Beside it, on weft's own host: the same codec over `{BARE_WAY}`, and over the way with isolation `{isolation}` that takes least. What a \
         way costs is its time less that over `{BARE_WAY}`.\n\n| codec | way | time | `{BARE_WAY}` | best way | time | the way costs | the \
         best costs | ratio, at least |\n|---|---|---:|---:|---|---:|---:|---:|---:|\n"
    )
}

fn row(way: &Way<'_>) -> [String; 8] {
    let shown = |cell: Option<&CellRecord>| cell.and_then(measured).map(|latency| time(latency.value));
    let best = way.best.map(|best| best.cell.transport.clone());
    let or_nothing = Option::unwrap_or_default;
    [
        way.cell.cell.transport.clone(),
        or_nothing(shown(Some(way.cell))),
        or_nothing(shown(way.bare)),
        or_nothing(best),
        or_nothing(shown(way.best)),
        or_nothing(way.cost().map(time)),
        or_nothing(way.best_cost().map(time)),
        or_nothing(way.times_at_least().map(factor)),
    ]
}
