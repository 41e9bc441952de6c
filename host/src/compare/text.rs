//! A comparison for a terminal: 100 columns, the answer first, what to do next last.

use std::fmt::Write as _;

use super::exact::shared;
use super::words::{
    answer, by_change, counted, described, factor, grouped, most, percent, relative, rounds, threshold, whole,
};
use super::{Comparison, Kind, OnlyHost, Row, Verdict, advice, words};
use crate::report::units::time;

/// How wide a line may be, in characters. A command is never cut.
const WIDTH: usize = 100;
/// Where what is said of the runs begins.
const NOTE: usize = 12;
/// How many lines of a list are shown without `--all`.
const SHOWN: usize = 20;
/// How many cells are shown as what moved most.
const MOVED: usize = 5;

/// The whole text; with `all` also the cells that are the same.
pub fn render(comparison: &Comparison, all: bool) -> String {
    let mut text = String::new();
    setup(&mut text, comparison);
    for line in std::iter::once(answer(comparison)).chain(whole(comparison)) {
        text.push_str(&wrapped(&line, 0));
    }
    runs(&mut text, comparison);
    moved(&mut text, comparison);
    calibrations(&mut text, comparison, all);
    exact(&mut text, comparison, all);
    means(&mut text, comparison);
    tables(&mut text, comparison, all);
    missing(&mut text, comparison, all);
    hosts(&mut text, comparison);
    let text: String = text.lines().map(|line| fitted(line) + "\n").collect();
    text + &next(comparison, all)
}

fn fitted(line: &str) -> String {
    if line.chars().count() <= WIDTH {
        return line.trim_end().to_owned();
    }
    line.chars().take(WIDTH - 1).collect::<String>() + "…"
}

/// A line in as many as it takes, all but the first indented.
fn wrapped(line: &str, indent: usize) -> String {
    let mut text = String::new();
    let (mut rest, mut lead) = (line, 0);
    while lead + rest.chars().count() > WIDTH {
        let room = rest.char_indices().map(|(at, _)| at).nth(WIDTH - lead).unwrap_or(rest.len());
        // A word that is wider than a line is cut.
        let end = rest.get(..=room).and_then(|start| start.rfind(' ')).filter(|end| *end > NOTE).unwrap_or(room);
        let (start, after) = rest.split_at(end);
        let _ = writeln!(text, "{:lead$}{start}", "");
        (rest, lead) = (after.trim_start(), indent);
    }
    let _ = writeln!(text, "{:lead$}{rest}", "");
    text
}

/// What differs about machine, engine and toolchain.
fn setup(text: &mut String, comparison: &Comparison) {
    let is_machine = |kind: Kind| kind == Kind::Machine;
    let headings = [(true, words::machines(comparison).map(str::to_owned)), (false, words::compared(comparison))];
    for (machine, heading) in headings {
        let Some(heading) = heading else { continue };
        let _ = writeln!(text, "{heading}");
        for difference in comparison.differences.iter().filter(|difference| is_machine(difference.kind) == machine) {
            let _ = writeln!(text, "  {:<13} {} → {}", difference.key, difference.old, difference.new);
        }
        text.push('\n');
    }
}

/// The two runs, and what is to be known of them.
fn runs(text: &mut String, comparison: &Comparison) {
    text.push('\n');
    for (name, side) in [("old", &comparison.old), ("new", &comparison.new)] {
        let revision: String = side.git_revision.chars().take(12).collect();
        let _ = writeln!(text, "  {name:<9} {}, revision {revision}, {}", side.run_id, counted(side.cells));
    }
    if comparison.judged {
        text.push_str(&wrapped(&format!("  {:<9} {}", "machine", comparison.machine), NOTE));
        let _ = writeln!(text, "  {:<9} {}", "threshold", threshold(comparison));
    }
    if let Some(filter) = &comparison.filter {
        let _ = writeln!(text, "  {:<9} {filter}", "filter");
    }
    for note in &comparison.notes {
        text.push_str(&wrapped(&format!("  {:<9} {note}", "note"), NOTE));
    }
}

/// The cells that moved most among those that moved for certain.
fn moved(text: &mut String, comparison: &Comparison) {
    let moved = most(comparison);
    if moved.is_empty() {
        return;
    }
    let _ = writeln!(text, "\nwhat moved most, {}; 95 % interval; times; rounds", relative(comparison));
    for row in moved.into_iter().take(MOVED) {
        let _ = writeln!(text, "  {:<6}{}", row.verdict.word(), timed(row));
    }
}

/// A row without its verdict.
fn timed(row: &Row) -> String {
    let times = format!("{:>8} → {:<8}", time(row.old_ns), time(row.new_ns));
    let ratio = row.ratio.map(|shown| format!("{}  ", ratio(shown.ratio, shown.low, shown.high))).unwrap_or_default();
    format!("{ratio}{times}  {:<5}  {}", rounds(row), row.cell)
}

fn ratio(ratio: f64, low: f64, high: f64) -> String {
    format!("{ratio:>6.3} × ({low:.3} to {high:.3})")
}

/// Each calibration, where everything is shown.
fn calibrations(text: &mut String, comparison: &Comparison, all: bool) {
    let Some(calibrations) = comparison.calibrations.as_ref().filter(|_| all) else { return };
    let _ = writeln!(text, "\ncalibrations, new/old; rounds");
    for one in &calibrations.each {
        let rounds = format!("{}/{}", one.old_rounds, one.new_rounds);
        let _ = writeln!(text, "  {:<16} {}  {rounds}", one.name, factor(one.ratio, one.low, one.high));
    }
}

