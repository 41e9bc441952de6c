//! The time of a subject: its pairs in turn, each in calm moments.

use anyhow::Context;

use super::yardstick::Reading;
use super::{Estimate, PAIRS, Subject, Yardstick};

/// The time of one iteration: the median over pairs, with its interval. A pair without a calm moment gets another
/// turn.
///
/// # Errors
/// Where the subject fails.
pub fn sample(subject: &mut dyn Subject, yardstick: &mut Yardstick) -> anyhow::Result<Estimate> {
    let readings = readings(subject, yardstick)?;
    yardstick.figure(&readings).context("there are no samples")
}

/// The same where enough pairs had a calm moment; otherwise none.
///
/// # Errors
/// Where the subject fails.
pub fn calm_sample(subject: &mut dyn Subject, yardstick: &mut Yardstick) -> anyhow::Result<Option<Estimate>> {
    let readings = readings(subject, yardstick)?;
    Ok(if Yardstick::is_enough(&readings) { yardstick.figure(&readings) } else { None })
}

/// A reading of each pair.
fn readings(subject: &mut dyn Subject, yardstick: &mut Yardstick) -> anyhow::Result<Vec<(usize, Reading)>> {
    let about = about(subject)?;
    let mut readings = Vec::with_capacity(PAIRS);
    for pair in 0..PAIRS {
        readings.push((pair, yardstick.measure(subject, pair, about)?));
    }
    for (pair, reading) in readings.iter_mut().filter(|(_, reading)| !reading.calm) {
        *reading = yardstick.measure(subject, *pair, about)?;
    }
    Ok(readings)
}

/// About what one iteration takes, in nanoseconds.
fn about(subject: &mut dyn Subject) -> anyhow::Result<f64> {
    // The first one sets up what is made once, which may take longer than thousands of others.
    subject.time(0, 1)?;
    let mut iterations = 1;
    loop {
        let nanoseconds = subject.time(0, iterations)?.as_nanos() as f64;
        if nanoseconds >= 1e5 || iterations >= 1 << 30 {
            return Ok(nanoseconds / iterations as f64);
        }
        iterations *= 2;
    }
}
