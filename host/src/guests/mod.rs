//! The guests that a command needs: built from the workspace, files of the user's own, or those of another weft.

mod against;
mod catalog;
mod codec;
mod directory;
mod files;
mod format;
mod likeness;
mod replying;

pub use against::{Absent, Against, AgainstError, Aside, GuestSet, Tree, Why};
pub use catalog::{Baseline, baselines, builder, catalog, catalog_replying, names, names_of, names_replying, traced};
pub use codec::{Codec, setup_codec};
pub use directory::from_environment;
pub use files::{File, target_directory, workspace};
pub use format::{GuestFormat, libraries};
pub use likeness::{Abis, Alike, Likeness};
pub use replying::Replying;

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
    #[error("the guests of {named_by} (docs/ABI.md, Running a guest of your own): {path}: {reason}")]
    Directory { named_by: &'static str, path: String, reason: String },
    #[error("the crate of {codec} has no feature `{side}`, so it is no codec; docs/ADDING_A_CODEC.md")]
    NoFeature { codec: String, side: String },
    #[error(
        "there are two codecs `{codec}`, one in modules/codecs and one in modules/text; give one of them another name"
    )]
    Twice { codec: String },
    #[error("{path}: {error}")]
    File { path: String, error: std::io::Error },
}