/// The exact figures that changed.
fn exact(text: &mut String, comparison: &Comparison, all: bool) {
    let exact = &comparison.exact;
    let (grew, shrank) = (exact.grew.len(), exact.shrank.len());
    let _ = writeln!(text, "\nexact figures: {grew} grew, {shrank} shrank of {} compared", exact.compared);
    for (word, changes) in [("grew", &exact.grew), ("shrank", &exact.shrank)] {
        let mut lines = Vec::new();
        for group in shared(changes) {
            lines.push(format!("  {word}: {}", group.cells));
            lines.extend(group.changes.iter().map(|change| format!("    {}", described(change))));
        }
        listed(text, &lines, all);
    }
}

/// The geometric means.
fn means(text: &mut String, comparison: &Comparison) {
    let Some(of_all) = &comparison.means.all else { return };
    let _ = writeln!(text, "\ngeometric means of new/old, {}", relative(comparison));
    let names =
        grouped(comparison).into_iter().flat_map(|(_, means)| means.iter().map(|mean| mean.name.chars().count()));
    let width = names.max().unwrap_or_default().max(16);
    let all = ("all cells", std::slice::from_ref(of_all));
    for (what, means) in std::iter::once(all).chain(grouped(comparison)) {
        for mean in means {
            let name = if what == "all cells" { "" } else { mean.name.as_str() };
            let ratio = ratio(mean.ratio, mean.low, mean.high);
            let _ = writeln!(text, "  {what:<10} {name:<width$} {ratio}  {}", counted(mean.cells));
        }
    }
    if let Some((low, high)) = comparison.middle_half {
        let _ = writeln!(text, "  the middle half of the cells lies between {low:.3} and {high:.3}");
    }
}

/// The rows by verdict.
fn tables(text: &mut String, comparison: &Comparison, all: bool) {
    let mut about = format!("; new/old {}, times, rounds", relative(comparison));
    for verdict in Verdict::ALL {
        let mut rows: Vec<&Row> = comparison.cells.iter().filter(|row| row.verdict == verdict).collect();
        if matches!(verdict, Verdict::Faster | Verdict::Slower) {
            rows.sort_by(by_change);
        }
        let without_ratio = rows.iter().all(|row| row.ratio.is_none());
        if rows.is_empty() || (!all && (verdict == Verdict::Same || without_ratio)) {
            continue;
        }
        let shown = std::mem::take(&mut about);
        let _ = writeln!(text, "\n{}: {}{shown}", verdict.word(), counted(rows.len()));
        listed(text, &rows.iter().map(|row| format!("  {}", timed(row))).collect::<Vec<_>>(), all);
    }
}

/// The cells that one run lacks.
fn missing(text: &mut String, comparison: &Comparison, all: bool) {
    for (run, cells) in words::missing(comparison) {
        if cells.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\nonly the {run} run measured: {}", counted(cells.len()));
        let line = |missing: &super::Missing| format!("  {:<38} {}", missing.cell, missing.reason);
        listed(text, &cells.iter().map(line).collect::<Vec<_>>(), all);
    }
}

/// The hosts that one run lacks.
fn hosts(text: &mut String, comparison: &Comparison) {
    let sides = [("old", &comparison.hosts_only_old), ("new", &comparison.hosts_only_new)];
    for (run, hosts) in sides.into_iter().filter(|(_, hosts)| !hosts.is_empty()) {
        let _ = writeln!(text, "\nonly the {run} run has the hosts");
        for OnlyHost { host, cells } in hosts {
            let _ = writeln!(text, "  {host:<20} {}", counted(*cells));
        }
    }
}

fn listed(text: &mut String, lines: &[String], all: bool) {
    let shown = if all { lines.len() } else { SHOWN };
    for line in lines.iter().take(shown) {
        let _ = writeln!(text, "{line}");
    }
    if lines.len() > shown {
        let _ = writeln!(text, "  … {} more lines: --all", lines.len() - shown);
    }
}

/// What to do next, and where it is told how it is done.
fn next(comparison: &Comparison, all: bool) -> String {
    let mut text = String::from("\n");
    for (what, command) in advice::next(comparison, all) {
        let _ = writeln!(text, "  {what:<14} {command}");
    }
    let _ = writeln!(text, "  how it is done docs/STATISTICS.md; α is {}", percent(comparison.alpha));
    text
}

#[cfg(test)]
mod tests {
    use super::{WIDTH, wrapped};

    #[test]
    fn long_lines_are_wrapped_between_words() {
        let line = "  note      ".to_owned() + &"word ".repeat(40);
        let text = wrapped(line.trim_end(), 12);
        assert!(text.lines().count() == 3 && text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(text.lines().skip(1).all(|line| line.starts_with("            word")), "{text}");
        assert_eq!(text.matches("word").count(), 40);
        assert_eq!(wrapped("short", 0), "short\n");
        // A word that has no end, and letters of several bytes.
        let long = wrapped(&"µ".repeat(250), 0);
        assert_eq!(long.lines().map(|line| line.chars().count()).collect::<Vec<_>>(), [100, 100, 50]);
    }
}
