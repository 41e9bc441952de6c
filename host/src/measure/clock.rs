//! What reading the clock costs, which every single timing includes.

use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::statistics::median;

/// What reading the clock costs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Clock {
    /// One reading, in nanoseconds.
    pub cost_ns: f64,
    /// The smallest step between two readings, in nanoseconds.
    pub resolution_ns: f64,
}

impl Clock {
    /// What a single timing is wrong by: the cost of a reading, or a step where the clock makes larger ones.
    pub const fn error_ns(self) -> f64 {
        self.cost_ns.max(self.resolution_ns)
    }
}

/// What reading this process's clock costs: the median of many readings, and the smallest step between two.
pub fn clock() -> Clock {
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
