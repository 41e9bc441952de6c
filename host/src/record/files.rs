//! How the files of a run change: each in one step, or not at all. Nothing else in the library writes below a run's
//! directory, so a fault at any of these steps is a fault that a test can make (`faults.rs`).

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::faults::{removal, step};

/// What a file that is not whole yet is called ends with this; before it stand the file's name and the process' number.
const NEW: &str = ".new";

/// Replaces a file: whoever reads it sees the old or the new one, also after the machine has lost its power. What processes
/// that have ended left half-written beside it is removed.
///
/// # Errors
/// Where it cannot be written; then the old one is still there.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    put(path, |new| {
        let mut file = step(|| File::create(new))?;
        // In two steps, so that a fault can come between them.
        let (first, rest) = content.split_at(content.len() / 2);
        step(|| file.write_all(first))?;
        step(|| file.write_all(rest))?;
        step(|| file.sync_all())
    })
}

/// Lets a link point to a target, in one step.
///
/// # Errors
/// Where the link cannot be made; then it points to where it did.
pub fn point(link: &Path, target: &Path) -> io::Result<()> {
    put(link, |new| {
        if new.symlink_metadata().is_ok() {
            removal(|| fs::remove_file(new))?;
        }
        step(|| make_link(target, new))
    })
}

/// Makes a directory with those above it; it may be there.
///
/// # Errors
/// Where it cannot be made.
pub fn make_directories(path: &Path) -> io::Result<()> {
    step(|| fs::create_dir_all(path))
}

/// Makes a directory that is not there yet.
///
/// # Errors
/// Where it cannot be made, or is there.
pub fn make_directory(path: &Path) -> io::Result<()> {
    step(|| fs::create_dir(path))
}

/// Removes a directory and what is in it.
///
/// # Errors
/// Where it cannot be removed.
pub fn remove_directory(path: &Path) -> io::Result<()> {
    removal(|| fs::remove_dir_all(path))
}

/// Puts what is made under another name in a path's place.
fn put(path: &Path, make: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    left_behind(directory, name).iter().for_each(|left| drop(removal(|| fs::remove_file(left))));
    let new = directory.join(format!(".{name}.{}{NEW}", std::process::id()));
    let done = make(&new).and_then(|()| step(|| fs::rename(&new, path)));
    // The new name is on the disk once its directory is. It is there in any case, so an error is none.
    let _ = File::open(directory).and_then(|directory| directory.sync_all());
    if done.is_err() && new.symlink_metadata().is_ok() {
        let _ = removal(|| fs::remove_file(&new));
    }
    done
}

/// What processes that have ended left of a file of this name.
fn left_behind(directory: &Path, name: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let is_left = |path: &PathBuf| {
        let entry = path.file_name().and_then(|entry| entry.to_str()).unwrap_or_default();
        let rest = entry.strip_prefix('.').and_then(|entry| entry.strip_prefix(name)?.strip_prefix('.'));
        let process = rest.and_then(|rest| rest.strip_suffix(NEW)?.parse::<i32>().ok());
        process.is_some_and(|process| !runs(process))
    };
    entries.map(|entry| entry.path()).filter(is_left).collect()
}

/// Whether a process with this number runs.
#[cfg(unix)]
fn runs(process: i32) -> bool {
    use rustix::io::Errno;
    use rustix::process::{Pid, test_kill_process};

    // One of another user may not be asked, and runs.
    Pid::from_raw(process).is_some_and(|process| test_kill_process(process) != Err(Errno::SRCH))
}

/// Whether a process with this number may run: here nobody knows of another one.
#[cfg(not(unix))]
fn runs(process: i32) -> bool {
    u32::try_from(process) != Ok(std::process::id())
}

#[cfg(unix)]
fn make_link(target: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(not(unix))]
fn make_link(target: &Path, link: &Path) -> io::Result<()> {
    fs::write(link, target.to_string_lossy().as_bytes())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{point, replace};

    #[test]
    fn what_others_left_is_removed_and_what_is_in_the_making_is_not() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("run.json");
        // No process has this number: the largest on Linux is 2²².
        let left = directory.path().join(format!(".run.json.{}.new", i32::MAX));
        let made = directory.path().join(".run.json.1.new");
        let others = [".other.json.2147483647.new", ".run.json.new", "run.json.2147483647.new"];
        for other in others.iter().map(|name| directory.path().join(name)).chain([left.clone(), made.clone()]) {
            fs::write(other, "half").expect("a file");
        }
        replace(&path, b"whole").expect("a file");
        assert_eq!(fs::read(&path).expect("the file"), b"whole");
        assert!(!left.exists() && (made.exists() || !cfg!(unix)));
        assert!(others.iter().all(|name| directory.path().join(name).exists()));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_replaced_even_where_one_was_left() {
        let directory = tempfile::tempdir().expect("a directory");
        let link = directory.path().join("latest");
        point(&link, "a".as_ref()).expect("a link");
        let own = directory.path().join(format!(".latest.{}.new", std::process::id()));
        std::os::unix::fs::symlink("x", own).expect("a link");
        point(&link, "b".as_ref()).expect("a link");
        assert_eq!(fs::read_link(&link).expect("a link").to_str(), Some("b"));
        assert_eq!(fs::read_dir(directory.path()).expect("a directory").count(), 1);
    }
}
