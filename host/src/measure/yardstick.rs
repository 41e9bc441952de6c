//! Whether somebody else is using the core right now: a fixed piece of work, timed against its own best.
//!
//! On shared machines a neighbour on the same core takes half of it, for a fraction of a millisecond or for
//! seconds. A sample that was taken then says nothing about its cell. Samples are therefore short, and count where
//! the yardstick was calm before and after them; the yardstick alone decides, and never the sample's own value.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::Context;

use super::{Estimate, Samples, Subject};

/// The core counts as shared when the yardstick takes this much longer than at its best. A core's
/// frequency alone makes a tenth; a neighbour makes 40 to 100 %.
const TOLERANCE: f64 = 1.2;

/// How long a fresh pair runs before it is timed: the first touch of its pages, and caches that are still cold, are
/// felt for about a millisecond.
const WARM_UP: Duration = Duration::from_micros(1500);

/// How long a sample takes, where a message is not longer: calm moments are short.
const SAMPLE: Duration = Duration::from_micros(100);

/// How many calm samples are enough, …
const ENOUGH: usize = 6;
/// … if they took this long together: short samples that follow each other closely tell little more than one.
const ENOUGH_TIME: Duration = Duration::from_millis(2);

/// How long calm samples are waited for.
const PATIENCE: Duration = Duration::from_millis(25);

/// A figure is made of calm pairs alone where there are this many.
const ENOUGH_PAIRS: usize = 4;

/// The time of an iteration on one pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// The time.
    pub nanoseconds: f64,
    /// Whether there was a calm moment.
    pub calm: bool,
}

/// The yardstick, and what it has seen.
#[derive(Debug)]
pub struct Yardstick {
    best: Duration,
    buffer: [u64; 512],
    discarded: Duration,
    disturbed: u64,
}

impl Default for Yardstick {
    fn default() -> Self {
        let mut yardstick = Self { best: Duration::MAX, buffer: [1; 512], discarded: Duration::ZERO, disturbed: 0 };
        for _ in 0..2000 {
            yardstick.is_calm();
        }
        yardstick
    }
}

impl Yardstick {
    /// The time of one iteration of a subject on one of its pairs: the median of samples that were taken in calm
    /// moments; where there was none in time, of all samples. `about` is about what it will be, in nanoseconds.
    ///
    /// # Errors
    /// Where the subject fails.
    pub fn measure(&mut self, subject: &mut dyn Subject, pair: usize, about: f64) -> anyhow::Result<Reading> {
        let iterations = |time: Duration| (time.as_nanos() as f64 / about.max(0.1)).ceil().max(1.0) as u64;
        subject.time(pair, iterations(WARM_UP).max(2))?;
        let iterations = iterations(SAMPLE);
        let (mut calm, mut all) = (Vec::new(), Vec::new());
        let mut calm_time = Duration::ZERO;
        let start = Instant::now();
        let mut calm_before = self.is_calm();
        while (calm.len() < ENOUGH || calm_time < ENOUGH_TIME) && (all.len() < ENOUGH || start.elapsed() < PATIENCE) {
            let elapsed = subject.time(pair, iterations)?;
            let calm_after = self.is_calm();
            let each = elapsed.as_nanos() as f64 / iterations as f64;
            all.push(each);
            if calm_before && calm_after {
                calm.push(each);
                calm_time += elapsed;
            } else {
                self.discarded += elapsed;
            }
            calm_before = calm_after;
        }
        let samples = if calm.is_empty() { &all } else { &calm };
        let nanoseconds = super::median(samples).context("there are no samples")?;
        Ok(Reading { nanoseconds, calm: !calm.is_empty() })
    }

    /// The figure of some readings, one or more of each pair: made of the calm ones where there are enough. Those that
    /// are not, and had to be taken, are counted.
    pub fn figure(&mut self, readings: &[(usize, Reading)]) -> Option<Estimate> {
        let only_calm = Self::is_enough(readings);
        let mut samples = Samples::default();
        for (pair, reading) in readings.iter().filter(|(_, reading)| reading.calm || !only_calm) {
            self.disturbed += u64::from(!reading.calm);
            samples.push(*pair, reading.nanoseconds);
        }
        samples.estimate()
    }

