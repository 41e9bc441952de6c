//! `cells.csv`: a row per cell, for spreadsheets. Column names as in `run.json`.

use ::csv::Writer;

use super::ReportError;
use crate::run::{CellRecord, Record};

const COLUMNS: [&str; 18] = [
    "message",
    "task",
    "codec",
    "transport",
    "isolation",
    "status",
    "reason",
    "payload_bytes",
    "wire_bytes",
    "transport_copies",
    "host_to_wasm",
    "wasm_to_host",
    "wasm_to_wasm",
    "latency_ns_median",
    "latency_ns_low",
    "latency_ns_high",
    "throughput_mb_s",
    "run_id",
];

/// The record's cells as CSV.
pub fn render(record: &Record) -> Result<String, ReportError> {
    let failed = |reason: String| ReportError { file: "cells.csv", reason };
    let mut writer = Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).map_err(|error| failed(error.to_string()))?;
    for cell in &record.cells {
        writer.write_record(row(record, cell)).map_err(|error| failed(error.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| failed(error.to_string()))
}

fn row(record: &Record, cell: &CellRecord) -> [String; 18] {
    fn text<T: ToString>(value: Option<T>) -> String {
        value.map_or_else(String::new, |value| value.to_string())
    }
    let status = match cell.status {
        crate::run::Status::Ok => "ok",
        crate::run::Status::Unsupported => "unsupported",
        crate::run::Status::Failed => "failed",
    };
    [
        cell.message.clone(),
        cell.task.clone(),
        cell.codec.clone(),
        cell.transport.clone(),
        cell.isolation.to_string(),
        status.to_owned(),
        text(cell.reason.as_ref()),
        text(cell.payload_bytes),
        text(cell.wire_bytes),
        text(cell.transport_copies),
        text(cell.crossings.map(|crossings| crossings.host_to_wasm)),
        text(cell.crossings.map(|crossings| crossings.wasm_to_host)),
        text(cell.crossings.map(|crossings| crossings.wasm_to_wasm)),
        text(cell.latency_ns.map(|latency| latency.median)),
        text(cell.latency_ns.map(|latency| latency.low)),
        text(cell.latency_ns.map(|latency| latency.high)),
        text(cell.throughput_mb_s),
        record.run_id.clone(),
    ]
}
