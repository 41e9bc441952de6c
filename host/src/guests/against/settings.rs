//! Cargo's settings that a tree would inherit from the workspace that it lies in.
//!
//! Cargo reads `.cargo/config.toml` of all directories above. A tree below the target directory would be built with what
//! the workspace sets there, which its revision may not: what was changed would then be changed on both sides.

use std::fs;
use std::path::{Path, PathBuf};

use toml::Table;

use super::{AgainstError, Tree};

/// The tables that change nothing of what is built.
const HARMLESS: [&str; 8] = ["alias", "cargo-new", "doc", "http", "net", "registries", "registry", "term"];

/// The files that cargo reads.
const FILES: [&str; 2] = [".cargo/config.toml", ".cargo/config"];

/// Checks that a tree of `commit` is built as a clone elsewhere would be.
///
/// # Errors
/// [`AgainstError::Settings`] where it is not.
pub fn check(workspace: &Path, tree: &Tree, commit: &str) -> Result<(), AgainstError> {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if !real(&tree.root).starts_with(real(workspace)) {
        return Ok(());
    }
    let own = read(&tree.root).map(|(_, table)| table).unwrap_or_default();
    let Some((settings, table)) = read(workspace) else { return Ok(()) };
    let differs = |(name, value): &(&String, _)| own.get(*name) != Some(*value) && !HARMLESS.contains(&name.as_str());
    let tables: Vec<String> = table.iter().filter(differs).map(|(name, _)| format!("[{name}]")).collect();
    if tables.is_empty() {
        return Ok(());
    }
    let (tables, label, commit) = (tables.join(", "), tree.label.clone(), commit.to_owned());
    Err(AgainstError::Settings { settings, tables, label, commit })
}

/// The settings that a directory has itself, and their file. What is none is for cargo to complain about.
fn read(directory: &Path) -> Option<(PathBuf, Table)> {
    let path = FILES.iter().map(|name| directory.join(name)).find(|path| path.is_file())?;
    let table = fs::read_to_string(&path).ok()?.parse().ok()?;
    Some((path, table))
}
