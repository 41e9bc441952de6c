//! What is said when a run ends: the answer, what failed, and what to do next.

use std::fmt::Write as _;

use super::answer;
use super::rounds::disturbed_in_figures;
use crate::cell::{EXACT, Matrix};
use crate::record::{Record, RunDirectory, free, results_directory};
use crate::run::{Ran, minutes};
use crate::variables::{self, Variable};

/// What is said of a run at its end: the answer, or what is said in place of it, and what to do next; of an interrupted one
/// where it is, and how to read it. Empty for a run that keeps nothing.
pub fn ending(ran: &Ran, instead: Option<&str>) -> String {
    match (&ran.directory, ran.record.interruption()) {
        (None, _) => String::new(),
        (Some(directory), None) => whole(ran, directory, instead),
        (Some(directory), Some(interruption)) => interrupted(ran, directory, &interruption),
    }
}

fn interrupted(ran: &Ran, directory: &RunDirectory, interruption: &str) -> String {
    let (rows, shown) = (ran.record.rows(), directory.shown().display());
    let resumed = variables::RESUME.assigned(&directory.typed());
    let resume = format!("{resumed} {}", bench(&arguments(&ran.record.filter), &[]));
    let typed = variables::quoted(&directory.typed());
    format!(
        "\n{interruption}; {rows} rows were measured, and are kept: {shown}\n  \
         go on with it    {resume}\n  \
         read it          cargo weft report {typed} --format md\n  \
         look at it       {shown}/report.html\n"
    )
}

/// The bench as it was typed, but for a name, which is taken, and for these variables.
fn bench(arguments: &[String], without: &[Variable]) -> String {
    let command = if arguments.is_empty() { "cargo bench" } else { "cargo bench --" };
    variables::typed(command, arguments, &[&[variables::RUN_NAME, variables::RESUME], without].concat())
}

/// The arguments that select what a filter does.
fn arguments(filter: &Option<String>) -> Vec<String> {
    match filter.as_deref().map(|filter| (filter.strip_suffix(EXACT), filter)) {
        None => Vec::new(),
        Some((Some(name), _)) => vec!["--exact".to_owned(), name.to_owned()],
        Some((None, pattern)) => vec![pattern.to_owned()],
    }
}

fn whole(ran: &Ran, directory: &RunDirectory, instead: Option<&str>) -> String {
    let (record, shown) = (&ran.record, directory.shown().display());
    let mut text = instead.map_or_else(|| answer::text(record), str::to_owned);
    let _ = writeln!(text, "\n{} rows in {}: {shown}", record.rows(), minutes(ran.elapsed));
    if ran.failures > 0 {
        let _ =
            writeln!(text, "  {} rows FAILED: they are above, and in the report under *Not measured*", ran.failures);
    }
    if let Some(disturbed) = record.environment.disturbed_readings.and_then(disturbed_in_figures) {
        let _ = writeln!(text, "  {disturbed}, because something else used the machine: repeat the run");
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
    let mut next = vec![("every table", format!("less {}", variables::quoted(&format!("{shown}/report.md"))))];
    let larger = record.matrix.parse().ok().and_then(Matrix::larger);
    match (&record.filter, larger) {
        (Some(filter), _) => {
            next.extend(record.measured().next().map(|_| ("after a change", race(record, filter))));
            // Runs are compared by their cells.
            if record.all_measured().next().is_some() {
                next.extend(another_run(&record.run_id, &record.filter));
            }
            next.push(("all rows", bench(&[], &[])));
        }
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

/// What finds out whether a change has made faster or slower what a run with this filter has measured.
fn race(record: &Record, filter: &str) -> String {
    let pattern =
        filter.strip_suffix(EXACT).map_or_else(|| filter.to_owned(), |name| format!("^{}$", regex::escape(name)));
    let without = [
        variables::MATRIX,
        variables::HOSTS,
        variables::PLACEMENTS,
        variables::RUN_NAME,
        variables::RESUME,
        variables::RESULTS,
    ];
    let race = variables::typed("cargo weft race", &[pattern], &without);
    let matrix = &record.matrix;
    let matrix = if matrix == Matrix::Quick.name() { String::new() } else { format!(" --matrix {matrix}") };
    format!("{race} --against HEAD{matrix}")
}

/// What measures the same again and compares it, for what no race decides: another toolchain, another setting.
fn another_run(run_id: &str, filter: &Option<String>) -> Vec<(&'static str, String)> {
    let after = free(&results_directory(), "after");
    let run = format!("{} {}", variables::RUN_NAME.assigned(&after), bench(&arguments(filter), &[]));
    let compare = variables::typed_with("cargo weft compare", &[run_id.to_owned(), after], &[variables::RESULTS]);
    vec![("or run it again", run), ("and compare", compare)]
}

#[cfg(test)]
mod tests {
    use super::next;
    use crate::record::fixture;

    /// Runs are compared by their cells: nobody is sent to a comparison of none.
    #[test]
    fn a_run_without_cells_is_not_to_be_compared() {
        let mut record = fixture::record(&fixture::run());
        record.filter = Some("^boundary/".to_owned());
        let has = |record: &_, what: &str| next(record, "results/x").iter().any(|(offered, _)| *offered == what);
        assert!(has(&record, "and compare") && has(&record, "or run it again"));
        record.cells.clear();
        assert!(!has(&record, "and compare") && has(&record, "all rows"));
    }
}
