//! Reports: what is derived from a run's record. One file per format.

pub mod answer;
mod crossover;
mod csv;
mod floor;
mod heatmap;
mod html;
pub mod include;
mod limits;
mod markdown;
mod palette;
mod ranking;
pub mod units;

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

/// A format: its file in the run directory, and how it is made.
pub struct Format {
    /// The file's name.
    pub file: &'static str,
    /// Makes its content from a record.
    pub render: fn(&Record) -> Result<String, ReportError>,
}

/// Every format.
pub static FORMATS: &[Format] = &[
    Format { file: "cells.csv", render: csv::render },
    Format { file: "report.md", render: markdown::render },
    Format { file: "report.html", render: html::render },
    Format { file: "heatmap.svg", render: heatmap::render },
];
