//! Keeping what a run finds: after each round, and where that fails again after the next.

use anyhow::anyhow;

use super::resume::again;
use crate::record::{Record, RecordError, RunDirectory};

/// Writes `run.json`, and knows what of the run is on disk.
pub struct Keeper<'a> {
    /// None where nothing is kept.
    directory: Option<&'a RunDirectory>,
    /// How many rounds `run.json` has.
    rounds: usize,
    /// Why it has not all of them.
    behind: Option<RecordError>,
}

impl<'a> Keeper<'a> {
    /// Writes into this directory, where there is one, which has so many rounds.
    pub const fn new(directory: Option<&'a RunDirectory>, rounds: usize) -> Self {
        Self { directory, rounds, behind: None }
    }

    /// Writes what was found so far; returns what is to be said of it. A disk that is full may have room after the next
    /// round: nothing is lost as long as the run goes on.
    pub fn keep(&mut self, record: &Record) -> Option<String> {
        let directory = self.directory?;
        let before = self.behind.take();
        match directory.save(record) {
            Ok(()) => {
                self.rounds = record.whole_rounds.unwrap_or(0);
                before.map(|_| format!("{} is whole again: no round is lost", directory.shown().display()))
            }
            Err(error) => {
                let first = before.is_none();
                let said = format!("{error}; the run goes on, and this is tried again after each round");
                self.behind = Some(error);
                first.then_some(said)
            }
        }
    }

    /// Ends: all that was found is on disk.
    ///
    /// # Errors
    /// Where it is not: what is, and how to go on with that.
    pub fn end(self, record: &Record) -> anyhow::Result<()> {
        let (Some(error), Some(directory)) = (self.behind, self.directory) else { return Ok(()) };
        let (rounds, shown) = (self.rounds, directory.shown().display());
        let again = again(record, &directory.typed());
        Err(anyhow!("{error}; {shown} has the first {rounds} rounds. When it can be written, {again}"))
    }
}
