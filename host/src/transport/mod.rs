//! Transports: what stands behind the producer's one import, `weft.send`.
//!
//! The guests are the same under every transport; a transport is a way to link them. Each is one file
//! that implements [`Transport`], and a line in [`TRANSPORTS`].

mod adapter;
mod direct;
mod linked;
mod place;
mod relay;
mod stores;
mod window;

use std::fmt;
use std::ops::Sub;

use serde::{Deserialize, Serialize};
use wasmtime::{AsContextMut, Engine};
use weft_schemas::Task;

pub use place::{Holder, Place};

use crate::guest::{Compiled, Consumer, GuestError, Producer, Reading};
use crate::run::MessageId;

/// Every transport, in the order of reports: from the most copies to the fewest.
pub static TRANSPORTS: &[&dyn Transport] =
    &[&relay::Relay, &direct::Direct, &adapter::Adapter, &window::Window, &linked::Linked];

/// The transport with this name.
pub fn by_name(name: &str) -> Option<&'static dyn Transport> {
    TRANSPORTS.iter().copied().find(|transport| transport.name() == name)
}

/// What of each other's memory the two guests can reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Isolation {
    /// Nothing.
    Full,
    /// The window, and nothing else.
    Window,
    /// Everything.
    None,
}

impl Isolation {
    /// All classes, from the strongest.
    pub const ALL: [Self; 3] = [Self::Full, Self::Window, Self::None];

    /// The word in tables and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Window => "window",
            Self::None => "none",
        }
    }
}

impl fmt::Display for Isolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What to join: the guests, and what they are to exchange.
#[derive(Clone, Copy)]
pub struct PairSpec<'a> {
    /// The engine that compiled the guests.
    pub engine: &'a Engine,
    /// The codec's two modules.
    pub guests: &'a Compiled,
    /// What the producer sends.
    pub message: MessageId,
    /// What the consumer does with it.
    pub task: Task,
    /// How many different messages the producer rotates through.
    pub rotation: u32,
    /// What the messages are generated from.
    pub seed: u64,
}

impl PairSpec<'_> {
    /// The consumer's export that takes these messages.
    pub fn receive(&self) -> String {
        format!("receive_{}_{}", self.message.kind.name, self.task)
    }
}

/// A way to link two guests.
pub trait Transport: Sync {
    /// Its name in cells and reports.
    fn name(&self) -> &'static str;

    /// What it isolates.
    fn isolation(&self) -> Isolation;

    /// One line for `weft list`.
    fn about(&self) -> &'static str;

    /// Whether it works on this system; otherwise why not.
    fn supported(&self) -> Result<(), String> {
        Ok(())
    }

    /// Instantiates both guests, prepares their messages and regions, and joins them.
    ///
    /// # Errors
    /// Where a guest is at fault, or the system refuses what the transport needs.
    fn join(&self, spec: &PairSpec<'_>) -> Result<Box<dyn Pair>, GuestError>;
}

/// A producer and a consumer, joined.
pub trait Pair {
    /// Lets the producer encode and send `count` messages, from number `first` of its rotation on;
    /// returns the sum of the consumer's digests modulo 2⁶³.
    ///
    /// # Errors
    /// Where either guest traps, returns a status, or sends what is not in its outbox.
    fn produce(&mut self, first: u32, count: u32) -> Result<u64, GuestError>;

    /// What has been copied and crossed so far.
    fn counters(&mut self) -> Counters;

    /// What the meters of producer and consumer show; none where the guests are not metered.
    fn meters(&mut self) -> Option<[Reading; 2]>;

    /// Shows `look` every memory and every buffer of the host through which messages go: all places where
    /// the transport, or a guest that is metered, may leave a copy. Guests must be metered.
    fn places(&mut self, look: &mut dyn FnMut(Place<'_>));
}

/// What the meters of two guests of one store show.
fn meters(mut store: impl AsContextMut, producer: &Producer, consumer: &Consumer) -> Option<[Reading; 2]> {
    Some([producer.meter.as_ref()?.read(&mut store), consumer.meter.as_ref()?.read(store)])
}

/// Totals of a pair since it was joined, counted where things happen.
///
/// The host's call of `produce` itself is not counted: the loop runs inside the producer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Payload copies made by the host or an adapter.
    pub copies: u64,
    /// Bytes copied by them.
    pub copied_bytes: u64,
    /// Calls from the host into a guest.
    pub host_to_wasm: u64,
    /// Calls from a guest into the host.
    pub wasm_to_host: u64,
    /// Calls from one module into another without the host.
    pub wasm_to_wasm: u64,
}

impl Sub for Counters {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        Self {
            copies: self.copies - earlier.copies,
            copied_bytes: self.copied_bytes - earlier.copied_bytes,
            host_to_wasm: self.host_to_wasm - earlier.host_to_wasm,
            wasm_to_host: self.wasm_to_host - earlier.wasm_to_host,
            wasm_to_wasm: self.wasm_to_wasm - earlier.wasm_to_wasm,
        }
    }
}

impl Counters {
    /// The one way in which a host transport copies a payload: it counts.
    #[inline(always)]
    fn copy(&mut self, from: &[u8], to: &mut [u8]) {
        to.copy_from_slice(from);
        self.copies += 1;
        self.copied_bytes += from.len() as u64;
    }

    /// A message that came to the host and went on to the consumer.
    #[inline(always)]
    fn through_host(&mut self) {
        self.wasm_to_host += 1;
        self.host_to_wasm += 1;
    }
}
