//! Pages: one file that needs no network, made of a skeleton, a style, a script and data.
//!
//! What all pages have in common lies in `assets/`: elements, units, the view in the URL's fragment, controls,
//! tables that sort, axes, and sections that are drawn when they are looked at. A page adds its own style and script,
//! which draw its data.

pub mod palette;

use serde::Serialize;

const SKELETON: &str = include_str!("assets/page.html");
const STYLE: &str = include_str!("assets/page.css");
/// Collects errors, before anything that may err.
const ERRORS: &str = include_str!("assets/errors.js");

/// The script that all pages have, by concern, each file after those that it uses while it is loaded.
const SCRIPT: &[&str] = &[
    include_str!("assets/dom.js"),
    include_str!("assets/units.js"),
    include_str!("assets/state.js"),
    include_str!("assets/controls.js"),
    include_str!("assets/table.js"),
    include_str!("assets/colours.js"),
    include_str!("assets/axes.js"),
    include_str!("assets/series.js"),
    include_str!("assets/rows.js"),
    include_str!("assets/ratios.js"),
    include_str!("assets/chart.js"),
    include_str!("assets/sections.js"),
];

/// What a page adds to what all have.
pub struct Page {
    /// What it is about, in a sentence.
    pub about: &'static str,
    /// Where the same figures are, for who has no script.
    pub instead: &'static str,
    /// Its style, after that of all pages.
    pub style: &'static str,
    /// Its script, after that of all pages; it ends with `start(…)`.
    pub script: &'static [&'static str],
}

/// What the script is given.
#[derive(Serialize)]
struct Content<'a, T> {
    colours: palette::Colours,
    data: &'a T,
}

/// The parts that all pages have, and their skeleton.
#[cfg(test)]
pub(crate) fn shared_parts() -> (Vec<&'static str>, &'static str) {
    ([SCRIPT, &[STYLE, ERRORS]].concat(), SKELETON)
}

impl Page {
    /// The page of some data.
    ///
    /// # Errors
    /// Where the data is not to be had as JSON.
    pub fn render(&self, title: &str, data: &impl Serialize) -> serde_json::Result<String> {
        let content = serde_json::to_string(&Content { colours: palette::colours(), data })?;
        let script = [SCRIPT, self.script].concat().concat();
        let parts = [
            ("title", html_escape::encode_text(title).into_owned()),
            ("about", self.about.to_owned()),
            ("instead", self.instead.to_owned()),
            ("style", [STYLE, self.style].concat()),
            ("errors", ERRORS.to_owned()),
            ("data", in_script(&content)),
            ("script", format!("(() => {{\n\"use strict\";\n{script}}})();")),
        ];
        Ok(fill(SKELETON, &parts))
    }
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
    use super::{fill, in_script};

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
}
