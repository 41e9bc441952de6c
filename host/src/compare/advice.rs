//! What to do next: commands that can be typed as they stand.

use super::words::typed_percent;
use super::{Comparison, MachineVerdict, Options, RelativeTo, Row, Side, Verdict};
use crate::cell::{Matrix, OWN_HOST};
use crate::record::{Record, free, results_directory};
use crate::variables::{self, quoted};

/// How many digits of a revision are shown.
const SHORT: usize = 12;

/// The command that makes a comparison.
pub(super) fn command(old: &Record, new: &Record, options: &Options) -> String {
    let (old, new) = options.named.clone().unwrap_or_else(|| (old.run_id.clone(), new.run_id.clone()));
    let mut arguments = vec![old, new];
    if let Some(filter) = options.filter.text() {
        arguments.extend(["--filter".to_owned(), filter]);
    }
    if (options.threshold - super::DEFAULT_THRESHOLD).abs() > 1e-12 {
        arguments.extend(["--threshold".to_owned(), typed_percent(options.threshold)]);
    }
    let flags = [("--absolute", options.absolute), ("--across-machines", options.across_machines)];
    arguments.extend(flags.into_iter().filter(|(_, set)| *set).map(|(flag, _)| flag.to_owned()));
    variables::typed_with("cargo weft compare", &arguments, &[variables::RESULTS])
}

/// The command that makes another run like this one, under a name that is not taken.
fn another(run: &Side) -> String {
    let command = variables::without(&run.command_line, &[variables::RUN_NAME, variables::RESUME]);
    // Who gave it a name gives the next one a name, too.
    if variables::without(&run.command_line, &[variables::RUN_NAME]) == run.command_line {
        return command;
    }
    format!("{} {command}", variables::RUN_NAME.assigned(&free(&results_directory(), &run.run_id)))
}

/// What a reader may want next, and the command for it. `all` is whether everything is shown.
pub fn next(comparison: &Comparison, all: bool) -> Vec<(&'static str, String)> {
    let Comparison { command, counts, .. } = comparison;
    let mut next = if comparison.judged { race(comparison).into_iter().collect() } else { elsewhere(comparison) };
    if comparison.machine_verdict == Some(MachineVerdict::NotMachine) && comparison.relative_to == RelativeTo::Cells {
        next.push(("as they are", format!("{command} --absolute")));
    }
    if counts.same + counts.not_judged > 0 && !all {
        next.push(("every cell", format!("{command} --all")));
    }
    next.push(("as a page", format!("{command} --format html > compare.html")));
    next
}

/// What helps where the runs are not of one machine, or where nobody knows.
fn elsewhere(comparison: &Comparison) -> Vec<(&'static str, String)> {
    let mut next = vec![("make a new run", another(&comparison.new))];
    let filter = comparison.filter.as_ref().map_or_else(String::new, |filter| format!(" {}", quoted(filter)));
    let host = if comparison.changed_guests.is_empty() { " --host-too" } else { "" };
    let revision = revision(comparison);
    next.extend(
        revision.map(|revision| ("or race here", format!("cargo weft race{filter} --against {revision}{host}"))),
    );
    if comparison.cells.iter().all(|row| row.ratio.is_none()) {
        next.push(("only ratios", format!("{} --across-machines", comparison.command)));
    }
    next
}

/// The old run's revision, where somebody else can build it too.
fn revision(comparison: &Comparison) -> Option<String> {
    let revision = &comparison.old.git_revision;
    let is_clean = revision.len() >= SHORT && revision.chars().all(|digit| digit.is_ascii_hexdigit());
    is_clean.then(|| revision.chars().take(SHORT).collect())
}

/// How unsure cells of weft's own host are decided: by a race against the old run's revision. None where there are none, or
/// where nobody can build that revision again.
fn race(comparison: &Comparison) -> Option<(&'static str, String)> {
    let unsure = comparison.cells.iter().filter(|row| row.verdict == Verdict::Unsure && row.host == OWN_HOST);
    let unsure: Vec<&Row> = unsure.collect();
    let filter = filter(&unsure)?;
    let filter = if filter.is_empty() { filter } else { format!(" {}", quoted(&filter)) };
    // A run that names no matrix of this weft has it from a file that somebody has written.
    let matrix =
        comparison.new.matrix.parse().ok().map_or_else(String::new, |matrix: Matrix| format!(" --matrix {matrix}"));
    let options = format!("{matrix} --threshold {}", typed_percent(comparison.threshold));
    let race = race_of(&comparison.new.messages);
    let changed =
        |row: &&Row| comparison.changed_guests.iter().any(|codec| codec.split(' ').next() == Some(&row.codec));
    let guests_changed = unsure.iter().any(changed);
    if comparison.old.git_revision == comparison.new.git_revision && !guests_changed {
        // Two runs of one build: the race tells what this machine can show at all.
        return Some(("race them", format!("{race}{filter}{options}")));
    }
    let host = if guests_changed { "" } else { " --host-too" };
    Some(("race them", format!("{race}{filter} --against {}{host}{options}", revision(comparison)?)))
}

/// The race of a run that has these messages in place of its matrix' own.
fn race_of(messages: &[String]) -> String {
    match messages {
        [] => "cargo weft race".to_owned(),
        some => format!("{} cargo weft race", variables::MESSAGES.assigned(&some.join(","))),
    }
}

/// A regular expression for what some cells share; empty where that is nothing. None of no cells.
fn filter(rows: &[&Row]) -> Option<String> {
    let first = rows.first()?;
    let parts: [fn(&Row) -> &str; 4] = [|row| &row.message, |row| &row.task, |row| &row.codec, |row| &row.transport];
    let part = |part: fn(&Row) -> &str| {
        let shared = rows.iter().all(|row| part(row) == part(first));
        if shared { regex::escape(part(first)) } else { "[^/]+".to_owned() }
    };
    let parts = parts.map(part);
    if parts.iter().all(|part| part == "[^/]+") {
        return Some(String::new());
    }
    let [message, task, codec, transport] = &parts;
    let transport = if transport == "[^/]+" { String::new() } else { format!("{transport}$") };
    Some(format!("{message}/{task}/{codec}/{transport}"))
}
