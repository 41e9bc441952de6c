//! `results/<run-id>/`: made when a run begins, kept whole whatever happens.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::check::check;
use super::format::readable;
use super::{Record, SCHEMA_VERSION, figures, files, old};
use crate::guests::workspace;
use crate::json::{self, Misread};
use crate::variables;

/// What can go wrong with the files of a run.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what the fields are")]
pub enum RecordError {
    #[error("cannot write {path}: {error}")]
    Write { path: PathBuf, error: io::Error },
    #[error("cannot write {path}: {error}; name another directory with {}", variables::RESULTS.name)]
    Keep { path: PathBuf, error: io::Error },
    #[error("cannot read {path}: {error}")]
    Read { path: PathBuf, error: io::Error },
    #[error("there is no run `{name}`: neither {name} nor {path} is a directory with a run.json{runs}")]
    NoRun { name: String, path: PathBuf, runs: String },
    #[error("{path} is being measured by another process; wait for its end")]
    Held { path: PathBuf },
    #[error("{path} is a file, and a run is a directory with a run.json; name the directory")]
    File { path: PathBuf },
    #[error("{path} is a directory without a run.json, so it is no run{runs}")]
    Empty { path: PathBuf, runs: String },
    #[error("{path} cannot be true: {flaw}")]
    Untrue { path: PathBuf, flaw: String },
    #[error("{path} is not a run: {error}")]
    Damaged { path: PathBuf, error: Misread },
    #[error(
        "{path} has schema version {found}, but this weft reads versions {} to {SCHEMA_VERSION}; use the weft that made it",
        old::OLDEST
    )]
    Version { path: PathBuf, found: u64 },
}

/// Where runs are kept: `WEFT_RESULTS`, which may be relative to the workspace, or `results` there. Not relative to where
/// this runs: that is another directory for `cargo bench` than for `cargo weft`.
pub fn results_directory() -> PathBuf {
    workspace().join(variables::RESULTS.path().unwrap_or_else(|| PathBuf::from("results")))
}

/// Whether something can be kept in a directory, which may not be there yet: before the work, so that none is done in vain.
///
/// # Errors
/// Where nothing can.
pub fn can_keep(directory: &Path) -> Result<(), RecordError> {
    let existing = directory.ancestors().find(|path| path.exists()).unwrap_or(directory);
    tempfile::tempfile_in(existing).map(drop).map_err(|error| RecordError::Keep { path: directory.to_owned(), error })
}

/// The directory of one run.
#[derive(Debug)]
pub struct RunDirectory {
    path: PathBuf,
    /// Open and locked where this process measures into it.
    held: Option<File>,
}

impl RunDirectory {
    /// Makes a new directory below `results`, of this name or named after the time and the matrix; returns it with its
    /// name, the run id.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn create(
        results: &Path,
        name: Option<&str>,
        started: &str,
        matrix: &str,
    ) -> Result<(Self, String), RecordError> {
        let failed = |path: &Path, error| RecordError::Write { path: path.to_owned(), error };
        files::make_directories(results).map_err(|error| failed(results, error))?;
        let results = results.canonicalize().map_err(|error| failed(results, error))?;
        let stem = name.map_or_else(|| format!("{}-{matrix}", started.replace(':', "-")), str::to_owned);
        let mut id = stem.clone();
        for again in 2.. {
            let path = results.join(&id);
            match files::make_directory(&path) {
                Ok(()) => {
                    let mut directory = Self { path, held: None };
                    directory.hold()?;
                    return Ok((directory, id));
                }
                Err(error) if name.is_none() && error.kind() == io::ErrorKind::AlreadyExists => {
                    id = format!("{stem}-{again}");
                }
                Err(error) => return Err(failed(&path, error)),
            }
        }
        unreachable!("the loop has no end")
    }

    /// Opens the directory of a run: a path, also from the workspace, or a name below `results` such as `latest`.
    ///
    /// # Errors
    /// Where there is no such run.
    pub fn open(results: &Path, name: &str) -> Result<Self, RecordError> {
        // `cargo bench` runs below the workspace, and is typed in it.
        let candidates = [PathBuf::from(name), results.join(name), workspace().join(name)];
        // Anything but absence is a run, so that whoever reads it says why it cannot be read.
        let absent = |path: &PathBuf| match path.join("run.json").symlink_metadata() {
            Ok(_) => false,
            Err(error) => matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory),
        };
        if let Some(path) = candidates.iter().find(|path| !absent(path)) {
            return Ok(Self { path: path.clone(), held: None });
        }
        let runs = known_runs(results);
        Err(match candidates.iter().find(|path| path.exists()) {
            Some(path) if path.is_dir() => RecordError::Empty { path: path.clone(), runs },
            Some(path) => RecordError::File { path: path.clone() },
            None => RecordError::NoRun { name: name.to_owned(), path: results.join(name), runs },
        })
    }

    /// Lets no other process measure into it as long as this one has it; the system ends that with the process.
    ///
    /// # Errors
    /// Where another process does.
    pub fn hold(&mut self) -> Result<(), RecordError> {
        // A system that locks no directories cannot tell.
        let Ok(directory) = File::open(&self.path) else { return Ok(()) };
        match directory.try_lock() {
            Err(TryLockError::WouldBlock) => Err(RecordError::Held { path: self.path.clone() }),
            _ => {
                self.held = Some(directory);
                Ok(())
            }
        }
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The directory as a person would type it in the workspace, where `cargo` is typed.
    pub fn shown(&self) -> &Path {
        within_workspace(&self.path)
    }

    /// What stands for the run where one is typed: its name where runs are looked for, and otherwise its path.
    pub fn typed(&self) -> String {
        let results = match variables::RESULTS.path() {
            None => results_directory().canonicalize().ok(),
            // It need not be set where the next command is typed.
            Some(_) => None,
        };
        // Of `latest` the run that it is at present: another one comes.
        let path = self.path.canonicalize().unwrap_or_else(|_| self.path.clone());
        let name = results.and_then(|results| path.strip_prefix(results).ok().map(Path::to_owned));
        name.unwrap_or_else(|| within_workspace(&path).to_owned()).display().to_string()
    }

    /// Replaces `run.json` in one step: whoever reads it sees the old or the new one.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn save(&self, record: &Record) -> Result<(), RecordError> {
        let json = readable(record)
            .map_err(|error| RecordError::Write { path: self.path.join("run.json"), error: error.into() })?;
        self.replace("run.json", &json)
    }

    /// Removes the directory and what is in it.
    ///
    /// # Errors
    /// Where it cannot be removed.
    pub fn remove(&self) -> Result<(), RecordError> {
        files::remove_directory(&self.path).map_err(|error| RecordError::Write { path: self.path.clone(), error })
    }

    /// Reads the run's record.
    ///
    /// # Errors
    /// Where `run.json` is damaged or of another version.
    pub fn record(&self) -> Result<Record, RecordError> {
        load(&self.path.join("run.json"))
    }

    /// Lets `results/latest` point here.
    ///
    /// # Errors
    /// Where the link cannot be made.
    pub fn mark_latest(&self) -> Result<(), RecordError> {
        let (Some(results), Some(id)) = (self.path.parent(), self.path.file_name()) else { return Ok(()) };
        let latest = results.join("latest");
        files::point(&latest, Path::new(id)).map_err(|error| RecordError::Write { path: latest, error })
    }

    /// Replaces a file of the run in one step.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn replace(&self, name: &str, content: &[u8]) -> Result<(), RecordError> {
        let path = self.path.join(name);
        files::replace(&path, content).map_err(|error| RecordError::Write { path, error })
    }
}

