//! The guests that were built before, by the key of what they were built from.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{BuildError, held};

/// A directory with one directory for each key, which holds a guest's file and what is known about it.
///
/// Nothing in it ever changes, and directories come into it whole: any number of processes can use it at once. Of each file's
/// name those that were used last stay, and all that a process uses ([`held`]).
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
    /// A guest's file and what is known about it, where it is kept. It stays until this process ends.
    pub fn get(&self, key: &str, file: &str) -> Option<(PathBuf, About)> {
        let directory = self.0.join(key);
        held::hold(&directory.join(ABOUT)).ok()?;
        let about = serde_json::from_slice(&fs::read(directory.join(ABOUT)).ok()?).ok()?;
        let path = directory.join(file);
        path.is_file().then_some((path, about))
    }

    /// Keeps a copy of the guest in `from`, and not those of its name that nobody has used for long.
    pub fn put(&self, key: &str, file: &str, from: &Path, about: &About) -> Result<(), BuildError> {
        self.add(key, file, from, about)?;
        // What is used stays.
        let _ = self.get(key, file);
        let of_its_name = held::directories(&self.0).filter(|directory| directory.join(file).is_file());
        held::prune(of_its_name.map(|directory| directory.join(ABOUT)).collect());
        Ok(())
    }

    fn add(&self, key: &str, file: &str, from: &Path, about: &About) -> Result<(), BuildError> {
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

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::time::{Duration, SystemTime};

    use super::super::held::LATEST;
    use super::{ABOUT, About, Kept};

    #[test]
    fn of_each_name_the_guests_that_were_used_last_are_kept() {
        let directory = tempfile::tempdir().expect("a directory");
        let kept = Kept(directory.path().join("kept"));
        let (guest, about) = (directory.path().join("guest"), About { packages: [].into(), rustc: "1".to_owned() });
        fs::write(&guest, "a guest").expect("a file");
        let add = |key: &str, file: &str, hours: u64| {
            kept.add(key, file, &guest, &about).expect("it is kept");
            let file = File::open(kept.0.join(key).join(ABOUT)).expect("a file");
            file.set_modified(SystemTime::now() - Duration::from_secs(3600 * hours)).expect("another time");
        };
        for hours in 1..=LATEST as u64 + 1 {
            add(&format!("{hours}"), "bytes.producer.wasm", hours);
        }
        add("other", "bytes.consumer.wasm", 1000);
        kept.put("new", "bytes.producer.wasm", &guest, &about).expect("it is kept");
        let is_there = |key: &str| kept.0.join(key).is_dir();
        assert!(["new", "1", &(LATEST - 1).to_string(), "other"].into_iter().all(is_there));
        assert!(![LATEST, LATEST + 1].iter().any(|hours| is_there(&hours.to_string())));
    }
}
