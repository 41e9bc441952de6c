//! What a way costs that is not one of weft's: that of a plugin system, beside weft's own between isolated guests.

use super::{Host, measured};
use crate::cell::OWN_HOST;
use crate::record::{CellRecord, Record};
use crate::report::told::{Told, told};
use weft_link::transport::Isolation;

/// The way that isolates nothing and copies nothing: what is left is the codec.
pub const BARE_WAY: &str = "linked";

/// A cell over a way that weft's own host has not, and what it costs. Times are in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub struct Way<'a> {
    /// The cell.
    pub cell: &'a CellRecord,
    /// The same without isolation, on weft's own host.
    pub bare: Option<&'a CellRecord>,
    /// The same over the way of weft's own host that takes least at the isolation of the cell.
    pub best: Option<&'a CellRecord>,
}

impl Way<'_> {
    /// What the way costs: its time less that without isolation.
    pub fn cost(&self) -> Option<f64> {
        self.less_bare(self.cell)
    }

    /// What the best of weft's own ways costs.
    pub fn best_cost(&self) -> Option<f64> {
        self.less_bare(self.best?)
    }

    /// Whether what the best costs is told from nothing, by the differences of their rounds.
    pub fn best_is_told(&self) -> bool {
        let of =
            |best: &CellRecord, bare: &CellRecord| told(&[(&best.readings, &bare.readings)]) == [Some(Told::Slower)];
        self.best.zip(self.bare).is_some_and(|(best, bare)| of(best, bare))
    }

    /// How many times as much the way costs at least: the least that it may cost by the intervals, by the most that the best may. What it
    /// costs by what the best costs would be as uncertain as the smaller of both, which is hardly anything. None where the way may cost nothing.
    pub fn times_at_least(&self) -> Option<f64> {
        let (cell, best, bare) = (measured(self.cell)?, measured(self.best?)?, measured(self.bare?)?);
        let (cost, best) = (cell.low - bare.high, best.high - bare.low);
        (cost > 0.0 && best > 0.0).then(|| cost / best)
    }

    fn less_bare(&self, cell: &CellRecord) -> Option<f64> {
        Some(measured(cell)?.value - measured(self.bare?)?.value)
    }
}

/// The cells of a host over ways that weft's own host has not, in the order of the run.
pub fn ways<'a>(record: &'a Record, host: &Host<'a>) -> Vec<Way<'a>> {
    let own: Vec<&CellRecord> = record.cells.iter().filter(|cell| cell.cell.is_own()).collect();
    let known = |transport: &str| own.iter().any(|cell| cell.cell.transport == transport);
    let foreign = host.cells.iter().copied().filter(|cell| !known(&cell.cell.transport));
    foreign.filter(|cell| measured(cell).is_some()).map(|cell| way(cell, &own)).collect()
}

fn way<'a>(cell: &'a CellRecord, own: &[&'a CellRecord]) -> Way<'a> {
    let same = |other: &&&CellRecord| {
        let mut there = cell.cell.on(OWN_HOST);
        there.transport.clone_from(&other.cell.transport);
        there == other.cell && measured(other).is_some()
    };
    let time = |cell: &CellRecord| measured(cell).map_or(f64::INFINITY, |latency| latency.value);
    let least = |a: &&CellRecord, b: &&CellRecord| time(a).total_cmp(&time(b));
    let isolated = |other: &&CellRecord| other.isolation == cell.isolation && cell.isolation != Isolation::None;
    Way {
        cell,
        bare: own.iter().find(|other| same(other) && other.cell.transport == BARE_WAY).copied(),
        best: own.iter().filter(same).copied().filter(isolated).min_by(least),
    }
}
