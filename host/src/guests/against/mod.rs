//! What guests are raced against: those of a directory, of another checkout of weft, or of a git revision.
//!
//! A revision's tree is exported below the target directory, and its guests are built there, aside: the working tree and
//! other checkouts stay as they are. All of it goes by the commit's hash, and guests by their content, so that nothing is
//! built twice and nothing is taken for what it is not. The trees that were used last stay, and those that a process uses.

mod error;
mod git;
mod set;
mod settings;
mod tree;

pub use error::AgainstError;
pub use set::{Absent, GuestSet, Why};
pub use tree::Tree;

use std::path::{Path, PathBuf};

use super::directory::{Directory, found};
use super::{target_directory, workspace};

/// The option that these guests are named by.
const OPTION: &str = "--against";

/// Where trees are put, and what is built of them.
#[derive(Clone, Debug)]
pub struct Aside {
    /// The workspace whose revisions are meant.
    workspace: PathBuf,
    /// The directory for trees, by the hash of their commit.
    trees: PathBuf,
    /// The guests that are kept, those of the workspace among them.
    kept: PathBuf,
}

impl Aside {
    /// Below the target directory of this workspace.
    pub fn here() -> Self {
        Self::of(workspace(), &target_directory())
    }

    /// Below a target directory of a workspace.
    pub fn of(workspace: &Path, target: &Path) -> Self {
        Self { workspace: workspace.to_owned(), trees: target.join("aside"), kept: target.join("guests/kept") }
    }

    /// What a text means, in this order: a directory with guests, one with a checkout of weft, a git revision of the
    /// workspace. Nothing is exported or built yet.
    ///
    /// # Errors
    /// [`AgainstError::Unknown`] where it is none of these.
    pub fn find(&self, text: &str) -> Result<Against, AgainstError> {
        let directory = found(Path::new(text));
        let against = |label: String, source| Against { aside: self.clone(), label, source, replying: false };
        // Nothing names no directory.
        let is_named = !text.is_empty();
        if is_named && holds_modules(&directory) {
            return Ok(against(text.to_owned(), Source::Files(directory)));
        }
        if is_named && is_checkout(&directory) {
            return Ok(against(text.to_owned(), Source::Checkout(directory)));
        }
        let commit = git::resolve(&self.workspace, text).map_err(|why| {
            let what = if is_named && directory.is_dir() { ", though a directory," } else { "" };
            AgainstError::Unknown { text: text.to_owned(), what, why }
        })?;
        let short = git::short(&commit);
        let label = if commit.starts_with(text) { short.to_owned() } else { format!("{text} ({short})") };
        Ok(against(label, Source::Revision(commit)))
    }
}

/// What the guests of a race are raced against.
#[derive(Clone, Debug)]
pub struct Against {
    aside: Aside,
    label: String,
    source: Source,
    /// Whether the guests of the task `reply` are wanted.
    replying: bool,
}

/// Where guests come from.
#[derive(Clone, Debug)]
enum Source {
    /// A directory with guests.
    Files(PathBuf),
    /// A directory with another checkout of weft.
    Checkout(PathBuf),
    /// A commit of the workspace, by its whole hash.
    Revision(String),
}

impl Against {
    /// What the text after `--against` means, unless it is the name of a host; see [`Aside::find`].
    ///
    /// # Errors
    /// [`AgainstError::Unknown`] where it means nothing.
    pub fn of(text: &str) -> Result<Self, AgainstError> {
        Aside::here().find(text)
    }

    /// The same, with the guests of the task `reply` where they are wanted.
    #[must_use]
    pub fn replying(self, replying: bool) -> Self {
        Self { replying, ..self }
    }

    /// What it is called: `HEAD (732d016)`, or the directory as it was named.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The guests of these codecs, those that are not kept built. A codec that they lack is said in
    /// [`GuestSet::absent`].
    ///
    /// # Errors
    /// Where the tree cannot be exported or is too old, a guest does not compile, or a file cannot be read.
    pub fn guests(&self, wanted: &[&str]) -> Result<GuestSet, AgainstError> {
        match &self.source {
            Source::Files(path) => GuestSet::of_files(&self.label, &Directory::open(path, OPTION)?, wanted),
            Source::Checkout(_) | Source::Revision(_) => {
                GuestSet::of_tree(&self.tree()?, &self.aside.kept, (wanted, self.replying))
            }
        }
    }

    /// The sources, exported where they are a revision's.
    ///
    /// # Errors
    /// [`AgainstError::NoSources`] where it is a directory of guests; otherwise where the tree cannot be exported or is
    /// too old.
    pub fn tree(&self) -> Result<Tree, AgainstError> {
        let Aside { workspace, trees, .. } = &self.aside;
        match &self.source {
            Source::Files(_) => Err(AgainstError::NoSources { label: self.label.clone() }),
            Source::Checkout(path) => Tree::of_checkout(&self.label, path, trees),
            Source::Revision(commit) => Tree::of_revision(&self.label, commit, workspace, trees),
        }
    }
}

/// Whether a directory has modules, be they named like guests or not: then these are meant.
fn holds_modules(directory: &Path) -> bool {
    let is_module = |path: PathBuf| path.extension().is_some_and(|end| end == "wasm" || end == "wat");
    directory.read_dir().is_ok_and(|mut entries| entries.any(|entry| entry.is_ok_and(|entry| is_module(entry.path()))))
}

/// Whether a directory is a checkout of weft.
fn is_checkout(directory: &Path) -> bool {
    directory.join("Cargo.toml").is_file() && directory.join("modules/codecs").is_dir()
}
