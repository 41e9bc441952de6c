//! `rkyv`: archives that are read where they lie, each checked as a whole before the first field is read.
#![forbid(unsafe_code)]

#[cfg(test)]
mod alone;
mod checked;
#[cfg(test)]
mod tests;

pub use checked::Checked;
use weft_guest::{Release, Traits, Validation};

/// A ping's writer and reader.
pub type PingWire = weft_guest_rkyv::PingWire<Checked>;
/// A log's writer and reader.
pub type LogWire = weft_guest_rkyv::LogWire<Checked>;
/// A mesh's writer and reader.
pub type MeshWire = weft_guest_rkyv::MeshWire<Checked>;
/// A blob's writer and reader.
pub type BlobWire = weft_guest_rkyv::BlobWire<Checked>;
/// The writer and reader of players.
pub type PlayerWire = weft_guest_rkyv::PlayerWire<Checked>;

/// What this codec is.
pub const TRAITS: Traits = Traits {
    about: "rkyv, the whole archive checked before it is read",
    library: "rkyv",
    release: Some(Release { version: "0.8.18", month: "2026-08", maintained: true }),
    in_place: true,
    validates: Validation::UpFront,
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
