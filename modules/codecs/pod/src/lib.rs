//! `pod`: plain old data through zerocopy: types of a fixed layout, which are the message. What is not of a fixed size has none.
//! The numbers are zerocopy's little-endian ones, so that a message is the same on every machine.
#![forbid(unsafe_code)]

mod blob;
mod mesh;
mod ping;
#[cfg(test)]
mod tests;

pub use blob::BlobWire;
pub use mesh::MeshWire;
pub use ping::PingWire;
use weft_guest::{Release, Traits};

/// What this codec is.
pub const TRAITS: Traits = Traits {
    about: "plain old data through zerocopy: types of a fixed layout, read in place",
    library: "zerocopy",
    release: Some(Release { version: "0.8.63", month: "2026-10", maintained: true }),
    in_place: true,
    scan_checks_utf8: false,
    unsupported: &[("*", "it has strings or options, and what has no fixed size has no fixed layout")],
    ..Traits::USUAL
};

weft_guest::codec! {
    traits: TRAITS,
    ping: PingWire { peek, scan, own },
    mesh: MeshWire { peek, scan, own },
    blob: BlobWire { peek, scan, own },
}
