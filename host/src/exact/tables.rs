//! The exact figures as tables for people: in the terminal, and in Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use weft_link::transport::TRANSPORTS;

use super::{ExactFile, GuestFigures};

/// A table: its heading, its columns, its rows of cells.
pub struct Table {
    /// What it is about.
    pub heading: &'static str,
    /// The names of the columns; the first ones are text, and those from `numbers` on are right-aligned.
    pub columns: Vec<String>,
    /// How many columns are text.
    pub text_columns: usize,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// All tables of a document.
pub fn tables(file: &ExactFile) -> Vec<Table> {
    let mut tables = vec![encode(file), read(file), transport(file), found(file)];
    if !file.request.is_empty() {
        tables.insert(1, request(file));
        tables.insert(4, answered(file));
    }
    tables
}

/// The tables for a terminal, with what the columns mean.
pub fn text(file: &ExactFile) -> String {
    let mut text = String::new();
    for table in tables(file) {
        table.write_text(&mut text);
    }
    text.push_str(
        "Per message, in the steady state. read, written: bytes loaded and stored, copies inside the guest included.\n\
         Bytes by region and the places of the copies: cargo weft count --format json\n",
    );
    text
}

fn name(key: &str) -> Vec<String> {
    key.split('/').map(str::to_owned).collect()
}

fn columns(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn encode(file: &ExactFile) -> Table {
    senders("The producer: encoding a message", &file.encode)
}

fn request(file: &ExactFile) -> Table {
    senders("The requester: encoding a message, and reading its answer", &file.request)
}

fn senders(heading: &'static str, senders: &BTreeMap<String, super::Encoded>) -> Table {
    let row = |(key, encoded): (&String, &super::Encoded)| {
        let mut row = name(key);
        row.extend([
            number(encoded.payload_bytes),
            number(encoded.wire_bytes),
            format!("{:.2}", encoded.wire_overhead),
        ]);
        row.extend(guest(&encoded.figures));
        row
    };
    Table {
        heading,
        columns: columns(&[
            "message",
            "codec",
            "payload",
            "wire",
            "wire/payload",
            "instructions",
            "read",
            "written",
            "allocations",
            "allocated",
            "grown",
        ]),
        text_columns: 2,
        rows: senders.iter().map(row).collect(),
    }
}

fn read(file: &ExactFile) -> Table {
    let row = |(key, figures): (&String, &GuestFigures)| [name(key), guest(figures)].concat();
    Table {
        heading: "The consumer: reading it, and for the task reply encoding an answer",
        columns: columns(&[
            "message",
            "task",
            "codec",
            "instructions",
            "read",
            "written",
            "allocations",
            "allocated",
            "grown",
        ]),
        text_columns: 3,
        rows: file.read.iter().map(row).collect(),
    }
}

fn guest(figures: &GuestFigures) -> Vec<String> {
    let known = |figure: Option<f64>| figure.map_or_else(|| "unknown".to_owned(), number);
    vec![
        number(figures.instructions),
        number(figures.bytes_read.total()),
        number(figures.bytes_written.total()),
        known(figures.allocations),
        known(figures.allocated_bytes),
        number(figures.memory_grown),
    ]
}

/// A row per transport where every size takes the same copies and crossings, which is everywhere so far.
fn transport(file: &ExactFile) -> Table {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for transport in TRANSPORTS {
        let ways = file.transport.iter().filter(|(key, _)| key.split('/').next() == Some(transport.name()));
        for (key, way) in ways {
            let wire: f64 = key.rsplit('/').next().and_then(|wire| wire.parse().ok()).unwrap_or_default();
            let per_byte = if wire > 0.0 { way.transport_copied_bytes / wire } else { 0.0 };
            let crossings = way.crossings;
            let row = vec![
                transport.name().to_owned(),
                way.transport_copies.to_string(),
                number(per_byte),
                crossings.wasm_to_host.to_string(),
                crossings.host_to_wasm.to_string(),
                crossings.wasm_to_wasm.to_string(),
            ];
            if !rows.contains(&row) {
                rows.push(row);
            }
        }
    }
    Table {
        heading: "The transport, at every size on the wire",
        columns: columns(&["transport", "copies", "copied/wire", "wasm to host", "host to wasm", "wasm to wasm"]),
        text_columns: 1,
        rows,
    }
}

/// What brings messages there and answers back: a row per message, codec and transport.
fn answered(file: &ExactFile) -> Table {
    let row = |(key, way): (&String, &super::Transported)| {
        let crossings = way.crossings;
        let numbers = [way.transport_copies, crossings.wasm_to_host, crossings.host_to_wasm, crossings.wasm_to_wasm];
        let [copies, rest @ ..] = numbers.map(|count| count.to_string());
        [name(key), vec![copies, number(way.transport_copied_bytes)], rest.to_vec()].concat()
    };
    Table {
        heading: "The transport, there and back",
        columns: columns(&[
            "message",
            "codec",
            "transport",
            "copies",
            "copied",
            "wasm to host",
            "host to wasm",
            "wasm to wasm",
        ]),
        text_columns: 3,
        rows: file.answered.iter().map(row).collect(),
    }
}

/// Copies from end to end: a column per transport.
fn found(file: &ExactFile) -> Table {
    let mut by_workload: BTreeMap<&str, BTreeMap<&str, String>> = BTreeMap::new();
    for (key, found) in &file.found {
        if let Some((workload, transport)) = key.rsplit_once('/') {
            let copies = found.copies.map_or_else(|| "unknown".to_owned(), |copies| copies.to_string());
            by_workload.entry(workload).or_default().insert(transport, copies);
        }
    }
    let row = |(workload, copies): (&str, BTreeMap<&str, String>)| {
        let mut row = name(workload);
        row.extend(TRANSPORTS.iter().map(|transport| copies.get(transport.name()).cloned().unwrap_or_default()));
        row
    };
    let transports = TRANSPORTS.iter().map(|transport| transport.name().to_owned());
    Table {
        heading: "Copies of the payload from end to end, beyond the producer's value, found by searching",
        columns: columns(&["message", "task", "codec"]).into_iter().chain(transports).collect(),
        text_columns: 3,
        rows: by_workload.into_iter().map(row).collect(),
    }
}

/// A number with as many digits as it needs, at most one behind the point.
pub fn number(value: f64) -> String {
    if value.fract() == 0.0 || value >= 1e4 { format!("{value:.0}") } else { format!("{value:.1}") }
}

impl Table {
    fn write_text(&self, text: &mut String) {
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| Some(row.get(column)?.chars().count()));
            cells.chain([self.columns[column].chars().count()]).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.columns.len()).map(width).collect();
        let _ = writeln!(text, "{}\n", self.heading);
        for row in std::iter::once(&self.columns).chain(&self.rows) {
            for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let _ = if column < self.text_columns {
                    write!(text, "  {cell:<width$}")
                } else {
                    write!(text, "  {cell:>width$}")
                };
            }
            text.truncate(text.trim_end_matches(' ').len());
            text.push('\n');
        }
        text.push('\n');
    }

    /// The table in Markdown, without its heading.
    pub fn markdown(&self) -> String {
        let line = |row: &[String]| format!("| {} |\n", row.join(" | "));
        let rule = (0..self.columns.len()).map(|column| if column < self.text_columns { "---" } else { "---:" });
        let rule = format!("|{}|\n", rule.collect::<Vec<_>>().join("|"));
        line(&self.columns) + &rule + &self.rows.iter().map(|row| line(row)).collect::<String>()
    }
}
