//! The section of other hosts: what wasm costs, what settings cost, and what other engines take.

use std::fmt::Write as _;

use crate::cell::OWN_HOST;
use crate::protocol::Engine;
use crate::record::{CellRecord, Record, Status};
use crate::report::escape::escaped;
use crate::report::hosts::{
    self, Cost, Host, Kind, NATIVE_WAY, Pair, Ratio, Spread, Swap, codecs, costs, measured, swaps, ways, workloads,
};
use crate::report::markdown::ways::table;
use crate::report::ranking::League;
use crate::report::units::{factor, time};

/// Everything of the other hosts; empty where there are none.
pub fn hosts(record: &Record) -> String {
    let all = hosts::hosts(record);
    if all.is_empty() {
        return String::new();
    }
    let of = |kind: Kind| all.iter().filter(|host| host.kind == kind).collect::<Vec<_>>();
    let parts = [
        engines(record, &all),
        native(record, &of(Kind::Native)),
        settings(record, &of(Kind::Setting)),
        of(Kind::Engine).into_iter().map(|host| engine(record, host)).collect(),
    ];
    "Other hosts measure a few messages with the task `own`, and one with `reply`, each in the same rounds as weft's own host, `wasmtime`. Every ratio is \
     of two cells that differ in nothing but the host, compared round by round; so it may lie a little beside that of the times. ≈: 1 is \
     within its 95 % interval.\n"
        .to_owned()
        + &parts.concat()
}

