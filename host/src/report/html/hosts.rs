//! What the page knows of the other hosts of a run. The script (`assets/hosts.js`) reads it.

use serde::Serialize;

use super::cells::rounded;
use super::names::first_line;
use super::rounds::{MadeOf, made, times};
use crate::cell::OWN_HOST;
use crate::protocol::Engine;
use crate::record::{CellRecord, Record, Status};
use crate::report::hosts::{self, BARE_WAY, Host, NATIVE_WAY, Pair, Ratio, Spread, measured, swaps, ways, workloads};
use crate::report::rounds::tells_calm;

/// The other hosts.
#[derive(Serialize)]
pub struct Hosts {
    /// The hosts, weft's own first.
    list: Vec<Listed>,
    /// The cells of the others.
    cells: Vec<Cell>,
    /// What settings cost: one for each setting and message.
    settings: Vec<Setting>,
    /// What ways cost that weft's own host has not.
    ways: Vec<Way>,
    /// The way that native guests have.
    native_way: &'static str,
    /// The way beside which ways cost something.
    bare_way: &'static str,
}

/// A cell over a way that weft's own host has not. Times are in nanoseconds.
#[derive(Serialize)]
struct Way {
    host: String,
    message: String,
    task: &'static str,
    codec: String,
    transport: String,
    ns: Option<f64>,
    /// Without isolation, on weft's own host.
    bare: Option<f64>,
    /// The way of weft's own host that takes least at the same isolation, and its time.
    best_transport: Option<String>,
    best: Option<f64>,
    cost: Option<f64>,
    best_cost: Option<f64>,
    times: Option<f64>,
}

/// A host.
#[derive(Serialize)]
struct Listed {
    name: String,
    /// `own`, `native`, `engine` or `setting`.
    kind: &'static str,
    engine: String,
    version: String,
    settings: String,
}

/// A cell of another host. Times are in nanoseconds.
#[derive(Serialize)]
struct Cell {
    host: String,
    message: String,
    task: &'static str,
    codec: String,
    transport: String,
    /// `unsupported` or `failed`; none of a cell that was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    /// Why it was not measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// The time and the ends of its interval; the time alone where it is of one round.
    #[serde(skip_serializing_if = "Option::is_none")]
    latency: Option<Vec<f64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    made: Option<MadeOf>,
    /// The same on weft's own host.
    #[serde(skip_serializing_if = "Option::is_none")]
    own: Option<Vec<f64>>,
    /// The ratio of the two, and the ends of its interval; the ratio alone where they do not share two rounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    ratio: Option<Vec<f64>>,
}

/// What a setting costs for one message.
#[derive(Serialize)]
struct Setting {
    host: String,
    message: String,
    task: &'static str,
    /// The geometric mean of the ratios.
    mean: f64,
    /// Its interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    interval: Option<(f64, f64)>,
    smallest: Extreme,
    largest: Extreme,
    cells: usize,
    /// Codecs that change places: the faster, the slower, and the transports.
    swaps: Vec<(String, String, Vec<String>)>,
}

/// The cell that is farthest to one side.
#[derive(Serialize)]
struct Extreme {
    codec: String,
    transport: String,
    ratio: Vec<f64>,
}

/// What there is of other hosts; none where there are none.
pub fn hosts(record: &Record) -> Option<Hosts> {
    let (all, tells) = (hosts::hosts(record), tells_calm(record));
    let own = record.hosts.get(OWN_HOST).map(|host| &host.engine);
    let own = listed(OWN_HOST, "own", own);
    let others = all.iter().map(|host| listed(host.name, host.kind.word(), host.engine));
    (!all.is_empty()).then(|| Hosts {
        list: std::iter::once(own).chain(others).collect(),
        cells: all.iter().flat_map(|host| host.cells.iter().map(|cell| one(host, cell, tells))).collect(),
        settings: all
            .iter()
            .filter(|host| host.kind == hosts::Kind::Setting)
            .flat_map(|host| costs(record, host))
            .collect(),
        ways: all.iter().flat_map(|host| ways(record, host).into_iter().map(|way| one_way(host, &way))).collect(),
        native_way: NATIVE_WAY,
        bare_way: BARE_WAY,
    })
}

