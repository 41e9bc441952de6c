//! `bytes`: a hand-rolled layout. What somebody writes who wants no library, done carefully: fields in
//! fixed places, strings behind them, read where they lie. Each message's layout is documented, byte
//! by byte, in its module. All numbers are little-endian; a message starts at a multiple of 8.

mod blob;
mod log;
mod mesh;
mod ping;
mod player;
mod wire;

pub use blob::BlobWire;
pub use log::LogWire;
pub use mesh::MeshWire;
pub use ping::PingWire;
pub use player::PlayerWire;

use weft_guest::{Evolution, Role, Traits, Validation};

/// What this codec is.
pub const TRAITS: Traits = Traits {
    about: "a hand-rolled layout: fixed fields, then strings; read in place",
    role: Role::Codec,
    library: "",
    release: None,
    schema: false,
    evolution: Evolution::No,
    self_describing: false,
    encodes: true,
    typed: false,
    in_place: true,
    validates: Validation::Lazily,
    scan_checks_utf8: false,
    trailing_bytes: false,
    reuses_buffers: true,
    trusts_lengths: 0,
    unsupported: &[],
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
