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

#[cfg(test)]
mod tests {
    use crate::page::{Page, shared_parts};

    #[test]
    fn the_parts_end_no_element_and_load_nothing() {
        let (shared, skeleton) = shared_parts();
        let pages: [&Page; 2] = [&crate::report::PAGE, &super::PAGE];
        let own = pages.iter().flat_map(|page| page.script.iter().chain([&page.style, &page.about, &page.instead]));
        for part in shared.iter().chain(own) {
            assert!(!part.contains("</script") && !part.contains("</style") && !part.contains("url("), "{part}");
            assert!(!part.contains("innerHTML"), "text goes into the page as text");
        }
        assert!(!skeleton.contains("src=\"http") && !skeleton.contains("<link"));
    }
}
