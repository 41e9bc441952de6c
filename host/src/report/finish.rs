//! What is said when a run ends: the answer, what failed, and what to do next.

use std::io::Write as _;

use super::{answer, derive};
use crate::cell::Matrix;
use crate::run::{Ran, minutes};

/// Writes the files that derive from a run, and prints the answer and what to do next. Nothing for a run that keeps nothing.
///
/// # Errors
/// Where a file cannot be written.
pub fn finish(ran: &Ran) -> anyhow::Result<()> {
    let Some(directory) = &ran.directory else { return Ok(()) };
    derive(directory, &ran.record)?;
    let shown = directory.shown().display().to_string();
    let mut text = answer::text(&ran.record);
    text.push_str(&format!("\n{} rows in {}: {shown}\n", ran.record.rows(), minutes(ran.elapsed)));
    if ran.failures > 0 {
        text.push_str(&format!(
            "  {} rows FAILED: they are above, and in the report under *Not measured*\n",
            ran.failures
        ));
    }
    let disturbed = ran.record.environment.disturbed_readings.unwrap_or(0);
    if disturbed > 0 {
        text.push_str(&format!(
            "  {disturbed} readings had no calm moment, because something else used the machine: repeat the run\n"
        ));
    }
    text.push_str(&format!("  every table      less {shown}/report.md\n"));
    text.push_str("  one codec        cargo bench -- bincode\n");
    text.push_str("  what there is    cargo weft list\n");
    match ran.record.matrix.parse() {
        Ok(Matrix::Quick) => text.push_str("  more messages    WEFT_MATRIX=core cargo bench     (some minutes)\n"),
        Ok(Matrix::Core) => text.push_str("  more messages    WEFT_MATRIX=full cargo bench\n"),
        _ => {}
    }
    // Whoever stops reading early, as `head` does, has read enough: the run is kept.
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
    Ok(())
}
