//! A comparison as Markdown, for issues and pull requests.

use std::fmt::Write as _;

use super::exact::shared;
use super::text::{answer, counted, described, drift, grouped, most, needed, percent, threshold};
use super::{Comparison, Missing, OnlyHost, Row, Verdict};
use crate::report::units::time;

/// The whole document; with `all` also the cells that are the same.
pub fn render(comparison: &Comparison, all: bool) -> String {
    let (old, new) = (escaped(&comparison.old.run_id), escaped(&comparison.new.run_id));
    let mut text = format!("# weft: {old} → {new}\n\n**{}**\n\n", escaped(&answer(comparison)));
    differences(&mut text, comparison);
    let _ = writeln!(text, "- threshold: {}", threshold(comparison));
    for line in drift(comparison) {
        let _ = writeln!(text, "- drift: {}", escaped(&line));
    }
    for note in &comparison.notes {
        let _ = writeln!(text, "- {}", escaped(note));
    }
    let moved = most(comparison);
    if !moved.is_empty() {
        text.push_str("\n## What moved\n\n");
        table(&mut text, &moved);
    }
    exact(&mut text, comparison);
    means(&mut text, comparison);
    for verdict in [Verdict::Unsure, Verdict::NotJudged, Verdict::Same] {
        let rows: Vec<&Row> = comparison.cells.iter().filter(|row| row.verdict == verdict).collect();
        if !rows.is_empty() && (all || verdict != Verdict::Same) {
            let _ = write!(text, "\n## {}: {}\n\n", capitalised(verdict.word()), counted(rows.len()));
            table(&mut text, &rows);
        }
    }
    missing(&mut text, "Only the old run measured", &comparison.only_old);
    missing(&mut text, "Only the new run measured", &comparison.only_new);
    hosts(&mut text, comparison);
    text
}

fn differences(text: &mut String, comparison: &Comparison) {
    if comparison.differences.is_empty() {
        return;
    }
    let judged = if comparison.judged { "judged all the same" } else { "not judged" };
    let _ = write!(text, "Not the same set-up, so times are {judged}:\n\n| | | old | new |\n|---|---|---|---|\n");
    for difference in &comparison.differences {
        let (old, new) = (escaped(&difference.old), escaped(&difference.new));
        let _ = writeln!(text, "| {} | `{}` | {old} | {new} |", difference.kind.word(), difference.key);
    }
    text.push('\n');
}

fn table(text: &mut String, rows: &[&Row]) {
    text.push_str(
        "| cell | verdict | old | new | new/old | 95 % interval | it takes |\n|---|---|---:|---:|---:|---:|---|\n",
    );
    for row in rows {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {:.3} | {:.3} to {:.3} | {} |",
            escaped(&row.cell),
            row.verdict.word(),
            time(row.old_ns),
            time(row.new_ns),
            row.ratio,
            row.low,
            row.high,
            needed(row)
        );
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
    if comparison.cells.is_empty() {
        return;
    }
    text.push_str(
        "\n## Geometric means of new/old\n\n| of | | new/old | 95 % interval | cells |\n|---|---|---:|---:|---:|\n",
    );
    for (what, means) in grouped(comparison) {
        for mean in means {
            let (name, ratio, low, high) = (escaped(&mean.name), mean.ratio, mean.low, mean.high);
            let _ = writeln!(text, "| {what} | {name} | {ratio:.3} | {low:.3} to {high:.3} | {} |", mean.cells);
        }
    }
    if let Some((low, high)) = comparison.middle_half {
        let _ = write!(
            text,
            "\nThe middle half of the cells lies between {low:.3} and {high:.3}; α is {}.\n",
            percent(comparison.alpha)
        );
    }
}

fn missing(text: &mut String, what: &str, cells: &[Missing]) {
    if cells.is_empty() {
        return;
    }
    let _ = write!(text, "\n## {what}: {}\n\n", counted(cells.len()));
    for missing in cells {
        let _ = writeln!(text, "- {}: {}", escaped(&missing.cell), escaped(&missing.reason));
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

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// Text of a run, which may hold anything, so that it stays text within a table.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '|' | '`' | '*' | '_' | '[' | ']' | '\\' => escaped.extend(['\\', character]),
            character if character.is_control() => escaped.push(' '),
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_run_cannot_break_a_table() {
        assert_eq!(escaped("a|b\n<script>`x`_&"), "a\\|b &lt;script>\\`x\\`\\_&amp;");
    }
}
