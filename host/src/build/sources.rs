//! What guests are made of, by content: the sources that a build reads, as hashes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{BuildError, GuestCrate};

/// The directories of the workspace whose packages any guest may be made of.
const SHARED: [&str; 2] = ["modules/guest", "schemas"];

/// A hash over named fields.
pub struct Fields(Sha256);

impl Fields {
    /// No fields yet.
    pub fn new() -> Self {
        Self(Sha256::new())
    }

    /// Adds a field. Lengths go in as well: no two lists of fields are one sequence of bytes.
    pub fn add(&mut self, name: &str, content: impl AsRef<[u8]>) {
        for bytes in [name.as_bytes(), content.as_ref()] {
            self.0.update((bytes.len() as u64).to_le_bytes());
            self.0.update(bytes);
        }
    }

    /// The hash, in hexadecimal.
    pub fn finish(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The hashes of what some guests are made of.
#[derive(Debug, PartialEq, Eq)]
pub struct Sources {
    /// That of the workspace's `Cargo.toml`, which has the guests' profile, its `Cargo.lock`, and cargo's settings there.
    workspace: String,
    /// Those of the shared directories, and of the crates' own.
    shared: BTreeMap<PathBuf, String>,
    crates: BTreeMap<PathBuf, String>,
}

impl Sources {
    /// Reads what these crates are made of.
    pub fn read<'a>(workspace: &Path, crates: impl IntoIterator<Item = &'a GuestCrate>) -> Result<Self, BuildError> {
        let mut fields = Fields::new();
        for name in ["Cargo.toml", "Cargo.lock", ".cargo/config.toml", ".cargo/config"] {
            let path = workspace.join(name);
            match fs::read(&path) {
                Ok(content) => fields.add(name, content),
                // Cargo makes the lock file, and needs no settings.
                Err(_) if name != "Cargo.toml" => {}
                Err(reason) => return Err(BuildError::Workspace { path: workspace.to_owned(), reason }),
            }
        }
        let crates = crates.into_iter().map(|of| of.directory.clone());
        Ok(Self {
            workspace: fields.finish(),
            shared: hashes(SHARED.iter().map(|directory| workspace.join(directory)))?,
            crates: hashes(crates)?,
        })
    }

    /// Adds everything that a crate is made of; nothing of the crate itself where it was not read.
    pub fn add_to(&self, fields: &mut Fields, of: &GuestCrate) {
        fields.add("workspace", &self.workspace);
        for hash in self.shared.values() {
            fields.add("shared", hash);
        }
        fields.add("crate", self.crates.get(&of.directory).map_or("", String::as_str));
    }

    /// The hash that a package in `directory` has a part in; none where it lies in no shared directory.
    pub fn shared(&self, directory: &Path) -> Option<&str> {
        let mut all = self.shared.iter();
        all.find(|(shared, _)| directory.starts_with(shared)).map(|(_, hash)| hash.as_str())
    }
}

/// The hash of each directory.
fn hashes(directories: impl Iterator<Item = PathBuf>) -> Result<BTreeMap<PathBuf, String>, BuildError> {
    directories.map(|directory| directory_hash(&directory).map(|hash| (directory, hash))).collect()
}

/// A hash over these files, and the files of these directories, as far as they are there; hidden ones below them are left
/// out.
///
/// # Errors
/// [`BuildError::File`] where one cannot be read.
pub fn content(paths: &[PathBuf]) -> Result<String, BuildError> {
    let mut fields = Fields::new();
    for (number, path) in paths.iter().enumerate().filter(|(_, path)| path.exists()) {
        let hash = match path.is_dir() {
            true => directory_hash(path)?.into_bytes(),
            false => fs::read(path).map_err(BuildError::at(path))?,
        };
        fields.add(&number.to_string(), hash);
    }
    Ok(fields.finish())
}

/// A hash over the names and contents of a directory's files, but for hidden ones.
fn directory_hash(directory: &Path) -> Result<String, BuildError> {
    let mut files = BTreeMap::new();
    list(directory, "", &mut files)?;
    let mut fields = Fields::new();
    for (name, path) in files {
        fields.add(&name, fs::read(&path).map_err(BuildError::at(&path))?);
    }
    Ok(fields.finish())
}

/// Adds the files below a directory, by the names that they have there, with `/` on every system.
fn list(directory: &Path, prefix: &str, files: &mut BTreeMap<String, PathBuf>) -> Result<(), BuildError> {
    for entry in fs::read_dir(directory).map_err(BuildError::at(directory))? {
        let path = entry.map_err(BuildError::at(directory))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') {
            continue;
        }
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            list(&path, &format!("{name}/"), files)?;
        } else {
            files.insert(name, path);
        }
    }
    Ok(())
}
