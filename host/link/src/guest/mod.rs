//! Guests: what a module exports, and how it is checked and instantiated.

mod answer;
mod consumer;
mod error;
mod export;
mod listen;
mod module;
mod prepare;
mod producer;
mod region;
mod traits;

use std::fmt;

pub(crate) use answer::Way;
pub use answer::{Answer, packed};
pub use consumer::{Consumer, Isolated};
pub(crate) use error::in_a_line;
pub use error::{GuestError, GuestName, is_obeyed};
pub use export::{Export, classify};
pub(crate) use export::{failed, happened_in, happened_within};
pub use listen::listen;
pub use module::{Compiled, Guest, Precompiled};
pub(crate) use prepare::{bounded, laid_out};
pub use producer::Producer;
pub use region::{Region, memory};
pub use traits::{ABI, CodecRole, Evolution, Release, Traits, Validation};

/// Which of a codec's guests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Encodes and sends.
    Producer,
    /// Receives and reads.
    Consumer,
    /// Encodes, sends, and reads the answer.
    Requester,
    /// Receives, and encodes an answer.
    Replier,
}

impl Side {
    /// Whether it sends messages; the others receive them.
    pub const fn sends(self) -> bool {
        matches!(self, Self::Producer | Self::Requester)
    }

    /// The name in words and in those of files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Producer => "producer",
            Self::Consumer => "consumer",
            Self::Requester => "requester",
            Self::Replier => "replier",
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
