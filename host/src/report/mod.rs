//! Reports: what is derived from a run's record. One file per format.

pub mod answer;
mod bmf;
mod crossover;
mod csv;
mod floor;
mod heatmap;
mod html;
pub mod include;
mod limits;
mod markdown;
mod ranking;
pub mod units;

#[cfg(test)]
pub(crate) use html::PAGE;
pub use limits::{Limit, limits};
pub use markdown::SECTIONS;

use crate::run::Record;

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
#[error("cannot make {file}: {reason}")]
pub struct ReportError {
    file: &'static str,
    reason: String,
}

/// A format of a report.
pub struct Format {
    /// Its name: what `cargo weft report RUN --format` takes.
    pub name: &'static str,
    /// Its file in the run directory. None where it is only printed.
    pub file: Option<&'static str>,
    /// Makes its content from a record.
    pub render: fn(&Record) -> Result<String, ReportError>,
}

/// Every format.
pub static FORMATS: &[Format] = &[
    Format { name: "csv", file: Some("cells.csv"), render: csv::render },
    Format { name: "md", file: Some("report.md"), render: markdown::render },
    Format { name: "html", file: Some("report.html"), render: html::render },
    Format { name: "svg", file: Some("heatmap.svg"), render: heatmap::render },
    Format { name: "bmf", file: None, render: bmf::render },
];

/// The format with a name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}
