//! The sections beside the cells: machine, boundary, limits, codecs, and what is missing.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::record::{Record, Status, Timed};
use crate::report::escape::{escaped, in_code};
use crate::report::in_some_rounds;
use crate::report::limits as reach;
use crate::report::rounds::{Rows, disturbed_in_figures, made, tells_calm};
use crate::report::units::{factor, time};

/// Where and with what the run was made.
pub fn machine(record: &Record) -> String {
    let env = &record.environment;
    let load = env.load_at_start.map_or_else(|| "unknown".to_owned(), |load| format!("{load:.2}"));
    let disturbed = Rows::of_run(record).and_then(|rows| rows.disturbed_text()).unwrap_or_else(|| {
        let unknown = "an unknown number of readings without a calm moment is part of figures";
        let none = || "no reading without a calm moment is part of figures".to_owned();
        env.disturbed_readings
            .map_or_else(|| unknown.to_owned(), |number| disturbed_in_figures(number).unwrap_or_else(none))
    });
    format!(
        "`{}` on {}: {}, {} cores, {} ({}), load {load} at the start; wasmtime {}, {}; revision {}.\n\
         Each row: {}, each in another process. Samples that took {} in all were discarded, because something else \
         used the core; {disturbed}.\n",
        in_code(&env.command_line),
        escaped(env.started.split('T').next().unwrap_or_default()),
        escaped(env.machine.name.as_deref().unwrap_or("unknown")),
        env.cores,
        escaped(&env.kernel),
        escaped(&env.architecture),
        escaped(&env.wasmtime),
        escaped(&env.rustc),
        escaped(&env.git_revision.chars().take(12).collect::<String>()) + dirty(&env.git_revision),
        made(record),
        env.discarded_s.map_or_else(|| "an unknown time".to_owned(), |seconds| format!("{seconds:.0} s")),
    )
}

fn dirty(revision: &str) -> &'static str {
    if revision.ends_with("-dirty") { ", with changes" } else { "" }
}

/// What the boundary figures mean, in the order in which they are read.
pub const BOUNDARY: [(&str, &str); 9] = [
    ("host_to_wasm", "a call from the host into wasm"),
    ("wasm_to_host", "a call from wasm into the host"),
    ("wasm_to_wasm", "a call from one instance into another of the same store"),
    ("seed_call", "a short string handed over, upper-cased and handed back; claimed in 2021: under 2 µs"),
    (
        "seed_log",
        "a short string handed over, upper-cased and handed back, and a line of log through the host; claimed: under 40 µs",
    ),
    ("compile", "compiling both guests"),
    ("setup_cold", "compiling, instantiating, linking, first message; claimed: about 100 ms"),
    ("setup_precompiled", "the same from precompiled modules"),
    (
        "fresh_instance",
        "an instance of the consumer for one message, which is copied in: instantiating, reading, dropping it",
    ),
];

/// The ordinary cell beside the set-up of 2021: its string was shorter, and had no codec.
fn reply(record: &Record) -> String {
    reach::best_reply(record).map_or_else(String::new, |(cell, ns)| {
        let what = "no boundary figure, but the cell that does so: a record handed over, a text of it upper-cased, handed back; \
                    claimed in 2021 for a short string: under 2 µs";
        format!("| `{}` | {what} | {} |\n", cell.name(), time(ns))
    })
}

/// Crossings and set-up.
pub fn boundary(record: &Record) -> String {
    let rows: Vec<_> =
        BOUNDARY.iter().filter_map(|(name, what)| Some((name, what, record.boundary.get(*name)?))).collect();
    if rows.is_empty() {
        return String::new();
    }
    let mut text = String::from("| figure | what | time |\n|---|---|---:|\n");
    for (name, what, figure) in rows {
        let _ = writeln!(text, "| `{name}` | {what} | {} |", time(figure.latency.value));
    }
    text.push_str(&reply(record));
    text.push_str(&counts(record, record.boundary.values()));
    if let Some(codec) = &record.environment.setup_codec {
        let _ = write!(
            text,
            "\n`compile`, `setup_*` and `fresh_instance` are of the guests of the codec of middle size ({}), over `direct`, one `log@1`.\n",
            escaped(codec)
        );
    }
    text
}

