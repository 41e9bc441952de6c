//! Directories that are kept from one use to the next: those that were used last stay, and none goes that somebody uses.
//!
//! Each has a file in it that whoever uses the directory holds locked until its process ends. The time of that file is when
//! the directory was used last.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

/// So many that were used last stay.
pub const LATEST: usize = 8;

/// What directories are called that go; a process that was ended may have left one.
const GOING: &str = ".old-";

/// What this process holds.
static HELD: Mutex<BTreeMap<PathBuf, File>> = Mutex::new(BTreeMap::new());

/// Uses the directory of this file, until this process ends.
///
/// # Errors
/// Where the file is not there, or cannot be locked.
pub fn hold(path: &Path) -> io::Result<()> {
    loop {
        let file = File::open(path)?;
        file.lock_shared()?;
        // Somebody may have taken the directory away before it was locked.
        if is_at(&file, path) {
            // On a file system that is not written to it stays as old as it is.
            let _ = file.set_modified(SystemTime::now());
            HELD.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), file);
            return Ok(());
        }
    }
}

/// Makes a directory with this empty file in it where there is none, and uses it until this process ends.
///
/// # Errors
/// Where it cannot be made or locked.
pub fn hold_new(path: &Path) -> io::Result<()> {
    loop {
        fs::create_dir_all(path.parent().unwrap_or(path))?;
        let made = OpenOptions::new().create(true).append(true).open(path).and_then(|_| hold(path));
        match made {
            // Somebody has taken it away in between.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            made => return made,
        }
    }
}

/// Removes those of these files' directories that nobody uses, but for the [`LATEST`]. What cannot be removed stays.
pub fn prune(files: Vec<PathBuf>) {
    let mut files: Vec<(SystemTime, PathBuf)> = files.into_iter().map(|file| (used(&file), file)).collect();
    files.sort();
    let older = files.len().saturating_sub(LATEST);
    for (_, file) in files.into_iter().take(older) {
        if let Some(directory) = file.parent() {
            // The next time it is tried again.
            let _ = remove(directory, &file);
        }
    }
}

/// The directories in a directory, but for those that come or go.
pub fn directories(parent: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let is_hidden = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    entries.map(|entry| entry.path()).filter(move |path| path.is_dir() && !is_hidden(path))
}

/// When the directory of a file was used last.
fn used(file: &Path) -> SystemTime {
    let of = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    of(file).or_else(|| of(file.parent()?)).unwrap_or(SystemTime::UNIX_EPOCH)
}

/// Removes a directory, unless somebody holds its file.
fn remove(directory: &Path, file: &Path) -> io::Result<()> {
    let held = OpenOptions::new().create(true).append(true).open(file)?;
    held.try_lock()?;
    let parent = directory.parent().unwrap_or(directory);
    for entry in fs::read_dir(parent)?.flatten() {
        if entry.file_name().to_string_lossy().starts_with(GOING) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    // It goes whole: nobody finds a part of it.
    let going = tempfile::Builder::new().prefix(GOING).tempdir_in(parent)?;
    if is_at(&held, file) {
        fs::rename(directory, going.path().join("it"))?;
    }
    going.close()
}

/// Whether a file that is open is the one at a path.
fn is_at(file: &File, path: &Path) -> bool {
    let both = file.metadata().and_then(|open| Ok((open, fs::metadata(path)?)));
    both.is_ok_and(|(open, there)| (open.dev(), open.ino()) == (there.dev(), there.ino()))
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::path::{Path, PathBuf};
    use std::time::{Duration, SystemTime};

    use super::{LATEST, directories, hold, hold_new, prune};

    /// A directory that was used so many hours ago.
    fn used(parent: &Path, hours: u64) -> PathBuf {
        let file = parent.join(format!("{hours} hours ago")).join("used");
        hold_new(&file).expect("a directory");
        super::HELD.lock().expect("what is held").remove(&file);
        let file = File::open(file).expect("the file");
        file.set_modified(SystemTime::now() - Duration::from_secs(3600 * hours)).expect("another time");
        parent.join(format!("{hours} hours ago"))
    }

    fn files(parent: &Path) -> Vec<PathBuf> {
        directories(parent).map(|directory| directory.join("used")).collect()
    }

    #[test]
    fn those_that_were_used_last_stay() {
        let parent = tempfile::tempdir().expect("a directory");
        let all: Vec<PathBuf> = (1..=LATEST as u64 + 3).map(|hours| used(parent.path(), hours)).collect();
        fs::create_dir(parent.path().join(".old-of-before")).expect("what was left");
        fs::create_dir(parent.path().join(".new-tree")).expect("what comes");
        let there = || all.iter().map(|directory| directory.is_dir()).collect::<Vec<_>>();
        // The oldest is used again.
        hold(&all[LATEST + 2].join("used")).expect("it");
        prune(files(parent.path()));
        let mut expected = vec![true; LATEST - 1];
        expected.extend([false, false, false, true]);
        assert_eq!(there(), expected);
        assert!(!parent.path().join(".old-of-before").exists() && parent.path().join(".new-tree").exists());
        prune(files(parent.path()));
        assert_eq!(there(), expected);
    }

    #[test]
    fn what_somebody_uses_stays_however_old_it_is() {
        let parent = tempfile::tempdir().expect("a directory");
        let all: Vec<PathBuf> = (1..=LATEST as u64 + 2).map(|hours| used(parent.path(), hours)).collect();
        // As another process does: another description of the file, and the time of long ago.
        let other = File::open(all[LATEST + 1].join("used")).expect("the file");
        other.lock_shared().expect("a lock");
        prune(files(parent.path()));
        assert!(all[LATEST + 1].is_dir() && !all[LATEST].exists());
        drop(other);
        used(parent.path(), 0);
        prune(files(parent.path()));
        assert!(!all[LATEST + 1].exists() && !all[LATEST - 1].exists() && all[LATEST - 2].exists());
    }

    #[test]
    fn what_is_not_there_cannot_be_held() {
        let parent = tempfile::tempdir().expect("a directory");
        assert!(hold(&parent.path().join("none/used")).is_err());
    }
}
