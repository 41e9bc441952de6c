//! `flatbuffers`: FlatBuffers, built into the outbox and verified before the first field is read.
#![deny(unsafe_code)]

mod blob;
mod log;
mod mesh;
#[allow(unsafe_code, reason = "an allocator is an unsafe trait")]
mod outbox;
mod ping;
#[cfg(test)]
mod tests;
mod verify;

pub use blob::BlobWire;
pub use log::LogWire;
pub use mesh::MeshWire;
pub use ping::PingWire;
use weft_guest::{Evolution, Release, Role, Traits, Validation};

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
    in_place: true,
    validates: Validation::UpFront,
    scan_checks_utf8: true,
    trailing_bytes: false,
    reuses_buffers: true,
    unsupported: &[],
};

weft_guest::codec! {
    traits: TRAITS,
    ping: PingWire { peek, scan, own },
    log: LogWire { peek, scan, own },
    mesh: MeshWire { peek, scan, own },
    blob: BlobWire { peek, scan, own },
}
