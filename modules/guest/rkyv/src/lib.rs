//! Values as rkyv archives: how each is written into the outbox, and read. Codecs say how an archive is got at: [`Access`].
#![forbid(unsafe_code)]

mod blob;
mod log;
mod mesh;
mod ping;
mod player;
mod refusal;
mod write;

pub use ping::longer;
pub use refusal::Refusal;
use rkyv::api::low::{LowValidator, deserialize};
use rkyv::bytecheck::CheckBytes;
use rkyv::rancor::Strategy;
use rkyv::string::ArchivedString;
use rkyv::{Deserialize, Portable};
use weft_schemas::{Blob, Log, Mesh, Ping, Players, Status, Text};
pub use write::Wire;

/// A ping's writer and reader.
pub type PingWire<A> = Wire<A, Ping>;
/// A log's writer and reader.
pub type LogWire<A> = Wire<A, Log>;
/// A mesh's writer and reader.
pub type MeshWire<A> = Wire<A, Mesh>;
/// A blob's writer and reader.
pub type BlobWire<A> = Wire<A, Blob>;
/// The writer and reader of players.
pub type PlayerWire<A> = Wire<A, Players>;

/// How a codec gets at an archive.
pub trait Access {
    /// What a string is read as: `&str` where it was checked, `&[u8]` where it was not.
    type Text<'a>: Text;

    /// The archive's root.
    ///
    /// # Errors
    /// A [`Status`] where the bytes are no archive, and somebody looks.
    fn access<T: Archive>(bytes: &[u8]) -> Result<&T, Status>;

    /// A string of the archive.
    fn text(text: &ArchivedString) -> Self::Text<'_>;
}

/// What an archive may be of.
pub trait Archive: Portable + for<'a> CheckBytes<LowValidator<'a, Refusal>> {}

impl<T: Portable + for<'a> CheckBytes<LowValidator<'a, Refusal>>> Archive for T {}

/// A value of numbers and enumerations.
#[inline(always)]
fn value<T>(archived: &impl Deserialize<T, Strategy<(), Refusal>>) -> Result<T, Status> {
    deserialize(archived).map_err(|Refusal(status)| status)
}
