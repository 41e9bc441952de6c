//! Links two WebAssembly modules in one host so that one hands messages to the other.
//!
//! A *guest* is a module that keeps to a small ABI (`docs/ABI.md`): it imports its memory; a producer writes messages into
//! its *outbox* and calls one import, `weft.send`; a consumer exports what takes them, and has an *inbox*. A
//! [*transport*](transport) is what stands behind that import. The guests are the same under every transport; what
//! differs is what a message costs, and what the two can reach of each other ([`transport::Isolation`]).
//!
//! Two modules of your own, joined twice. Over `adapter` neither can reach the other's memory, and each message is copied
//! once. Over `pane` outbox and inbox are the same pages, and nothing is copied.
//!
//! ```
//! use weft_link::guest::{Compiled, Guest, GuestName, Side};
//! use weft_link::{Engine, PairSpec, transport};
//!
//! /// Sends the number of each note as its eight bytes.
//! const PRODUCER: &str = r#"(module
//!   (import "env" "memory" (memory 1))
//!   (import "weft" "send" (func $send (param $ptr i32) (param $len i32) (result i64)))
//!   (global $outbox (mut i32) (i32.const 0))
//!   ;; What the outbox must hold, in bytes.
//!   (func (export "prepare_note") (param $size i32) (param $messages i32) (param $seed i64) (result i64) (i64.const 8))
//!   ;; A fresh piece of memory, in whole pages, which stays where it is.
//!   (func (export "outbox") (param $capacity i32) (result i64)
//!     (global.set $outbox (i32.shl (memory.grow (i32.shr_u (local.get $capacity) (i32.const 16))) (i32.const 16)))
//!     (i64.extend_i32_u (global.get $outbox)))
//!   ;; Sends `count` notes from number `first` on; returns the sum of what the consumer answers.
//!   (func (export "produce_note") (param $first i32) (param $count i32) (result i64) (local $sum i64)
//!     (loop $again
//!       (i64.store (global.get $outbox) (i64.extend_i32_u (local.get $first)))
//!       (local.set $sum (i64.add (local.get $sum) (call $send (global.get $outbox) (i32.const 8))))
//!       (local.set $first (i32.add (local.get $first) (i32.const 1)))
//!       (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
//!     (local.get $sum)))"#;
//!
//! /// Reads a note, and answers with its number.
//! const CONSUMER: &str = r#"(module
//!   (import "env" "memory" (memory 1))
//!   (func (export "inbox") (param $capacity i32) (result i64)
//!     (i64.extend_i32_u (i32.shl (memory.grow (i32.shr_u (local.get $capacity) (i32.const 16))) (i32.const 16))))
//!   (func (export "receive_note_read") (param $ptr i32) (param $len i32) (result i64) (i64.load (local.get $ptr))))"#;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let engine = Engine::default();
//! let guest = |side, text: &str| Guest::read(GuestName { codec: "note".to_owned(), side }, text.as_bytes());
//! let guests = Compiled::new(&engine, &guest(Side::Producer, PRODUCER)?, &guest(Side::Consumer, CONSUMER)?)?;
//! let spec = PairSpec { engine: &engine, guests: &guests, message: "note", size: 1, task: "read", rotation: 1, seed: 0, values: None };
//! for (name, copies) in [("adapter", 1), ("pane", 0)] {
//!     let transport = transport::by_name(name).ok_or("there is no such transport")?;
//!     if transport.supported().is_ok() {
//!         let mut pair = transport.join(&spec)?;
//!         // Notes 5, 6 and 7.
//!         assert_eq!(pair.produce(5, 3)?, 18);
//!         assert_eq!(pair.counters().copies, 3 * copies);
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Guests are not trusted. A send outside the outbox, a trap, a status or a region that is none is an error that names the
//! guest ([`guest::GuestError`]), and every store has [`Limits`]. What a guest cannot be kept from is to take time: that is
//! for whoever calls to watch.
#![deny(unsafe_code)]

/// The example of the document is built and run.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/TRANSPORTS.md")]
struct Transports;

mod artifact;
mod counters;
mod engine;
#[cfg(feature = "async")]
mod fiber;
pub mod guest;
mod inset;
mod limiter;
pub mod meter;
pub mod module;
mod pair;
mod place;
mod setting;
mod shims;
pub mod transport;

pub use artifact::{Artifact, Artifacts};
pub use counters::Counters;
pub use engine::{Engine, Held, Limits, Look, Store};
pub use inset::Inset;
pub use pair::{LayOut, Pair, PairSpec, REPLY};
pub use place::{Holder, Place};
pub use setting::{DEFAULT, SETTINGS, Setting, features};
