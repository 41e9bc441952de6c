//! What is particular about a plugin system.

use weft_link::Limits;

use crate::Calls;

/// What a plugin system says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The host's name.
    pub name: &'static str,
    /// The system's name, as its authors write it.
    pub system: &'static str,
    /// The versions of the system, its kit for plugins, and its engine.
    pub version: String,
    /// What it is set to, and which limits it keeps.
    pub settings: &'static str,
    /// Its own way between plugins, as a transport.
    pub transport: &'static str,
    /// How often the way copies a message or an answer: from the outbox of one to the bytes that the other reads.
    pub copies: u64,
}

/// A plugin system.
pub trait System {
    /// A plugin that is compiled.
    type Compiled;
    /// Two plugins that are loaded.
    type Pair: Pair + 'static;

    /// What it says of itself.
    fn about(&self) -> About;

    /// Compiles a plugin, which may take so much.
    ///
    /// # Errors
    /// Where the system refuses it.
    fn compile(&self, wasm: &[u8], limits: &Limits) -> anyhow::Result<Self::Compiled>;

    /// Loads a producer and a consumer, which share nothing.
    ///
    /// # Errors
    /// Where the system cannot load one.
    fn load(&self, producer: &Self::Compiled, consumer: &Self::Compiled, calls: Calls) -> anyhow::Result<Self::Pair>;
}

/// A producer and a consumer.
pub trait Pair {
    /// Lets the producer make its values, and where messages are answered the consumer its outbox; returns what the producer returned,
    /// or the negative code of a status; none where a plugin has no such functions. Once, before [`Pair::send`].
    ///
    /// # Errors
    /// Where a call fails.
    fn prepare(&mut self) -> anyhow::Result<Option<i64>>;

    /// Fetches message `number` from the producer and gives it to the consumer; where it is answered, gives the answer to the producer.
    ///
    /// # Errors
    /// Where a call fails.
    fn send(&mut self, number: u32) -> anyhow::Result<Sent>;
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// How many bytes the message had.
    pub wire_bytes: usize,
    /// What the consumer returned, or of an answer the producer: the digest, or the negative code of a status.
    pub result: i64,
}
