//! Values as Cap'n Proto: how each is built and read. Codecs say in which [`Form`] messages are sent.
#![forbid(unsafe_code)]

mod blob;
mod log;
mod mesh;
mod ping;
mod player;
mod read;
mod size;

pub use blob::BlobWire;
use capnp::message::{Builder, SingleSegmentAllocator};
use capnp::traits::Owned;
pub use log::LogWire;
pub use mesh::MeshWire;
pub use ping::PingWire;
pub use player::PlayerWire;
pub use read::{limited, status};
pub use size::WORD;
use weft_schemas::Status;

/// A message that is being built, in one segment.
pub type Message<'a> = Builder<SingleSegmentAllocator<'a>>;

/// How messages come into the outbox, and are read from bytes.
pub trait Form: Sized {
    /// How many bytes the outbox must have for a message of so many words.
    fn capacity(words: usize) -> usize;

    /// The most words of a message for which such an outbox is enough: of `room` bytes.
    fn words(room: usize) -> usize;

    /// An outbox for messages of up to so many words.
    fn new(outbox: &'static mut [u8], words: usize) -> Self;

    /// Makes the message that `build` fills, in the place of the one before.
    ///
    /// # Errors
    /// Those of `build`.
    fn message(&mut self, build: impl FnOnce(&mut Message<'_>) -> Result<(), Status>) -> Result<&[u8], Status>;

    /// Gives the root of the message in `bytes` to `read`, and how many bytes the message has where it is read.
    ///
    /// # Errors
    /// A [`Status`] where there is no such root, and those of `read`.
    fn root<T: Owned, R>(
        bytes: &[u8],
        read: impl FnOnce(T::Reader<'_>, usize) -> Result<R, Status>,
    ) -> Result<R, Status>;
}
