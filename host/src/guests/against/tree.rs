//! The sources of another weft: a checkout where it is, or the tree of a commit, exported.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{AgainstError, git, settings};
use crate::build::held;

/// The oldest revision whose codecs are laid out as they are built here: their manifests make them libraries.
pub const OLDEST: &str = "cb1e066";

/// The file that is locked in the directory of a tree that is used.
const USED: &str = "used";

/// The sources of another weft.
#[derive(Clone, Debug)]
pub struct Tree {
    /// What it is called: `HEAD (732d016)`, or the directory as it was named.
    pub label: String,
    /// What names it after `--against`: `732d016`, or the directory as it was named.
    pub named: String,
    /// Its root.
    pub root: PathBuf,
    /// The directory for all that is built of it.
    pub place: PathBuf,
    /// Whether it is somebody's checkout: nothing is written into it, and it may change.
    pub is_checkout: bool,
}

impl Tree {
    /// A checkout, in a directory; what is built of it goes below `trees`.
    ///
    /// # Errors
    /// Where it is too old.
    pub fn of_checkout(label: &str, directory: &Path, trees: &Path) -> Result<Self, AgainstError> {
        let root = directory.canonicalize().map_err(AgainstError::at(directory))?;
        let key = Sha256::digest(root.as_os_str().as_encoded_bytes());
        let key: String = key.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let place = trees.join(format!("checkout-{key}"));
        hold(&place, trees)?;
        let tree = Self { label: label.to_owned(), named: label.to_owned(), root, place, is_checkout: true };
        tree.check().map(|()| tree)
    }

    /// The tree of a commit of a workspace, exported below `trees` where it is not there yet.
    ///
    /// # Errors
    /// Where it cannot be exported, is no weft or is too old.
    pub fn of_revision(label: &str, commit: &str, workspace: &Path, trees: &Path) -> Result<Self, AgainstError> {
        let place = std::path::absolute(trees.join(commit)).map_err(AgainstError::at(trees))?;
        let root = place.join("tree");
        hold(&place, trees)?;
        if !root.is_dir() {
            git::export(workspace, (label, commit), &root)?;
        }
        let named = git::short(commit).to_owned();
        let tree = Self { label: label.to_owned(), named, root, place, is_checkout: false };
        tree.check()?;
        settings::check(workspace, &tree, commit)?;
        Ok(tree)
    }

    /// The names of its codecs, sorted.
    pub fn codecs(&self) -> Vec<String> {
        let mut names: Vec<_> = self.manifests().filter_map(|manifest| directory_name(&manifest)).collect();
        names.sort();
        names
    }

    /// The `Cargo.toml` of each codec.
    fn manifests(&self) -> impl Iterator<Item = PathBuf> {
        let entries = fs::read_dir(self.root.join("modules/codecs")).into_iter().flatten().flatten();
        entries.map(|entry| entry.path().join("Cargo.toml")).filter(|manifest| manifest.is_file())
    }

    /// Whether it is laid out as a weft that can be built here.
    fn check(&self) -> Result<(), AgainstError> {
        let label = self.label.clone();
        for missing in ["Cargo.toml", "modules/codecs"] {
            if !self.root.join(missing).exists() {
                return Err(AgainstError::NoWeft { label, missing });
            }
        }
        let is_library =
            |manifest: PathBuf| fs::read_to_string(manifest).is_ok_and(|manifest| manifest.contains("\"cdylib\""));
        match self.manifests().any(is_library) {
            true => Ok(()),
            false => Err(AgainstError::TooOld { label }),
        }
    }
}

/// Uses the directory of a tree until this process ends. Where it is new, those go that nobody has used for long.
fn hold(place: &Path, trees: &Path) -> Result<(), AgainstError> {
    let is_new = !place.is_dir();
    held::hold_new(&place.join(USED)).map_err(AgainstError::at(place))?;
    if is_new {
        held::prune(held::directories(trees).map(|place| place.join(USED)).collect());
    }
    Ok(())
}

fn directory_name(manifest: &Path) -> Option<String> {
    Some(manifest.parent()?.file_name()?.to_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::time::{Duration, SystemTime};

    use super::{USED, hold};
    use crate::build::held::LATEST;

    #[test]
    fn a_new_tree_takes_the_place_of_one_that_nobody_has_used_for_long() {
        let trees = tempfile::tempdir().expect("a directory");
        let tree = |hours: usize| trees.path().join(hours.to_string());
        for hours in 1..=LATEST {
            fs::create_dir(tree(hours)).expect("a tree");
            let used = File::create(tree(hours).join(USED)).expect("a file");
            used.set_modified(SystemTime::now() - Duration::from_secs(3600 * hours as u64)).expect("another time");
        }
        let there = || (0..=LATEST).map(|hours| tree(hours).is_dir()).collect::<Vec<_>>();
        hold(&tree(LATEST), trees.path()).expect("the oldest is used again");
        assert_eq!(there(), [vec![false], vec![true; LATEST]].concat());
        hold(&tree(0), trees.path()).expect("a new one");
        assert_eq!(there(), [vec![true; LATEST - 1], vec![false, true]].concat());
    }
}
