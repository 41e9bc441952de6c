//! Reports: what is derived from a run's record. One file per format.

pub mod answer;
mod bmf;
mod crossover;
mod csv;
pub mod escape;
mod finish;
mod floor;
mod gives_up;
mod heatmap;
mod hosts;
mod html;
pub mod include;
mod limits;
mod markdown;
mod plugins;
pub mod ranking;
pub mod rounds;
mod today;
mod told;
pub mod units;

pub use finish::ending;
#[cfg(test)]
pub(crate) use html::PAGE;
pub use limits::{Limit, limits};
pub use markdown::SECTIONS;

use crate::record::{CellRecord, Record, RecordError, RunDirectory, Status};

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
    /// Makes its content from a record, and from what stands for its run where one is typed.
    pub render: fn(&Record, &str) -> Result<String, ReportError>,
}

/// Every format.
pub static FORMATS: &[Format] = &[
    Format { name: "csv", file: Some("cells.csv"), render: |record, _| csv::render(record) },
    Format { name: "md", file: Some("report.md"), render: |record, _| markdown::render(record) },
    Format { name: "html", file: Some("report.html"), render: html::render },
    Format { name: "svg", file: Some("heatmap.svg"), render: |record, _| heatmap::render(record) },
    Format { name: "bmf", file: None, render: |record, _| bmf::render(record) },
];

/// Why the files of a run could not be made.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the messages are those of what failed")]
pub enum DeriveError {
    #[error(transparent)]
    Render(#[from] ReportError),
    #[error(transparent)]
    Write(#[from] RecordError),
}

/// Writes what is derived from a record into its directory: the file of each format that has one. All are made before
/// the first is written.
///
/// # Errors
/// Where a file cannot be made or written.
pub fn derive(directory: &RunDirectory, record: &Record) -> Result<(), DeriveError> {
    let (files, typed) = (FORMATS.iter().filter_map(|format| Some((format.file?, format))), directory.typed());
    let contents: Vec<(&str, String)> =
        files.map(|(file, format)| Ok((file, (format.render)(record, &typed)?))).collect::<Result<_, ReportError>>()?;
    Ok(contents.iter().try_for_each(|(file, content)| directory.replace(file, content.as_bytes()))?)
}

/// How much failed, and where a format says why: what a reader must know before the figures.
fn failures(record: &Record, own_place: &str, others_place: &str) -> Vec<String> {
    let failed = |own: bool| {
        let is = |cell: &&CellRecord| cell.status == Status::Failed && cell.cell.is_own() == own;
        record.cells.iter().filter(is).count()
    };
    let in_some_rounds = record.cells.iter().filter(|cell| cell.failed_rounds > 0).count();
    let some = |count: usize, text: String| (count > 0).then(|| format!("{count} {text}"));
    let notes = [
        some(failed(true), format!("cells failed while they were timed; {own_place} is why.")),
        some(failed(false), format!("cells of other hosts failed; {others_place} is why.")),
        some(record.failed.len(), format!("figures beside the cells failed; {own_place} is why.")),
        some(in_some_rounds, format!("cells failed in some rounds, and are made of the others; {own_place} is which.")),
    ];
    notes.into_iter().flatten().collect()
}

/// That some rounds of a cell failed, in words.
fn in_some_rounds(cell: &CellRecord) -> String {
    format!("{} rounds failed, others did not", cell.failed_rounds)
}

/// What is said of a run with other messages than its matrix'. None of one with its matrix' own.
fn other_messages(record: &Record) -> Option<String> {
    let (messages, matrix) = (record.messages.join(", "), &record.matrix);
    (!messages.is_empty()).then(|| format!("Measured with {messages}, in place of the {matrix} matrix' own messages."))
}

/// The format with a name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}
