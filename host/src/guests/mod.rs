//! The guests that a command needs: built from the workspace, or files of the user's own.

mod catalog;
mod codec;
mod directory;
mod files;
mod format;

pub use catalog::{Baseline, baselines, builder, catalog};
pub use codec::Codec;
pub use directory::from_environment;
pub use files::{File, target_directory, workspace};
pub use format::{GuestFormat, libraries};

use weft_link::guest::GuestError;

use crate::build::BuildError;

/// Why there are no guests to work with.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what the fields are")]
pub enum GuestsError {
    #[error(transparent)]
    Build(#[from] BuildError),
    #[error(transparent)]
    Guest(#[from] GuestError),
    #[error("the guests of WEFT_GUESTS (docs/ABI.md, Running a guest of your own): {path}: {reason}")]
    Directory { path: String, reason: String },
    #[error("{path}: {error}")]
    File { path: String, error: std::io::Error },
}
