//! A comparison for a terminal: 100 columns, the answer first, what to do next last.

use std::cmp::Ordering;
use std::fmt::Write as _;

use super::exact::{Change, shared};
use super::{Comparison, Mean, Missing, OnlyHost, Row, Verdict};
use crate::report::units::time;

/// How wide a line may be, in characters.
const WIDTH: usize = 100;
/// How many lines of a list are shown without `--all`.
const SHOWN: usize = 20;
/// How many cells are shown as what moved most.
const MOVED: usize = 5;

/// The whole text; with `all` also the cells that are the same.
pub fn render(comparison: &Comparison, all: bool) -> String {
    let mut text = String::new();
    differences(&mut text, comparison);
    let _ = writeln!(text, "{}", answer(comparison));
    runs(&mut text, comparison);
    moved(&mut text, comparison);
    exact(&mut text, comparison, all);
    means(&mut text, comparison);
    tables(&mut text, comparison, all);
    missing(&mut text, "only the old run measured", &comparison.only_old, all);
    missing(&mut text, "only the new run measured", &comparison.only_new, all);
    hosts(&mut text, comparison);
    next(&mut text, comparison, all);
    text.lines().map(|line| fitted(line) + "\n").collect()
}

fn fitted(line: &str) -> String {
    if line.chars().count() <= WIDTH {
        return line.trim_end().to_owned();
    }
    line.chars().take(WIDTH - 1).collect::<String>() + "…"
}

/// What differs about machine, engine and toolchain.
fn differences(text: &mut String, comparison: &Comparison) {
    if comparison.differences.is_empty() {
        return;
    }
    let mut kinds: Vec<&str> = comparison.differences.iter().map(|difference| difference.kind.word()).collect();
    kinds.dedup();
    let consequence =
        if comparison.judged { "times are judged all the same (--across-machines)" } else { "times are not judged" };
    let _ = writeln!(text, "DIFFERENT {}: {consequence}", kinds.join(", ").to_uppercase());
    for difference in &comparison.differences {
        let _ = writeln!(text, "  {:<13} {} → {}", difference.key, difference.old, difference.new);
    }
    text.push('\n');
}

/// The answer in one line or two.
pub fn answer(comparison: &Comparison) -> String {
    let counts = comparison.counts;
    let cells = comparison.cells.len();
    let mut answer = match cells {
        0 => "the runs have no measured cell in common".to_owned(),
        _ if !comparison.judged => format!("{} in both runs, none judged by its time", counted(cells)),
        _ => format!(
            "{} slower, {} faster, {} same, {} unsure of {}",
            counts.slower,
            counts.faster,
            counts.same,
            counts.unsure,
            counted(cells)
        ),
    };
    if let Some(Mean { ratio, low, high, .. }) = &comparison.means.all {
        let _ = write!(answer, "; new/old {ratio:.3} in the mean ({low:.3} to {high:.3})");
    }
    answer
}

/// The two runs, and what is to be known of them.
fn runs(text: &mut String, comparison: &Comparison) {
    text.push('\n');
    for (name, side) in [("old", &comparison.old), ("new", &comparison.new)] {
        let revision: String = side.git_revision.chars().take(12).collect();
        let _ = writeln!(text, "  {name:<9} {}, revision {revision}, {}", side.run_id, counted(side.cells));
    }
    let _ = writeln!(text, "  {:<9} {}", "threshold", threshold(comparison));
    for line in drift(comparison) {
        let _ = writeln!(text, "  {:<9} {line}", "drift");
    }
    if let Some(filter) = &comparison.filter {
        let _ = writeln!(text, "  {:<9} {filter}", "filter");
    }
    for note in &comparison.notes {
        let _ = writeln!(text, "  {:<9} {note}", "note");
    }
}

/// What the threshold means.
pub fn threshold(comparison: &Comparison) -> String {
    format!("{}: same is what lies within it with its whole 95 % interval", percent(comparison.threshold))
}

/// How far the machine moved, in lines.
pub fn drift(comparison: &Comparison) -> Vec<String> {
    let drift = &comparison.drift;
    let (old, new) = (percent(drift.old.error), percent(drift.new.error));
    let first = match (drift.old.measured, drift.new.measured) {
        (true, true) => format!("{old} in the old run, {new} in the new one; both widen every interval"),
        (true, false) => format!("{old} in the old run; the new one measured none, so the same is taken for it"),
        (false, true) => format!("{new} in the new run; the old one measured none, so the same is taken for it"),
        (false, false) => format!("measured by neither run, so {old} is assumed for each; it widens every interval"),
    };
    let (old, new) = (percent(drift.old.deviation), percent(drift.new.deviation));
    let looks = drift.known().then(|| format!("single looks at it scatter by {old} and {new}"));
    let moved = drift
        .reference
        .as_ref()
        .map(|(cell, ratio)| format!("{cell}, which is measured again and again: {ratio:.3} ×"));
    std::iter::once(first).chain(looks).chain(moved).collect()
}

/// The cells that moved most among those that moved for certain.
fn moved(text: &mut String, comparison: &Comparison) {
    let moved = most(comparison);
    if !moved.is_empty() {
        let _ = writeln!(text, "\nwhat moved most");
        moved.into_iter().take(MOVED).for_each(|row| timed(text, row));
    }
}

/// The cells that are faster or slower, those with the largest change first.
pub fn most(comparison: &Comparison) -> Vec<&Row> {
    let mut moved: Vec<&Row> =
        comparison.cells.iter().filter(|row| matches!(row.verdict, Verdict::Faster | Verdict::Slower)).collect();
    moved.sort_by(by_change);
    moved
}

