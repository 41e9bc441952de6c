//! A cell as something to time: a pair that sends messages, every sum checked.

use std::sync::Arc;
use std::time::{Duration, Instant};

use weft::measure::Subject;
use weft::verify::{Expected, Wrong};

use crate::Pair;

/// A pair, what its digests must be, and where in its rotation it stands.
pub struct Exchange {
    pair: Pair,
    expected: Arc<Expected>,
    next: u32,
}

impl Exchange {
    /// A fresh pair, whose rotation is that of the digests.
    pub const fn new(pair: Pair, expected: Arc<Expected>) -> Self {
        Self { pair, expected, next: 0 }
    }
}

impl Subject for Exchange {
    fn time(&mut self, iterations: u64) -> anyhow::Result<Duration> {
        let mut elapsed = Duration::ZERO;
        let mut left = iterations;
        while left > 0 {
            let count = u32::try_from(left).unwrap_or(u32::MAX);
            let start = Instant::now();
            let found = self.pair.produce(self.next, count)?;
            elapsed += start.elapsed();
            let (first, expected) = (self.next, self.expected.sum(self.next, count.into()));
            if found != expected {
                return Err(Wrong::Sum { first, count, found, expected }.into());
            }
            self.next = self.expected.after(first, count.into());
            left -= u64::from(count);
        }
        Ok(elapsed)
    }

    fn rotation(&self) -> u32 {
        self.expected.rotation()
    }
}
