//! Verification: every cell must return the digests that the host computes without any codec.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use wasmtime::Engine;
use weft_schemas::digest::MASK;
use weft_schemas::{Task, blob};

use super::{Cell, Crossings, MessageId, SEED};
use crate::guest::{Compiled, GuestError, listen};
use crate::transport::{Pair, PairSpec};

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
    #[error("the counters are uneven: {total} {what} in {messages} messages")]
    Uneven { what: &'static str, total: u64, messages: u64 },
    #[error("the host has no digest for {message}/{task}: {reason}")]
    NoDigest { message: MessageId, task: Task, reason: String },
    #[error(transparent)]
    Guest(#[from] GuestError),
}

/// The digests of a rotation, computed natively.
#[derive(Debug)]
pub struct Expected {
    digests: Vec<u64>,
    /// `sums[i]` is the sum of the first `i` digests modulo 2⁶³.
    sums: Vec<u64>,
}

impl Expected {
    /// A rotation of these digests.
    pub fn new(digests: Vec<u64>) -> Self {
        let mut sums = vec![0_u64];
        for digest in &digests {
            sums.push((sums.last().copied().unwrap_or_default().wrapping_add(*digest)) & MASK);
        }
        Self { digests, sums }
    }

    /// The rotation through the first messages only: as many as there are, at most `count`.
    pub fn first(&self, count: u32) -> Self {
        Self::new(self.digests.iter().take(count as usize).copied().collect())
    }

    /// How many messages rotate.
    pub const fn rotation(&self) -> u32 {
        self.digests.len() as u32
    }

    /// The sum of `count` digests from number `first` on, modulo 2⁶³.
    pub fn sum(&self, first: u32, count: u64) -> u64 {
        let len = self.digests.len() as u64;
        let prefix = |count: u64| {
            let (rounds, rest) = (count / len, count % len);
            let whole = self.sums.last().copied().unwrap_or_default();
            whole.wrapping_mul(rounds).wrapping_add(self.sums.get(rest as usize).copied().unwrap_or_default())
        };
        prefix(u64::from(first) + count).wrapping_sub(prefix(u64::from(first))) & MASK
    }
}

/// What verification finds out about a cell beside that it is right.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The payload of a message in bytes, mean over the rotation.
    pub payload_bytes: f64,
    /// The bytes that its codec makes of it, mean over the rotation.
    pub wire_bytes: f64,
    /// Payload copies between the guests, per message.
    pub transport_copies: u64,
    /// Crossings per message.
    pub crossings: Crossings,
    /// What its digests must be.
    pub expected: Arc<Expected>,
}

/// Verifies cells; keeps what several cells need.
pub struct Verifier<'a> {
    engine: &'a Engine,
    expected: RefCell<HashMap<(String, Task, bool), Arc<Expected>>>,
    wire: RefCell<HashMap<(String, String), f64>>,
    payload: RefCell<HashMap<String, f64>>,
}

impl<'a> Verifier<'a> {
    /// A verifier for guests compiled by `engine`.
    pub fn new(engine: &'a Engine) -> Self {
        Self { engine, expected: RefCell::default(), wire: RefCell::default(), payload: RefCell::default() }
    }

    /// Joins the cell's guests, sends every message of the rotation and compares every digest.
    ///
    /// # Errors
    /// Where a digest is wrong, or a guest fails.
    pub fn verify(&self, cell: &Cell, guests: &Compiled) -> Result<Facts, Wrong> {
        let rotation = cell.message.rotation();
        let spec =
            PairSpec { engine: self.engine, guests, message: cell.message, task: cell.task, rotation, seed: SEED };
        self.verify_pair(cell, &spec, &mut *cell.transport.join(&spec)?)
    }

