//! A joined pair that sends messages, every sum checked.

use std::sync::Arc;
use std::time::{Duration, Instant};

use weft_link::Pair;

use crate::measure::Subject;
use crate::verify::{Expected, Wrong};

/// A pair, and where in its rotation it stands.
pub struct Exchange {
    pair: Box<dyn Pair>,
    expected: Arc<Expected>,
    next: u32,
}

impl Exchange {
    /// A pair that has sent nothing yet.
    pub const fn new(pair: Box<dyn Pair>, expected: Arc<Expected>) -> Self {
        Self { pair, expected, next: 0 }
    }
}

impl Subject for Exchange {
    fn time(&mut self, iterations: u64) -> anyhow::Result<Duration> {
        let Self { pair, expected, next } = self;
        let mut elapsed = Duration::ZERO;
        let mut left = iterations;
        while left > 0 {
            let count = u32::try_from(left).unwrap_or(u32::MAX);
            let start = Instant::now();
            let found = pair.produce(*next, count)?;
            elapsed += start.elapsed();
            let sum = expected.sum(*next, count.into());
            if found != sum {
                return Err(Wrong::Sum { first: *next, count, found, expected: sum }.into());
            }
            *next = expected.after(*next, count.into());
            left -= u64::from(count);
        }
        Ok(elapsed)
    }

    fn rotation(&self) -> u32 {
        self.expected.rotation()
    }
}
