//! The messages that weft sends, and everything both sides must agree on about them.
//!
//! Host and guests compile this same crate: the types, the seeded generators, the digest of each
//! [`Task`] and the [`Status`] codes. The host computes natively, without any codec, the digest
//! that each task must return; a guest returns what it read.
//!
//! A message is one file: its type implements [`Message`] and has a line in [`KINDS`].
// Not forbidden: what some libraries derive is unsafe.
#![deny(unsafe_code)]

pub mod blob;
mod derives;
pub mod digest;
mod edges;
pub mod log;
pub mod mesh;
mod message;
pub mod ping;
mod random;
mod status;
mod task;
mod text;
pub mod trace;
#[cfg(feature = "tree")]
pub mod tree;
mod watermark;

pub use blob::Blob;
pub use digest::Digest;
pub use edges::EDGES;
pub use log::{Log, LogRecord};
pub use mesh::{Mesh, Triangle};
pub use message::{Kind, Message};
pub use ping::Ping;
pub use random::Random;
pub use status::{Outcome, Status};
pub use task::Task;
pub use text::Text;
pub use watermark::{WATERMARKED, Watermark};

/// Every kind of message, in the order of reports.
pub const KINDS: &[Kind] = &[Kind::of::<Ping>(), Kind::of::<Log>(), Kind::of::<Mesh>(), Kind::of::<Blob>()];

/// A generator seed with this bit set makes *wild* messages: empty, long and non-ASCII strings,
/// extreme numbers. Tests use it; the bench measures the ordinary ones.
pub const WILD: u64 = 1 << 63;
