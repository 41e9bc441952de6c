//! The crates that guests are built from: directories of the workspace.

use std::fs;
use std::path::{Path, PathBuf};

use toml::Table;

use super::{BuildError, Role};

/// A crate with guests.
#[derive(Clone, Debug)]
pub struct GuestCrate {
    /// The guests' name: that of the directory.
    pub name: String,
    /// Where its `Cargo.toml` is.
    pub directory: PathBuf,
    /// The guests to build; as read, those of the tasks that go one way that the crate has a feature for.
    pub roles: Vec<Role>,
    /// Whether it has a feature `reply` as well.
    pub replies: bool,
    /// Whether it has a feature `native`: guests that are no WebAssembly.
    pub is_native: bool,
    /// The name that its `Cargo.toml` gives it.
    pub package: String,
}

impl GuestCrate {
    /// Reads the crate in `directory`.
    ///
    /// # Errors
    /// [`BuildError::Manifest`] where there is no usable `Cargo.toml` with a feature `producer` or `consumer`.
    pub fn read(directory: &Path) -> Result<Self, BuildError> {
        let manifest = directory.join("Cargo.toml");
        let unusable = |reason: String| BuildError::Manifest { manifest: manifest.clone(), reason };
        let text = fs::read_to_string(&manifest).map_err(|error| unusable(error.to_string()))?;
        let table: Table = text.parse().map_err(|error: toml::de::Error| unusable(error.to_string()))?;
        let name = directory.file_name().and_then(|name| name.to_str());
        let package = table.get("package").and_then(|package| package.get("name")?.as_str());
        let (Some(name), Some(package)) = (name, package) else {
            return Err(unusable("the package or its directory has no name".to_owned()));
        };
        let features = table.get("features").and_then(|features| features.as_table());
        let has = |role: &Role| features.is_some_and(|features| features.contains_key(role.name()));
        let roles: Vec<Role> = Role::ONE_WAY.into_iter().filter(has).collect();
        if roles.is_empty() {
            return Err(unusable("it has no feature `producer` or `consumer`".to_owned()));
        }
        let library = table.get("lib").and_then(|lib| lib.get("crate-type")?.as_array());
        if library.is_none_or(|types| types.iter().all(|kind| kind.as_str() != Some("cdylib"))) {
            return Err(unusable("under `[lib]` it needs the line `crate-type = [\"cdylib\"]`".to_owned()));
        }
        let [replies, is_native] =
            ["reply", "native"].map(|name| features.is_some_and(|features| features.contains_key(name)));
        let (name, package) = (name.to_owned(), package.to_owned());
        Ok(Self { name, directory: directory.to_owned(), roles, replies, is_native, package })
    }

    /// The same with the guests of the task `reply`, where the crate has them.
    #[must_use]
    pub fn replying(mut self) -> Self {
        if self.replies {
            self.roles.extend(Role::REPLY);
        }
        self
    }
}

/// The codecs of a workspace, `modules/codecs/*`, sorted by name.
///
/// # Errors
/// [`BuildError::Workspace`] where it is not there; [`BuildError::Manifest`] where one of them is no crate of guests.
pub fn codecs(workspace: &Path) -> Result<Vec<GuestCrate>, BuildError> {
    let all = workspace.join("modules/codecs");
    let missing = |reason| BuildError::Workspace { path: workspace.to_owned(), reason };
    let entries = fs::read_dir(&all).map_err(missing)?;
    let directories = entries.flatten().map(|entry| entry.path()).filter(|path| path.join("Cargo.toml").is_file());
    let mut codecs = directories.map(|path| GuestCrate::read(&path)).collect::<Result<Vec<_>, _>>()?;
    codecs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(codecs)
}

/// A baseline of a workspace: `modules/baselines/<name>`.
///
/// # Errors
/// [`BuildError::Manifest`] where it is not there or no crate of guests.
pub fn baseline(workspace: &Path, name: &str) -> Result<GuestCrate, BuildError> {
    GuestCrate::read(&workspace.join("modules/baselines").join(name))
}
