//! What is said when a run ends: the answer, what failed, and what to do next.

use std::fmt::Write as _;

use super::answer;
use crate::cell::Matrix;
use crate::record::RunDirectory;
use crate::run::{Ran, minutes};

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
    let (rows, shown, typed) = (ran.record.rows(), directory.shown().display(), directory.typed());
    format!(
        "\n{interruption}; {rows} rows were measured, and are kept: {shown}\n  \
         read it          cargo weft report {typed} --format md\n  \
         look at it       {shown}/report.html\n"
    )
}

fn whole(ran: &Ran, directory: &RunDirectory) -> String {
    let shown = directory.shown().display();
    let mut text = answer::text(&ran.record);
    let _ = writeln!(text, "\n{} rows in {}: {shown}", ran.record.rows(), minutes(ran.elapsed));
    if ran.failures > 0 {
        let _ =
            writeln!(text, "  {} rows FAILED: they are above, and in the report under *Not measured*", ran.failures);
    }
    let disturbed = ran.record.environment.disturbed_readings.unwrap_or(0);
    if disturbed > 0 {
        let _ = writeln!(
            text,
            "  {disturbed} readings had no calm moment, because something else used the machine: repeat the run"
        );
    }
    let _ = writeln!(text, "  every table      less {shown}/report.md");
    text.push_str("  one codec        cargo bench -- bincode\n");
    text.push_str("  what there is    cargo weft list\n");
    match ran.record.matrix.parse() {
        Ok(Matrix::Quick) => text.push_str("  more messages    WEFT_MATRIX=core cargo bench     (some minutes)\n"),
        Ok(Matrix::Core) => text.push_str("  more messages    WEFT_MATRIX=full cargo bench\n"),
        _ => {}
    }
    text
}
