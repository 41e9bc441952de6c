//! A comparison as one self-contained page: no network, light and dark, tables that sort.

use std::fmt::{self, Display, Write as _};

use super::exact::shared;
use super::text::{answer, described, drift, grouped, needed, threshold};
use super::{Comparison, Missing, Row};
use crate::report::units::time;

/// The whole page.
pub fn render(comparison: &Comparison) -> String {
    let title = format!("weft: {} → {}", comparison.old.run_id, comparison.new.run_id);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n{style}</style>\n<h1>{title}</h1>\n<p class=\"answer\">{answer}</p>\n",
        title = Text(&title),
        style = include_str!("html/style.css"),
        answer = Text(&answer(comparison)),
    );
    differences(&mut page, comparison);
    runs(&mut page, comparison);
    heat_maps(&mut page, comparison);
    means(&mut page, comparison);
    exact(&mut page, comparison);
    cells(&mut page, comparison);
    missing(&mut page, "Only the old run measured", &comparison.only_old);
    missing(&mut page, "Only the new run measured", &comparison.only_new);
    let _ = write!(page, "<script>\n{}</script>\n</html>\n", include_str!("html/sort.js"));
    page
}

/// Text of a run, which may hold anything, as HTML.
struct Text<'a>(&'a str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                character => f.write_char(character)?,
            }
        }
        Ok(())
    }
}

fn differences(page: &mut String, comparison: &Comparison) {
    if comparison.differences.is_empty() {
        return;
    }
    let judged = if comparison.judged { "judged all the same" } else { "not judged" };
    let _ = writeln!(
        page,
        "<h2>Not the same set-up</h2>\n<p>So times are {judged}.</p>\n\
         <table><thead><tr><th>what<th>key<th>old<th>new</thead><tbody>"
    );
    for difference in &comparison.differences {
        let (old, new) = (Text(&difference.old), Text(&difference.new));
        let _ = writeln!(page, "<tr><td>{}<td>{}<td>{old}<td>{new}", difference.kind.word(), difference.key);
    }
    page.push_str("</tbody></table>\n");
}

fn runs(page: &mut String, comparison: &Comparison) {
    page.push_str("<table><thead><tr><th>run<th>name<th>began<th>revision<th>cells</thead><tbody>\n");
    for (name, side) in [("old", &comparison.old), ("new", &comparison.new)] {
        let (id, started, revision) = (Text(&side.run_id), Text(&side.started), Text(&side.git_revision));
        let _ = writeln!(page, "<tr><td>{name}<td>{id}<td>{started}<td>{revision}<td class=\"n\">{}", side.cells);
    }
    page.push_str("</tbody></table>\n<ul>\n");
    let _ = writeln!(page, "<li>Threshold {}", Text(&threshold(comparison)));
    for line in drift(comparison) {
        let _ = writeln!(page, "<li>Drift: {}", Text(&line));
    }
    for note in &comparison.notes {
        let _ = writeln!(page, "<li>{}", Text(note));
    }
    page.push_str("</ul>\n");
}

/// A map per message and task: a row per codec, a column per transport.
fn heat_maps(page: &mut String, comparison: &Comparison) {
    let workloads = distinct(comparison.cells.iter().map(|row| (row.message.as_str(), row.task.as_str())));
    if workloads.is_empty() {
        return;
    }
    page.push_str("<h2>New ÷ old</h2>\n<p>▲ slower, ▼ faster, = same, ? unsure.</p>\n<div class=\"maps\">\n");
    for workload in workloads {
        let rows: Vec<&Row> =
            comparison.cells.iter().filter(|row| (row.message.as_str(), row.task.as_str()) == workload).collect();
        let transports = distinct(rows.iter().map(|row| row.transport.as_str()));
        let _ = write!(page, "<table class=\"map\"><caption>{} {}</caption>", Text(workload.0), Text(workload.1));
        page.push_str("<thead><tr><th>codec");
        for transport in &transports {
            let _ = write!(page, "<th>{}", Text(transport));
        }
        page.push_str("</thead><tbody>\n");
        for codec in distinct(rows.iter().map(|row| row.codec.as_str())) {
            let _ = write!(page, "<tr><th scope=\"row\">{}", Text(codec));
            for transport in &transports {
                match rows.iter().find(|row| row.codec == codec && row.transport == *transport) {
                    Some(row) => heat(page, row),
                    None => page.push_str("<td>"),
                }
            }
            page.push('\n');
        }
        page.push_str("</tbody></table>\n");
    }
    page.push_str("</div>\n");
}

