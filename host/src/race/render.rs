//! A finished race as text, Markdown and JSON.

use std::fmt::Write as _;

use super::MOST_PLACEMENTS;
use super::outcome::{ExactChange, Outcome, Raced, Told};
use crate::compare::Verdict;
use crate::record::BUSY_LOAD;
use crate::report::units::{in_percent, time};

/// How a race is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For a terminal
    Text,
    /// Markdown, for issues and pull requests
    Md,
    /// Everything, for programs
    Json,
}

impl Format {
    /// Makes the text.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn render(self, raced: &Raced) -> Result<String, serde_json::Error> {
        Ok(match self {
            Self::Text => text(raced),
            Self::Md => markdown(raced),
            Self::Json => serde_json::to_string_pretty(raced)? + "\n",
        })
    }
}

/// A ratio as a change: `+1.2 %`.
pub fn change(ratio: f64) -> String {
    format!("{:+.1} %", 100.0 * (ratio - 1.0))
}

fn interval(told: &Told) -> String {
    told.standing.map_or_else(String::new, |standing| format!("[{}, {}]", change(standing.low), change(standing.high)))
}

fn times(told: &Told) -> String {
    match (told.old_ns, told.new_ns) {
        (Some(old), Some(new)) => format!("{} → {}", time(old), time(new)),
        _ => String::new(),
    }
}

fn exact(change: &ExactChange) -> String {
    format!("{} {} → {}", change.figure, number(change.old), number(change.new))
}

fn number(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// Lanes whose exact figures changed alike, as they do under every transport, said once.
fn exact_lines(raced: &Raced) -> Vec<String> {
    let mut alike: Vec<(Vec<&str>, &[ExactChange])> = Vec::new();
    for told in raced.lanes.iter().filter(|told| !told.exact.is_empty()) {
        match alike.iter_mut().find(|(_, changes)| *changes == told.exact.as_slice()) {
            Some((cells, _)) => cells.push(&told.cell),
            None => alike.push((vec![&told.cell], &told.exact)),
        }
    }
    let line = |(cells, changes): (Vec<&str>, &[ExactChange])| {
        let more = if cells.len() > 1 { format!(" and {} more", cells.len() - 1) } else { String::new() };
        let changes: Vec<String> = changes.iter().map(exact).collect();
        format!("{}{more}: {}", cells.first().copied().unwrap_or_default(), changes.join(", "))
    };
    alike.into_iter().map(line).collect()
}

/// The last lines: what was found, and what could have been.
fn conclusion(raced: &Raced) -> Vec<String> {
    let mut lines = Vec::new();
    let counts = [Verdict::Slower, Verdict::Faster, Verdict::Same, Verdict::Unsure];
    let counts: Vec<String> = counts
        .into_iter()
        .filter_map(|verdict| Some((verdict, raced.count(verdict))).filter(|(_, count)| *count > 0))
        .map(|(verdict, count)| format!("{count} {}", verdict.word()))
        .collect();
    let judged = raced.judged().filter(|told| told.standing.is_some()).count();
    let percent = in_percent(raced.threshold);
    if judged > 0 {
        lines.push(format!("{} at a threshold of {percent} %: {}", counted(judged, "cell"), counts.join(", ")));
    }
    if let Some(could) = raced.could_show {
        let controls = raced.lanes.iter().filter(|told| told.outcome == Outcome::Control).count();
        lines.push(format!(
            "{}, whose sides are the same: nine in ten of their intervals ended within ± {:.1} % of their middle",
            counted(controls, "control"),
            100.0 * could
        ));
    }
    if let Some(load) = raced.load.filter(|load| *load > BUSY_LOAD) {
        lines.push(format!("the machine was busy when the race began (load {load:.1}): a quiet one shows more"));
    }
    if raced.interrupted {
        lines.push("interrupted: what was not decided before is not judged".to_owned());
    } else if raced.count(Verdict::Unsure) > 0 {
        lines.push(advice(raced));
    }
    lines
}

/// What makes more of what is unsure sure.
fn advice(raced: &Raced) -> String {
    let most = raced.lanes.iter().filter_map(|told| Some(told.standing?.pairs)).max().unwrap_or(0);
    let last = raced.looks.iter().copied().max().unwrap_or(0);
    if raced.placements < MOST_PLACEMENTS || most < last {
        let minutes = (raced.time_s / 12.0).ceil().max(1.0);
        format!("more time makes more sure: add --time {minutes}m")
    } else {
        "no more pairs are made: fewer cells, a larger --threshold or a quieter machine make more sure".to_owned()
    }
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn nothing(raced: &Raced) -> Option<String> {
    raced.lanes.is_empty().then(|| {
        format!(
            "nothing to race: the guests of all selected cells are the same, byte for byte, as those of {}",
            raced.old
        )
    })
}

fn text(raced: &Raced) -> String {
    let mut text = format!("\n{} against {}: new ÷ old\n\n", raced.new, raced.old);
    if let Some(nothing) = nothing(raced) {
        return text + &nothing + "\n";
    }
    let width = raced.lanes.iter().map(|told| told.cell.len()).max().unwrap_or(0);
    for told in &raced.lanes {
        let verdict = match (&told.reason, told.standing) {
            (Some(reason), _) => format!("not raced: {}", reason.lines().next().unwrap_or_default()),
            (None, Some(standing)) => {
                let control = if told.outcome == Outcome::Control { "control, " } else { "" };
                let word = format!("{control}{}", standing.verdict.word());
                let change = change(standing.ratio);
                let pairs = standing.pairs;
                format!("{word:<16} {change:>8} {:<20} {:<22} {pairs} pairs", interval(told), times(told))
            }
            (None, None) => "not measured".to_owned(),
        };
        let _ = writeln!(text, "  {:<width$}  {verdict}", told.cell);
    }
    let exact = exact_lines(raced);
    if !exact.is_empty() {
        text.push_str("\nexact figures that changed:\n");
        exact.iter().for_each(|line| text.push_str(&format!("  {line}\n")));
    }
    text.push('\n');
    conclusion(raced).iter().for_each(|line| text.push_str(&format!("{line}\n")));
    text
}

fn markdown(raced: &Raced) -> String {
    let mut text = format!("**{}** against **{}**, new ÷ old\n\n", raced.new, raced.old);
    if let Some(nothing) = nothing(raced) {
        return text + &nothing + "\n";
    }
    text.push_str("| cell | verdict | change | 95 % interval | old → new | pairs |\n|---|---|---:|---|---|---:|\n");
    for told in &raced.lanes {
        let control = if told.outcome == Outcome::Control { " (control)" } else { "" };
        let row = match (&told.reason, told.standing) {
            (Some(reason), _) => format!("not raced: {} | | | | ", reason.lines().next().unwrap_or_default()),
            (None, Some(standing)) => format!(
                "{} | {} | {} | {} | {}",
                standing.verdict.word(),
                change(standing.ratio),
                interval(told),
                times(told),
                standing.pairs
            ),
            (None, None) => "not measured | | | | ".to_owned(),
        };
        let _ = writeln!(text, "| `{}`{control} | {row} |", told.cell);
    }
    for line in exact_lines(raced) {
        let _ = write!(text, "\n- exact: {line}");
    }
    text.push('\n');
    conclusion(raced).iter().for_each(|line| text.push_str(&format!("\n{line}.\n")));
    text
}
