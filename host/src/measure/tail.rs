//! Single messages: their distribution, and the first one.
//!
//! Each message is a call of the host's, timed by itself: unlike a cell's latency it has the crossing into the
//! producer and one reading of the clock in it.

use std::time::{Duration, Instant};

use anyhow::Context;
use hdrhistogram::Histogram;

use super::{Exchange, PAIRS, Subject, median};
use crate::run::{Clock, Tail};

/// A message must take this many times what reading the clock costs; otherwise its tail would be the clock's.
pub const CLOCKS: f64 = 20.0;

/// As many messages as this are timed, …
const SAMPLES: u64 = 20_000;
/// … or as many as take this long, …
const BUDGET: Duration = Duration::from_millis(200);
/// … each pair this many in turn.
const IN_TURN: u64 = 50;

/// The slowest message that is told from slower ones, in nanoseconds.
const SLOWEST: u64 = 60_000_000_000;

/// The single messages of a cell, over pairs that have sent nothing yet.
pub struct Tails(Exchange);

impl Tails {
    /// The pairs must be new.
    pub const fn new(pairs: Exchange) -> Self {
        Self(pairs)
    }

    /// The first message of each pair: the median in nanoseconds. The guests were compiled and instantiated, and
    /// their messages prepared; their code may have run in other instances.
    ///
    /// # Errors
    /// Where a guest fails.
    pub fn first_message(&mut self) -> anyhow::Result<f64> {
        let times: Vec<f64> =
            (0..PAIRS).map(|pair| Ok(self.0.time(pair, 1)?.as_nanos() as f64)).collect::<anyhow::Result<_>>()?;
        median(&times).context("there are no pairs")
    }

    /// The distribution of single messages, after a hundred of each pair that warm it up.
    ///
    /// # Errors
    /// Where a guest fails.
    pub fn tail(&mut self) -> anyhow::Result<Tail> {
        for pair in 0..PAIRS {
            self.0.time(pair, 100)?;
        }
        let mut histogram = Histogram::<u64>::new_with_bounds(1, SLOWEST, 3).context("the histogram's bounds")?;
        let start = Instant::now();
        'timed: for pair in (0..PAIRS).cycle() {
            for _ in 0..IN_TURN {
                histogram.saturating_record(self.0.time(pair, 1)?.as_nanos() as u64);
            }
            if histogram.len() >= SAMPLES || start.elapsed() >= BUDGET {
                break 'timed;
            }
        }
        let quantile = |quantile| histogram.value_at_quantile(quantile) as f64;
        Ok(Tail {
            p50: quantile(0.5),
            p90: quantile(0.9),
            p99: quantile(0.99),
            p999: quantile(0.999),
            max: histogram.max() as f64,
            samples: histogram.len(),
        })
    }
}

/// What reading the clock costs: the median of many readings, and the smallest step between two.
pub fn clock_cost() -> Clock {
    const READINGS: usize = 1000;
    let cost: Vec<f64> = (0..25)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..READINGS {
                std::hint::black_box(Instant::now());
            }
            start.elapsed().as_nanos() as f64 / READINGS as f64
        })
        .collect();
    let mut before = Instant::now();
    let steps = (0..READINGS).filter_map(|_| {
        let now = Instant::now();
        let step = now - before;
        before = now;
        (!step.is_zero()).then_some(step.as_nanos() as f64)
    });
    let resolution_ns = steps.min_by(f64::total_cmp).unwrap_or_default();
    Clock { cost_ns: median(&cost).unwrap_or_default(), resolution_ns }
}
