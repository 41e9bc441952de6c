//! `cells.csv`: a row per cell of every host, for spreadsheets. Column names as in `run.json`.

use ::csv::Writer;

use super::ReportError;
use super::rounds::{Made, interval, tells_calm};
use crate::exact::Exact;
use crate::record::{CellRecord, Record, Status};

/// A column: its name, and a cell's value in it; empty where there is none.
type Column = (&'static str, fn(&CellRecord) -> Option<String>);

/// The same of a column that tells something of the run.
type LastColumn = (&'static str, fn(&Record, &CellRecord) -> Option<String>);

const COLUMNS: &[Column] = &[
    ("message", |cell| Some(cell.message())),
    ("task", |cell| Some(cell.task().to_owned())),
    ("codec", |cell| Some(cell.cell.codec.clone())),
    ("transport", |cell| Some(cell.cell.transport.clone())),
    ("isolation", |cell| text(Some(cell.isolation))),
    ("status", |cell| text(Some(status(cell.status)))),
    ("reason", |cell| cell.reason.clone()),
    ("payload_bytes", |cell| text(cell.payload_bytes)),
    ("wire_bytes", |cell| text(cell.wire_bytes)),
    ("transport_copies", |cell| text(cell.transport_copies)),
    ("host_to_wasm", |cell| text(cell.crossings.map(|crossings| crossings.host_to_wasm))),
    ("wasm_to_host", |cell| text(cell.crossings.map(|crossings| crossings.wasm_to_host))),
    ("wasm_to_wasm", |cell| text(cell.crossings.map(|crossings| crossings.wasm_to_wasm))),
    ("latency_ns", |cell| text(cell.latency_ns.map(|latency| latency.value))),
    ("latency_ns_low", |cell| text(ends(cell).map(|(low, _)| low))),
    ("latency_ns_high", |cell| text(ends(cell).map(|(_, high)| high))),
    ("throughput_mb_s", |cell| text(cell.throughput_mb_s)),
    ("encode_ns", |cell| text(cell.attribution_ns.map(|parts| parts.encode.value))),
    ("transport_ns", |cell| text(cell.attribution_ns.map(|parts| parts.transport.value))),
    ("read_ns", |cell| text(cell.attribution_ns.map(|parts| parts.read.value))),
    ("residual_ns", |cell| text(cell.attribution_ns.map(|parts| parts.residual.value))),
    ("first_message_ns", |cell| text(cell.first_message_ns.map(|first| first.value))),
    ("tail_ns_p50", |cell| text(cell.tail_ns.map(|tail| tail.p50.value))),
    ("tail_ns_p90", |cell| text(cell.tail_ns.map(|tail| tail.p90.value))),
    ("tail_ns_p99", |cell| text(cell.tail_ns.map(|tail| tail.p99.value))),
    ("tail_ns_p999", |cell| text(cell.tail_ns.map(|tail| tail.p999.value))),
    ("tail_ns_max", |cell| text(cell.tail_ns.map(|tail| tail.max))),
    ("copies", |cell| text(exact(cell)?.copies)),
    ("moved_bytes", |cell| text(exact(cell).map(Exact::moved_bytes))),
    ("producer_instructions", |cell| text(exact(cell).map(|exact| exact.producer.instructions))),
    ("consumer_instructions", |cell| text(exact(cell).map(|exact| exact.consumer.instructions))),
    ("producer_allocations", |cell| text(exact(cell)?.producer.allocations)),
    ("consumer_allocations", |cell| text(exact(cell)?.consumer.allocations)),
    ("consumer_allocated_bytes", |cell| text(exact(cell)?.consumer.allocated_bytes)),
];

/// The columns after these. What was added is the last, so that the places of the others are those that they always had.
const LAST: &[LastColumn] = &[
    ("run_id", |record, _| Some(record.run_id.clone())),
    ("host", |_, cell| Some(cell.cell.host.clone())),
    ("rounds", |_, cell| text(Made::of(&cell.readings, true).map(|made| made.rounds))),
    ("placements", |_, cell| text(Made::of(&cell.readings, true)?.placements)),
    ("calm_rounds", |record, cell| text(Made::of(&cell.readings, tells_calm(record))?.calm_rounds)),
    ("calm_rate", |_, cell| Some(format!("{:.3}", Made::of(&cell.readings, true)?.calm_rate?))),
    ("code_bytes", |record, cell| text(record.environment.codecs.get(&cell.cell.codec)?.code_bytes)),
    ("failed_rounds", |_, cell| text(Some(cell.failed_rounds))),
];

/// The record's cells as CSV.
pub fn render(record: &Record) -> Result<String, ReportError> {
    let failed = |reason: String| ReportError { file: "cells.csv", reason };
    let mut writer = Writer::from_writer(Vec::new());
    let names = COLUMNS.iter().map(|(name, _)| *name).chain(LAST.iter().map(|(name, _)| *name));
    writer.write_record(names).map_err(|error| failed(error.to_string()))?;
    for cell in &record.cells {
        let values = COLUMNS.iter().map(|(_, value)| value(cell));
        let last = LAST.iter().map(|(_, value)| value(record, cell));
        let row = values.chain(last).map(Option::unwrap_or_default);
        writer.write_record(row).map_err(|error| failed(error.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| failed(error.to_string()))
}

fn ends(cell: &CellRecord) -> Option<(f64, f64)> {
    interval(&cell.latency_ns?, &cell.readings)
}

fn text<T: ToString>(value: Option<T>) -> Option<String> {
    value.map(|value| value.to_string())
}

const fn exact(cell: &CellRecord) -> Option<&Exact> {
    cell.exact.as_ref()
}

const fn status(status: Status) -> &'static str {
    match status {
        Status::Ok => "ok",
        Status::Unsupported => "unsupported",
        Status::Failed => "failed",
    }
}
