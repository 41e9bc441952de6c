//! Bencher Metric Format: a run as JSON for services that track benchmarks over time
//! (<https://bencher.dev/docs/reference/bencher-metric-format>): benchmark → measure → value and, where there is
//! one, its interval.
//!
//! `latency` is Bencher's own measure, in nanoseconds. The others are counts per message, or bytes per message where
//! they say so.

use std::collections::BTreeMap;

use serde::Serialize;

use super::ReportError;
use super::rounds::interval;
use crate::measure::RoundReading;
use crate::record::{CellRecord, Latency, Record};

/// A value of a measure.
#[derive(Serialize)]
struct Metric {
    value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    lower_value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upper_value: Option<f64>,
}

impl From<f64> for Metric {
    fn from(value: f64) -> Self {
        Self { value, lower_value: None, upper_value: None }
    }
}

impl Metric {
    /// A time that is made of some readings.
    fn of(latency: Latency, readings: &[RoundReading]) -> Self {
        let interval = interval(&latency, readings);
        Self {
            value: latency.value,
            lower_value: interval.map(|(low, _)| low),
            upper_value: interval.map(|(_, high)| high),
        }
    }
}

type Measures = BTreeMap<&'static str, Metric>;

/// The measured cells of all hosts by their names, and the boundary figures as `boundary/<name>`.
pub fn render(record: &Record) -> Result<String, ReportError> {
    let mut benchmarks: BTreeMap<String, Measures> =
        record.all_measured().map(|cell| (cell.name(), measures(cell))).collect();
    let boundary = record.boundary.iter();
    benchmarks.extend(boundary.map(|(name, time)| {
        (format!("boundary/{name}"), [("latency", Metric::of(time.latency, &time.readings))].into())
    }));
    let json = serde_json::to_string_pretty(&benchmarks);
    Ok(json.map_err(|error| ReportError { file: "bmf", reason: error.to_string() })? + "\n")
}

fn measures(cell: &CellRecord) -> Measures {
    let mut measures = Measures::new();
    let times = [
        ("latency", cell.latency_ns),
        ("first-message", cell.first_message_ns),
        ("latency-p99", cell.tail_ns.map(|tail| tail.p99)),
    ];
    measures.extend(times.into_iter().filter_map(|(name, time)| Some((name, Metric::of(time?, &cell.readings)))));
    let counts = [
        ("wire-bytes", cell.wire_bytes),
        ("transport-copies", cell.transport_copies.map(|copies| copies as f64)),
        ("instructions", cell.exact.as_ref().map(crate::exact::Exact::instructions)),
        ("moved-bytes", cell.exact.as_ref().map(crate::exact::Exact::moved_bytes)),
        ("allocations", cell.exact.as_ref().and_then(crate::exact::Exact::allocations)),
        ("copies", cell.exact.as_ref().and_then(|exact| exact.copies).map(|copies| copies as f64)),
    ];
    measures.extend(counts.into_iter().filter_map(|(name, value)| Some((name, Metric::from(value?)))));
    measures
}