fn listed(name: &str, kind: &'static str, engine: Option<&Engine>) -> Listed {
    let Engine { name: engine, version, settings, .. } = engine.cloned().unwrap_or_default();
    Listed { name: name.to_owned(), kind, engine, version, settings }
}

/// A cell of a run that tells which readings are calm, or does not.
fn one(host: &Host<'_>, cell: &CellRecord, tells_calm: bool) -> Cell {
    let pair = host.pairs.iter().find(|pair| pair.other.cell == cell.cell);
    Cell {
        host: host.name.to_owned(),
        message: cell.message(),
        task: cell.task(),
        codec: cell.cell.codec.clone(),
        transport: cell.cell.transport.clone(),
        status: match cell.status {
            Status::Ok => None,
            Status::Unsupported => Some("unsupported"),
            Status::Failed => Some("failed"),
        },
        reason: cell.reason.as_deref().filter(|_| cell.status != Status::Ok).map(first_line),
        latency: measured(cell).map(|latency| times(&latency, &cell.readings)),
        made: measured(cell).and_then(|_| made(&cell.readings, tells_calm)),
        own: pair.map(|pair| times(&pair.own_latency, &pair.own.readings)),
        ratio: pair.and_then(Pair::ratio).map(|ratio| parts(&ratio)),
    }
}

fn one_way(host: &Host<'_>, way: &hosts::Way<'_>) -> Way {
    let ns = |cell: &CellRecord| measured(cell).map(|latency| rounded(latency.value));
    Way {
        host: host.name.to_owned(),
        message: way.cell.message(),
        task: way.cell.task(),
        codec: way.cell.cell.codec.clone(),
        transport: way.cell.cell.transport.clone(),
        ns: ns(way.cell),
        bare: way.bare.and_then(ns),
        best_transport: way.best.map(|best| best.cell.transport.clone()),
        best: way.best.and_then(ns),
        cost: way.cost().map(rounded),
        best_cost: way.best_cost().map(rounded),
        times: way.times_at_least().map(rounded),
    }
}

fn costs(record: &Record, host: &Host<'_>) -> Vec<Setting> {
    let workloads = workloads(host.pairs.iter().map(|pair| pair.other));
    let setting = |(message, task): (String, &'static str)| {
        let is = |pair: &&Pair<'_>| (pair.other.message(), pair.other.task()) == (message.clone(), task);
        let pairs: Vec<&Pair<'_>> = host.pairs.iter().filter(is).collect();
        let spread = Spread::of(&pairs)?;
        let owned = |transports: Vec<&str>| transports.into_iter().map(str::to_owned).collect();
        let swaps = swaps(record, &pairs).into_iter();
        Some(Setting {
            host: host.name.to_owned(),
            mean: rounded(spread.mean),
            interval: spread.interval.map(|(low, high)| (rounded(low), rounded(high))),
            smallest: extreme(spread.smallest),
            largest: extreme(spread.largest),
            cells: spread.cells,
            swaps: swaps.map(|swap| (swap.faster.to_owned(), swap.slower.to_owned(), owned(swap.transports))).collect(),
            message,
            task,
        })
    };
    workloads.into_iter().filter_map(setting).collect()
}

fn extreme((cell, ratio): (&CellRecord, Ratio)) -> Extreme {
    Extreme { codec: cell.cell.codec.clone(), transport: cell.cell.transport.clone(), ratio: parts(&ratio) }
}

fn parts(ratio: &Ratio) -> Vec<f64> {
    let ends = ratio.interval.map(|(low, high)| [low, high]);
    std::iter::once(ratio.value).chain(ends.into_iter().flatten()).map(rounded).collect()
}
