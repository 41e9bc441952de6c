//! The progress of long work: for a person one line that stays, for a file a line for each stage.

use std::io::{IsTerminal, stderr};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::print;

/// Tells how far some work is.
pub struct Progress {
    bar: ProgressBar,
    terminal: bool,
}

impl Progress {
    /// Of `total` steps. Without a terminal, only stages are told.
    pub fn new(total: usize) -> Self {
        let terminal = stderr().is_terminal();
        let bar = if terminal { ProgressBar::new(total as u64) } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("[{pos}/{len}] {elapsed} · {eta} left · {msg}") {
            bar.set_style(style);
        }
        Self { bar, terminal }
    }

    /// A stage begins, such as a round.
    pub fn stage(&self, what: &str) {
        if !self.terminal {
            print::err(what);
        }
        self.bar.set_message(what.to_owned());
    }

    /// A step is done.
    pub fn step(&self, what: &str) {
        self.bar.set_message(what.to_owned());
        self.bar.inc(1);
    }

    /// So many steps were done before.
    pub fn skip(&self, steps: usize) {
        self.bar.inc(steps as u64);
        self.bar.reset_eta();
    }

    /// Says something that stays, above the line.
    pub fn say(&self, text: &str) {
        if self.terminal {
            self.bar.suspend(|| print::err(text));
        } else {
            print::err(text);
        }
    }

    /// All is done: the line goes.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Minutes and seconds.
pub fn minutes(duration: Duration) -> String {
    let seconds = duration.as_secs_f64().round() as u64;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
