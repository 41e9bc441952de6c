//! Many cells counted, on all cores.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use wasmtime::Engine;

use super::{Counting, Metered};
use crate::run::{Cell, CellRecord, Wrong};

/// A cell with its row, which has exact figures and no times, or why nothing was counted.
pub type Counted = (Cell, Result<CellRecord, Wrong>);

/// Counts every cell, and calls `done` for each. The result is in the order of the cells, and the same
/// however many threads there are.
pub fn count_all(engine: &Engine, cells: &[Cell], done: &(dyn Fn(&Cell) + Sync)) -> Vec<Counted> {
    let metered = Metered::new(engine);
    let (next, counted) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(cells.len())));
    let count = || {
        let counting = Counting::new(&metered);
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(cell) = cells.get(place) else { break };
            let result = counting.count(cell);
            done(cell);
            if let Ok(mut counted) = counted.lock() {
                counted.push((place, (*cell, result)));
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(count);
        }
    });
    let mut counted = counted.into_inner().unwrap_or_default();
    counted.sort_by_key(|(place, _)| *place);
    counted.into_iter().map(|(_, counted)| counted).collect()
}
