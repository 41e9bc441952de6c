//! The exact figures of a matrix as one document.

use anyhow::bail;

use super::check::{Check, Checked};
use super::pass::Outcome;
use crate::cell::{Filter, Matrix, MessageId};
use crate::exact::{CodecBuild, Counted, ExactFile};
use crate::guests::builder;
use crate::hosts::KnownHost;
use crate::protocol::Purpose;
use crate::verify::payload_bytes;

/// Counts the cells of a matrix that a filter selects and that are supported, with these messages in place of its own where
/// there are any.
///
/// # Errors
/// Where there are none, or one is wrong or cannot be counted.
pub fn count(matrix: Matrix, messages: Option<&[MessageId]>, filter: Option<&Filter>) -> anyhow::Result<ExactFile> {
    let host = KnownHost::own()?;
    let Checked { cells, supplies } =
        Check { purpose: Purpose::Count, host: &host, matrix: Some(matrix), messages, filter }.run()?;
    let (mut rows, mut wrong) = (Vec::new(), Vec::new());
    for (cell, outcome) in cells {
        match outcome {
            Outcome::Counted(verified, exact) => {
                let payload_bytes = payload_bytes(cell.message);
                rows.push(Counted { cell, payload_bytes, verified, exact: *exact });
            }
            Outcome::Unsupported(_) => {}
            Outcome::Wrong(why) | Outcome::Failed(why) | Outcome::Held(why) => wrong.push(format!("{cell}: {why}")),
            Outcome::Reading(_) | Outcome::Verified(_) => wrong.push(format!("{cell}: it was not counted")),
        }
    }
    if !wrong.is_empty() {
        bail!("{} cells cannot be counted:\n{}", wrong.len(), wrong.join("\n"));
    }
    let used = |name: &str| rows.iter().any(|row: &Counted| row.cell.codec == name);
    let codecs = supplies.codecs.iter().filter(|codec| used(&codec.name));
    let codecs = codecs.map(|codec| (codec.name.clone(), CodecBuild::from(codec))).collect();
    Ok(ExactFile::of(builder()?.rustc_version()?, codecs, &rows)?)
}
