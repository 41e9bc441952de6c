//! The guests that were built before, by the key of what they were built from.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::BuildError;

/// A directory with one directory for each key, which holds a guest's file and what is known about it.
///
/// Nothing in it ever changes, and directories come into it whole: any number of processes can use it at once.
pub struct Kept(pub PathBuf);

/// What is known about a guest beside its file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct About {
    /// The packages from registries that it was made of, `<name> <version>`.
    pub packages: BTreeSet<String>,
    /// What `rustc --version` said.
    pub rustc: String,
}

/// The file beside the guest's.
const ABOUT: &str = "about.json";

impl Kept {
    /// A guest's file and what is known about it, where it is kept.
    pub fn get(&self, key: &str, file: &str) -> Option<(PathBuf, About)> {
        let directory = self.0.join(key);
        let about = serde_json::from_slice(&fs::read(directory.join(ABOUT)).ok()?).ok()?;
        let path = directory.join(file);
        path.is_file().then_some((path, about))
    }

    /// Keeps a copy of the guest in `from`.
    pub fn put(&self, key: &str, file: &str, from: &Path, about: &About) -> Result<(), BuildError> {
        fs::create_dir_all(&self.0).map_err(BuildError::at(&self.0))?;
        let scratch = tempfile::Builder::new().prefix(".new-").tempdir_in(&self.0).map_err(BuildError::at(&self.0))?;
        let new = scratch.path().join("guest");
        fs::create_dir(&new).map_err(BuildError::at(&new))?;
        fs::copy(from, new.join(file)).map_err(BuildError::at(from))?;
        let json = serde_json::to_vec_pretty(about).map_err(|error| BuildError::at(&new)(error.into()))?;
        fs::write(new.join(ABOUT), json).map_err(BuildError::at(&new))?;
        let directory = self.0.join(key);
        match fs::rename(&new, &directory) {
            Ok(()) => Ok(()),
            // Another process was faster.
            Err(_) if self.get(key, file).is_some() => Ok(()),
            // Somebody removed a file of it.
            Err(_) => fs::remove_dir_all(&directory)
                .and_then(|()| fs::rename(&new, &directory))
                .map_err(BuildError::at(&directory)),
        }
    }
}
