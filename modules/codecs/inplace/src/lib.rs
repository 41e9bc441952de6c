//! `inplace`: nothing is turned into anything. A message lives in the outbox in a fixed layout with
//! relative offsets, which both guests work on. The producer builds its messages there once, and
//! before each send changes a field of the one it sends; the consumer reads what the producer works
//! on. Over `window` and `linked` no byte of it is copied from end to end.
//!
//! All numbers are little-endian and lie at multiples of their size; a message starts at a multiple
//! of 64. What a message can hold is fixed when it is built: a string can be changed in place, but not
//! grow beyond its bytes.

mod blob;
mod log;
mod mesh;
mod ping;
mod player;
mod slots;

pub use blob::BlobWire;
pub use log::LogWire;
pub use mesh::MeshWire;
pub use ping::PingWire;
pub use player::PlayerWire;

use weft_guest::{Evolution, Role, Traits, Validation};

/// What this codec is.
pub const TRAITS: Traits = Traits {
    about: "the value lives in the outbox in a fixed layout with relative offsets; nothing is encoded",
    role: Role::Codec,
    library: "",
    release: None,
    schema: false,
    evolution: Evolution::No,
    self_describing: false,
    encodes: false,
    typed: false,
    in_place: true,
    validates: Validation::Lazily,
    scan_checks_utf8: false,
    trailing_bytes: true,
    reuses_buffers: true,
    trusts_lengths: 0,
    unsupported: &[
        ("*", "each message has wire types of its own here, and none are written for it"),
        ("reply", "it encodes nothing, so that there is no answer to encode"),
    ],
};

weft_guest::codec! {
    traits: TRAITS,
    ping: PingWire { peek, scan, own },
    log: LogWire { peek, scan, own },
    mesh: MeshWire { peek, scan, own },
    blob: BlobWire { peek, scan, own },
    player: PlayerWire { peek, scan, own },
}

#[cfg(test)]
mod tests;
