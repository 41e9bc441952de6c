//! The messages that weft sends, and everything both sides must agree on about them.
//!
//! Host and guests compile this same crate: the types, the seeded generators, the digest of each
//! [`Task`] and the [`Status`] codes. The host computes natively, without any codec, the digest
//! that each task must return; a guest returns what it read.
//!
//! A message is one module, whose type implements [`Message`], and one line in the table of `messages!`. From that table come
//! [`KINDS`], and [`with_messages!`] for whoever has something to make for each message.
// Not forbidden: what some libraries derive is unsafe.
#![deny(unsafe_code)]

pub mod blob;
mod derives;
pub mod digest;
mod edges;
mod enumeration;
#[cfg(feature = "layout")]
mod layout;
pub mod log;
pub mod mesh;
mod message;
pub mod ping;
pub mod player;
mod random;
mod sequence;
pub mod shape;
mod status;
mod table;
mod task;
mod text;
pub mod trace;
#[cfg(feature = "tree")]
pub mod tree;
mod watermark;

pub use digest::Digest;
pub use edges::EDGES;
pub use log::LogRecord;
pub use mesh::Triangle;
pub use message::{Kind, Message, Tried};
pub use player::Player;
pub use random::Random;
pub use sequence::{Lazy, Sequence};
pub use status::{Outcome, Status};
pub use task::Task;
pub use text::Text;
pub use watermark::{WATERMARKED, Watermark};

table::messages! {
    ping: Ping,
    log: Log,
    mesh: Mesh,
    blob: Blob,
    player: Players,
}

/// A generator seed with this bit set makes *wild* messages: empty, long and non-ASCII strings,
/// extreme numbers. Tests use it; the bench measures the ordinary ones.
pub const WILD: u64 = 1 << 63;
