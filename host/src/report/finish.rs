//! What is said when a run ends: the answer, what failed, and what to do next.

use std::fmt::Write as _;

use super::answer;
use crate::cell::Matrix;
use crate::record::{Record, RunDirectory};
use crate::run::{Ran, minutes};
use crate::variables::{self, Variable};

/// What is said of a run at its end: the answer and what to do next; of an interrupted one where it is, and how to read it.
/// Empty for a run that keeps nothing.
pub fn ending(ran: &Ran) -> String {
    match (&ran.directory, ran.record.interruption()) {
        (None, _) => String::new(),
        (Some(directory), None) => whole(ran, directory),
        (Some(directory), Some(interruption)) => interrupted(ran, directory, &interruption),
    }
}

fn interrupted(ran: &Ran, directory: &RunDirectory, interruption: &str) -> String {
    let (rows, shown) = (ran.record.rows(), directory.shown().display());
    let typed = variables::quoted(&directory.typed());
    format!(
        "\n{interruption}; {rows} rows were measured, and are kept: {shown}\n  \
         read it          cargo weft report {typed} --format md\n  \
         look at it       {shown}/report.html\n"
    )
}

fn whole(ran: &Ran, directory: &RunDirectory) -> String {
    let (record, shown) = (&ran.record, directory.shown().display());
    let mut text = answer::text(record);
    let _ = writeln!(text, "\n{} rows in {}: {shown}", record.rows(), minutes(ran.elapsed));
    if ran.failures > 0 {
        let _ =
            writeln!(text, "  {} rows FAILED: they are above, and in the report under *Not measured*", ran.failures);
    }
    let disturbed = record.environment.disturbed_readings.unwrap_or(0);
    if disturbed > 0 {
        let _ = writeln!(
            text,
            "  {disturbed} readings had no calm moment, because something else used the machine: repeat the run"
        );
    }
    let filtered = record.filter.as_ref().map_or_else(String::new, |filter| format!(", filtered by `{filter}`"));
    let _ = writeln!(text, "  latest → {}{filtered}", record.run_id);
    for (what, command) in next(record, &shown.to_string()) {
        let _ = writeln!(text, "  {what:<16} {command}");
    }
    text
}

/// What to do next, and the command that does it.
fn next(record: &Record, shown: &str) -> Vec<(&'static str, String)> {
    // As this run was made, but for its name, which is taken.
    let bench = |arguments: &[String], without: &[Variable]| {
        let command = if arguments.is_empty() { "cargo bench" } else { "cargo bench --" };
        variables::typed(command, arguments, &[&[variables::RUN_NAME], without].concat())
    };
    let mut next = vec![("every table", format!("less {}", variables::quoted(&format!("{shown}/report.md"))))];
    let larger = record.matrix.parse().ok().and_then(Matrix::larger);
    match (&record.filter, larger) {
        (Some(_), _) => next.push(("all rows", bench(&[], &[]))),
        (None, larger) => {
            let codec = record.measured().map(|cell| &cell.cell.codec).find(|codec| !record.is_floor(codec));
            next.extend(codec.map(|codec| ("one codec", bench(&[format!("/{codec}/")], &[]))));
            let more = |matrix: Matrix| format!("WEFT_MATRIX={matrix} {}", bench(&[], &[variables::MATRIX]));
            next.extend(larger.filter(|_| record.messages.is_empty()).map(|matrix| ("more messages", more(matrix))));
        }
    }
    next.push(("what there is", "cargo weft list".to_owned()));
    next
}
