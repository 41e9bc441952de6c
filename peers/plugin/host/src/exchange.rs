//! A cell as something to time: the loop of a host that fetches messages and hands them on, every sum checked.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::bail;
use weft::measure::Subject;
use weft::verify::{Expected, Wrong};
use weft_schemas::Status;
use weft_schemas::digest::MASK;

use crate::Pair;

/// A pair, what its digests must be, and where in its rotation it stands.
pub struct Exchange<P> {
    pair: P,
    expected: Arc<Expected>,
    next: u32,
}

impl<P: Pair> Exchange<P> {
    /// A fresh pair, whose rotation is that of the digests.
    pub const fn new(pair: P, expected: Arc<Expected>) -> Self {
        Self { pair, expected, next: 0 }
    }

    /// Sends so many messages; returns the sum of their digests modulo 2⁶³.
    fn send(&mut self, count: u64) -> anyhow::Result<u64> {
        let (mut sum, mut number, rotation) = (0_u64, self.next, self.expected.rotation());
        for _ in 0..count {
            sum = sum.wrapping_add(digest(self.pair.send(number)?.result)?);
            number += 1;
            if number >= rotation {
                number = 0;
            }
        }
        Ok(sum & MASK)
    }
}

impl<P: Pair> Subject for Exchange<P> {
    fn time(&mut self, iterations: u64) -> anyhow::Result<Duration> {
        let start = Instant::now();
        let found = self.send(iterations)?;
        let elapsed = start.elapsed();
        let (first, expected) = (self.next, self.expected.sum(self.next, iterations));
        if found != expected {
            let count = u32::try_from(iterations).unwrap_or(u32::MAX);
            return Err(Wrong::Sum { first, count, found, expected }.into());
        }
        self.next = self.expected.after(first, iterations);
        Ok(elapsed)
    }

    fn rotation(&self) -> u32 {
        self.expected.rotation()
    }
}

/// The digest that a consumer returned, where it is no status.
///
/// # Errors
/// The status in words.
pub fn digest(result: i64) -> anyhow::Result<u64> {
    match u64::try_from(result) {
        Ok(digest) => Ok(digest),
        Err(_) => bail!("the plugin returned {}", described(result)),
    }
}

/// A negative result in words.
pub fn described(code: i64) -> String {
    match Status::from_code(code) {
        Some(status) => status.to_string(),
        None => format!("status {code}, which is not in the ABI's table (docs/ABI.md)"),
    }
}
