//! What cargo must forget before it builds.
//!
//! Cargo goes by the times of files: where another revision's sources are older than what it has compiled, it takes
//! that for current. Here contents decide, and cargo is told to forget what is of other contents.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::graph::Resolved;
use super::sources::Sources;
use super::toolchain::Toolchain;
use super::{BuildError, Target};

/// A directory that cargo builds in, while nobody else may.
pub struct Claimed {
    /// Cargo's target directory.
    pub directory: PathBuf,
    /// Which content of each shared package cargo has compiled there.
    record: PathBuf,
    /// Its lock is free as soon as it is closed.
    _lock: File,
}

impl Claimed {
    /// Waits for the directory `name` below `parent`.
    pub fn wait(parent: &Path, name: &str) -> Result<Self, BuildError> {
        fs::create_dir_all(parent).map_err(BuildError::at(parent))?;
        let path = parent.join(format!("{name}.lock"));
        let lock = File::create(&path).map_err(BuildError::at(&path))?;
        lock.lock().map_err(BuildError::at(&path))?;
        Ok(Self { directory: parent.join(name), record: parent.join(format!("{name}.json")), _lock: lock })
    }

    /// Lets cargo forget these guests, and the packages that they share where it compiled others than those of
    /// `sources`.
    ///
    /// The guests it forgets in any case: their files have one name whatever they were compiled from, with which flags
    /// and features.
    ///
    /// # Errors
    /// [`BuildError::Foreign`] where a guest is made of a package that `sources` knows nothing about.
    pub fn forget(
        &self,
        toolchain: &Toolchain,
        target: Target,
        guests: &[Resolved],
        sources: &Sources,
    ) -> Result<(), BuildError> {
        let shared = shared(guests, sources)?;
        let compiled = fs::read(&self.record).ok().and_then(|json| serde_json::from_slice(&json).ok());
        let mut compiled: BTreeMap<String, String> = compiled.unwrap_or_default();
        if self.directory.is_dir() {
            let changed = shared.iter().filter(|(package, hash)| compiled.get(*package) != Some(*hash));
            let packages = changed.map(|(package, _)| package).chain(guests.iter().map(|guest| &guest.of.package));
            let mut cargo = toolchain.cargo();
            cargo.args(["clean", "--profile", "guest", "--target-dir"]).arg(&self.directory);
            cargo.args(target.triple().into_iter().flat_map(|triple| ["--target", triple]));
            cargo.args(packages.flat_map(|package| ["--package", package]));
            toolchain.run_cargo(&mut cargo, "forget what it has compiled of other sources")?;
        }
        compiled.extend(shared);
        let json = serde_json::to_vec(&compiled).map_err(|error| BuildError::at(&self.record)(error.into()))?;
        fs::write(&self.record, json).map_err(BuildError::at(&self.record))
    }
}

/// The packages that guests share, and the hash of the directory that each lies in.
fn shared(guests: &[Resolved], sources: &Sources) -> Result<BTreeMap<String, String>, BuildError> {
    let mut all = BTreeMap::new();
    for guest in guests {
        for (package, path) in &guest.local {
            let foreign = || BuildError::Foreign { name: guest.of.name.clone(), path: path.clone() };
            all.insert(package.clone(), sources.shared(path).ok_or_else(foreign)?.to_owned());
        }
    }
    Ok(all)
}
