//! What exact figures are: counts per message that are the same on every run and every machine.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The exact figures of a cell, per message: means over whole rotations in the steady state. What the
/// transport copies and crosses is beside them in the cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Exact {
    /// What the producer does for a message.
    pub producer: GuestFigures,
    /// What the consumer does for a message.
    pub consumer: GuestFigures,
    /// Bytes copied between the guests by the host or the adapter.
    pub transport_copied_bytes: f64,
    /// Wire bytes ÷ payload bytes.
    pub wire_overhead: f64,
    /// Where the payload newly exists after a `send`, and how often: place → number of copies. None where
    /// the wire form hides the pattern that is searched for.
    pub payload_found_in: Option<BTreeMap<String, u64>>,
    /// The sum of these: copies of the payload beyond the producer's value.
    pub copies: Option<u64>,
    /// Why there is no number of copies.
    pub copies_unknown: Option<String>,
    /// Whether the transport takes memory from the consumer for each message: the consumer's figures are then of this transport alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub takes_memory: bool,
    /// Whether the guests' allocators never came back to a state in which a rotation does the same again (the guests' figures are then the
    /// smallest of many rotations), or came to another one than over the transports counted before: the guests' figures are of this
    /// transport alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unsettled: bool,
}

impl Exact {
    /// All bytes that are read and written for a message, by both guests and the transport, in bytes: a
    /// copy moves each byte twice.
    pub fn moved_bytes(&self) -> f64 {
        let guest = |guest: &GuestFigures| guest.bytes_read.total() + guest.bytes_written.total();
        guest(&self.producer) + guest(&self.consumer) + 2.0 * self.transport_copied_bytes
    }

    /// WebAssembly operators that both guests execute for a message.
    pub fn instructions(&self) -> f64 {
        self.producer.instructions + self.consumer.instructions
    }

    /// Allocations of both guests for a message. None where a guest does not say.
    pub fn allocations(&self) -> Option<f64> {
        Some(self.producer.allocations? + self.consumer.allocations?)
    }
}

/// What one guest does for a message.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct GuestFigures {
    /// WebAssembly operators executed.
    pub instructions: f64,
    /// Functions of the guest entered.
    pub calls: f64,
    /// Bytes loaded from its memory, by region.
    pub bytes_read: ByRegion,
    /// Bytes stored to its memory, by region.
    pub bytes_written: ByRegion,
    /// Calls of the guest's allocator for new or more memory. None where the guest does not export it.
    pub allocations: Option<f64>,
    /// The bytes that these asked for.
    pub allocated_bytes: Option<f64>,
    /// By how many bytes it grew its memory.
    pub memory_grown: f64,
}

/// Bytes by where in a guest's memory they lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ByRegion {
    /// The shadow stack: what the compiler keeps in memory of a function's locals.
    pub shadow_stack: f64,
    /// Static data: constants and variables.
    pub static_data: f64,
    /// Everything else, which is the allocator's.
    pub heap: f64,
    /// The producer's outbox; of a replier its own.
    pub outbox: f64,
    /// Where the consumer finds the message: its inbox, or under a transport that has none the outbox. Of a requester, where it finds the
    /// answer.
    pub inbox: f64,
}

impl ByRegion {
    /// All regions together.
    pub fn total(&self) -> f64 {
        self.shadow_stack + self.static_data + self.heap + self.outbox + self.inbox
    }
}
