//! Whether somebody else is using the machine right now: a fixed piece of work, timed against itself.
//!
//! On shared machines everything runs up to twice as slow for seconds at a time. A sample that was taken then
//! says nothing about its cell. Whether it is taken again is decided by the yardstick alone, before and
//! after it, and never by the sample's own value.

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

/// The machine counts as disturbed when the yardstick takes this much longer than at its best. A core's
/// frequency alone makes a quarter, from one millisecond to the next; a neighbour makes half and more.
const TOLERANCE: f64 = 1.35;

/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_millis(20);

/// The yardstick, and how long a run may still wait for a calm machine.
#[derive(Debug)]
pub struct Yardstick {
    best: Duration,
    patience: Duration,
    waited: Duration,
    disturbed: u64,
}

impl Yardstick {
    /// A yardstick for a run that may wait for `patience` in all.
    pub fn new(patience: Duration) -> Self {
        let best = (0..100).map(|_| work()).min().unwrap_or_default();
        Self { best, patience, waited: Duration::ZERO, disturbed: 0 }
    }

    /// Takes a sample while the machine is calm, again where it was disturbed meanwhile. When the run's
    /// patience is at its end, any sample will do, and is counted.
    ///
    /// # Errors
    /// Where the sample fails.
    pub fn sample<T, E>(&mut self, mut take: impl FnMut() -> Result<T, E>) -> Result<T, E> {
        loop {
            let start = Instant::now();
            let calm_before = self.wait_for_calm();
            let begun = Instant::now();
            let sample = take()?;
            let calm = calm_before && self.is_calm();
            if calm {
                self.waited += begun - start;
                return Ok(sample);
            }
            self.waited += start.elapsed();
            if self.waited >= self.patience {
                self.disturbed += 1;
                return Ok(sample);
            }
        }
    }

    /// How long the run has waited, or measured in vain.
    pub const fn waited(&self) -> Duration {
        self.waited
    }

    /// How many samples were taken while the machine was disturbed.
    pub const fn disturbed(&self) -> u64 {
        self.disturbed
    }

    fn wait_for_calm(&mut self) -> bool {
        let start = Instant::now();
        loop {
            if self.is_calm() {
                return true;
            }
            if self.waited + start.elapsed() >= self.patience {
                return false;
            }
            thread::sleep(PAUSE);
        }
    }

    /// The best of three, so that one interrupt does not count.
    fn is_calm(&mut self) -> bool {
        let now = (0..3).map(|_| work()).min().unwrap_or_default();
        self.best = self.best.min(now);
        now.as_secs_f64() <= self.best.as_secs_f64() * TOLERANCE
    }
}

/// About 20 µs of arithmetic that keeps several units of the core busy, as guests do.
fn work() -> Duration {
    let start = Instant::now();
    let mut lanes: [u64; 4] = black_box([1, 2, 3, 4]);
    for step in 0..10_000_u64 {
        for lane in &mut lanes {
            *lane = (*lane ^ step).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31);
        }
    }
    black_box(lanes);
    start.elapsed()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Yardstick;

    #[test]
    fn without_patience_every_sample_is_taken_once() {
        let mut yardstick = Yardstick { best: Duration::ZERO, ..Yardstick::new(Duration::ZERO) };
        let mut taken = 0;
        for _ in 0..5 {
            let sample = yardstick.sample(|| {
                taken += 1;
                Ok::<_, ()>(taken)
            });
            assert_eq!(sample, Ok(taken));
        }
        // Nothing is as fast as no time at all, so the machine never seems calm.
        assert_eq!((taken, yardstick.disturbed()), (5, 5));
    }

    #[test]
    fn a_failed_sample_is_not_taken_again() {
        let mut yardstick = Yardstick::new(Duration::from_secs(1));
        let mut taken = 0;
        let sample = yardstick.sample(|| {
            taken += 1;
            Err::<(), _>("trap")
        });
        assert_eq!((sample, taken), (Err("trap"), 1));
    }
}
