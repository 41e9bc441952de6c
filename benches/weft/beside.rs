//! What a cell's row has beside its time: exact figures, and what the time is spent on.

use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

use weft::engine::Engine;
use weft::exact::{Exact, ExactFile, count_all};
use weft::measure::{Parts, Yardstick};
use weft::run::{Cell, CellRecord, Facts};

/// The figures beside the time.
pub struct Beside<'a> {
    exact: HashMap<String, Exact>,
    parts: Option<Parts<'a>>,
}

impl<'a> Beside<'a> {
    /// Nothing: in runs that keep nothing.
    pub fn nothing() -> Self {
        Self { exact: HashMap::new(), parts: None }
    }

    /// Counts what all cells do; `parts` is for runs that have time to split the times.
    ///
    /// # Errors
    /// What could not be counted, beside the figures of what could.
    pub fn of(engine: &Engine, cells: &[(Cell, Facts)], parts: Option<Parts<'a>>) -> (Self, Vec<String>) {
        let started = Instant::now();
        let (exact, errors) = count(engine, cells);
        eprintln!("counted {} cells in {:.1} s", exact.len(), started.elapsed().as_secs_f64());
        (Self { exact, parts }, errors)
    }

    /// Completes the row of a cell that was measured. The parts of its time are measured here, right behind
    /// it, because the machine's speed drifts.
    ///
    /// # Errors
    /// Where a guest fails while its part is measured.
    pub fn complete(
        &mut self,
        row: &mut CellRecord,
        (cell, facts): &(Cell, Facts),
        yardstick: &mut Yardstick,
    ) -> anyhow::Result<()> {
        row.exact = self.exact.remove(&row.name());
        if let (Some(parts), Some(latency), false) = (&mut self.parts, row.latency_ns, cell.is_floor()) {
            row.attribution_ns = parts.attribute(cell, facts, latency.median, yardstick)?;
        }
        Ok(())
    }
}

fn count(engine: &Engine, cells: &[(Cell, Facts)]) -> (HashMap<String, Exact>, Vec<String>) {
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    let only: Vec<Cell> = cells.iter().map(|(cell, _)| *cell).collect();
    for (cell, counted) in count_all(engine, &only, &|_| ()) {
        match counted {
            Ok(row) => rows.push(row),
            Err(error) => errors.push(format!("{cell} is not counted: {error}")),
        }
    }
    if let Err(inconsistent) = ExactFile::of(BTreeMap::new(), &rows) {
        errors.push(format!("all counts are dropped: {inconsistent}"));
        rows.clear();
    }
    let exact = rows.into_iter().filter_map(|row| Some((row.name(), row.exact?)));
    (exact.collect(), errors)
}
