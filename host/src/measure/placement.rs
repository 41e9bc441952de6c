//! One placement: a fresh subject that is warmed up and timed in calm moments.

use std::time::{Duration, Instant};

use anyhow::Context;

use super::calm::{Calm, IN_A_ROW};
use super::{Placement, Subject, Yardstick};
use crate::statistics::median;

/// How long a fresh pair sends single messages before it is timed, up to a whole rotation: their first touch of a page
/// takes far longer than what follows.
const FIRST_TOUCH: Duration = Duration::from_millis(5);
/// How long it then runs at least: until caches are warm.
const WARM_UP: Duration = Duration::from_micros(750);

/// How long a sample takes, where a message is not longer. A neighbour comes for some tens of microseconds, several
/// thousand times a second: longer samples would hide that from the yardsticks around them.
const SAMPLE: Duration = Duration::from_micros(25);

/// Around longer samples the yardstick is taken more often, once for each of these, up to so many times.
const MOST_YARDSTICKS: u32 = 8;

/// How long the samples of a placement take together, where there are calm moments, at least.
const ENOUGH: Duration = Duration::from_micros(400);

/// How long calm samples are waited for, at least, …
const PATIENCE: Duration = Duration::from_millis(6);
/// … and so many times the yardstick's work, and so many rotations: in an interpreter it takes far longer than a sample.
const YARDSTICKS: f64 = 60.0;
/// How many rotations are tried until every part of one had a calm sample.
const ROTATIONS: u32 = 3;

/// An iteration that takes this long is never calm from end to end: its samples are taken as they come.
const SLOW: Duration = Duration::from_millis(5);
/// One that takes this long warms up in two, and is one sample: the figure `compile`, which every round takes again.
const ONCE: Duration = Duration::from_millis(100);

/// What a placement's samples say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampled {
    /// The time of an iteration.
    pub placement: Placement,
    /// The time of the very first iteration, in nanoseconds.
    pub first_ns: f64,
    /// How many samples were taken.
    pub samples: usize,
    /// How many of them were calm, and are what the time is made of.
    pub calm_samples: usize,
}

/// Warms a pair up; returns the time of its very first iteration, and about what one takes then, in nanoseconds.
fn warm_up(subject: &mut dyn Subject) -> anyhow::Result<(f64, f64)> {
    let very_first = subject.time(1)?;
    if very_first >= ONCE {
        // Unless only the first was slow.
        let second = subject.time(1)?;
        if second >= ONCE {
            return Ok((very_first.as_nanos() as f64, second.as_nanos() as f64));
        }
    }
    let mut first = very_first;
    for _ in 1..subject.rotation() {
        if first >= FIRST_TOUCH {
            break;
        }
        first += subject.time(1)?;
    }
    let (mut iterations, mut warmed) = (1, Duration::ZERO);
    loop {
        let elapsed = subject.time(iterations)?;
        warmed += elapsed;
        if warmed >= WARM_UP || iterations >= 1 << 30 {
            return Ok((very_first.as_nanos() as f64, (elapsed.as_nanos() as f64 / iterations as f64).max(0.1)));
        }
        iterations *= 2;
    }
}

/// How samples are taken.
struct Schedule {
    /// The iterations of a sample.
    iterations: u64,
    /// How many samples go once through all messages, each beginning at another one.
    places: u32,
    /// How many yardsticks stand between two samples.
    yardsticks: u32,
    /// How long the calm samples must take together.
    enough: Duration,
    patience: Duration,
    /// Whether samples count without a calm moment.
    slow: bool,
    /// How many samples are taken at least, calm or not.
    fewest: usize,
}

impl Schedule {
    /// Of a subject that takes about this many nanoseconds. A sample is as many messages as take long enough. Messages differ, so
    /// samples go through whole rotations: each is some of them, or many together are.
    fn of(about: f64, rotation: u32, yardstick_ns: f64) -> Self {
        let sample = SAMPLE.as_nanos() as f64;
        let rotation = rotation.max(1);
        let fit = sample / about;
        let rotations = (fit / f64::from(rotation)).round() as u64;
        let (iterations, places) = match (rotations, part(rotation, fit)) {
            (0, part) => (u64::from(part), rotation / common_divisor(rotation, part)),
            _ => (rotations * u64::from(rotation), 1),
        };
        let elapsed = about * iterations as f64;
        let (yardstick_ns, around) = (yardstick_ns.min(1e9), ((elapsed / sample) as u32).clamp(1, MOST_YARDSTICKS));
        let once = Duration::from_nanos(((elapsed + f64::from(around) * yardstick_ns) * f64::from(places)) as u64);
        let yardsticks = Duration::from_nanos((YARDSTICKS * yardstick_ns) as u64);
        Self {
            iterations,
            places,
            yardsticks: around,
            enough: ENOUGH,
            patience: PATIENCE.max(yardsticks).max(once * ROTATIONS),
            slow: about >= SLOW.as_nanos() as f64,
            fewest: if about >= ONCE.as_nanos() as f64 { 1 } else { IN_A_ROW.max(places as usize) },
        }
    }
}

