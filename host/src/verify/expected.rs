//! The digests that messages must return, computed natively and without any codec.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use weft_schemas::digest::MASK;
use weft_schemas::{Task, blob};

use super::Wrong;
use crate::cell::{MessageId, SEED};

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

    /// The digests.
    pub fn digests(&self) -> &[u64] {
        &self.digests
    }

    /// Compares the digest of every single message, which `produce` sends by its number.
    ///
    /// # Errors
    /// The first that is wrong, or where `produce` fails.
    pub fn compare<E: From<Wrong>>(&self, mut produce: impl FnMut(u32) -> Result<u64, E>) -> Result<(), E> {
        let rotation = self.rotation();
        for (index, &expected) in (0..rotation).zip(&self.digests) {
            let found = produce(index)?;
            if found != expected {
                return Err(Wrong::Digest { index, rotation, found, expected }.into());
            }
        }
        Ok(())
    }

    /// The number of the message that comes after `count` ones from number `first` on.
    pub fn after(&self, first: u32, count: u64) -> u32 {
        ((u64::from(first) + count) % u64::from(self.rotation())) as u32
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

/// The digests of many rotations, each computed when it is first asked for.
#[derive(Debug, Default)]
pub struct Expectations(Mutex<HashMap<(MessageId, Task, bool), Arc<Expected>>>);

impl Expectations {
    /// The digests that a rotation must return; those of the floor where the codec is it.
    ///
    /// # Errors
    /// Where the message has no digest for the task.
    pub fn of(&self, message: MessageId, task: Task, floor: bool) -> Result<Arc<Expected>, Wrong> {
        let key = (message, task, floor);
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(expected) = known().get(&key) {
            return Ok(Arc::clone(expected));
        }
        let digest = if floor { blob::floor_digest } else { message.kind.digest };
        let digests = (0..message.rotation()).map(|index| digest(SEED, index, message.size, task));
        let digests: Result<Vec<u64>, _> = digests.collect();
        let digests = digests.map_err(|status| Wrong::NoDigest { message, task, reason: status.to_string() })?;
        let expected = Arc::new(Expected::new(digests));
        known().insert(key, Arc::clone(&expected));
        Ok(expected)
    }
}

/// The mean payload of a message's rotation, in bytes.
pub fn payload_bytes(message: MessageId) -> f64 {
    let rotation = message.rotation();
    let payload = |index| (message.kind.payload_bytes)(SEED, index, message.size);
    (0..rotation).map(payload).sum::<u64>() as f64 / f64::from(rotation)
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
