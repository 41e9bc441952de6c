//! A copy of the workspace somewhere else, as `git clone` would make it of what is there now.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Copies what git has or would add into `to`.
pub fn clone(workspace: &Path, to: &Path) {
    for file in files(workspace) {
        let (from, to) = (workspace.join(&file), to.join(&file));
        // Git also lists what was deleted and not committed yet.
        if from.is_file() {
            fs::create_dir_all(to.parent().expect("a file has a directory")).expect("a directory");
            fs::copy(&from, &to).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
        }
    }
}

/// The files that a clone has, relative to the workspace.
fn files(workspace: &Path) -> Vec<PathBuf> {
    let git = Command::new("git").args(["ls-files", "-coz", "--exclude-standard"]).current_dir(workspace).output();
    match git {
        Ok(output) if output.status.success() => {
            let list = String::from_utf8(output.stdout).expect("names in UTF-8");
            list.split_terminator('\0').map(PathBuf::from).collect()
        }
        // Not a clone but its archive.
        _ => below(workspace, Path::new("")),
    }
}

fn below(workspace: &Path, directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(workspace.join(directory)).expect("a directory");
    let paths = entries.map(|entry| directory.join(entry.expect("an entry").file_name()));
    let ours = paths.filter(|path| !["target", "results", ".git"].iter().any(|other| path == Path::new(other)));
    ours.flat_map(|path| if workspace.join(&path).is_dir() { below(workspace, &path) } else { vec![path] }).collect()
}
