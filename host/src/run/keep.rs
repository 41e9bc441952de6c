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
        self.missing(record).map_or(Ok(()), |missing| Err(anyhow!(missing)))
    }

    /// An error that ends the rounds, with what is on disk where that is not all.
    pub fn although(self, record: &Record, error: anyhow::Error) -> anyhow::Error {
        match self.missing(record) {
            Some(missing) => error.context(format!("{missing}. What ended the run")),
            None => error,
        }
    }

    /// What is on disk where that is not all, and how to go on with it.
    fn missing(self, record: &Record) -> Option<String> {
        let (error, directory) = self.behind.zip(self.directory)?;
        let (rounds, shown) = (self.rounds, directory.shown().display());
        let again = again(record, &directory.typed());
        Some(format!("{error}; {shown} has the first {rounds} rounds. When it can be written, {again}"))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use anyhow::anyhow;

    use super::{Keeper, RecordError, RunDirectory};
    use crate::interrupt::Interrupted;
    use crate::record::fixture;

    #[test]
    fn an_error_that_ends_the_rounds_says_what_is_on_disk() {
        let results = tempfile::tempdir().expect("a directory");
        let record = fixture::record(&fixture::run());
        let (directory, _) =
            RunDirectory::create(results.path(), Some("ref"), &record.environment.started, "core").expect("a run");
        let keeper = |behind| Keeper { directory: Some(&directory), rounds: 2, behind };
        let path = Path::new("run.json").to_owned();
        let full = RecordError::Write { path, error: std::io::Error::other("the disk is full") };
        let said = format!("{:#}", keeper(Some(full)).although(&record, anyhow!("the host node has ended")));
        for part in
            ["the disk is full", "has the first 2 rounds", "WEFT_RESUME=", "What ended the run: the host node has"]
        {
            assert!(said.contains(part), "{said}");
        }
        let unchanged = keeper(None).although(&record, Interrupted.into());
        assert!(unchanged.is::<Interrupted>() && !format!("{unchanged:#}").contains("rounds"));
    }
}
