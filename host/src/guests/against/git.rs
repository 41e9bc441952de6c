//! What is asked of git: which commit a text means, and the tree of a commit.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use super::AgainstError;

/// `git` in a directory, whatever repository the environment names.
fn git(directory: &Path) -> Command {
    let mut git = Command::new("git");
    git.current_dir(directory).stdin(Stdio::null());
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX"] {
        git.env_remove(name);
    }
    git
}

/// The short form of a hash.
pub fn short(commit: &str) -> &str {
    commit.get(..7).unwrap_or(commit)
}

/// The whole hash of the commit that a text means.
///
/// # Errors
/// Why it means none, and what helps.
pub fn resolve(workspace: &Path, text: &str) -> Result<String, String> {
    let asked = |arguments: &[&str]| git(workspace).arg("rev-parse").args(arguments).output();
    if text.starts_with('-') || text.is_empty() {
        return Err("none is called so".to_owned());
    }
    let revision = format!("{text}^{{commit}}");
    let output =
        asked(&["--verify", &revision]).map_err(|error| format!("git does not start ({error}); install it"))?;
    if output.status.success() {
        return Ok(said(&output.stdout));
    }
    let here = workspace.display();
    match asked(&["--is-shallow-repository"]) {
        Ok(answer) if !answer.status.success() => {
            Err(format!("{here} is no git repository ({}), so name a directory", said(&answer.stderr)))
        }
        Ok(answer) if said(&answer.stdout) == "true" => {
            Err("this clone is shallow and may lack it; run: git fetch --unshallow".to_owned())
        }
        _ => match said(&output.stderr) {
            nothing if nothing.ends_with("Needed a single revision") => {
                Err(format!("git knows none of that name in {here}"))
            }
            why => Err(format!("git says: {why}")),
        },
    }
}

/// Puts the tree of a commit into a directory that is not there yet. It comes there whole or not at all.
///
/// # Errors
/// Where git or tar fail, or the file system does.
pub fn export(workspace: &Path, (label, commit): (&str, &str), to: &Path) -> Result<(), AgainstError> {
    let parent = to.parent().unwrap_or(to);
    fs::create_dir_all(parent).map_err(AgainstError::at(parent))?;
    let scratch = tempfile::Builder::new().prefix(".new-").tempdir_in(parent).map_err(AgainstError::at(parent))?;
    let new = scratch.path().join("tree");
    fs::create_dir(&new).map_err(AgainstError::at(&new))?;
    let failed = |text: String| AgainstError::Git { what: format!("export {label}"), text };
    let mut archive = git(workspace);
    archive.args(["archive", "--format=tar", commit]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut archive = Running(archive.spawn().map_err(|error| failed(format!("git does not start: {error}")))?);
    // With the time of its making, not with that of the commit: cargo takes what is older than a build for built.
    let mut tar = Command::new("tar");
    tar.args(["-xmf", "-"]).current_dir(&new).stdin(archive.0.stdout.take().map_or_else(Stdio::null, Stdio::from));
    let unpacked = tar.output().map_err(|error| failed(format!("tar, which unpacks it, does not start: {error}")))?;
    let archived = archive.finish().map_err(|error| failed(error.to_string()))?;
    for output in [archived, unpacked] {
        if !output.status.success() {
            return Err(failed(said(&output.stderr)));
        }
    }
    match fs::rename(&new, to) {
        // Another process was faster.
        Err(_) if to.is_dir() => Ok(()),
        result => result.map_err(AgainstError::at(to)),
    }
}

/// A process that does not outlive whoever waits for it.
struct Running(Child);

impl Running {
    fn finish(mut self) -> io::Result<Output> {
        let mut stderr = Vec::new();
        if let Some(mut pipe) = self.0.stderr.take() {
            io::copy(&mut pipe, &mut stderr)?;
        }
        Ok(Output { status: self.0.wait()?, stdout: Vec::new(), stderr })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A text as it is shown.
fn said(text: &[u8]) -> String {
    String::from_utf8_lossy(text).trim().to_owned()
}
