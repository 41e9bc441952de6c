//! Sections of a report in other documents, between markers:
//!
//! ```text
//! <!-- weft:answer -->
//! … replaced …
//! <!-- /weft:answer -->
//! ```

use super::SECTIONS;
use crate::record::Record;

/// Replaces what stands between each pair of markers by the section that they name.
///
/// # Errors
/// Where a marker has no end, or names no section.
pub fn include(document: &str, record: &Record) -> Result<String, String> {
    let mut output = String::new();
    let mut rest = document;
    while let Some((before, after)) = rest.split_once("<!-- weft:") {
        let (name, after) = after.split_once(" -->").ok_or("a marker `<!-- weft:` has no ` -->`")?;
        let section = SECTIONS.iter().find(|section| section.name == name).ok_or_else(|| {
            let names: Vec<_> = SECTIONS.iter().map(|section| section.name).collect();
            format!("there is no section `{name}`; there are {}", names.join(", "))
        })?;
        let end = format!("<!-- /weft:{name} -->");
        let (_, after) = after.split_once(&end).ok_or_else(|| format!("the marker `{name}` has no `{end}`"))?;
        output.push_str(before);
        output.push_str(&format!("<!-- weft:{name} -->\n{}{end}", (section.render)(record)));
        rest = after;
    }
    output.push_str(rest);
    Ok(output)
}
