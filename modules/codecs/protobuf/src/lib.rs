//! `protobuf`: Protocol Buffers through prost. A message is a struct of prost's, which the value is copied into before it is encoded, and
//! which is decoded whole before a field is read.
//!
//! Whoever uses prost all through has its structs as values. There encoding starts at the struct: the copy falls away, and with it
//! the list of records and ten strings for each that `set` fills; so does the conversion in `own`. What is measured here is prost
//! at the border of a program that has types of its own: prost's derive takes no `u16` and no enumeration of another crate, so it cannot stand
//! at the messages' own types.
//!
//! The fast path of the library: a struct for all messages, refilled or cleared and merged into, so that its lists and, where they are
//! filled from a value, its strings keep their memory; the outbox as the buffer; a blob as `Bytes` where it is decoded, which is one copy
//! less than into a `Vec`. prost has no limit for lists: a record that says nothing takes two bytes in a message and some two hundred as a
//! struct.
#![forbid(unsafe_code)]

#[cfg(test)]
mod alone;
mod blob;
mod log;
mod mesh;
mod ping;
mod player;
#[cfg(test)]
mod tests;
mod wire;

pub use blob::BlobWire;
pub use log::LogWire;
pub use mesh::MeshWire;
pub use ping::PingWire;
pub use player::PlayerWire;
use weft_guest::{Evolution, Release, Traits};

/// What this codec is.
pub const TRAITS: Traits = Traits {
    about: "Protocol Buffers through prost; the value is copied into its structs and out of them",
    library: "prost",
    release: Some(Release { version: "0.14.6", month: "2026-11", maintained: true }),
    schema: true,
    evolution: Evolution::WithSchema,
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
