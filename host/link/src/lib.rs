//! Links two WebAssembly modules in one host so that one hands messages to the other.
//!
//! A *guest* is a module that keeps to a small ABI (`docs/ABI.md`): a producer encodes messages into its outbox and calls one
//! import, a consumer exports what takes them. A *transport* is what stands behind that import.
#![deny(unsafe_code)]

mod counters;
mod engine;
pub mod guest;
pub mod meter;
pub mod module;
mod pair;
mod place;
mod setting;
pub mod transport;

pub use counters::Counters;
pub use engine::{Engine, Held, Limits, Store};
pub use pair::{Pair, PairSpec};
pub use place::{Holder, Place};
pub use setting::{DEFAULT, SETTINGS, Setting, features};
