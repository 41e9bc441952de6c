//! `capnp-packed`: Cap'n Proto, packed: bytes of zero are left out. A message is built beside the outbox and packed into it; the consumer
//! unpacks it into a buffer of its own, and reads it there. It is shorter than `capnp`'s, and nothing is read in place.
#![forbid(unsafe_code)]

mod buffer;
mod packed;
#[cfg(test)]
mod tests;

pub use packed::Packed;
use weft_guest::{Evolution, Release, Traits};

/// A ping's writer and reader.
pub type PingWire = weft_guest_capnp::PingWire<Packed>;
/// A log's writer and reader.
pub type LogWire = weft_guest_capnp::LogWire<Packed>;
/// A mesh's writer and reader.
pub type MeshWire = weft_guest_capnp::MeshWire<Packed>;
/// A blob's writer and reader.
pub type BlobWire = weft_guest_capnp::BlobWire<Packed>;
/// A list of players' writer and reader.
pub type PlayerWire = weft_guest_capnp::PlayerWire<Packed>;

/// What this codec is.
pub const TRAITS: Traits = Traits {
    about: "Cap'n Proto, packed; unpacked into a buffer, then each pointer checked when it is followed",
    library: "capnp",
    release: Some(Release { version: "0.27.3", month: "2026-10", maintained: true }),
    schema: true,
    evolution: Evolution::WithSchema,
    scan_checks_utf8: false,
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