/// Into parts of how many messages a rotation is cut so that one has about as many as wanted: a divisor of the rotation where one is
/// within a factor of two. Otherwise parts overlap, and go through the rotation several times until each message was in as many.
fn part(rotation: u32, wanted: f64) -> u32 {
    let factor = |part: u32| (f64::from(part) / wanted).ln().abs();
    let divisors = (1..=rotation).filter(|part| rotation.is_multiple_of(*part));
    let nearest = divisors.min_by(|a, b| factor(*a).total_cmp(&factor(*b))).unwrap_or(1);
    if factor(nearest) <= 2_f64.ln() || wanted < 1.0 { nearest } else { wanted.round() as u32 }
}

fn common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

impl Yardstick {
    /// The time of one iteration of a fresh subject, from samples in calm moments; where there were too few in time, from
    /// all samples. Where samples are parts of a rotation, it is the mean over the parts of each one's median.
    ///
    /// # Errors
    /// Where the subject fails.
    pub fn measure(&mut self, subject: &mut dyn Subject) -> anyhow::Result<Sampled> {
        let (first_ns, about) = warm_up(subject)?;
        let schedule = Schedule::of(about, subject.rotation(), self.best());
        let (mut calm, mut all) = (Calm::default(), Vec::new());
        let start = Instant::now();
        let mut calm_before = schedule.slow || self.is_calm(schedule.yardsticks);
        let mut is_enough = false;
        while !is_enough && (all.len() < schedule.fewest || start.elapsed() < schedule.patience) {
            let place = all.len() as u32 % schedule.places;
            let elapsed = subject.time(schedule.iterations)?;
            let calm_after = schedule.slow || self.is_calm(schedule.yardsticks);
            all.push((place, elapsed));
            self.discard(elapsed);
            match calm_before && calm_after {
                true => calm.push(place, elapsed),
                false => calm.interrupt(),
            }
            calm_before = calm_after;
            is_enough = match schedule.slow {
                true => all.len() >= schedule.fewest && covers(&all, schedule.places),
                false => calm.time >= schedule.enough && covers(&calm.samples, schedule.places),
            };
        }
        self.count(calm.time);
        let counted = if is_enough && !schedule.slow { &calm.samples } else { &all };
        let ns = mean_of_medians(counted, schedule.places).context("there are no samples")?;
        let placement = Placement { ns: ns / schedule.iterations as f64, calm: is_enough };
        Ok(Sampled {
            placement,
            first_ns,
            samples: all.len(),
            calm_samples: if is_enough { counted.len() } else { calm.samples.len() },
        })
    }
}

/// Whether every place has a sample.
fn covers(samples: &[(u32, Duration)], places: u32) -> bool {
    samples.len() >= places as usize && (0..places).all(|place| samples.iter().any(|(other, _)| *other == place))
}

