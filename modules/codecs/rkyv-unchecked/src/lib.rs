//! `rkyv-unchecked`: the archives of `rkyv`, read without a look at whether they are any: what reading costs where the sender is trusted. Bytes
//! that are no archive are undefined behaviour. `own` checks the strings, as it does in every codec.
#![deny(unsafe_code)]

#[cfg(test)]
mod tests;
#[allow(unsafe_code, reason = "nobody checks, which is what this codec is about")]
mod unchecked;

pub use unchecked::Unchecked;
use weft_guest::{Release, Traits, Validation};

/// A ping's writer and reader.
pub type PingWire = weft_guest_rkyv::PingWire<Unchecked>;
/// A log's writer and reader.
pub type LogWire = weft_guest_rkyv::LogWire<Unchecked>;
/// A mesh's writer and reader.
pub type MeshWire = weft_guest_rkyv::MeshWire<Unchecked>;
/// A blob's writer and reader.
pub type BlobWire = weft_guest_rkyv::BlobWire<Unchecked>;
/// The writer and reader of players.
pub type PlayerWire = weft_guest_rkyv::PlayerWire<Unchecked>;

/// What this codec is.
pub const TRAITS: Traits = Traits {
    about: "rkyv without a check: bytes that are no archive are undefined behaviour",
    library: "rkyv",
    release: Some(Release { version: "0.8.18", month: "2026-08", maintained: true }),
    in_place: true,
    validates: Validation::None,
    scan_checks_utf8: false,
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
