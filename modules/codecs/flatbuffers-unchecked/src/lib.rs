//! `flatbuffers-unchecked`: the messages of `flatbuffers`, read without a look at whether they are any: what reading costs where the sender is
//! trusted. Bytes that are no message are undefined behaviour. `own` checks the strings, as it does in every codec.
#![deny(unsafe_code)]

#[cfg(test)]
mod tests;
#[allow(unsafe_code, reason = "nobody verifies, which is what this codec is about")]
mod unchecked;

pub use unchecked::Unchecked;
use weft_guest::{Evolution, Release, Traits, Validation};

/// A ping's writer and reader.
pub type PingWire = weft_guest_flatbuffers::PingWire<Unchecked>;
/// A log's writer and reader.
pub type LogWire = weft_guest_flatbuffers::LogWire<Unchecked>;
/// A mesh's writer and reader.
pub type MeshWire = weft_guest_flatbuffers::MeshWire<Unchecked>;
/// A blob's writer and reader.
pub type BlobWire = weft_guest_flatbuffers::BlobWire<Unchecked>;
/// A list of players' writer and reader.
pub type PlayerWire = weft_guest_flatbuffers::PlayerWire<Unchecked>;

/// What this codec is.
pub const TRAITS: Traits = Traits {
    about: "FlatBuffers without a verifier: bytes that are no message are undefined behaviour",
    library: "flatbuffers",
    release: Some(Release { version: "25.12.19", month: "2025-12", maintained: true }),
    schema: true,
    evolution: Evolution::WithSchema,
    in_place: true,
    validates: Validation::None,
    scan_checks_utf8: false,
    trailing_bytes: true,
    unsupported: &[("*", "each message has wire types of its own here, and none are written for it")],
    ..Traits::USUAL
};

weft_guest::codec! {
    traits: TRAITS,
    ping: PingWire { peek, scan, own },
    log: LogWire { peek, scan, own },
    mesh: MeshWire { peek, scan, own },
    blob: BlobWire { peek, scan, own },
    player: PlayerWire { peek, scan, own },
}
