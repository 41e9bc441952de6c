//! The time of a subject: its pairs in turn, each in calm moments.

use anyhow::Context;

use super::yardstick::Reading;
use super::{Estimate, PAIRS, Subject, Yardstick};

/// How many turns pairs get until enough of them had calm moments: seconds of noise must not become a figure.
const PATIENT: usize = 20;

/// The time of one iteration: the median over pairs, with its interval. Pairs without calm moments get further turns.
///
/// # Errors
/// Where the subject fails.
pub fn sample(subject: &mut dyn Subject, yardstick: &mut Yardstick) -> anyhow::Result<Estimate> {
    let readings = readings(subject, yardstick, PATIENT)?;
    yardstick.figure(&readings).context("there are no samples")
}

/// The same where enough pairs have calm moments at once, or when asked again; otherwise none.
///
/// # Errors
/// Where the subject fails.
pub fn calm_sample(subject: &mut dyn Subject, yardstick: &mut Yardstick) -> anyhow::Result<Option<Estimate>> {
    let readings = readings(subject, yardstick, 2)?;
    Ok(if Yardstick::is_enough(&readings) { yardstick.figure(&readings) } else { None })
}

/// A reading of each pair, the calm one where up to so many turns had one.
fn readings(
    subject: &mut dyn Subject,
    yardstick: &mut Yardstick,
    turns: usize,
) -> anyhow::Result<Vec<(usize, Reading)>> {
    let mut readings = Vec::with_capacity(PAIRS);
    for pair in 0..PAIRS {
        readings.push((pair, yardstick.measure(subject, pair)?));
    }
    for _ in 1..turns {
        if Yardstick::is_enough(&readings) {
            break;
        }
        for (pair, reading) in readings.iter_mut().filter(|(_, reading)| !reading.calm) {
            *reading = yardstick.measure(subject, *pair)?;
        }
    }
    Ok(readings)
}