/// One field of a map. The colour says how far the ratio is from 1, up to a factor of 1.5; the sign says what is
/// for certain.
fn heat(page: &mut String, row: &Row) {
    use super::Verdict::{Faster, NotJudged, Same, Slower, Unsure};
    let sign = match row.verdict {
        Slower => "▲",
        Faster => "▼",
        Same => "=",
        Unsure => "?",
        NotJudged => "",
    };
    let strength = (row.ratio.ln().abs() / 1.5_f64.ln()).min(1.0) * 60.0;
    let class = if row.ratio > 1.0 { "worse" } else { "better" };
    let _ = write!(
        page,
        "<td class=\"n {class}\" style=\"--s:{strength:.0}%\" title=\"{} to {}, {:.3} to {:.3}\">{:.3} {sign}",
        time(row.old_ns),
        time(row.new_ns),
        row.low,
        row.high,
        row.ratio
    );
}

fn means(page: &mut String, comparison: &Comparison) {
    page.push_str(
        "<h2>Geometric means</h2>\n<table class=\"sort\"><thead><tr><th>of<th>name<th>new/old<th>low<th>high<th>cells\
         </thead><tbody>\n",
    );
    for (what, means) in grouped(comparison) {
        for mean in means {
            let _ = writeln!(
                page,
                "<tr><td>{what}<td>{}<td class=\"n\">{:.3}<td class=\"n\">{:.3}<td class=\"n\">{:.3}<td class=\"n\">{}",
                Text(&mean.name),
                mean.ratio,
                mean.low,
                mean.high,
                mean.cells
            );
        }
    }
    page.push_str("</tbody></table>\n");
}

fn exact(page: &mut String, comparison: &Comparison) {
    let exact = &comparison.exact;
    let _ = writeln!(
        page,
        "<h2>Exact figures</h2>\n<p>{} grew, {} shrank of {} compared.</p>",
        exact.grew.len(),
        exact.shrank.len(),
        exact.compared
    );
    if exact.grew.is_empty() && exact.shrank.is_empty() {
        return;
    }
    page.push_str("<table class=\"sort\"><thead><tr><th>cells<th>change<th>figure</thead><tbody>\n");
    for (word, changes) in [("grew", &exact.grew), ("shrank", &exact.shrank)] {
        for group in shared(changes) {
            for change in group.changes {
                let _ = writeln!(page, "<tr><td>{}<td>{word}<td>{}", Text(&group.cells), Text(&described(change)));
            }
        }
    }
    page.push_str("</tbody></table>\n");
}

fn cells(page: &mut String, comparison: &Comparison) {
    page.push_str(
        "<h2>Every cell</h2>\n<table class=\"sort\"><thead><tr><th>message<th>task<th>codec<th>transport<th>isolation\
         <th>old<th>new<th>new/old<th>low<th>high<th>p (Holm)<th>verdict<th>it takes</thead><tbody>\n",
    );
    for row in &comparison.cells {
        let _ = write!(page, "<tr class=\"{}\">", row.verdict.word().replace(' ', "-"));
        for text in [row.message.as_str(), &row.task, &row.codec, &row.transport, row.isolation.name()] {
            let _ = write!(page, "<td>{}", Text(text));
        }
        for nanoseconds in [row.old_ns, row.new_ns] {
            let _ = write!(page, "<td class=\"n\" data-value=\"{nanoseconds}\">{}", time(nanoseconds));
        }
        for ratio in [row.ratio, row.low, row.high] {
            let _ = write!(page, "<td class=\"n\">{ratio:.3}");
        }
        let (p, verdict) = (row.p_holm, row.verdict.word());
        let _ = writeln!(page, "<td class=\"n\" data-value=\"{p}\">{p:.2e}<td>{verdict}<td>{}", needed(row));
    }
    page.push_str("</tbody></table>\n");
}

fn missing(page: &mut String, what: &str, cells: &[Missing]) {
    if cells.is_empty() {
        return;
    }
    let _ = writeln!(page, "<h2>{what}</h2>\n<ul>");
    for missing in cells {
        let _ = writeln!(page, "<li>{}: {}", Text(&missing.cell), Text(&missing.reason));
    }
    page.push_str("</ul>\n");
}

/// The different values, in the order in which they come first.
fn distinct<T: PartialEq>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut distinct = Vec::new();
    for value in values {
        if !distinct.contains(&value) {
            distinct.push(value);
        }
    }
    distinct
}
