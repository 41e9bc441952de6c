//! `wit`: typed records, as the component model hands them over. A message is a `list<record>` in the layout of the canonical ABI: the
//! producer lays its records out, with strings where they are in its own values, and the engine's adapter checks and copies them into the
//! consumer's memory, each string and list into a piece that the consumer's allocator gives.
//!
//! What the consumer is given was checked by an adapter (`component`), or is the producer's own (`linked`): it checks nothing, and must
//! not run where messages are bytes.

#![allow(clippy::needless_lifetimes, reason = "one macro makes records that borrow and such that do not")]
#![allow(unexpected_cfgs, reason = "the macro asks for the feature `native`, which this codec cannot have")]

mod log;
mod lowered;
mod mesh;
#[cfg(all(target_arch = "wasm32", feature = "consumer", not(feature = "reply")))]
mod one_way;
mod player;
#[cfg(any(test, all(target_arch = "wasm32", feature = "reply", feature = "consumer")))]
mod replier;
#[cfg(all(target_arch = "wasm32", feature = "reply", feature = "producer"))]
mod requester;
#[cfg(test)]
mod tests;

use core::marker::PhantomData;

use lowered::{List, Lowered, Room};
#[cfg(all(target_arch = "wasm32", feature = "producer", not(feature = "reply")))]
use weft_guest::schemas::{Log, Mesh, Players};
use weft_guest::schemas::{Message, Outcome, Status};
use weft_guest::{Encode, Traits, Validation};

/// What this codec is.
pub const TRAITS: Traits = Traits {
    about: "typed records of the component model: its adapter checks and copies them, nothing is encoded as bytes",
    schema: true,
    in_place: true,
    typed: true,
    validates: Validation::UpFront,
    unsupported: &[
        ("ping", "a record alone is passed as parameters of its own, and not as a pointer and a length"),
        ("blob", "a list of bytes is what every codec's message is over component"),
        (
            "transport:linked/own",
            "the strings are the producer's: taking them over would copy them, as the codec bytes does",
        ),
        (
            "transport:linked/reply",
            "the records are the producer's: the value that is answered would be a copy of them, as that of the codec bytes is",
        ),
        ("host:native", "the component model is WebAssembly's"),
    ],
    ..Traits::USUAL
};

/// The types of the messages, for the transport that composes components: see docs/ABI.md, "Typed messages".
#[cfg(target_arch = "wasm32")]
const _: () = {
    #[allow(dead_code, reason = "who composes components reads it in the module")]
    #[unsafe(link_section = "weft.types")]
    static TYPES: [u8; include_bytes!("types.txt").len()] = *include_bytes!("types.txt");
};

/// A message that is a list of records.
pub trait Carried: Message {
    /// A record as it lies in memory.
    type Record: Lowered + 'static;

    /// The plain records.
    fn values(&self) -> &[<Self::Record as Lowered>::Value];

    /// What the lists in a record take at most, in bytes.
    fn room(value: &<Self::Record as Lowered>::Value) -> usize;

    /// The message with these records.
    fn of(values: Vec<<Self::Record as Lowered>::Value>) -> Self;

    /// The digest of a peek at a record.
    fn peek(record: &Self::Record) -> u64;

    /// The digest of all records.
    ///
    /// # Errors
    /// None that an adapter lets through.
    fn scan<'a>(records: impl Iterator<Item = <Self::Record as Lowered>::Read<'a>>) -> Outcome;
}

/// The writer of a message.
pub struct Wire<M>(&'static mut [u8], PhantomData<fn() -> M>);

impl<M: Carried> Encode for Wire<M> {
    type Message = M;

    fn capacity(messages: &[M]) -> usize {
        let lists = |message: &M| message.values().iter().map(M::room).sum::<usize>();
        let of = |message: &M| Room::most::<M::Record>(message.values().len()) + lists(message);
        messages.iter().map(of).max().unwrap_or(0)
    }

    fn start(outbox: &'static mut [u8], _: &[M]) -> Result<Self, Status> {
        Ok(Self(outbox, PhantomData))
    }

    /// The message is where the outbox begins, and its length is the number of its records.
    #[inline(always)]
    fn encode(&mut self, _: usize, message: &M) -> Result<&[u8], Status> {
        let values = message.values();
        let _: List<M::Record> = Room::of(self.0).list(values)?;
        self.0.get(..values.len()).ok_or(Status::Capacity)
    }
}

weft_guest::codec! { traits: TRAITS, log: Wire<Log> {}, mesh: Wire<Mesh> {}, player: Wire<Players> {} }
