//! A comparison as one page that needs no network. The host hands over the comparison; the script (`assets/`) draws it.

mod data;

use super::Comparison;
use crate::page::Page;

/// What this page adds to what all pages have; each file after those that it uses while it is loaded.
pub const PAGE: Page = Page {
    about: "What changed between two runs: each cell's time and every exact figure.",
    instead: "cargo weft compare … --format md has the same figures.",
    style: include_str!("assets/compare.css"),
    script: &[
        include_str!("assets/comparison.js"),
        include_str!("assets/filter.js"),
        include_str!("assets/columns.js"),
        include_str!("assets/forest.js"),
        include_str!("assets/answer.js"),
        include_str!("assets/maps.js"),
        include_str!("assets/ratios.js"),
        include_str!("assets/facts.js"),
        include_str!("assets/compare.js"),
    ],
};

/// The whole page.
pub fn render(comparison: &Comparison) -> serde_json::Result<String> {
    let title = format!("weft: {} → {}", comparison.old.run_id, comparison.new.run_id);
    PAGE.render(&title, &data::page(comparison))
}
