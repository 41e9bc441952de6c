//! `flatbuffers`: FlatBuffers, built into the outbox and verified before the first field is read.
#![forbid(unsafe_code)]

#[cfg(test)]
mod alone;
#[cfg(test)]
mod tests;
mod verify;

pub use verify::Verified;
use weft_guest::{Evolution, Release, Role, Traits, Validation};

/// A ping's writer and reader.
pub type PingWire = weft_guest_flatbuffers::PingWire<Verified>;
/// A log's writer and reader.
pub type LogWire = weft_guest_flatbuffers::LogWire<Verified>;
/// A mesh's writer and reader.
pub type MeshWire = weft_guest_flatbuffers::MeshWire<Verified>;
/// A blob's writer and reader.
pub type BlobWire = weft_guest_flatbuffers::BlobWire<Verified>;
/// A list of players' writer and reader.
pub type PlayerWire = weft_guest_flatbuffers::PlayerWire<Verified>;

/// What this codec is.
pub const TRAITS: Traits = Traits {
    about: "FlatBuffers, the whole message verified before it is read",
    role: Role::Codec,
    library: "flatbuffers",
    release: Some(Release { version: "25.12.19", month: "2025-12", maintained: true }),
    schema: true,
    evolution: Evolution::WithSchema,
    self_describing: false,
    encodes: true,
    typed: false,
    in_place: true,
    validates: Validation::UpFront,
    scan_checks_utf8: true,
    trailing_bytes: true,
    reuses_buffers: true,
    trusts_lengths: 0,
    unsupported: &[("*", "each message has wire types of its own here, and none are written for it")],
};

weft_guest::codec! {
    traits: TRAITS,
    ping: PingWire { peek, scan, own },
    log: LogWire { peek, scan, own },
    mesh: MeshWire { peek, scan, own },
    blob: BlobWire { peek, scan, own },
    player: PlayerWire { peek, scan, own },
}
