//! `report.html`: the run as one page that needs no network. The host puts a skeleton, a style, the script and
//! the run's data together; the script (`assets/`) draws what is looked at.

mod cells;
mod collect;
mod crossings;
mod data;
mod names;

use super::ReportError;
use crate::run::Record;

const SKELETON: &str = include_str!("assets/page.html");
const STYLE: &str = include_str!("assets/page.css");
/// Collects errors, before anything that may err.
const ERRORS: &str = include_str!("assets/errors.js");

/// The script by concern, each file after those that it uses while it is loaded.
const SCRIPT: &[&str] = &[
    include_str!("assets/dom.js"),
    include_str!("assets/units.js"),
    include_str!("assets/run.js"),
    include_str!("assets/state.js"),
    include_str!("assets/controls.js"),
    include_str!("assets/table.js"),
    include_str!("assets/axes.js"),
    include_str!("assets/series.js"),
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
    include_str!("assets/facts.js"),
    include_str!("assets/page.js"),
];

/// The page of a record.
pub fn render(record: &Record) -> Result<String, ReportError> {
    let data = serde_json::to_string(&collect::page(record))
        .map_err(|error| ReportError { file: "report.html", reason: error.to_string() })?;
    let title = format!("weft: run {}", record.run_id);
    let parts = [
        ("title", html_escape::encode_text(&title).into_owned()),
        ("style", STYLE.to_owned()),
        ("errors", ERRORS.to_owned()),
        ("data", in_script(&data)),
        ("script", format!("(() => {{\n\"use strict\";\n{}}})();", SCRIPT.concat())),
    ];
    Ok(fill(SKELETON, &parts))
}

/// JSON that can stand in a script element: nothing in it ends the element or opens a comment.
fn in_script(json: &str) -> String {
    json.replace('<', "\\u003c")
}

/// Puts each part where the skeleton has `{{name}}`, in one pass, so that a part may contain anything.
fn fill(skeleton: &str, parts: &[(&str, String)]) -> String {
    let mut page = String::new();
    let mut rest = skeleton;
    while let Some((before, after)) = rest.split_once("{{") {
        page.push_str(before);
        let part = after.split_once("}}").and_then(|(name, after)| {
            let (_, text) = parts.iter().find(|(part, _)| *part == name)?;
            Some((text, after))
        });
        match part {
            Some((text, after)) => {
                page.push_str(text);
                rest = after;
            }
            None => {
                page.push_str("{{");
                rest = after;
            }
        }
    }
    page + rest
}

#[cfg(test)]
mod tests {
    use super::{ERRORS, SCRIPT, SKELETON, STYLE, fill, in_script};

    #[test]
    fn parts_are_not_looked_into() {
        let parts = [("a", "{{b}}".to_owned()), ("b", "x".to_owned())];
        assert_eq!(fill("1 {{a}} 2 {{b}} {{c}} {{", &parts), "1 {{b}} 2 x {{c}} {{");
    }

    #[test]
    fn data_does_not_end_its_element() {
        let json = in_script(&serde_json::json!(["</script><!--"]).to_string());
        assert!(!json.contains('<'));
        assert_eq!(serde_json::from_str::<Vec<String>>(&json).ok(), Some(vec!["</script><!--".to_owned()]));
    }

    #[test]
    fn the_parts_end_no_element_and_load_nothing() {
        for part in SCRIPT.iter().chain(&[STYLE, ERRORS]) {
            assert!(!part.contains("</script") && !part.contains("</style") && !part.contains("url("), "{part}");
            assert!(!part.contains("innerHTML"), "text goes into the page as text");
        }
        assert!(!SKELETON.contains("src=\"http") && !SKELETON.contains("<link"));
    }
}
