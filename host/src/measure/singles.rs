//! Single messages: how their times are distributed.
//!
//! Each message is a call of the host's, timed by itself: unlike a cell's latency it has the crossing into the
//! producer and one reading of the clock in it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::Subject;

/// How long single messages are timed at most.
const BUDGET: Duration = Duration::from_millis(8);

/// The times of up to `most` single messages of a warm subject: nanoseconds and how many, ascending.
///
/// # Errors
/// Where the subject fails.
pub fn singles(subject: &mut dyn Subject, most: u32) -> anyhow::Result<Vec<(u64, u64)>> {
    let mut times = BTreeMap::new();
    let start = Instant::now();
    for _ in 0..most {
        if start.elapsed() >= BUDGET {
            break;
        }
        let nanoseconds = subject.time(1)?.as_nanos() as u64;
        *times.entry(nanoseconds).or_insert(0) += 1;
    }
    Ok(times.into_iter().collect())
}
