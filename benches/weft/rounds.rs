//! The rounds of a run: what is kept of each cell's time.

use std::time::{Duration, Instant};

use weft::measure::{Asked, Round, Rounds, Told, Yardstick, shuffled};
use weft::run::Record;

/// Further rounds begin only while all took less than this for each that is enough: a core run ends within ten minutes.
const PATIENCE: Duration = Duration::from_secs(16);

/// The cells that criterion measured, and what the rounds found of them so far.
pub struct InRounds {
    cells: Vec<Measured>,
    enough: usize,
    started: Instant,
}

struct Measured {
    name: String,
    found: Rounds,
}

impl InRounds {
    /// The measured cells of a record; `enough` calm rounds are enough for each.
    pub fn of(record: &Record, enough: usize) -> Self {
        let cells = record.measured().map(|cell| Measured { name: cell.name(), found: Rounds::default() });
        Self { cells: cells.collect(), enough, started: Instant::now() }
    }

    /// How many rounds there are at most: twice as many as are enough, for cells that had no calm moment in some.
    pub const fn most(&self) -> usize {
        2 * self.enough
    }

    /// Makes round number `round` in a process of its own; `tick` is called after each cell. Returns what failed, or none
    /// where there is nothing left to measure, or no time.
    pub fn make(&mut self, round: usize, yardstick: &mut Yardstick, tick: &dyn Fn()) -> Option<Vec<String>> {
        let order = shuffled(self.cells.len(), round).into_iter();
        let asked = order
            .filter(|index| self.cells[*index].found.calm() < self.enough)
            .map(|index| Asked { index, cell: self.cells[index].name.clone() });
        let asked = Round { best: yardstick.best(), cells: asked.collect() };
        let late = round >= self.enough && self.started.elapsed() >= PATIENCE * self.enough as u32;
        if asked.cells.is_empty() || late {
            return None;
        }
        let mut failures = Vec::new();
        let outcome = asked.in_a_process(|told| {
            tick();
            match told {
                Told::Reading { index, reading } => self.cells[index].found.push(round, reading),
                Told::Failed { index, error } => {
                    failures.push(format!("round {round} of {}: {error}", self.cells[index].name))
                }
                Told::Done { best, discarded } => yardstick.learn(best, discarded),
            }
        });
        failures.extend(outcome.err().map(|error| format!("round {round}: {error:#}")));
        Some(failures)
    }

    /// Gives the rows of a record the times that the rounds found.
    pub fn fill(&self, record: &mut Record, yardstick: &mut Yardstick) {
        for Measured { name, found, .. } in &self.cells {
            let row = record.cells.iter_mut().find(|row| row.name() == *name);
            if let (Some(row), Some(estimate)) = (row, found.estimate(yardstick)) {
                row.take(estimate);
            }
        }
    }
}
