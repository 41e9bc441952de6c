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
    let mut readings = Vec::with_capacity(PAIRS);
    for pair in 0..PAIRS {
        readings.push((pair, yardstick.measure(subject, pair)?));
    }
    for (pair, reading) in readings.iter_mut().filter(|(_, reading)| !reading.calm) {
        *reading = yardstick.measure(subject, *pair)?;
    }
    Ok(readings)
}
