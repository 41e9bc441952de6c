//! weft's host of native guests: each codec's crate as two dynamic libraries, joined by plain calls.
//!
//! It has one transport, `linked`: the producer's `send` is the consumer's `receive`, and nothing isolates them. What a cell
//! costs here beside what it costs in weft's own host is what WebAssembly costs that codec.

mod error;
mod exchange;
mod host;
mod library;
mod memory;
mod pair;

pub use error::NativeError;
pub use exchange::Exchange;
pub use host::Native;
pub use library::GuestFile;
pub use pair::{Pair, PairSpec};