    /// The same for a pair that was joined by `spec`, which goes twice through the rotation.
    ///
    /// # Errors
    /// As [`Verifier::verify`].
    pub fn verify_pair(&self, cell: &Cell, spec: &PairSpec<'_>, pair: &mut dyn Pair) -> Result<Facts, Wrong> {
        let expected = self.expected(cell.message, cell.task, cell.is_floor())?;
        let rotation = expected.rotation();
        compare(pair, &expected)?;
        let before = pair.counters();
        let found = pair.produce(0, rotation)?;
        let sum = expected.sum(0, rotation.into());
        if found != sum {
            return Err(Wrong::Sum { first: 0, count: rotation, found, expected: sum });
        }
        let counted = pair.counters() - before;
        let per_message = |what, total| per_message(what, total, rotation.into());
        Ok(Facts {
            payload_bytes: self.payload_bytes(cell.message),
            wire_bytes: self.wire_bytes(cell, spec)?,
            transport_copies: per_message("copies", counted.copies)?,
            crossings: Crossings {
                host_to_wasm: per_message("calls from host to wasm", counted.host_to_wasm)?,
                wasm_to_host: per_message("calls from wasm to host", counted.wasm_to_host)?,
                wasm_to_wasm: per_message("calls from wasm to wasm", counted.wasm_to_wasm)?,
            },
            expected,
        })
    }

    /// The digests that a rotation must return.
    ///
    /// # Errors
    /// Where the message has no digest for the task.
    pub fn expected(&self, message: MessageId, task: Task, floor: bool) -> Result<Arc<Expected>, Wrong> {
        let key = (message.to_string(), task, floor);
        if let Some(expected) = self.expected.borrow().get(&key) {
            return Ok(Arc::clone(expected));
        }
        let digest = if floor { blob::floor_digest } else { message.kind.digest };
        let digests = (0..message.rotation()).map(|index| digest(SEED, index, message.size, task));
        let digests: Result<Vec<u64>, _> = digests.collect();
        let digests = digests.map_err(|status| Wrong::NoDigest { message, task, reason: status.to_string() })?;
        let expected = Arc::new(Expected::new(digests));
        self.expected.borrow_mut().insert(key, Arc::clone(&expected));
        Ok(expected)
    }

    /// The mean payload of a rotation; its messages are generated for the first cell that asks.
    fn payload_bytes(&self, message: MessageId) -> f64 {
        *self.payload.borrow_mut().entry(message.to_string()).or_insert_with(|| {
            let rotation = message.rotation();
            let payload = |index| (message.kind.payload_bytes)(SEED, index, message.size);
            (0..rotation).map(payload).sum::<u64>() as f64 / f64::from(rotation)
        })
    }

    /// The mean wire size, from a producer whose `send` measures and returns at once.
    fn wire_bytes(&self, cell: &Cell, spec: &PairSpec<'_>) -> Result<f64, GuestError> {
        let key = (cell.codec.name.clone(), cell.message.to_string());
        if let Some(bytes) = self.wire.borrow().get(&key) {
            return Ok(*bytes);
        }
        let total = listen(spec, 0_u64, |total, message| *total += message.len() as u64)?;
        let bytes = total as f64 / f64::from(spec.rotation);
        self.wire.borrow_mut().insert(key, bytes);
        Ok(bytes)
    }
}

/// Compares the digest of every single message of the rotation.
fn compare(pair: &mut dyn Pair, expected: &Expected) -> Result<(), Wrong> {
    let rotation = expected.rotation();
    for (index, &expected) in (0..rotation).zip(&expected.digests) {
        let found = pair.produce(index, 1)?;
        if found != expected {
            return Err(Wrong::Digest { index, rotation, found, expected });
        }
    }
    Ok(())
}

fn per_message(what: &'static str, total: u64, messages: u64) -> Result<u64, Wrong> {
    if total.is_multiple_of(messages) { Ok(total / messages) } else { Err(Wrong::Uneven { what, total, messages }) }
}

#[cfg(test)]
mod tests {
    use super::Expected;

    #[test]
    fn sums_follow_the_rotation() {
        let expected = Expected::new(vec![5, 7, 11]);
        assert_eq!(expected.sum(0, 1), 5);
        assert_eq!(expected.sum(2, 1), 11);
        assert_eq!(expected.sum(2, 3), 23);
        assert_eq!(expected.sum(1, 7), 7 + 11 + 23 + 5 + 7);
        assert_eq!(Expected::new(vec![u64::MAX >> 1, 2]).sum(0, 2), 1);
    }
}
