//! `report.html`: the run as one page that needs no network. The host hands over the run's data; the script
//! (`assets/`) draws what is looked at.

mod cells;
mod collect;
mod crossings;
mod data;
mod hosts;
mod names;
mod rounds;

use super::ReportError;
use crate::page::Page;
use crate::record::Record;

/// What this page adds to what all pages have; each file after those that it uses while it is loaded.
pub const PAGE: Page = Page {
    about: "How two WebAssembly modules in one host hand messages to each other, and what each way costs.",
    instead: "report.md beside it has the same figures.",
    style: include_str!("assets/report.css"),
    script: &[
        include_str!("assets/run.js"),
        include_str!("assets/filter.js"),
        include_str!("assets/statistics.js"),
        include_str!("assets/ranks.js"),
        include_str!("assets/made.js"),
        include_str!("assets/columns.js"),
        include_str!("assets/bars.js"),
        include_str!("assets/lines.js"),
        include_str!("assets/scatter.js"),
        include_str!("assets/ranges.js"),
        include_str!("assets/answer.js"),
        include_str!("assets/heatmap.js"),
        include_str!("assets/times.js"),
        include_str!("assets/sizes.js"),
        include_str!("assets/copies.js"),
        include_str!("assets/tails.js"),
        include_str!("assets/beside.js"),
        include_str!("assets/hosts.js"),
        include_str!("assets/hosttables.js"),
        include_str!("assets/rounds.js"),
        include_str!("assets/facts.js"),
        include_str!("assets/report.js"),
    ],
};

/// The page of a record, whose run is typed so.
pub fn render(record: &Record, typed: &str) -> Result<String, ReportError> {
    let title = format!("weft: run {}", record.run_id);
    PAGE.render(&title, &collect::page(record, typed))
        .map_err(|error| ReportError { file: "report.html", reason: error.to_string() })
}
