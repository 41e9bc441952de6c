//! A pair: what is joined, and what can be asked of it then.

use crate::counters::Counters;
use crate::engine::Engine;
use crate::guest::{Compiled, GuestError};
use crate::meter::Counts;
use crate::place::Place;

/// What to join: the guests, and what they are to exchange.
#[derive(Clone, Copy)]
pub struct PairSpec<'a> {
    /// The engine that compiled the guests.
    pub engine: &'a Engine,
    /// The two guests.
    pub guests: &'a Compiled,
    /// What the producer sends: the part of its exports' names behind `prepare_` and `produce_`.
    pub message: &'a str,
    /// How many elements such a message has; what that means is the producer's business.
    pub size: u32,
    /// What the consumer does with it: its export is `receive_<message>_<task>`. Where it is [`REPLY`], that returns the place of an
    /// answer in place of a digest, and the producer is a requester: its export is `request_<message>`.
    pub task: &'a str,
    /// How many different messages the producer rotates through.
    pub rotation: u32,
    /// What the messages are generated from.
    pub seed: u64,
    /// What lays values out for a producer that is handed them (`supply_<message>`); none where the host has none.
    pub values: Option<LayOut>,
}

/// The task whose messages are answered (docs/ABI.md, "Replies").
pub const REPLY: &str = "reply";

/// Appends value number `index` of a seed, in a layout that the producer knows: `(seed, index, size, out)`.
pub type LayOut = fn(u64, u32, u32, &mut Vec<u8>);

impl PairSpec<'_> {
    /// The consumer's export that takes these messages.
    pub fn receive(&self) -> String {
        format!("receive_{}_{}", self.message, self.task)
    }

    /// The producer's export that sends these messages.
    pub fn send(&self) -> String {
        format!("{}_{}", if self.replies() { "request" } else { "produce" }, self.message)
    }

    /// Whether each message is answered.
    pub fn replies(&self) -> bool {
        self.task == REPLY
    }
}

/// A producer and a consumer, joined.
pub trait Pair {
    /// Lets the producer encode and send `count` messages, from number `first` of its rotation on;
    /// returns the sum of the consumer's digests modulo 2⁶³, or of those of the answers.
    ///
    /// # Errors
    /// Where either guest traps, returns a status, or sends what is not in its outbox.
    fn produce(&mut self, first: u32, count: u32) -> Result<u64, GuestError>;

    /// What has been copied and crossed so far.
    fn counters(&mut self) -> Counters;

    /// What the meters of producer and consumer show; none where the guests are not metered.
    fn meters(&mut self) -> Option<[Counts; 2]>;

    /// Shows `look` every memory and every buffer of the host through which messages go: all places where
    /// the transport, or a guest that is metered, may leave a copy. Guests must be metered.
    fn places(&mut self, look: &mut dyn FnMut(Place<'_>));
}
