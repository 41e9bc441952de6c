//! The tables of cells: a row per codec, a column per transport, grouped by isolation class.

use std::fmt::Write as _;

use crate::exact::Exact;
use crate::exact::tables::number;
use crate::record::{CellRecord, Record, Status};
use crate::report::floor;
use crate::report::ranking::{Best, League, bests};
use crate::report::rounds::{Rows, tells_calm};
use crate::report::told::can_tell;
use crate::report::units::{bytes, time};
use weft_link::transport::{TRANSPORTS, Transport};

const LEGEND: &str = "Nanoseconds and up per message, the trimmed mean over rounds; the fastest first, by the first column that has a time. *code* is the \
    WebAssembly of both guests for all messages and tasks; instructions and allocations are those of both guests; the columns are grouped by \
    isolation. † encodes nothing: the producer keeps its value in the outbox; ‡ does not check what it reads: both ranked apart.";
const MARKS: &str = " **Bold**: the best of its isolation class, and what is not told apart from it: compared round by round, Holm's adjusted p above 5 %.";
const FEWER: &str = " [n]: of n rounds only.";

/// A table per message and task.
pub fn cells(record: &Record) -> String {
    let planned = record.environment.rounds;
    let is_fewer = |cell: &CellRecord| (1..planned).contains(&cell.readings.len());
    let marks = if can_tell(record) { MARKS } else { "" };
    let fewer = if codecs(record).any(is_fewer) { FEWER } else { "" };
    let value = |cell: &CellRecord| {
        let rounds = if is_fewer(cell) { format!(" [{}]", cell.readings.len()) } else { String::new() };
        Some(time(cell.latency_ns?.value) + &rounds)
    };
    all(record, &format!("{LEGEND}{marks}{fewer}\n"), true, value)
}

/// The same with the transport's floor subtracted.
pub fn above_floor(record: &Record) -> String {
    let legend = "What the codec and the task cost: the floor of the same transport, interpolated at the cell's \
        wire size, is subtracted. ≈ 0: not told from the floor, round by round. Marks as above.\n";
    let above = floor::above_floor(record);
    all(record, legend, false, |cell| match above.get(&cell.cell) {
        Some(0.0) => Some("≈ 0".to_owned()),
        Some(ns) => Some(time(*ns)),
        None => None,
    })
}

/// The cells of weft's own host that are not the floor's.
fn codecs(record: &Record) -> impl Iterator<Item = &CellRecord> {
    record.cells.iter().filter(|cell| cell.cell.is_own() && !record.is_floor(&cell.cell.codec))
}

/// The tables below their legend; with `counts`, each says what it is made of.
fn all(record: &Record, legend: &str, counts: bool, value: impl Fn(&CellRecord) -> Option<String>) -> String {
    let mut workloads: Vec<(String, &str)> = Vec::new();
    for cell in codecs(record) {
        let workload = (cell.message(), cell.task());
        if !workloads.contains(&workload) {
            workloads.push(workload);
        }
    }
    if workloads.is_empty() {
        return String::new();
    }
    let mut text = legend.to_owned();
    for workload in workloads {
        text.push_str(&table(record, (&workload.0, workload.1), &value));
        let is = |cell: &&CellRecord| (cell.message(), cell.task()) == workload;
        let rows =
            Rows::of(codecs(record).filter(is).map(|cell| &cell.readings[..]), tells_calm(record)).filter(|_| counts);
        text.extend(rows.map(|rows| format!("\n{}.\n", rows.text())));
    }
    text
}

/// The table of one message and task.
fn table(record: &Record, workload: (&str, &str), value: &impl Fn(&CellRecord) -> Option<String>) -> String {
    let of_workload = |cell: &&CellRecord| (cell.message().as_str(), cell.task()) == workload;
    let cells: Vec<_> = codecs(record).filter(of_workload).collect();
    let transports = transports(&cells);
    let payload = cells
        .iter()
        .find_map(|cell| cell.payload_bytes)
        .map_or_else(String::new, |payload| format!(", {} of payload", bytes(payload.round())));
    let mut text = format!(
        "\n### {} {}{payload}\n\n{}",
        workload.0,
        workload.1,
        header("codec | wire | code | instructions | allocations", &transports)
    );
    let bests = bests(record, workload);
    for league in League::ALL {
        for codec in by_time(&cells, &transports).into_iter().filter(|codec| League::of(record, codec) == Some(league))
        {
            let row: Vec<_> = cells.iter().copied().filter(|cell| cell.cell.codec == codec).collect();
            let _ = write!(text, "| {codec}{} |{}", league.note(), sizes(record, codec, &row));
            for transport in &transports {
                let cell = row.iter().find(|cell| cell.cell.transport == transport.name());
                let _ = write!(text, " {} |", shown(cell.copied(), &bests, value));
            }
            text.push('\n');
        }
    }
    text
}

