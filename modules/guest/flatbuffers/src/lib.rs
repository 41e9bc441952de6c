//! Values as FlatBuffers: how each is built into the outbox, and read. Codecs say how a message's [`Root`] is found.
#![deny(unsafe_code)]

mod blob;
mod log;
mod mesh;
#[allow(unsafe_code, reason = "an allocator is an unsafe trait")]
mod outbox;
mod ping;
mod player;

pub use blob::BlobWire;
use flatbuffers::{Follow, Verifiable};
pub use log::LogWire;
pub use mesh::MeshWire;
pub use ping::{PingWire, longer};
pub use player::PlayerWire;
use weft_schemas::{Status, Text};

/// How the root of a message is found.
pub trait Root {
    /// What a string is once it was found: `&str` where it was checked, `&[u8]` where it was not.
    type Text<'a>: Text;

    /// The message's root table.
    ///
    /// # Errors
    /// A [`Status`] where the bytes are no message.
    fn root<'a, T: Follow<'a> + Verifiable + 'a>(bytes: &'a [u8]) -> Result<T::Inner, Status>;

    /// A string of a message.
    fn text(text: &str) -> Self::Text<'_>;
}
