//! Samples of a subject without criterion: for figures that are parts of others, and no rows of their own.

use std::time::Duration;

use anyhow::Context;

use super::{PAIRS, Samples, Subject, Yardstick};

/// How long a sample takes.
const SAMPLE: Duration = Duration::from_millis(4);

/// How many samples each pair gives.
const PER_PAIR: usize = 3;

/// The time of one iteration in nanoseconds: the median over pairs of each pair's median.
///
/// # Errors
/// Where the subject fails.
pub fn sample(subject: &mut dyn Subject, yardstick: &mut Yardstick) -> anyhow::Result<f64> {
    let iterations = calibrated(subject)?;
    let mut samples = Samples::default();
    for round in 0..=PER_PAIR {
        for pair in 0..PAIRS {
            let elapsed = yardstick.sample(|| subject.time(pair, iterations))?;
            // The first round warms each pair up.
            if round > 0 {
                samples.push(pair, elapsed.as_nanos() as f64 / iterations as f64);
            }
        }
    }
    samples.estimate().map(|estimate| estimate.median).context("there are no samples")
}

/// How many iterations a sample has.
fn calibrated(subject: &mut dyn Subject) -> anyhow::Result<u64> {
    let mut iterations = 1;
    loop {
        let elapsed = subject.time(0, iterations)?;
        if elapsed >= SAMPLE / 8 || iterations >= 1 << 30 {
            let each = elapsed.as_nanos().max(1) as f64 / iterations as f64;
            return Ok((SAMPLE.as_nanos() as f64 / each).ceil().max(1.0) as u64);
        }
        iterations *= 2;
    }
}
