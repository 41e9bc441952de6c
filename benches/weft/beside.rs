//! What a cell's row has beside its time: exact figures, what the time is spent on, and single messages.

use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

use weft::engine::Engine;
use weft::exact::{Exact, ExactFile, count_all};
use weft::measure::{Builds, CLOCKS, DriftWatch, Exchange, Parts, Tails, Yardstick};
use weft::run::{Cell, CellRecord, Clock, Drift, Facts, Latency};

/// The figures beside the time.
pub struct Beside<'a> {
    exact: HashMap<String, Exact>,
    slow: Option<Slow<'a>>,
    watch: Option<DriftWatch>,
}

/// What only a run has time for that is not a quick one.
pub struct Slow<'a> {
    /// The parts of the cells' times.
    pub parts: Parts<'a>,
    /// What single messages are joined from.
    pub builds: &'a Builds<'a>,
    /// What reading the clock costs.
    pub clock: Clock,
}

impl<'a> Beside<'a> {
    /// Nothing: in runs that keep nothing.
    pub fn nothing() -> Self {
        Self { exact: HashMap::new(), slow: None, watch: None }
    }

    /// Counts what all cells do; `slow` is for runs that have time for it.
    ///
    /// # Errors
    /// What could not be counted, beside the figures of what could.
    pub fn of(
        engine: &Engine,
        cells: &[(Cell, Facts)],
        slow: Option<Slow<'a>>,
        watch: Option<DriftWatch>,
    ) -> (Self, Vec<String>) {
        let started = Instant::now();
        let (exact, errors) = count(engine, cells);
        eprintln!("counted {} cells in {:.1} s", exact.len(), started.elapsed().as_secs_f64());
        (Self { exact, slow, watch }, errors)
    }

    /// Measures how far the machine has drifted since the run began. None in runs that keep nothing.
    ///
    /// # Errors
    /// Where the floor's guests fail.
    pub fn drift(&mut self, yardstick: &mut Yardstick) -> anyhow::Result<Option<Drift>> {
        match &mut self.watch {
            Some(watch) => watch.look(yardstick),
            None => Ok(None),
        }
    }

    /// Completes the row of a cell that was measured. The parts of its time and its single messages are
    /// measured here, right behind it, because the machine's speed drifts.
    ///
    /// # Errors
    /// Where a guest fails meanwhile.
    pub fn complete(
        &mut self,
        row: &mut CellRecord,
        verified: &(Cell, Facts),
        yardstick: &mut Yardstick,
    ) -> anyhow::Result<()> {
        row.exact = self.exact.remove(&row.name());
        match (&mut self.slow, row.latency_ns) {
            (Some(slow), Some(latency)) => slow.complete(row, verified, &latency, yardstick),
            _ => Ok(()),
        }
    }
}

impl Slow<'_> {
    fn complete(
        &mut self,
        row: &mut CellRecord,
        (cell, facts): &(Cell, Facts),
        latency: &Latency,
        yardstick: &mut Yardstick,
    ) -> anyhow::Result<()> {
        // Of the floor there is nothing to split.
        if !cell.is_floor() {
            row.attribution_ns = self.parts.attribute(cell, facts, latency.median, yardstick)?;
        }
        let mut singles = Tails::new(Exchange::new(cell, self.builds, facts.expected.clone())?);
        row.first_message_ns = Some(singles.first_message()?);
        if latency.median >= CLOCKS * self.clock.cost_ns {
            row.tail_ns = Some(singles.tail()?);
        } else {
            row.tail_reason = Some(format!(
                "a message takes less than {CLOCKS} readings of the clock ({:.0} ns each): that would be measured",
                self.clock.cost_ns
            ));
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
