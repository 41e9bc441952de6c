//! Why there is nothing to race against, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use super::tree::OLDEST;
use crate::build::BuildError;
use crate::guests::GuestsError;

/// Why there is nothing to race against.
#[derive(Debug, thiserror::Error)]
pub enum AgainstError {
    /// A text means nothing.
    #[error(
        "`{text}`{what} is no directory with guests (<codec>.producer.wasm), no checkout of weft (Cargo.toml and \
         modules/codecs), and no git revision: {why}. After an edit, --against HEAD is what was there before"
    )]
    Unknown {
        /// The text.
        text: String,
        /// What it is nevertheless.
        what: &'static str,
        /// Why it is no revision.
        why: String,
    },
    /// A revision or directory is no weft at all.
    #[error("{label} is no weft: it has no {missing}; name a revision or a checkout that has it")]
    NoWeft {
        /// What was named.
        label: String,
        /// What it lacks.
        missing: &'static str,
    },
    /// A revision's codecs are laid out in another way than this weft can build.
    #[error(
        "{label} cannot be raced: its codecs are no libraries by their manifests (`crate-type = [\"cdylib\"]`), so its \
         guests cannot be built here. The oldest revision that can is {OLDEST}; guests that were built in another way \
         can be raced as a directory of <codec>.producer.wasm and <codec>.consumer.wasm"
    )]
    TooOld {
        /// What was named.
        label: String,
    },
    /// The guests of a revision would be built with settings of the workspace.
    #[error(
        "{} sets {tables}, and {label} does not. Cargo would use it for both. Move it into Cargo.toml, or build the \
         other side elsewhere:\n\n    git worktree add ../weft-before {commit}\n\nand then --against ../weft-before",
        settings.display()
    )]
    Settings {
        /// The file that has them.
        settings: PathBuf,
        /// Which tables of it.
        tables: String,
        /// What was named.
        label: String,
        /// Its commit.
        commit: String,
    },
    /// Sources were asked for where there are only guests.
    #[error("{label} is a directory of guests, which has no host; run this without --host-too")]
    NoSources {
        /// The directory.
        label: String,
    },
    /// A call of git failed.
    #[error("git cannot {what}: {text}")]
    Git {
        /// What it was called for.
        what: String,
        /// What it said.
        text: String,
    },
    /// The guests of a tree cannot be built.
    #[error("the guests of {label}: {error}")]
    Build {
        /// What was named.
        label: String,
        /// Why not.
        error: BuildError,
    },
    /// A guest's file cannot be used.
    #[error(transparent)]
    Guests(#[from] GuestsError),
    /// A file or directory cannot be read or written.
    #[error("{}: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
}

impl AgainstError {
    /// Gives an error of the system the path that it is about.
    pub(super) fn at(path: &Path) -> impl Fn(io::Error) -> Self {
        move |reason| Self::File { path: path.to_owned(), reason }
    }
}
