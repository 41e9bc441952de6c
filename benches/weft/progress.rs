//! The progress of a run: for a person one line that stays, for a file a line per row.

use std::cell::Cell;
use std::io::{IsTerminal, Write, stderr};
use std::time::{Duration, Instant};

/// How long a row takes, before any has been measured.
const TYPICAL_ROW: Duration = Duration::from_millis(600);

/// Tells how far the run is, and how long it will take.
pub struct Progress {
    total: usize,
    done: usize,
    started: Instant,
    row: String,
    terminal: bool,
    drawn: Cell<Option<Instant>>,
}

impl Progress {
    /// Of a run with `total` rows.
    pub fn new(total: usize) -> Self {
        let terminal = stderr().is_terminal();
        Self { total, done: 0, started: Instant::now(), row: String::new(), terminal, drawn: Cell::new(None) }
    }

    /// The next row begins.
    pub fn begin(&mut self, row: &str) {
        row.clone_into(&mut self.row);
        self.drawn.set(None);
        if !self.terminal {
            eprintln!("{}", self.line());
        }
    }

    /// The row has ended.
    pub const fn end(&mut self) {
        self.done += 1;
    }

    /// Draws the line again, from time to time; between criterion's own lines, which clear it.
    pub fn tick(&self) {
        let fresh = self.drawn.get().is_some_and(|drawn| drawn.elapsed() < Duration::from_millis(100));
        if self.terminal && !fresh {
            self.drawn.set(Some(Instant::now()));
            eprint!("\r\x1b[2K{}", self.line());
            let _ = stderr().flush();
        }
    }

    fn line(&self) -> String {
        format!("[{}/{}] {} left · {}", self.done + 1, self.total, clock(self.left()), self.row)
    }

    fn left(&self) -> Duration {
        let rows = u32::try_from(self.total.saturating_sub(self.done)).unwrap_or(u32::MAX);
        let row = match u32::try_from(self.done) {
            Ok(done) if done > 4 => self.started.elapsed() / done,
            _ => TYPICAL_ROW,
        };
        row * rows
    }
}

/// Minutes and seconds.
pub fn clock(duration: Duration) -> String {
    let seconds = duration.as_secs_f64().round() as u64;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
