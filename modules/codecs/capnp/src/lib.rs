//! `capnp`: Cap'n Proto, unpacked and without framing: one segment, built and read where it lies.
#![forbid(unsafe_code)]

#[cfg(test)]
mod alone;
mod segment;
#[cfg(test)]
mod tests;

pub use segment::Segment;
use weft_guest::{Evolution, Release, Role, Traits, Validation};

/// A ping's writer and reader.
pub type PingWire = weft_guest_capnp::PingWire<Segment>;
/// A log's writer and reader.
pub type LogWire = weft_guest_capnp::LogWire<Segment>;
/// A mesh's writer and reader.
pub type MeshWire = weft_guest_capnp::MeshWire<Segment>;
/// A blob's writer and reader.
pub type BlobWire = weft_guest_capnp::BlobWire<Segment>;
/// A list of players' writer and reader.
pub type PlayerWire = weft_guest_capnp::PlayerWire<Segment>;

/// What this codec is.
pub const TRAITS: Traits = Traits {
    about: "Cap'n Proto, one unpacked segment without framing; each pointer checked when it is followed",
    role: Role::Codec,
    library: "capnp",
    release: Some(Release { version: "0.27.3", month: "2026-10", maintained: true }),
    schema: true,
    evolution: Evolution::WithSchema,
    self_describing: false,
    encodes: true,
    typed: false,
    in_place: true,
    validates: Validation::Lazily,
    scan_checks_utf8: false,
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