fn shown(cell: Option<&CellRecord>, bests: &[Best<'_>], value: &impl Fn(&CellRecord) -> Option<String>) -> String {
    let Some(cell) = cell else { return String::new() };
    match (cell.status, value(cell)) {
        (Status::Unsupported, _) => "unsupported".to_owned(),
        (Status::Failed, _) => "failed".to_owned(),
        (Status::Ok, None) => "no floor".to_owned(),
        (Status::Ok, Some(value)) if bests.iter().any(|best| best.marks(cell)) => format!("**{value}**"),
        (Status::Ok, Some(value)) => value,
    }
}

/// The transports that some cells have, in the order of all.
fn transports(cells: &[&CellRecord]) -> Vec<&'static dyn Transport> {
    let has = |transport: &&dyn Transport| cells.iter().any(|cell| cell.cell.transport == transport.name());
    TRANSPORTS.iter().copied().filter(has).collect()
}

/// The codecs of some cells, the fastest first: by the first transport over which they have a time; those without any last.
fn by_time<'a>(cells: &[&'a CellRecord], transports: &[&dyn Transport]) -> Vec<&'a str> {
    let time = |codec: &str| {
        let of = |transport: &&dyn Transport| {
            let mut own = cells.iter().filter(|cell| cell.cell.codec == codec);
            own.find(|cell| cell.cell.transport == transport.name())?.latency_ns
        };
        transports.iter().find_map(of).map_or(f64::INFINITY, |latency| latency.value)
    };
    let mut codecs: Vec<&str> = cells.iter().map(|cell| cell.cell.codec.as_str()).collect();
    codecs.sort_unstable();
    codecs.dedup();
    codecs.sort_by(|a, b| time(a).total_cmp(&time(b)));
    codecs
}

/// The columns of a codec's row that are no times.
fn sizes(record: &Record, codec: &str, row: &[&CellRecord]) -> String {
    let wire = row.iter().find_map(|cell| cell.wire_bytes).map_or_else(String::new, |wire| bytes(wire.round()));
    let code = record.environment.codecs.get(codec).and_then(|codec| codec.code_bytes);
    let code = code.map_or_else(String::new, |code| format!("{:.1} KiB", code as f64 / 1024.0));
    let exact = row.iter().find_map(|cell| cell.exact.as_ref());
    let instructions = exact.map_or_else(String::new, |exact| number(exact.instructions().round()));
    let allocations = exact.and_then(Exact::allocations).map_or_else(String::new, number);
    format!(" {wire} | {code} | {instructions} | {allocations} |")
}

/// The header with a column per transport, its isolation class in it.
fn header(first: &str, transports: &[&dyn Transport]) -> String {
    let mut header = format!("| {first} |");
    for transport in transports {
        let _ = write!(header, " {}: {} |", transport.isolation(), transport.name());
    }
    let columns = first.matches('|').count() + 1;
    let _ = write!(header, "\n|{}{}\n", "---|".repeat(columns), "---:|".repeat(transports.len()));
    header
}

/// The floor: what a transport alone costs, by size and task.
pub fn floor(record: &Record) -> String {
    let mut text = String::new();
    for task in ["peek", "scan", "reply"] {
        let cells: Vec<_> =
            record.measured().filter(|cell| record.is_floor(&cell.cell.codec) && cell.task() == task).collect();
        let mut sizes: Vec<f64> = cells.iter().filter_map(|cell| cell.wire_bytes).collect();
        sizes.sort_by(f64::total_cmp);
        sizes.dedup();
        if sizes.is_empty() {
            continue;
        }
        let what = match task {
            "peek" => "reads the first and the last byte",
            "scan" => "sums every 8-byte word",
            _ => "answers with as many bytes, of which the producer reads the first and the last",
        };
        let _ = write!(text, "\nBytes that already lie in the outbox; the consumer {what} (`{task}`).\n\n");
        text.push_str(&header("size | memcpy", TRANSPORTS));
        for size in sizes {
            let memcpy = record
                .boundary
                .get(&format!("memcpy_{size}"))
                .map_or_else(String::new, |limit| time(limit.latency.value));
            let _ = write!(text, "| {} | {memcpy} |", bytes(size));
            for transport in TRANSPORTS {
                let cell =
                    cells.iter().find(|cell| cell.cell.transport == transport.name() && cell.wire_bytes == Some(size));
                let latency = cell.and_then(|cell| cell.latency_ns).map(|latency| time(latency.value));
                let _ = write!(text, " {} |", latency.unwrap_or_default());
            }
            text.push('\n');
        }
    }
    text.trim_start().to_owned()
}
