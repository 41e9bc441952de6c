//! The sections of exact figures, and of what the time is spent on.

use std::fmt::Write as _;

use crate::exact::tables::{number, tables};
use crate::record::{CellRecord, Record};
use crate::report::units::time;

/// Every exact figure once.
pub fn exact(record: &Record) -> String {
    let Some(file) = record.exact() else { return String::new() };
    let mut text = String::from(
        "Counted, not timed, per message: the same on every run and every machine, and under every transport. \
         *read* and *written* are bytes loaded and stored, copies inside a guest among them. Bytes by region, and \
         where copies were found, are in run.json.\n",
    );
    for table in tables(&file) {
        let _ = write!(text, "\n### {}\n\n{}", table.heading, table.markdown());
    }
    text
}

/// The parts of each cell's time, and what moved meanwhile.
pub fn attribution(record: &Record) -> String {
    let cells: Vec<&CellRecord> = record.measured().filter(|cell| cell.attribution_ns.is_some()).collect();
    if cells.is_empty() {
        return String::new();
    }
    let mut text = String::from(
        "The parts are measured apart from each other; the residual is what they leave unexplained, and is **bold** \
         where it is above 15 % and above 3 ns. *moved*: bytes read and written by guests and transport for a byte of \
         payload. *copies*: from end to end, beyond the producer's value.\n",
    );
    let same_workload = |a: &&CellRecord, b: &&CellRecord| (&a.message(), &a.task()) == (&b.message(), &b.task());
    for workload in cells.chunk_by(same_workload) {
        let Some(first) = workload.first() else { continue };
        let _ = write!(
            text,
            "\n### {} {}\n\n| codec | transport | time | encode | transport | read | residual | moved | copies |\n\
             |---|---|---:|---:|---:|---:|---:|---:|---:|\n",
            first.message(),
            first.task()
        );
        text.extend(workload.iter().filter_map(|cell| row(cell)));
    }
    text
}

fn row(cell: &CellRecord) -> Option<String> {
    let (parts, latency) = (cell.attribution_ns?, cell.latency_ns?);
    let residual = format!("{:+.0} %", parts.residual.value / latency.value * 100.0);
    let residual = if parts.is_unexplained(&latency) { format!("**{residual}**") } else { residual };
    let moved = cell.moved_per_payload_byte().map_or_else(String::new, |moved| format!("{moved:.1}"));
    let copies = match cell.exact.as_ref().map(|exact| exact.copies) {
        Some(Some(copies)) => number(copies as f64),
        Some(None) => "unknown".to_owned(),
        None => String::new(),
    };
    let [total, encode, transport, read] =
        [latency.value, parts.encode.value, parts.transport.value, parts.read.value].map(time);
    Some(format!(
        "| {} | {} | {total} | {encode} | {transport} | {read} | {residual} | {moved} | {copies} |\n",
        cell.cell.codec, cell.cell.transport
    ))
}
