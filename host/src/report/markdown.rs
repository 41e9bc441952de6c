//! `report.md`, and its sections for other documents.

pub(super) mod details;
mod exact;
mod hosts;
mod placements;
pub(super) mod rounds;
mod tables;
mod tails;
mod typed;
mod ways;

use super::escape::{escaped, in_code};
use super::rounds::{busy, interrupted, resumed};
use super::told::{NOTHING_TOLD, can_tell};
use super::{ReportError, answer, failures, gives_up, other_messages};
use crate::record::Record;

/// A part of the report that documents can include by its name.
pub struct Section {
    /// The name in a document's markers.
    pub name: &'static str,
    /// The heading in the report.
    pub heading: &'static str,
    /// Makes the section.
    pub render: fn(&Record) -> String,
}

/// The sections, in the order of the report.
pub static SECTIONS: &[Section] = &[
    Section { name: "answer", heading: "The answer", render: answer::markdown },
    Section { name: "machine", heading: "The run", render: details::machine },
    Section { name: "rounds", heading: "Rounds and calibrations", render: rounds::rounds },
    Section { name: "cells", heading: "Every message and task", render: tables::cells },
    Section { name: "above-floor", heading: "The same, the floor subtracted", render: tables::above_floor },
    Section { name: "floor", heading: "The floor by size", render: tables::floor },
    Section { name: "isolation", heading: "What each transport gives up", render: gives_up::markdown },
    Section { name: "typed", heading: "Typed records beside bytes", render: typed::typed },
    Section { name: "attribution", heading: "What the time is spent on", render: exact::attribution },
    Section { name: "tails", heading: "Single messages", render: tails::tails },
    Section { name: "hosts", heading: "Hosts", render: hosts::hosts },
    Section { name: "exact", heading: "Exact figures", render: exact::exact },
    Section { name: "boundary", heading: "The boundary", render: details::boundary },
    Section { name: "placements", heading: "Scatter by placements", render: placements::markdown },
    Section { name: "limits", heading: "Limits", render: details::limits },
    Section { name: "task-floor", heading: "The tasks on plain values", render: details::task_floor },
    Section { name: "codecs", heading: "Codecs", render: details::codecs },
    Section { name: "not-measured", heading: "Not measured", render: details::not_measured },
];

/// The whole report.
pub fn render(record: &Record) -> Result<String, ReportError> {
    let mut report = format!("# weft: run {}\n", escaped(&record.run_id));
    if let Some(filter) = &record.filter {
        report.push_str(&format!("\nA filtered run: only what matches `{}`.\n", in_code(filter)));
    }
    let untold = (!can_tell(record) && record.rows() > 0).then(|| NOTHING_TOLD.to_owned());
    let of_texts = |note: Option<String>| note.map(|note| escaped(&note));
    let notes =
        [of_texts(other_messages(record)), of_texts(resumed(record)), interrupted(record), busy(record), untold];
    for note in notes.into_iter().flatten().chain(failures(record, "under *Not measured*", "there too")) {
        report.push_str(&format!("\n{note}\n"));
    }
    for section in SECTIONS {
        let body = (section.render)(record);
        if !body.is_empty() {
            report.push_str(&format!("\n## {}\n\n{body}", section.heading));
        }
    }
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::render;
    use crate::record::{Resumption, fixture};

    /// Whatever a run says is text: nothing opens an element, and no row has another number of cells.
    #[test]
    fn texts_of_a_run_stay_text() {
        const EVIL: &str = "<b>a|b`c`\u{1b}[2J";
        let mut record = fixture::record(&fixture::run());
        for text in [&mut record.run_id, &mut record.matrix, &mut record.environment.started] {
            *text = EVIL.to_owned();
        }
        record.messages = vec![EVIL.to_owned()];
        record.environment.setup_codec = Some(EVIL.to_owned());
        record.resumed.push(Resumption { at: EVIL.to_owned(), after_rounds: 1, load: None });
        for group in [&mut record.task_floor_ns, &mut record.calibrations] {
            let first = group.values().next().expect("a figure").clone();
            group.insert(EVIL.to_owned(), first);
        }
        let report = render(&record).expect("a report");
        let outside_of_code = report.split('`').step_by(2).collect::<String>();
        assert!(!outside_of_code.contains("<b>") && !report.contains('\u{1b}'), "{report}");
        let mut columns = None;
        for line in report.lines() {
            let count = line.starts_with('|').then(|| line.replace("\\|", "").matches('|').count());
            assert!(columns.is_none() || count.is_none() || columns == count, "a row of another width: {line}");
            columns = count;
        }
    }
}