/// The mean over places of the median of each one's samples, in nanoseconds. None without samples.
fn mean_of_medians(samples: &[(u32, Duration)], places: u32) -> Option<f64> {
    let mut by_place = vec![Vec::new(); places as usize];
    for (place, sample) in samples {
        by_place.get_mut(*place as usize)?.push(sample.as_nanos() as f64);
    }
    let medians: Vec<f64> = by_place.iter().filter_map(|samples| median(samples)).collect();
    (!medians.is_empty()).then(|| medians.iter().sum::<f64>() / medians.len() as f64)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Schedule, Subject, Yardstick};
    use crate::measure::native_work;

    /// Message number n of the rotation takes n times the unit, the first 1; counts the iterations.
    struct Ideal {
        unit: u64,
        rotation: u32,
        sent: u64,
    }

    impl Subject for Ideal {
        fn time(&mut self, iterations: u64) -> anyhow::Result<Duration> {
            anyhow::ensure!(self.unit > 0, "trap");
            let mut nanoseconds = 0;
            for _ in 0..iterations {
                nanoseconds += self.unit * (self.sent % u64::from(self.rotation) + 1);
                self.sent += 1;
            }
            Ok(Duration::from_nanos(nanoseconds))
        }

        fn rotation(&self) -> u32 {
            self.rotation
        }
    }

    /// Batches of 1, 2, 4, … messages of a nanosecond: the first 20 take a millisecond together, and the first 19 half of one.
    #[test]
    fn all_batches_count_as_warm_up() -> anyhow::Result<()> {
        let mut subject = Ideal { unit: 1, rotation: 1, sent: 0 };
        let (first_ns, about) = super::warm_up(&mut subject)?;
        anyhow::ensure!((subject.sent, first_ns, about) == (1 + (1 << 20) - 1, 1.0, 1.0), "{}", subject.sent);
        Ok(())
    }

    #[test]
    fn the_time_is_that_of_an_iteration() -> anyhow::Result<()> {
        let mut subject = Ideal { unit: 1, rotation: 1, sent: 0 };
        let sampled = Yardstick::new(native_work(), None).measure(&mut subject)?;
        anyhow::ensure!(sampled.placement.ns == 1.0 && sampled.first_ns == 1.0);
        // The warm-up, and at least as many samples as are enough.
        anyhow::ensure!(subject.sent >= 750_000 + 5 * 25_000);
        Ok(())
    }

    /// Messages of 1 to n units: their mean is (n + 1) ÷ 2, however many of them a sample has.
    #[test]
    fn every_message_of_a_rotation_counts_alike() -> anyhow::Result<()> {
        let small = [10, 30, 60, 100, 150, 200, 300, 400, 600].map(|unit| (unit, 64));
        for (unit, rotation) in small.into_iter().chain([(10, 4), (60_000, 4), (3_000_000, 4), (40, 61)]) {
            let mut subject = Ideal { unit, rotation, sent: 0 };
            let sampled = Yardstick::new(native_work(), None).measure(&mut subject)?;
            let mean = f64::from(rotation + 1) / 2.0 * unit as f64;
            anyhow::ensure!((sampled.placement.ns / mean - 1.0).abs() < 1e-9, "{unit}: {}", sampled.placement.ns);
        }
        Ok(())
    }

    /// Compiling takes a third of a second, and is not measured seven times in each round.
    #[test]
    fn what_takes_very_long_is_one_sample() -> anyhow::Result<()> {
        let mut subject = Ideal { unit: 200_000_000, rotation: 1, sent: 0 };
        let sampled = Yardstick::new(native_work(), None).measure(&mut subject)?;
        anyhow::ensure!((subject.sent, sampled.samples, sampled.placement.calm) == (3, 1, true), "{sampled:?}");
        Ok(())
    }

    #[test]
    fn samples_are_whole_rotations_or_parts_of_one() {
        let of = |about, rotation| {
            let schedule = Schedule::of(about, rotation, 5000.0);
            (schedule.iterations, schedule.places)
        };
        assert_eq!((of(100.0, 64), of(300.0, 64), of(1000.0, 64)), ((256, 1), (64, 1), (32, 2)));
        assert_eq!((of(10_000.0, 64), of(30_000.0, 64), of(30_000.0, 1)), ((2, 32), (1, 64), (1, 1)));
        // 61 cannot be cut into equal parts of about 12: a sample begins where the last one ended, 61 of them go through 12 rotations.
        assert_eq!((of(2_000.0, 61), of(20_000.0, 61), of(2_000.0, 60)), ((13, 61), (1, 61), (12, 5)));
    }

    /// In an interpreter a yardstick takes far longer than a sample, and is waited for as well.
    #[test]
    fn there_is_time_for_three_rotations_and_their_yardsticks() {
        let schedule = Schedule::of(25_000.0, 64, 500_000.0);
        assert_eq!(schedule.patience, Duration::from_nanos(3 * 64 * 525_000));
    }

    #[test]
    fn where_it_is_never_calm_all_samples_count_and_that_is_said() -> anyhow::Result<()> {
        // Nothing is as fast as no time at all, so the core never seems calm.
        let mut yardstick = Yardstick::new(native_work(), Some(0.0));
        let sampled = yardstick.measure(&mut Ideal { unit: 1, rotation: 1, sent: 0 })?;
        anyhow::ensure!(sampled.placement.ns == 1.0 && !sampled.placement.calm && sampled.calm_samples == 0);
        anyhow::ensure!(yardstick.discarded() > Duration::ZERO);
        Ok(())
    }

    #[test]
    fn a_subject_that_fails_is_not_timed_again() {
        assert!(Yardstick::new(native_work(), None).measure(&mut Ideal { unit: 0, rotation: 1, sent: 0 }).is_err());
    }
}
