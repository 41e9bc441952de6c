//! Whether somebody else is using the core right now: a fixed piece of work, timed against its own best.
//!
//! On shared machines a neighbour on the same core takes half of it, for a fraction of a millisecond or for
//! seconds. A sample that was taken then says nothing about its cell. Samples are therefore short, and count where
//! the yardstick was calm before and after them; the yardstick alone decides, and never the sample's own value.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::Context;

use super::{Reading, Subject};
use crate::cell::ROTATION;
use crate::statistics::median;

/// The core counts as shared when the yardstick takes this much longer than at its best. Alone on the core it takes
/// the same to a percent or two; a neighbour makes 15 to 100 %, and guests feel it two to three times as much.
const TOLERANCE: f64 = 1.08;

/// By how much the best is forgotten each time, so that a core whose frequency falls is calm again after a while: a
/// tenth in a million times, which is half a minute.
const FORGETTING: f64 = 1.0 + 1e-7;

/// How long a fresh pair sends single messages before it is timed, up to a whole rotation: their first touch of a page takes
/// far longer than what follows.
const FIRST_TOUCH: Duration = Duration::from_millis(5);
/// How long it then runs at least: caches that are still cold are felt for about a millisecond.
const WARM_UP: Duration = Duration::from_micros(750);

/// How long a sample takes, where a message is not longer. A neighbour comes for some tens of microseconds, several
/// thousand times a second: longer samples would hide that from the yardsticks around them.
const SAMPLE: Duration = Duration::from_micros(25);

/// Around longer samples the yardstick is taken more often, once for each of these, up to so many times.
const MOST_YARDSTICKS: u32 = 8;

/// So many samples in a row must be calm, or none of them counts: a neighbour that comes and goes is quiet at two
/// single yardsticks often enough, at six hardly ever.
const IN_A_ROW: usize = 5;

/// How long the samples of a reading take together, where there are calm moments. Short samples that follow each other closely
/// tell little more than one.
const ENOUGH: Duration = Duration::from_millis(2);

/// An iteration that takes this long is never calm from end to end: of such ones a few samples are taken as they come.
const SLOW: Duration = Duration::from_millis(5);
/// How many.
const SLOW_SAMPLES: usize = 3;

/// How long calm samples are waited for, at least, …
const PATIENCE: Duration = Duration::from_millis(25);
/// … and so many times the yardstick's work: in an interpreter it takes far longer than a sample.
const YARDSTICKS: f64 = 300.0;

/// The samples of a reading that were taken in calm moments.
#[derive(Debug, Default)]
struct Calm {
    samples: Vec<Duration>,
    time: Duration,
    /// Those of the present calm that do not count yet.
    waiting: Vec<Duration>,
    /// How many calm samples the present calm has had.
    row: usize,
}

impl Calm {
    fn push(&mut self, sample: Duration) {
        self.row += 1;
        self.waiting.push(sample);
        if self.row >= IN_A_ROW {
            self.time += self.waiting.iter().sum::<Duration>();
            self.samples.append(&mut self.waiting);
        }
    }

    fn interrupt(&mut self) {
        self.waiting.clear();
        self.row = 0;
    }

    fn is_enough(&self) -> bool {
        self.time >= ENOUGH
    }
}

/// Warms a pair up; returns the time of its very first iteration, and about what one takes then, in nanoseconds.
fn warm_up(subject: &mut dyn Subject) -> anyhow::Result<(f64, f64)> {
    let very_first = subject.time(1)?;
    let mut first = very_first;
    for _ in 1..ROTATION {
        if first >= FIRST_TOUCH {
            break;
        }
        first += subject.time(1)?;
    }
    let mut iterations = 1;
    loop {
        let elapsed = subject.time(iterations)?;
        if elapsed >= WARM_UP || iterations >= 1 << 30 {
            return Ok((very_first.as_nanos() as f64, elapsed.as_nanos() as f64 / iterations as f64));
        }
        iterations *= 2;
    }
}

/// The reading of a subject whose iterations take milliseconds.
fn slow(subject: &mut dyn Subject, first_ns: f64) -> anyhow::Result<Reading> {
    let each = (0..SLOW_SAMPLES).map(|_| Ok(subject.time(1)?.as_nanos() as f64)).collect::<anyhow::Result<Vec<_>>>()?;
    let ns = median(&each).context("there are no samples")?;
    Ok(Reading { ns, calm: true, first_ns: Some(first_ns), singles: Vec::new() })
}

/// A fixed piece of work of some microseconds.
pub type Work = Box<dyn FnMut()>;

/// The yardstick, and what it has seen.
pub struct Yardstick {
    work: Work,
    /// In nanoseconds.
    best: f64,
    discarded: Duration,
}

impl Yardstick {
    /// One that times this work, which took `best` nanoseconds at best in earlier processes: one of its own might never
    /// see a calm core.
    pub fn new(work: Work, best: Option<f64>) -> Self {
        let mut yardstick = Self { work, best: best.unwrap_or(f64::INFINITY), discarded: Duration::ZERO };
        // Warms it up, and lets it find its best where nobody knows it.
        for _ in 0..if best.is_some() { 20 } else { 2000 } {
            yardstick.is_calm(1);
        }
        yardstick
    }

    /// How long its work took at best, in nanoseconds.
    pub const fn best(&self) -> f64 {
        self.best
    }

    /// How long samples were taken in vain.
    pub const fn discarded(&self) -> Duration {
        self.discarded
    }

