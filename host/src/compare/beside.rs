//! A run of one codec beside the others of the last full run: where it stands.

use std::fmt::Write as _;
use std::path::Path;

use weft_link::transport::Isolation;

use super::setup::{self, Difference};
use crate::record::{CellRecord, Record, last_full};
use crate::report::answer::TASK;
use crate::report::ranking::League;
use crate::report::units::{factor, time};
use crate::statistics::location::geometric_mean;

/// So many cells of a codec have a column.
const COLUMNS: usize = 6;

/// What a column's cells have in common: message, task and transport.
type Key = (String, &'static str, String);

/// A codec of the table, and its times in nanoseconds.
struct Line {
    name: String,
    times: Vec<Option<f64>>,
    /// Its times ÷ those of the codec that was run. None of that one.
    ratio: Option<f64>,
}

/// The only codec that a run measured cells of, beside the floor. None of one with several, or none.
pub fn only_codec(record: &Record) -> Option<&str> {
    let mut codecs = record.measured().map(|cell| cell.cell.codec.as_str()).filter(|codec| !record.is_floor(codec));
    let first = codecs.next()?;
    codecs.all(|codec| codec == first).then_some(first)
}

/// The table for a terminal. None for a run that is not filtered, or not of one codec.
pub fn beside(record: &Record, results: &Path) -> Option<String> {
    let codec = only_codec(record).filter(|_| record.filter.is_some())?;
    let Some(full) = last_full(results, record) else {
        let matrix = &record.matrix;
        return Some(format!("\nno full run of the {matrix} matrix is there to set {codec} beside the other codecs\n"));
    };
    let all = keys(record, codec);
    let keys = shown(record, codec, &all);
    let elsewhere = elsewhere(&full, record);
    let lines = lines(record, &full, codec, &keys);
    let day = full.environment.started.split('T').next().unwrap_or_default();
    let mut text = format!(
        "\n{codec} beside the other codecs of the last full run, {} of {day}: their figures are of another time\n",
        full.run_id
    );
    for what in &elsewhere {
        let _ = writeln!(text, "  no ratios, because that run is of another {what}");
    }
    text.push_str(&table(&lines, &keys, elsewhere.is_empty().then_some(codec)));
    text.push_str(&legend(&lines));
    if keys.len() < all.len() {
        let _ = writeln!(text, "  {} of {} cells are shown; the report has all", keys.len(), all.len());
    }
    Some(text)
}

/// What is not the same about the machines and engines of two runs: then their times have no ratio.
fn elsewhere(full: &Record, record: &Record) -> Vec<String> {
    let (_, differences) = setup::differences(&full.environment, &record.environment);
    let said = |difference: &Difference| {
        let Difference { kind, key, old, new } = difference;
        format!("{}: {key} was {old}, and is {new}", kind.word())
    };
    differences.iter().map(said).collect()
}

/// The time of a message, in nanoseconds.
fn ns(cell: &CellRecord) -> Option<f64> {
    cell.latency_ns.map(|latency| latency.value)
}

fn key(cell: &CellRecord) -> Key {
    (cell.message(), cell.task(), cell.cell.transport.clone())
}

/// The columns that a run has of a codec, in its order.
fn keys(record: &Record, codec: &str) -> Vec<Key> {
    record.measured().filter(|cell| cell.cell.codec == codec).map(key).collect()
}

/// Those that are shown: all where they fit; otherwise those of one transport, and of these those of one task.
fn shown(record: &Record, codec: &str, all: &[Key]) -> Vec<Key> {
    let fits = |keys: &[Key]| keys.len() <= COLUMNS;
    if fits(all) {
        return all.to_vec();
    }
    let transport = transport(record, codec);
    let mut keys: Vec<Key> =
        all.iter().filter(|(.., other)| Some(other.as_str()) == transport.as_deref()).cloned().collect();
    if !fits(&keys) && keys.iter().any(|(_, task, _)| *task == TASK) {
        keys.retain(|(_, task, _)| *task == TASK);
    }
    keys.truncate(COLUMNS);
    keys
}

/// The transport of the strongest isolation that a run has of a codec; of several the one that is the fastest with its first
/// message and task.
fn transport(record: &Record, codec: &str) -> Option<String> {
    let cells: Vec<&CellRecord> = record.measured().filter(|cell| cell.cell.codec == codec).collect();
    let first = cells.first()?;
    let of_first = |cell: &&&CellRecord| (cell.message(), cell.task()) == (first.message(), first.task());
    let place = |cell: &CellRecord| Isolation::ALL.iter().position(|class| *class == cell.isolation);
    let best = cells.iter().filter(of_first).min_by(|a, b| {
        place(a).cmp(&place(b)).then_with(|| ns(a).unwrap_or(f64::MAX).total_cmp(&ns(b).unwrap_or(f64::MAX)))
    });
    best.map(|cell| cell.cell.transport.clone())
}

/// The codec as it was run, and all codecs of the full run that have one of these cells; the fastest first.
fn lines(record: &Record, full: &Record, codec: &str, keys: &[Key]) -> Vec<Line> {
    let times = |record: &Record, codec: &str| -> Vec<Option<f64>> {
        let of = |wanted: &Key| record.measured().find(|cell| cell.cell.codec == codec && key(cell) == *wanted);
        keys.iter().map(|wanted| of(wanted).and_then(ns)).collect()
    };
    let own = times(record, codec);
    let named = |record: &Record, codec: &str| format!("{codec}{}", League::of(record, codec).map_or("", League::note));
    let mut codecs: Vec<&str> =
        full.measured().map(|cell| cell.cell.codec.as_str()).filter(|codec| !full.is_floor(codec)).collect();
    codecs.sort_unstable();
    codecs.dedup();
    let then = codecs.into_iter().map(|other| {
        let name = format!("{}{}", named(full, other), if other == codec { " (then)" } else { "" });
        let times = times(full, other);
        Some(Line { name, ratio: Some(ratio(&times, &own)?), times })
    });
    let mut lines: Vec<Line> = then.flatten().collect();
    lines.push(Line { name: format!("{} (this run)", named(record, codec)), times: own, ratio: None });
    lines.sort_by(|a, b| a.ratio.unwrap_or(1.0).total_cmp(&b.ratio.unwrap_or(1.0)));
    lines
}

/// How many times as long some cells take as others: the geometric mean over those that both have. None where they share
/// none.
fn ratio(times: &[Option<f64>], own: &[Option<f64>]) -> Option<f64> {
    let ratios: Vec<f64> =
        times.iter().zip(own).filter_map(|(time, own)| Some(time.as_ref()? / own.as_ref()?)).collect();
    geometric_mean(&ratios)
}

/// The table; with ratios to a codec where times have any.
fn table(lines: &[Line], keys: &[Key], ratios: Option<&str>) -> String {
    let width = lines.iter().map(|line| line.name.chars().count()).max().unwrap_or(0).max(16);
    let (common, names) = headings(keys);
    let mut text = format!("\n  {common:<width$}");
    let widths: Vec<usize> = names.iter().map(|name| name.chars().count().max(10)).collect();
    for (name, width) in names.iter().zip(&widths) {
        let _ = write!(text, "  {name:>width$}");
    }
    let _ = writeln!(text, "{}", ratios.map_or_else(String::new, |codec| format!("  time ÷ {codec}'s")));
    for line in lines {
        let _ = write!(text, "  {:<width$}", line.name);
        for (value, width) in line.times.iter().zip(&widths) {
            let _ = write!(text, "  {:>width$}", value.map_or_else(|| "-".to_owned(), time));
        }
        let shown = ratios.and(line.ratio);
        text.push_str(&shown.map_or_else(String::new, |ratio| format!("  {:>10}", factor(ratio))));
        text.push('\n');
    }
    text
}

/// What all columns have in common, and what is left of each.
fn headings(keys: &[Key]) -> (String, Vec<String>) {
    let parts: Vec<[&str; 3]> =
        keys.iter().map(|(message, task, transport)| [message.as_str(), task, transport.as_str()]).collect();
    let is_common = [0, 1, 2].map(|part| parts.windows(2).all(|pair| pair[0][part] == pair[1][part]));
    let joined = |parts: &[&str; 3], common: bool| {
        let of = parts.iter().zip(is_common).filter(|(_, is_common)| *is_common == common);
        of.map(|(part, _)| *part).collect::<Vec<_>>().join("/")
    };
    let common = parts.first().map_or_else(String::new, |first| joined(first, true));
    (common, parts.iter().map(|parts| joined(parts, false)).collect())
}

/// What the marks behind names mean, as far as there are any.
fn legend(lines: &[Line]) -> String {
    let marks = [
        (" †", "† encodes nothing: its producer keeps the value in the outbox"),
        (" ‡", "‡ checks nothing that it reads"),
    ];
    let there = marks.iter().filter(|(mark, _)| lines.iter().any(|line| line.name.contains(mark)));
    there.map(|(_, meaning)| format!("  {meaning}\n")).collect()
}
