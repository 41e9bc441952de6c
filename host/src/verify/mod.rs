//! Verification: every cell must return the digests that the host computes without any codec.

mod expected;
mod field;

use serde::{Deserialize, Serialize};
use weft_link::guest::{GuestError, listen};
use weft_link::transport::by_name;
use weft_link::{Pair, PairSpec};
use weft_schemas::Task;

pub use expected::{Expectations, Expected, payload_bytes};
pub use field::{Finding, Given, Part};

use crate::cell::{Cell, MessageId, SEED};

/// Why a cell is not verified.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what the fields are")]
pub enum Wrong {
    #[error("message {index} of {rotation}: the digest is {found:#018x}, but must be {expected:#018x}")]
    Digest { index: u32, rotation: u32, found: u64, expected: u64 },
    #[error("{count} messages from number {first} on: the digests sum to {found:#018x}, but must to {expected:#018x}")]
    Sum { first: u32, count: u32, found: u64, expected: u64 },
    #[error("its counts differ from rotation to rotation, and there is no steady state to count")]
    Unsteady,
    /// Over `linked` nobody stands between the guests who would know.
    #[error("the digests of {messages} messages are right, but none of them came to the transport")]
    Unsent { messages: u32 },
    #[error("the counters are uneven: {total} {what} in {messages} messages")]
    Uneven { what: &'static str, total: u64, messages: u64 },
    #[error("the host has no digest for {message}/{task}: {reason}")]
    NoDigest { message: MessageId, task: Task, reason: String },
    #[error(transparent)]
    Guest(#[from] GuestError),
}

/// The number of the message and the digest that came of it, of what a host says of a wrong one: [`Wrong::Digest`] in words.
pub fn wrong_digest(said: &str) -> Option<(u32, u64)> {
    let (index, rest) = said.strip_prefix("message ")?.split_once(" of ")?;
    let (found, _) = rest.split_once("the digest is 0x")?.1.split_once(", but must be ")?;
    Some((index.parse().ok()?, u64::from_str_radix(found, 16).ok()?))
}

/// Crossings per message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Crossings {
    /// Calls from the host into a guest.
    pub host_to_wasm: u64,
    /// Calls from a guest into the host.
    pub wasm_to_host: u64,
    /// Calls from one module into another without the host.
    pub wasm_to_wasm: u64,
}

/// What verification finds out about a cell beside that it is right, per message. A host may not count all of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Verified {
    /// The bytes that its codec makes of a message, mean over the rotation.
    pub wire_bytes: Option<f64>,
    /// Payload copies between the guests.
    pub copies: Option<u64>,
    /// Crossings.
    pub crossings: Option<Crossings>,
}

/// What is joined for a cell, to send a rotation of messages from weft's own seed.
pub fn spec<'a>(
    cell: &'a Cell,
    engine: &'a weft_link::Engine,
    guests: &'a weft_link::guest::Compiled,
    rotation: u32,
) -> PairSpec<'a> {
    let MessageId { kind, size } = cell.message;
    PairSpec {
        engine,
        guests,
        message: kind.name,
        size,
        task: cell.task.name(),
        rotation,
        seed: SEED,
        values: Some(kind.lay_out),
    }
}

/// Sends every message of a rotation over a fresh pair and compares every digest; then all of them at once.
///
/// # Errors
/// Where a digest is wrong, a guest fails, or what is counted is uneven.
pub fn verify(pair: &mut dyn Pair, expected: &Expected) -> Result<Verified, Wrong> {
    expected.compare(|index| Ok::<_, Wrong>(pair.produce(index, 1)?))?;
    verify_at_once(pair, expected)
}

/// Sends a rotation's messages all at once and compares the sum of their digests.
///
/// # Errors
/// Where the sum is wrong, a guest fails, or what is counted is uneven.
pub fn verify_at_once(pair: &mut dyn Pair, expected: &Expected) -> Result<Verified, Wrong> {
    let rotation = expected.rotation();
    let before = pair.counters();
    let found = pair.produce(0, rotation)?;
    let sum = expected.sum(0, rotation.into());
    if found != sum {
        return Err(Wrong::Sum { first: 0, count: rotation, found, expected: sum });
    }
    let counted = pair.counters() - before;
    if counted.host_to_wasm + counted.wasm_to_host + counted.wasm_to_wasm == 0 {
        return Err(Wrong::Unsent { messages: rotation });
    }
    let per_message = |what, total| per_message(what, total, rotation.into());
    Ok(Verified {
        wire_bytes: None,
        copies: Some(per_message("copies", counted.copies)?),
        crossings: Some(Crossings {
            host_to_wasm: per_message("calls from host to wasm", counted.host_to_wasm)?,
            wasm_to_host: per_message("calls from wasm to host", counted.wasm_to_host)?,
            wasm_to_wasm: per_message("calls from wasm to wasm", counted.wasm_to_wasm)?,
        }),
    })
}

/// The mean size of a rotation's messages on the wire, in bytes: from a producer whose `send` measures and returns at once; of typed
/// messages what the engine's adapter puts into a memory for one of them. A typed answer is as long as its message: answering changes no
/// lengths.
///
/// # Errors
/// Where a guest fails.
pub fn wire_bytes(spec: &PairSpec<'_>) -> Result<f64, GuestError> {
    if let (true, Some(component)) = (spec.guests.producer.0.is_typed(), by_name("component")) {
        let mut pair = component.join(spec)?;
        pair.produce(0, spec.rotation)?;
        let counted = pair.counters();
        return Ok(counted.copied_bytes as f64 / counted.copies as f64);
    }
    let total = listen(spec, 0_u64, |total, message| *total += message.len() as u64)?;
    Ok(total as f64 / f64::from(spec.rotation))
}

fn per_message(what: &'static str, total: u64, messages: u64) -> Result<u64, Wrong> {
    if total.is_multiple_of(messages) { Ok(total / messages) } else { Err(Wrong::Uneven { what, total, messages }) }
}

#[cfg(test)]
mod tests {
    use super::{Wrong, wrong_digest};

    #[test]
    fn a_wrong_digest_in_words_says_which() {
        let wrong = Wrong::Digest { index: 3, rotation: 64, found: 0xAB, expected: 7 };
        assert_eq!(wrong_digest(&wrong.to_string()), Some((3, 0xAB)));
        let sum = Wrong::Sum { first: 0, count: 64, found: 0xAB, expected: 7 };
        assert_eq!(wrong_digest(&sum.to_string()), None);
    }
}