/// A path as it is typed in the workspace.
fn within_workspace(path: &Path) -> &Path {
    path.strip_prefix(workspace()).unwrap_or(path)
}

fn known_runs(results: &Path) -> String {
    let entries = fs::read_dir(results).into_iter().flatten().flatten();
    let mut runs: Vec<String> = entries
        .filter(|entry| entry.path().join("run.json").is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    runs.sort();
    if runs.is_empty() {
        "; run `cargo bench` to make one".to_owned()
    } else {
        format!("; there are {}", runs.join(", "))
    }
}

/// Reads a `run.json`. One of an older version becomes a record of this one; where it has readings, its figures are made of
/// them anew.
///
/// # Errors
/// Where it cannot be read, is damaged, has a schema version that this library does not know, or says what cannot be.
pub fn load(path: &Path) -> Result<Record, RecordError> {
    parse(&json::text(path).map_err(|error| RecordError::Read { path: path.to_owned(), error })?, path)
}

/// The record that the text of a `run.json` holds, which was read from this path.
///
/// # Errors
/// As [`load`].
pub fn parse(text: &str, path: &Path) -> Result<Record, RecordError> {
    let damaged = |error: Misread| RecordError::Damaged { path: path.to_owned(), error };
    let untrue = |flaw| RecordError::Untrue { path: path.to_owned(), flaw };
    let json: Value = json::read(text).map_err(damaged)?;
    let current = u64::from(SCHEMA_VERSION);
    let record = match json.get("schema_version").and_then(Value::as_u64) {
        Some(found) if found > current || found < old::OLDEST => {
            return Err(RecordError::Version { path: path.to_owned(), found });
        }
        Some(found) if found < current => {
            let mut record = json::of_value(old::upgraded(json, found)).map_err(damaged)?;
            check(&record).map_err(untrue)?;
            figures::settle(&mut record);
            record
        }
        // From the text again: its errors name the line and the column.
        _ => json::read(text).map_err(damaged)?,
    };
    check(&record).map_err(untrue)?;
    Ok(record)
}

#[cfg(test)]
mod tests {
    use super::can_keep;

    #[test]
    fn where_nothing_can_be_kept_is_said_before_the_work() {
        let directory = tempfile::tempdir().expect("a directory");
        let new = directory.path().join("new/results");
        can_keep(&new).expect("it can be made");
        assert!(!new.exists(), "nothing was made yet");
        let file = directory.path().join("file");
        std::fs::write(&file, "").expect("a file");
        for results in [file.join("results"), file] {
            let error = can_keep(&results).expect_err("it is a file").to_string();
            assert!(
                error.contains("cannot write ") && error.contains("name another directory with WEFT_RESULTS"),
                "{error}"
            );
        }
    }
}