/// Which hosts there are.
fn engines(record: &Record, all: &[Host<'_>]) -> String {
    let mut text = String::from("\n| host | runs guests in | version | settings |\n|---|---|---|---|\n");
    let own = record.hosts.get(OWN_HOST).map(|host| &host.engine);
    let own = own.map(|engine| (format!("{OWN_HOST} (weft's own)"), Some(engine)));
    for (name, engine) in own.into_iter().chain(all.iter().map(|host| (host.name.to_owned(), host.engine))) {
        let unknown = Engine::default();
        let Engine { name: engine, version, settings, .. } = engine.unwrap_or(&unknown);
        let _ = writeln!(text, "| {name} | {} | {} | {} |", escaped(engine), escaped(version), escaped(settings));
    }
    text
}

/// What wasm costs: a table of the codecs as WebAssembly and as native code.
fn native(record: &Record, natives: &[&Host<'_>]) -> String {
    let costs = costs(record, natives);
    if costs.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "\n### What wasm costs\n\nThe guests as WebAssembly on weft's own host, over `{NATIVE_WAY}`, beside the same \
         codecs as native code that calls each other. Native guests are compiled for the target's baseline CPU, while \
         wasmtime compiles for this machine. `native` has the allocator that guests have in wasm, `native+glibc` the \
         platform's.\n\n| message | codec | wasm |"
    );
    for host in natives {
        let _ = write!(text, " {} | wasm ÷ {} |", host.name, host.name);
    }
    let _ = write!(text, "\n|---|---|---:|{}\n", "---:|---:|".repeat(natives.len()));
    for Cost { workload: (message, task), codec, wasm, natives } in costs {
        let wasm = wasm.map_or_else(String::new, |wasm| time(wasm.value));
        let _ = write!(text, "| {message} {task} | {} | {wasm} |", named(record, codec));
        for native in natives {
            let shown = native.cell.map(status_or_time).unwrap_or_default();
            let cost = native.cost.map(|cost| ratio_text(&cost)).unwrap_or_default();
            let _ = write!(text, " {shown} | {cost} |");
        }
        text.push('\n');
    }
    text
}

/// What settings of weft's own engine cost.
fn settings(record: &Record, settings: &[&Host<'_>]) -> String {
    if settings.iter().all(|host| host.pairs.is_empty()) {
        return String::new();
    }
    let mut text = String::from(
        "\n### What settings cost\n\nThe setting ÷ the default one: the geometric mean over cells and rounds with its 95 % interval, and the cells \
         that are farthest from each other. The last column is of codecs of a league over the same transport: those \
         of which the default setting calls the one the faster, and this one the other. ≈: 1 is within the mean's interval.\n\n\
         | setting | message | mean | smallest | largest | cells | order of codecs |\n|---|---|---:|---:|---:|---:|---|\n",
    );
    for host in settings {
        for (message, task) in workloads(host.pairs.iter().map(|pair| pair.other)) {
            let is = |pair: &&Pair<'_>| (pair.other.message(), pair.other.task()) == (message.clone(), task);
            let pairs: Vec<&Pair<'_>> = host.pairs.iter().filter(is).collect();
            let Some(spread) = Spread::of(&pairs) else { continue };
            let cells = spread.cells;
            let [smallest, largest] = [spread.smallest, spread.largest].map(|(cell, ratio)| place(cell, &ratio));
            let (mean, order) = (mean(&spread), order(&swaps(record, &pairs)));
            let name = host.name;
            let _ =
                writeln!(text, "| {name} | {message} {task} | {mean} | {smallest} | {largest} | {cells} | {order} |");
        }
    }
    text
}

/// A mean with its interval.
fn mean(spread: &Spread<'_>) -> String {
    let interval = spread.interval.map(|(low, high)| format!(" ({low:.2} to {high:.2})"));
    let tie = if spread.is_tie() { " ≈" } else { "" };
    format!("{}{}{tie}", factor(spread.mean), interval.unwrap_or_default())
}

/// A cell with its ratio.
fn place(cell: &CellRecord, ratio: &Ratio) -> String {
    format!("{}, {} over {}", ratio_text(ratio), cell.cell.codec, cell.cell.transport)
}

/// Which codecs change places.
fn order(swaps: &[Swap<'_>]) -> String {
    if swaps.is_empty() {
        return "the same".to_owned();
    }
    let all = swaps.iter().map(|swap| {
        let transports = swap.transports.join(", ");
        format!("{} before {} ({transports})", swap.faster, swap.slower)
    });
    all.collect::<Vec<_>>().join("; ")
}

/// What another engine takes: a table for each message, and one for its ways that weft's own host has not.
fn engine(record: &Record, host: &Host<'_>) -> String {
    let ways = ways(record, host);
    let own_ways = table(record, host, &ways);
    let mut text = String::new();
    for (message, task) in workloads(host.cells.iter().copied()) {
        let is = |cell: &&&CellRecord| (cell.message().as_str(), cell.task()) == (&message, task);
        let cells: Vec<&CellRecord> = host.cells.iter().filter(is).copied().collect();
        let mut transports: Vec<&str> = Vec::new();
        for cell in cells.iter().filter(|cell| cell.status != Status::Unsupported) {
            if !transports.contains(&cell.cell.transport.as_str()) {
                transports.push(&cell.cell.transport);
            }
        }
        transports.retain(|transport| ways.iter().all(|way| way.cell.cell.transport != *transport));
        if transports.is_empty() {
            continue;
        }
        let _ =
            write!(text, "\n### {}: {message} {task}\n\nThe time, and the ratio to weft's own host.\n\n", host.name);
        let heads: Vec<String> = transports.iter().map(|transport| format!(" {transport} |")).collect();
        let _ = write!(text, "| codec |{}\n|---|{}\n", heads.concat(), "---:|".repeat(heads.len()));
        for codec in codecs(record, cells.iter().copied()) {
            let field = |transport: &&str| {
                let cell = cells.iter().find(|cell| cell.cell.codec == codec && cell.cell.transport == *transport);
                format!(" {} |", cell.map(|cell| beside_own(host, cell)).unwrap_or_default())
            };
            let fields: String = transports.iter().map(field).collect();
            let _ = writeln!(text, "| {} |{fields}", named(record, codec));
        }
    }
    text + &own_ways
}

/// A cell's time, and its ratio to the same on weft's own host.
fn beside_own(host: &Host<'_>, cell: &CellRecord) -> String {
    let pair = host.pairs.iter().find(|pair| pair.other.cell == cell.cell);
    let ratio = pair.and_then(Pair::ratio).map(|ratio| format!(" ({})", ratio_text(&ratio)));
    format!("{}{}", status_or_time(cell), ratio.unwrap_or_default())
}

fn status_or_time(cell: &CellRecord) -> String {
    match (cell.status, measured(cell)) {
        (_, Some(latency)) => time(latency.value),
        (Status::Failed, None) => "failed".to_owned(),
        (Status::Unsupported, None) => "unsupported".to_owned(),
        (Status::Ok, None) => "no figure".to_owned(),
    }
}

fn ratio_text(ratio: &Ratio) -> String {
    let tie = if ratio.is_tie() { " ≈" } else { "" };
    format!("{}{tie}", factor(ratio.value))
}

/// A codec's name with the mark of its league.
fn named(record: &Record, codec: &str) -> String {
    format!("{codec}{}", League::of(record, codec).map_or("", League::note))
}