/// Figures beside their limits.
pub fn limits(record: &Record) -> String {
    let limits = reach(record);
    if limits.is_empty() {
        return String::new();
    }
    let mut text = String::from("| figure | measured | limit | | measured / limit |\n|---|---:|---:|---|---:|\n");
    for limit in limits {
        let verdict = if limit.met() { "" } else { " **over**" };
        let (measured, bound) = (time(limit.measured), time(limit.limit));
        let ratio = factor(limit.measured / limit.limit);
        let _ = writeln!(text, "| {} | {measured} | {bound} | {} | {ratio}{verdict} |", limit.what, limit.formula);
    }
    text
}

/// What tasks cost without codec and transport.
pub fn task_floor(record: &Record) -> String {
    if record.task_floor_ns.is_empty() {
        return String::new();
    }
    let mut text = String::from(
        "What the task costs on plain values inside wasm, without codec or transport: reading and the digest; \
         for `own` also building the value and dropping it.\n\n| message and task | time |\n|---|---:|\n",
    );
    for (task, figure) in &record.task_floor_ns {
        let _ = writeln!(text, "| {} | {} |", escaped(task), time(figure.latency.value));
    }
    text + &counts(record, record.task_floor_ns.values())
}

/// What some figures are made of, as a line below their table; empty where their readings were not kept.
fn counts<'a>(record: &Record, timed: impl Iterator<Item = &'a Timed>) -> String {
    let rows = Rows::of(timed.map(|timed| &timed.readings[..]), tells_calm(record));
    rows.map_or_else(String::new, |rows| format!("\n{}.\n", rows.text()))
}

/// The codecs with their traits and modules.
pub fn codecs(record: &Record) -> String {
    let yes = |yes: Option<bool>| match yes {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    };
    let mut text = String::from(
        "| codec | library | released | schema | skips unknown fields | self-describing | encodes | in place | validates \
         | scan checks UTF-8 | producer, consumer |\n|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for (name, codec) in &record.environment.codecs {
        let traits = &codec.traits;
        let library = codec.library();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} and {} B of wasm |",
            escaped(name),
            escaped(&library),
            escaped(&codec.release()),
            yes(traits.schema),
            codec.evolution(),
            yes(traits.self_describing),
            yes(traits.encodes),
            yes(traits.in_place),
            codec.validation(),
            yes(traits.scan_checks_utf8),
            codec.producer.bytes,
            codec.consumer.bytes,
        );
    }
    text
}

/// Failed and unsupported cells with their reasons, other figures that failed, and cells of which some rounds failed.
pub fn not_measured(record: &Record) -> String {
    let mut by_reason: BTreeMap<(bool, &str), Vec<String>> = BTreeMap::new();
    for cell in record.cells.iter().filter(|cell| cell.status != Status::Ok) {
        // The first line; a trap's backtrace is in run.json.
        let reason =
            cell.reason.as_deref().and_then(|reason| reason.lines().next()).unwrap_or("no reason was recorded");
        by_reason.entry((cell.status != Status::Failed, reason)).or_default().push(cell.name());
    }
    let mut text = String::new();
    for ((unsupported, reason), cells) in by_reason {
        let status = if unsupported { "unsupported" } else { "**failed**" };
        let _ = writeln!(text, "- {status}: {}: {}", cells.join(", "), escaped(reason));
    }
    for (figure, reason) in &record.failed {
        let reason = reason.lines().next().unwrap_or_default();
        let _ = writeln!(text, "- **failed**: {}: {}", escaped(figure), escaped(reason));
    }
    for cell in record.cells.iter().filter(|cell| cell.failed_rounds > 0) {
        let _ = writeln!(text, "- {}: {}", cell.name(), in_some_rounds(cell));
    }
    text
}
