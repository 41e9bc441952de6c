//! A comparison as Markdown, for issues and pull requests.

use std::fmt::Write as _;

use super::exact::shared;
use super::words::{answer, counted, described, factor, grouped, most, percent, relative, rounds, threshold, whole};
use super::{Comparison, OnlyHost, Row, Verdict, advice, words};
use crate::report::escape::escaped;
use crate::report::units::time;

/// The whole document; with `all` also the cells that are the same.
pub fn render(comparison: &Comparison, all: bool) -> String {
    let (old, new) = (escaped(&comparison.old.run_id), escaped(&comparison.new.run_id));
    let mut text = format!("# weft: {old} → {new}\n\n**{}**\n\n", escaped(&answer(comparison)));
    if let Some(whole) = whole(comparison) {
        let _ = write!(text, "**{}**\n\n", escaped(&whole));
    }
    differences(&mut text, comparison);
    about(&mut text, comparison);
    let moved = most(comparison);
    if !moved.is_empty() {
        text.push_str("\n## What moved\n\n");
        table(&mut text, &moved);
    }
    calibrations(&mut text, comparison);
    exact(&mut text, comparison);
    means(&mut text, comparison);
    for verdict in [Verdict::Unsure, Verdict::NotJudged, Verdict::Same] {
        let rows: Vec<&Row> = comparison.cells.iter().filter(|row| row.verdict == verdict).collect();
        let without_ratio = rows.iter().all(|row| row.ratio.is_none());
        if !rows.is_empty() && (all || verdict != Verdict::Same && !without_ratio) {
            let _ = write!(text, "\n## {}: {}\n\n", capitalised(verdict.word()), counted(rows.len()));
            table(&mut text, &rows);
        }
    }
    missing(&mut text, comparison);
    hosts(&mut text, comparison);
    next(&mut text, comparison, all);
    text
}

/// What was compared, and what is to be known of it.
fn about(text: &mut String, comparison: &Comparison) {
    if comparison.judged {
        let _ = writeln!(text, "- machine: {}", escaped(&comparison.machine));
        let _ = writeln!(text, "- threshold: {}; α is {}", threshold(comparison), percent(comparison.alpha));
    }
    for note in &comparison.notes {
        let _ = writeln!(text, "- {}", escaped(note));
    }
}

/// What differs about machine, engine and toolchain.
fn differences(text: &mut String, comparison: &Comparison) {
    if comparison.differences.is_empty() {
        return;
    }
    for heading in words::machines(comparison).map(str::to_owned).into_iter().chain(words::compared(comparison)) {
        let _ = writeln!(text, "- {heading}");
    }
    text.push_str("\n| | | old | new |\n|---|---|---|---|\n");
    for difference in &comparison.differences {
        let (old, new) = (escaped(&difference.old), escaped(&difference.new));
        let _ = writeln!(text, "| {} | `{}` | {old} | {new} |", difference.kind.word(), difference.key);
    }
    text.push('\n');
}

fn table(text: &mut String, rows: &[&Row]) {
    text.push_str(
        "| cell | verdict | old | new | rounds | new/old | 95 % interval | absolute |\n|---|---|---:|---:|---:|---:|---:|---:|\n",
    );
    for row in rows {
        let ratio = row.ratio.map_or_else(
            || " | | ".to_owned(),
            |shown| format!("{:.3} | {:.3} to {:.3} | {:.3}", shown.ratio, shown.low, shown.high, shown.absolute_ratio),
        );
        let (cell, verdict, rounds) = (escaped(&row.cell), row.verdict.word(), rounds(row));
        let (old, new) = (time(row.old_ns), time(row.new_ns));
        let _ = writeln!(text, "| {cell} | {verdict} | {old} | {new} | {rounds} | {ratio} |");
    }
}

/// Each calibration.
fn calibrations(text: &mut String, comparison: &Comparison) {
    let Some(calibrations) = &comparison.calibrations else { return };
    text.push_str("\n## Calibrations\n\n| native work | new/old | 95 % interval | rounds |\n|---|---:|---:|---:|\n");
    for one in &calibrations.each {
        let (name, ratio, low, high) = (escaped(&one.name), one.ratio, one.low, one.high);
        let rounds = format!("{}/{}", one.old_rounds, one.new_rounds);
        let _ = writeln!(text, "| {name} | {ratio:.3} | {low:.3} to {high:.3} | {rounds} |");
    }
}

fn exact(text: &mut String, comparison: &Comparison) {
    let exact = &comparison.exact;
    let _ = write!(
        text,
        "\n## Exact figures\n\n{} grew, {} shrank of {} compared.\n",
        exact.grew.len(),
        exact.shrank.len(),
        exact.compared
    );
    for (word, changes) in [("grew", &exact.grew), ("shrank", &exact.shrank)] {
        if changes.is_empty() {
            continue;
        }
        let _ = write!(text, "\n| cells | {word} |\n|---|---|\n");
        for group in shared(changes) {
            for change in group.changes {
                let _ = writeln!(text, "| {} | {} |", escaped(&group.cells), escaped(&described(change)));
            }
        }
    }
}

fn means(text: &mut String, comparison: &Comparison) {
    let Some(all) = &comparison.means.all else { return };
    let _ = write!(
        text,
        "\n## Geometric means of new/old\n\nAll {}, {}: {}.\n\n",
        counted(all.cells),
        relative(comparison),
        factor(all.ratio, all.low, all.high)
    );
    text.push_str("| of | | new/old | 95 % interval | cells |\n|---|---|---:|---:|---:|\n");
    for (what, means) in grouped(comparison) {
        for mean in means {
            let (name, ratio, low, high) = (escaped(&mean.name), mean.ratio, mean.low, mean.high);
            let _ = writeln!(text, "| {what} | {name} | {ratio:.3} | {low:.3} to {high:.3} | {} |", mean.cells);
        }
    }
    if let Some((low, high)) = comparison.middle_half {
        let _ = write!(text, "\nThe middle half of the cells lies between {low:.3} and {high:.3}.\n");
    }
}

fn missing(text: &mut String, comparison: &Comparison) {
    for (run, cells) in words::missing(comparison) {
        if cells.is_empty() {
            continue;
        }
        let _ = write!(text, "\n## Only the {run} run measured: {}\n\n", counted(cells.len()));
        for missing in cells {
            let _ = writeln!(text, "- {}: {}", escaped(&missing.cell), escaped(&missing.reason));
        }
    }
}

/// The hosts that one run lacks.
fn hosts(text: &mut String, comparison: &Comparison) {
    let sides = [("old", &comparison.hosts_only_old), ("new", &comparison.hosts_only_new)];
    for (run, hosts) in sides.into_iter().filter(|(_, hosts)| !hosts.is_empty()) {
        let _ = write!(text, "\n## Only the {run} run has these hosts\n\n");
        for OnlyHost { host, cells } in hosts {
            let _ = writeln!(text, "- {}: {}", escaped(host), counted(*cells));
        }
    }
}

/// What to do next.
fn next(text: &mut String, comparison: &Comparison, all: bool) {
    text.push_str("\n## Next\n\n```text\n");
    for (what, command) in advice::next(comparison, all) {
        // A fence in a name would end the block.
        let _ = writeln!(text, "{what:<14} {}", command.replace('`', "'"));
    }
    text.push_str("```\n\ndocs/STATISTICS.md says how it is done.\n");
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_run_cannot_break_a_table() {
        assert_eq!(escaped("a|b\n<script>`x`_&"), "a\\|b &lt;script>\\`x\\`\\_&amp;");
    }
}