    /// Whether there are enough readings with a calm moment for a figure of these alone.
    pub fn is_enough(readings: &[(usize, Reading)]) -> bool {
        readings.iter().filter(|(_, reading)| reading.calm).count() >= ENOUGH_PAIRS
    }

    /// How long samples were taken in vain.
    pub const fn discarded(&self) -> Duration {
        self.discarded
    }

    /// How many readings without a calm moment are part of a figure.
    pub const fn disturbed(&self) -> u64 {
        self.disturbed
    }

    fn is_calm(&mut self) -> bool {
        let now = self.work();
        self.best = self.best.min(now);
        now.as_secs_f64() <= self.best.as_secs_f64() * TOLERANCE
    }

    /// Some microseconds of independent additions, shifts, loads and stores: as many a cycle as the core can do, so
    /// that a neighbour on the core is felt at once. (A chain of multiplications is felt by a fifth only.)
    fn work(&mut self) -> Duration {
        let start = Instant::now();
        let mut lanes: [u64; 6] = black_box([1, 2, 3, 4, 5, 6]);
        for step in 0..6000_u64 {
            let (near, far) = (step as usize & 511, (step as usize * 7) & 511);
            lanes[0] = lanes[0].wrapping_add(self.buffer[near]);
            lanes[1] ^= self.buffer[far];
            lanes[2] = lanes[2].wrapping_add(step);
            lanes[3] ^= lanes[3] >> 3;
            lanes[4] = lanes[4].wrapping_sub(self.buffer[near ^ 1]);
            lanes[5] = lanes[5].wrapping_add(lanes[5] << 1);
            self.buffer[near] = lanes[0];
        }
        black_box(lanes);
        start.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Reading, Subject, Yardstick};

    /// Takes a nanosecond an iteration, and counts them.
    struct Ideal(u64);

    impl Subject for Ideal {
        fn time(&mut self, _: usize, iterations: u64) -> anyhow::Result<Duration> {
            self.0 += iterations;
            anyhow::ensure!(self.0 < 1 << 60, "trap");
            Ok(Duration::from_nanos(iterations))
        }
    }

    #[test]
    fn the_time_is_that_of_an_iteration() -> anyhow::Result<()> {
        let mut subject = Ideal(0);
        anyhow::ensure!(Yardstick::default().measure(&mut subject, 0, 1.0)?.nanoseconds == 1.0);
        // The warm-up, and at least as many samples as are enough.
        anyhow::ensure!(subject.0 >= 1_500_000 + 6 * 100_000);
        Ok(())
    }

    #[test]
    fn where_it_is_never_calm_all_samples_count_and_that_is_said() -> anyhow::Result<()> {
        // Nothing is as fast as no time at all, so the core never seems calm.
        let mut yardstick = Yardstick { best: Duration::ZERO, ..Yardstick::default() };
        let reading = yardstick.measure(&mut Ideal(0), 0, 1e6)?;
        anyhow::ensure!(reading == Reading { nanoseconds: 1.0, calm: false });
        anyhow::ensure!(yardstick.discarded() > Duration::ZERO);
        let estimate = yardstick.figure(&[(0, reading), (1, reading)]).map(|estimate| estimate.pairs);
        anyhow::ensure!(estimate == Some(vec![1.0, 1.0]) && yardstick.disturbed() == 2);
        Ok(())
    }

    #[test]
    fn readings_without_a_calm_moment_are_left_out_where_there_are_enough_others() {
        let reading = |nanoseconds, calm| Reading { nanoseconds, calm };
        let mut readings: Vec<_> = (0..4).map(|pair| (pair, reading(10.0, true))).collect();
        readings.push((4, reading(17.0, false)));
        let mut yardstick = Yardstick::default();
        assert_eq!(yardstick.figure(&readings).map(|estimate| estimate.high), Some(10.0));
        assert_eq!(yardstick.figure(&readings[1..]).map(|estimate| estimate.high), Some(17.0));
        assert_eq!(yardstick.disturbed(), 1);
    }

    #[test]
    fn a_subject_that_fails_is_not_timed_again() {
        assert!(Yardstick::default().measure(&mut Ideal(1 << 60), 0, 1.0).is_err());
    }
}
