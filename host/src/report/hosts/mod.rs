//! The hosts of a run beside weft's own: their cells, each beside the same cell on weft's own host.

mod cost;
mod order;
mod spread;
#[cfg(test)]
mod tests;
mod way;

pub use cost::{Cost, NATIVE_WAY, costs};
pub use order::{Swap, swaps};
pub use spread::Spread;
pub use way::{BARE_WAY, Way, ways};

use std::collections::HashMap;

use super::ranking::League;
use crate::cell::{Cell, OWN_HOST};
use crate::protocol::Engine;
use crate::record::figures::{CONFIDENCE, paired};
use crate::record::{CellRecord, Latency, Record, Status};

/// No interval goes farther than this, in logarithms.
const FAR: f64 = 300.0;

/// What native hosts call what runs their guests.
const NATIVE: &str = "native code";

/// What a host has in common with weft's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The codecs only: its guests are native code.
    Native,
    /// The guests: another engine runs them.
    Engine,
    /// The engine too: it is set otherwise.
    Setting,
}

impl Kind {
    /// The word for it in the page's data.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Engine => "engine",
            Self::Setting => "setting",
        }
    }

    fn of(engine: Option<&Engine>, own: Option<&Engine>) -> Self {
        match (engine, own) {
            (Some(engine), _) if engine.name == NATIVE => Self::Native,
            (Some(engine), Some(own)) if engine.name == own.name => Self::Setting,
            _ => Self::Engine,
        }
    }
}

/// Another host of a run.
#[derive(Clone, Debug)]
pub struct Host<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it has in common with weft's own.
    pub kind: Kind,
    /// What runs its guests. None where the run does not say.
    pub engine: Option<&'a Engine>,
    /// Its cells, in the order of the run.
    pub cells: Vec<&'a CellRecord>,
    /// Those that it and weft's own host measured.
    pub pairs: Vec<Pair<'a>>,
}

/// A cell on another host, and the same on weft's own.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// The other host's.
    pub other: &'a CellRecord,
    /// The same on weft's own host.
    pub own: &'a CellRecord,
    /// The time there.
    pub own_latency: Latency,
}

impl<'a> Pair<'a> {
    fn of(other: &'a CellRecord, own: &'a CellRecord) -> Option<Self> {
        measured(other)?;
        Some(Self { other, own, own_latency: measured(own)? })
    }

    /// How many times as long the other host takes.
    pub fn ratio(&self) -> Option<Ratio> {
        Ratio::of(self.other, self.own)
    }
}

/// The time of a cell that was measured.
pub fn measured(cell: &CellRecord) -> Option<Latency> {
    cell.latency_ns.filter(|_| cell.status == Status::Ok)
}

/// How many times as long something takes, and between what that lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    /// The ratio: the trimmed mean over rounds of ln a − ln b. That of the times where the rounds were not kept.
    pub value: f64,
    /// Its 95 % interval. None where the two do not share two rounds.
    pub interval: Option<(f64, f64)>,
}

impl Ratio {
    /// Of two cells of the same run. None where one of them has no time.
    pub fn of(a: &CellRecord, b: &CellRecord) -> Option<Self> {
        let times = measured(a)?.value / measured(b)?.value;
        let Some(difference) = paired(&a.readings, &b.readings) else {
            return times.is_finite().then_some(Self { value: times, interval: None });
        };
        let (low, high) = difference.interval(CONFIDENCE);
        // Two rounds that differ have an interval that ends nowhere.
        let (low, high) = (low.max(difference.mean - FAR), high.min(difference.mean + FAR));
        Some(Self { value: difference.mean.exp(), interval: Some((low.exp(), high.exp())) })
    }

    /// Whether 1 is within the interval: then neither is called the faster. Not where nobody knows.
    pub fn is_tie(&self) -> bool {
        self.interval.is_some_and(|(low, high)| low <= 1.0 && high >= 1.0)
    }
}

/// The other hosts that a run has cells of: native ones, other engines, settings.
pub fn hosts(record: &Record) -> Vec<Host<'_>> {
    let own: HashMap<&Cell, &CellRecord> =
        record.cells.iter().filter(|cell| cell.cell.is_own()).map(|cell| (&cell.cell, cell)).collect();
    let engine = |host: &str| record.hosts.get(host).map(|host| &host.engine);
    let mut hosts: Vec<Host<'_>> = Vec::new();
    for cell in record.cells.iter().filter(|cell| !cell.cell.is_own()) {
        let name = cell.cell.host.as_str();
        let place = hosts.iter().position(|host| host.name == name).unwrap_or_else(|| {
            let kind = Kind::of(engine(name), engine(OWN_HOST));
            hosts.push(Host { name, kind, engine: engine(name), cells: Vec::new(), pairs: Vec::new() });
            hosts.len() - 1
        });
        let same = own.get(&cell.cell.on(OWN_HOST));
        let Some(host) = hosts.get_mut(place) else { continue };
        host.cells.push(cell);
        host.pairs.extend(same.and_then(|own| Pair::of(cell, own)));
    }
    hosts.sort_by_key(|host| (host.kind, host.name));
    hosts
}

/// The messages and tasks of some cells, each once, in their order.
pub fn workloads<'a>(cells: impl Iterator<Item = &'a CellRecord>) -> Vec<(String, &'static str)> {
    let mut workloads = Vec::new();
    for cell in cells {
        let workload = (cell.message(), cell.task());
        if !workloads.contains(&workload) {
            workloads.push(workload);
        }
    }
    workloads
}

/// The codecs of some cells, each once: by league, and by name.
pub fn codecs<'a>(record: &Record, cells: impl Iterator<Item = &'a CellRecord>) -> Vec<&'a str> {
    let league = |codec: &str| League::of(record, codec).and_then(|own| League::ALL.iter().position(|all| *all == own));
    let mut codecs: Vec<&str> = cells.map(|cell| cell.cell.codec.as_str()).collect();
    codecs.sort_by_key(|codec| (league(codec), *codec));
    codecs.dedup();
    codecs
}
