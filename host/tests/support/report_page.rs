//! A run's page in Chromium, the values in its tables, and runs to make pages of.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;
use serde_json::{Value, json};
use weft::report::FORMATS;
use weft::run::Record;

use crate::browser::{self, Dump, chromium_or_skip};

/// The content of the reference run's record.
pub fn reference() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../results/reference/run.json");
    serde_json::from_str(&fs::read_to_string(path).expect("the reference run")).expect("JSON")
}

/// The record that some JSON is.
pub fn record(json: &Value) -> Record {
    serde_json::from_value(json.clone()).expect("a record")
}

/// A record's file of this name.
pub fn render(json: &Value, file: &str) -> String {
    let format = FORMATS.iter().find(|format| format.file == Some(file)).expect("a format");
    (format.render)(&record(json)).unwrap_or_else(|error| panic!("{error}"))
}

/// A record's page on disk.
pub struct Page {
    chromium: PathBuf,
    directory: tempfile::TempDir,
}

impl Page {
    /// None where there is no Chromium and there need not be.
    pub fn of(json: &Value) -> Option<Self> {
        let chromium = chromium_or_skip()?;
        let page = Self { chromium, directory: tempfile::tempdir().expect("a directory") };
        fs::write(page.path(), render(json, "report.html")).expect("a page");
        Some(page)
    }

    /// Where it lies.
    pub fn path(&self) -> PathBuf {
        self.directory.path().join("report.html")
    }

    /// The page at a fragment; it must not have failed.
    pub fn at(&self, fragment: &str) -> String {
        let Dump { dom, console } = browser::open(&self.chromium, &self.path(), fragment);
        assert!(console.is_empty(), "at #{fragment}: {console:?}");
        assert!(!root(&dom).contains("data-errors"), "at #{fragment}: {}", root(&dom));
        assert!(root(&dom).contains("data-drawn-ms"), "at #{fragment}, not all was drawn: {}", root(&dom));
        let shown = without_data(&dom);
        for broken in ["NaN", "undefined", "Infinity", "[object Object]", "class=\"pending\""] {
            assert!(!shown.contains(broken), "at #{fragment} the page has `{broken}`");
        }
        dom
    }
}

/// The opening tag of the document.
pub fn root(dom: &str) -> &str {
    let start = dom.find("<html").expect("a document");
    dom[start..].split('>').next().expect("a tag")
}

/// The page without its script and data.
pub fn without_data(dom: &str) -> String {
    Regex::new("(?s)<script.*?</script>").expect("a pattern").replace_all(dom, "").into_owned()
}

/// The rows of a table: the values of their cells.
pub fn rows(dom: &str, table: &str) -> Vec<Vec<String>> {
    let from = dom.find(&format!("<table id=\"rows-{table}\"")).unwrap_or_else(|| panic!("a table {table}"));
    let body = dom[from..].split("</table>").next().and_then(|table| table.split("<tbody>").nth(1)).expect("a body");
    let value = Regex::new("<t[hd]( [^>]*)?>").expect("a pattern");
    let data = Regex::new("data-value=\"([^\"]*)\"").expect("a pattern");
    let of_row = |row: &str| {
        let cells = value.find_iter(row);
        cells.map(|cell| data.captures(cell.as_str()).map_or_else(String::new, |found| found[1].to_owned())).collect()
    };
    body.split("<tr>").skip(1).map(of_row).collect()
}

/// The places of a table's columns by their keys.
pub fn columns(dom: &str, table: &str) -> BTreeMap<String, usize> {
    let from = dom.find(&format!("<table id=\"rows-{table}\"")).unwrap_or_else(|| panic!("a table {table}"));
    let head = dom[from..].split("</thead>").next().expect("a head");
    let key = Regex::new("data-key=\"([^\"]*)\"").expect("a pattern");
    key.captures_iter(head).enumerate().map(|(place, found)| (found[1].to_owned(), place)).collect()
}

/// The values of one column.
pub fn column(dom: &str, table: &str, key: &str) -> Vec<String> {
    let place = columns(dom, table)[key];
    rows(dom, table).into_iter().map(|row| row[place].clone()).collect()
}

/// What some values are, each once.
pub fn set(values: &[String]) -> BTreeSet<String> {
    values.iter().cloned().collect()
}

/// The reference run with everything in it that a run may have.
pub fn complete() -> Value {
    let mut json = reference();
    json["clock"] = json!({ "cost_ns": 21.5, "resolution_ns": 1.0 });
    json["drift"] = json!({ "cell": "log@1/own/bytes/direct", "medians_ns": [700.0, 712.0], "spread": 0.0085 });
    let guest = json!({
        "instructions": 900.0, "calls": 9.0, "allocations": 1.0, "allocated_bytes": 64.0, "memory_grown": 0.0,
        "bytes_read": { "shadow_stack": 8.0, "static_data": 0.0, "heap": 300.0, "outbox": 0.0, "inbox": 300.0 },
        "bytes_written": { "shadow_stack": 8.0, "static_data": 0.0, "heap": 0.0, "outbox": 300.0, "inbox": 0.0 },
    });
    for (place, cell) in json["cells"].as_array_mut().expect("cells").iter_mut().enumerate() {
        let median = cell["latency_ns"]["median"].as_f64().expect("a latency");
        cell["exact"] = json!({
            "producer": guest, "consumer": guest, "transport_copied_bytes": 326.0, "wire_overhead": 1.1,
            "payload_found_in": { "outbox": 1 }, "copies": 1, "copies_unknown": null,
        });
        // Parts of which the residual is negative in every third cell.
        let read = if place % 3 == 0 { 0.8 } else { 0.3 };
        cell["attribution_ns"] = json!({
            "encode": 0.3 * median, "transport": 0.2 * median, "read": read * median, "residual": (0.5 - read) * median,
        });
        if place % 4 == 0 {
            cell["tail_reason"] = json!("too short to be timed alone");
        } else {
            cell["tail_ns"] = json!({
                "p50": median, "p90": 1.1 * median, "p99": 2.0 * median, "p999": 9.0 * median, "max": 99.0 * median,
                "samples": 10000,
            });
        }
        cell["first_message_ns"] = json!(40.0 * median);
    }
    json
}