/// The larger change first.
fn by_change(a: &&Row, b: &&Row) -> Ordering {
    b.ratio.ln().abs().total_cmp(&a.ratio.ln().abs())
}

fn timed(text: &mut String, row: &Row) {
    let (old, new) = (time(row.old_ns), time(row.new_ns));
    let _ = writeln!(
        text,
        "  {:<10} {}  {old:>8} → {new:<8}  {}",
        row.verdict.word(),
        ratio(row.ratio, row.low, row.high),
        row.cell
    );
}

fn ratio(ratio: f64, low: f64, high: f64) -> String {
    format!("{ratio:>6.3} × ({low:.3} to {high:.3})")
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

/// A change of an exact figure in words.
pub fn described(change: &Change) -> String {
    let part = change.part().map_or_else(|| "from nothing".to_owned(), |part| format!("{:+.3} %", part * 100.0));
    format!("{}: {} → {} ({part})", change.figure, change.old, change.new)
}

/// The geometric means.
fn means(text: &mut String, comparison: &Comparison) {
    if comparison.cells.is_empty() {
        return;
    }
    let _ = writeln!(text, "\ngeometric means of new/old");
    let names =
        grouped(comparison).into_iter().flat_map(|(_, means)| means.iter().map(|mean| mean.name.chars().count()));
    let width = names.max().unwrap_or_default().max(16);
    for (what, means) in grouped(comparison) {
        for mean in means {
            let _ = writeln!(
                text,
                "  {what:<10} {:<width$} {}  {}",
                mean.name,
                ratio(mean.ratio, mean.low, mean.high),
                counted(mean.cells)
            );
        }
    }
    if let Some((low, high)) = comparison.middle_half {
        let _ = writeln!(text, "  the middle half of the cells lies between {low:.3} and {high:.3}");
    }
}

/// The means with what they are grouped by.
pub fn grouped(comparison: &Comparison) -> [(&'static str, &[Mean]); 4] {
    let means = &comparison.means;
    [("codec", &means.codecs), ("transport", &means.transports), ("message", &means.messages), ("host", &means.hosts)]
}

/// The rows by verdict.
fn tables(text: &mut String, comparison: &Comparison, all: bool) {
    for verdict in Verdict::ALL {
        let mut rows: Vec<&Row> = comparison.cells.iter().filter(|row| row.verdict == verdict).collect();
        if matches!(verdict, Verdict::Faster | Verdict::Slower) {
            rows.sort_by(by_change);
        }
        if rows.is_empty() || (verdict == Verdict::Same && !all) {
            continue;
        }
        let _ = writeln!(text, "\n{}: {}", verdict.word(), counted(rows.len()));
        let mut lines = String::new();
        for row in rows {
            match row.needs.map(|_| needed(row)) {
                Some(needs) => {
                    let ratio = ratio(row.ratio, row.low, row.high);
                    let _ = writeln!(lines, "  {:<10} {ratio}  {needs:<21} {}", verdict.word(), row.cell);
                }
                None => timed(&mut lines, row),
            }
        }
        listed(text, &lines.lines().map(str::to_owned).collect::<Vec<_>>(), all);
    }
}

/// What an unsure row needs, in words.
pub fn needed(row: &Row) -> String {
    match row.needs {
        None => String::new(),
        Some(super::Needs { pairs: Some(pairs), runs: Some(runs) }) => format!("{pairs} pairs or {runs} runs"),
        Some(super::Needs { pairs: Some(pairs), runs: None }) => format!("{pairs} pairs"),
        Some(super::Needs { pairs: None, runs: Some(runs) }) => format!("{runs} runs"),
        Some(super::Needs { pairs: None, runs: None }) => format!("over {} runs", super::verdict::MOST_RUNS),
    }
}

/// The cells that one run lacks.
fn missing(text: &mut String, what: &str, cells: &[Missing], all: bool) {
    if cells.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{what}: {}", counted(cells.len()));
    let lines: Vec<String> = cells.iter().map(|missing| format!("  {:<38} {}", missing.cell, missing.reason)).collect();
    listed(text, &lines, all);
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

/// What to do next.
fn next(text: &mut String, comparison: &Comparison, all: bool) {
    let counts = comparison.counts;
    text.push('\n');
    if counts.unsure > 0 {
        let _ = writeln!(
            text,
            "unsure: what it takes is pairs in each run, or runs like these on each side. On a quiet machine:"
        );
        let _ = writeln!(text, "  once more      WEFT_MATRIX={} cargo bench", comparison.matrix);
    }
    if !comparison.judged {
        let _ =
            writeln!(text, "  judge times    cargo weft compare … --across-machines   (they are of different things)");
    }
    if counts.same > 0 && !all {
        let _ = writeln!(text, "  every cell     cargo weft compare … --all");
    }
    let _ = writeln!(text, "  as a page      cargo weft compare … --format html > compare.html");
    let _ = writeln!(text, "  how it is done docs/STATISTICS.md, Two runs");
}

/// A number of cells in words.
pub fn counted(cells: usize) -> String {
    format!("{cells} cell{}", if cells == 1 { "" } else { "s" })
}

/// A part as a percentage.
pub fn percent(part: f64) -> String {
    let percent = format!("{:.2}", part * 100.0);
    format!("{} %", percent.trim_end_matches('0').trim_end_matches('.'))
}