    /// The time of one iteration of a fresh subject: the median of samples that were taken in calm moments; where there
    /// were too few in time, of all samples.
    ///
    /// # Errors
    /// Where the subject fails.
    pub fn measure(&mut self, subject: &mut dyn Subject) -> anyhow::Result<Reading> {
        let (first_ns, about) = warm_up(subject)?;
        if about >= SLOW.as_nanos() as f64 {
            return slow(subject, first_ns);
        }
        let about = about.max(0.1);
        let iterations = (SAMPLE.as_nanos() as f64 / about).ceil().max(1.0) as u64;
        let yardsticks = ((about * iterations as f64 / SAMPLE.as_nanos() as f64) as u32).clamp(1, MOST_YARDSTICKS);
        let (mut calm, mut all) = (Calm::default(), Vec::new());
        let patience = PATIENCE.max(Duration::from_nanos((YARDSTICKS * self.best) as u64));
        let start = Instant::now();
        let mut calm_before = self.is_calm(yardsticks);
        while !calm.is_enough() && (all.len() < IN_A_ROW || start.elapsed() < patience) {
            let elapsed = subject.time(iterations)?;
            let calm_after = self.is_calm(yardsticks);
            all.push(elapsed);
            self.discarded += elapsed;
            if calm_before && calm_after {
                calm.push(elapsed);
            } else {
                calm.interrupt();
            }
            calm_before = calm_after;
        }
        self.discarded -= calm.time;
        let samples = if calm.is_enough() { &calm.samples } else { &all };
        let each: Vec<f64> = samples.iter().map(|sample| sample.as_nanos() as f64 / iterations as f64).collect();
        let ns = median(&each).context("there are no samples")?;
        Ok(Reading { ns, calm: calm.is_enough(), first_ns: Some(first_ns), singles: Vec::new() })
    }

    /// Whether the core is calm that many times in a row.
    fn is_calm(&mut self, times: u32) -> bool {
        (0..times).all(|_| {
            let start = Instant::now();
            (self.work)();
            let now = start.elapsed().as_nanos() as f64;
            self.best = (self.best * FORGETTING).min(now);
            now <= self.best * TOLERANCE
        })
    }
}

/// The work of the yardstick's module (`yardstick.wat`) as native code, for hosts that run no WebAssembly.
///
/// Independent additions, shifts, loads and stores: as many a cycle as the core can do, so that a neighbour on the
/// core is felt at once. (A chain of multiplications is felt by a fifth only.)
pub fn native_work() -> Work {
    // Eight lines of the cache: what is measured needs the others.
    let mut buffer = [1_u64; 64];
    Box::new(move || {
        let mut lanes: [u64; 6] = black_box([1, 2, 3, 4, 5, 6]);
        for step in 0..6000_u64 {
            let (near, far) = (step as usize & 63, (step as usize * 7) & 63);
            lanes[0] = lanes[0].wrapping_add(buffer[near]);
            lanes[1] ^= buffer[far];
            lanes[2] = lanes[2].wrapping_add(step);
            lanes[3] ^= lanes[3] >> 3;
            lanes[4] = lanes[4].wrapping_sub(buffer[near ^ 1]);
            lanes[5] = lanes[5].wrapping_add(lanes[5] << 1);
            buffer[near] = lanes[0];
        }
        black_box(lanes);
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Calm, Subject, Yardstick, native_work};

    /// Takes a nanosecond an iteration, and counts them.
    struct Ideal(u64);

    impl Subject for Ideal {
        fn time(&mut self, iterations: u64) -> anyhow::Result<Duration> {
            self.0 += iterations;
            anyhow::ensure!(self.0 < 1 << 60, "trap");
            Ok(Duration::from_nanos(iterations))
        }
    }

    #[test]
    fn the_time_is_that_of_an_iteration() -> anyhow::Result<()> {
        let mut subject = Ideal(0);
        let reading = Yardstick::new(native_work(), None).measure(&mut subject)?;
        anyhow::ensure!(reading.ns == 1.0 && reading.first_ns == Some(1.0));
        // The warm-up, and at least as many samples as are enough.
        anyhow::ensure!(subject.0 >= 750_000 + 5 * 25_000);
        Ok(())
    }

    #[test]
    fn where_it_is_never_calm_all_samples_count_and_that_is_said() -> anyhow::Result<()> {
        // Nothing is as fast as no time at all, so the core never seems calm.
        let mut yardstick = Yardstick::new(native_work(), Some(0.0));
        let reading = yardstick.measure(&mut Ideal(0))?;
        anyhow::ensure!(reading.ns == 1.0 && !reading.calm);
        anyhow::ensure!(yardstick.discarded() > Duration::ZERO);
        Ok(())
    }

    #[test]
    fn only_five_in_a_row_count() {
        let millisecond = Duration::from_millis(1);
        let mut calm = Calm::default();
        for length in [4, 1, 3] {
            (0..length).for_each(|_| calm.push(millisecond));
            calm.interrupt();
        }
        assert!(calm.samples.is_empty() && !calm.is_enough());
        (0..6).for_each(|_| calm.push(millisecond));
        assert_eq!((calm.samples.len(), calm.time), (6, 6 * millisecond));
        assert!(calm.is_enough());
    }

    #[test]
    fn a_subject_that_fails_is_not_timed_again() {
        assert!(Yardstick::new(native_work(), None).measure(&mut Ideal(1 << 60)).is_err());
    }
}
