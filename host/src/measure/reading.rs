//! A reading, what is kept of it, and what the rounds of a run make of many.

use serde::{Deserialize, Serialize};

use super::Sampled;
use crate::statistics::median;

/// A figure is made of calm rounds alone where there are this many.
const ENOUGH_ROUNDS: usize = 4;

/// The time of an iteration on one placement: one fresh pair, whose code lies on pages of its own.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Placement {
    /// The time, in nanoseconds.
    pub ns: f64,
    /// Whether there were enough calm moments.
    pub calm: bool,
}

/// The time of an iteration: the mean over placements.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Reading {
    /// The time, in nanoseconds: the mean over the calm placements where at least half are, otherwise over all.
    pub ns: f64,
    /// Whether at least half of the placements had enough calm moments.
    pub calm: bool,
    /// The time of the very first iteration, in nanoseconds.
    #[serde(default)]
    pub first_ns: Option<f64>,
    /// The times of single messages: nanoseconds and how many, ascending. Empty where none were asked for.
    #[serde(default)]
    pub singles: Vec<(u64, u64)>,
    /// Each placement. Empty where a host does not tell them.
    #[serde(default)]
    pub placements: Vec<Placement>,
    /// Which part of the samples was calm. None where a host does not tell.
    #[serde(default)]
    pub calm_rate: Option<f64>,
    /// When it was taken, in seconds since the host's process began the round. None where a host does not tell.
    #[serde(default)]
    pub at_s: Option<f64>,
}

impl Reading {
    /// The reading of some placements, taken so many seconds after the round began. None of none.
    pub fn of(sampled: &[Sampled], at_s: f64) -> Option<Self> {
        let first = sampled.first()?;
        let calm: Vec<&Sampled> = sampled.iter().filter(|sampled| sampled.placement.calm).collect();
        let is_calm = 2 * calm.len() >= sampled.len();
        let counted: Vec<f64> = sampled
            .iter()
            .filter(|sampled| sampled.placement.calm || !is_calm)
            .map(|sampled| sampled.placement.ns)
            .collect();
        let samples: usize = sampled.iter().map(|sampled| sampled.samples).sum();
        let calm_samples: usize = sampled.iter().map(|sampled| sampled.calm_samples).sum();
        Some(Self {
            ns: counted.iter().sum::<f64>() / counted.len() as f64,
            calm: is_calm,
            first_ns: Some(first.first_ns),
            singles: Vec::new(),
            placements: sampled.iter().map(|sampled| sampled.placement).collect(),
            calm_rate: Some(calm_samples as f64 / samples.max(1) as f64),
            at_s: Some(at_s),
        })
    }
}

/// What is kept of a reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RoundReading {
    /// In which round it was taken, from 0.
    pub round: usize,
    /// The time, in nanoseconds.
    pub ns: f64,
    /// Whether at least half of its placements had enough calm moments.
    pub calm: bool,
    /// The time of each placement, in nanoseconds. Empty where the run does not say.
    #[serde(default)]
    pub placements_ns: Vec<f64>,
    /// How many placements had enough calm moments. None where the run does not say.
    #[serde(default)]
    pub calm_placements: Option<usize>,
    /// Which part of the samples was calm. None where the run does not say.
    #[serde(default)]
    pub calm_rate: Option<f64>,
    /// When it was taken, in seconds since its process began the round. None where the run does not say.
    #[serde(default)]
    pub at_s: Option<f64>,
}

impl RoundReading {
    /// One of which only the time is known.
    pub fn bare(round: usize, ns: f64) -> Self {
        let (placements_ns, calm_placements, calm_rate, at_s) = (Vec::new(), None, None, None);
        Self { round, ns, calm: true, placements_ns, calm_placements, calm_rate, at_s }
    }

    fn of(round: usize, reading: &Reading) -> Self {
        let placements = &reading.placements;
        let calm = placements.iter().filter(|placement| placement.calm).count();
        Self {
            round,
            ns: kept(reading.ns),
            calm: reading.calm,
            placements_ns: placements.iter().map(|placement| kept(placement.ns)).collect(),
            calm_placements: (!placements.is_empty()).then_some(calm),
            calm_rate: reading.calm_rate.map(|rate| (rate * 1e4).round() / 1e4),
            at_s: reading.at_s.map(|at| (at * 1e3).round() / 1e3),
        }
    }

    /// Whether a figure of these is made of calm ones alone: of all, or of those that are enough.
    pub fn are_calm(readings: &[Self]) -> bool {
        let calm = readings.iter().filter(|reading| reading.calm).count();
        calm >= ENOUGH_ROUNDS || calm > 0 && calm == readings.len()
    }

    /// The readings of some that count: the calm ones where there are enough, otherwise all.
    pub fn counted(readings: &[Self]) -> impl Iterator<Item = &Self> {
        let only_calm = Self::are_calm(readings);
        readings.iter().filter(move |reading| reading.calm || !only_calm)
    }
}

/// A number with as many digits as are kept: seven, because times scatter in the third. A run has a hundred thousand of them.
fn kept(number: f64) -> f64 {
    format!("{number:.6e}").parse().unwrap_or(number)
}

/// What is kept of what the rounds found of a figure so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Readings {
    /// All readings, in the order of the rounds.
    kept: Vec<RoundReading>,
    /// The times of the very first iterations, by round.
    firsts: Vec<RoundReading>,
    /// The times of single messages of each round that has any: nanoseconds and how many, ascending.
    singles: Vec<Vec<(u64, u64)>>,
}

impl Readings {
    /// Adds what a round found.
    pub fn push(&mut self, round: usize, reading: Reading) {
        self.kept.push(RoundReading::of(round, &reading));
        self.firsts.extend(reading.first_ns.map(|ns| RoundReading::bare(round, ns)));
        self.singles.extend(Some(reading.singles).filter(|singles| !singles.is_empty()));
    }

    /// How many of them had calm moments.
    pub fn calm(&self) -> usize {
        self.kept.iter().filter(|reading| reading.calm).count()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// What is kept of all readings, in the order of the rounds.
    pub fn kept(&self) -> &[RoundReading] {
        &self.kept
    }

    /// The times of the very first iterations, by round.
    pub fn firsts(&self) -> &[RoundReading] {
        &self.firsts
    }

    /// The times of single messages of each round that has any: nanoseconds and how many, ascending.
    pub fn singles(&self) -> impl Iterator<Item = &[(u64, u64)]> {
        self.singles.iter().map(Vec::as_slice)
    }

    /// How many of those that count had no calm moment.
    pub fn disturbed(&self) -> usize {
        RoundReading::counted(&self.kept).filter(|reading| !reading.calm).count()
    }

    /// About what an iteration takes, in nanoseconds: the median over rounds. None where there is no reading.
    pub fn about(&self) -> Option<f64> {
        median(&self.kept.iter().map(|reading| reading.ns).collect::<Vec<_>>())
    }
}

/// What is left of a figure when others are taken off, round by round; of rounds that have all of them.
pub fn minus(whole: &[RoundReading], parts: &[&[RoundReading]]) -> Vec<RoundReading> {
    let left = whole.iter().filter_map(|reading| {
        let of = |part: &&[RoundReading]| part.iter().find(|other| other.round == reading.round).cloned();
        let parts: Vec<RoundReading> = parts.iter().map(of).collect::<Option<_>>()?;
        let ns = reading.ns - parts.iter().map(|part| part.ns).sum::<f64>();
        let calm = reading.calm && parts.iter().all(|part| part.calm);
        Some(RoundReading { calm, ..RoundReading::bare(reading.round, ns) })
    });
    left.collect()
}

#[cfg(test)]
mod tests {
    use super::{Placement, Reading, Readings, RoundReading, Sampled, minus};

    fn readings(all: &[(f64, bool)]) -> Vec<RoundReading> {
        let reading =
            |(round, (ns, calm)): (usize, &(f64, bool))| RoundReading { calm: *calm, ..RoundReading::bare(round, *ns) };
        all.iter().enumerate().map(reading).collect()
    }

    fn counted(all: &[(f64, bool)]) -> Vec<f64> {
        RoundReading::counted(&readings(all)).map(|reading| reading.ns).collect()
    }

    #[test]
    fn readings_without_a_calm_moment_are_left_out_where_there_are_enough_others() {
        assert_eq!(counted(&[(1.0, true), (2.0, true), (3.0, true), (4.0, true), (9.0, false)]), [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(counted(&[(1.0, true), (2.0, true), (3.0, true), (9.0, false)]), [1.0, 2.0, 3.0, 9.0]);
        assert!(counted(&[]).is_empty());
    }

    fn sampled(ns: f64, calm: bool) -> Sampled {
        let calm_samples = if calm { 8 } else { 0 };
        Sampled { placement: Placement { ns, calm }, first_ns: 10.0 * ns, samples: 10, calm_samples }
    }

    #[test]
    fn a_reading_is_the_mean_over_the_calm_placements_where_half_of_them_are() {
        let reading =
            Reading::of(&[sampled(1.0, true), sampled(3.0, true), sampled(8.0, false)], 2.5).expect("a reading");
        assert_eq!((reading.ns, reading.calm, reading.first_ns, reading.at_s), (2.0, true, Some(10.0), Some(2.5)));
        assert_eq!(reading.calm_rate, Some(16.0 / 30.0));
        let disturbed = Reading::of(&[sampled(1.0, true), sampled(3.0, false), sampled(8.0, false)], 0.0);
        assert!(disturbed.is_some_and(|reading| reading.ns == 4.0 && !reading.calm));
        assert_eq!(Reading::of(&[], 0.0), None);
    }

    #[test]
    fn what_is_kept_says_how_many_placements_were_calm() {
        let mut readings = Readings::default();
        readings.push(3, Reading::of(&[sampled(1.0, true), sampled(3.0, false)], 0.0).expect("a reading"));
        let kept = &readings.kept()[0];
        assert_eq!((kept.round, kept.ns, kept.calm_placements), (3, 1.0, Some(1)));
        assert_eq!((kept.placements_ns.as_slice(), readings.disturbed()), (&[1.0, 3.0][..], 0));
    }

    #[test]
    fn single_messages_and_first_ones_are_those_of_rounds_that_have_them() {
        let mut readings = Readings::default();
        let reading = Reading::of(&[sampled(1.0, true)], 0.0).expect("a reading");
        readings.push(0, Reading { first_ns: None, ..reading.clone() });
        readings.push(1, Reading { singles: vec![(7, 2), (9, 1)], ..reading.clone() });
        readings.push(2, reading);
        assert_eq!(readings.singles().collect::<Vec<_>>(), [&[(7, 2), (9, 1)]]);
        assert_eq!(readings.firsts(), [RoundReading::bare(1, 10.0), RoundReading::bare(2, 10.0)]);
    }

    #[test]
    fn seven_digits_are_kept() {
        let mut readings = Readings::default();
        readings.push(0, Reading::of(&[sampled(22.711_426_176_562, true)], 5.031_99).expect("a reading"));
        readings.push(1, Reading::of(&[sampled(88_093_231.49, true)], 0.0).expect("a reading"));
        let kept = readings.kept();
        assert_eq!((kept[0].ns, kept[0].placements_ns[0], kept[0].at_s), (22.711_43, 22.711_43, Some(5.032)));
        assert_eq!(kept[1].ns, 88_093_230.0);
    }

    #[test]
    fn what_is_left_is_of_rounds_that_have_both() {
        let whole = readings(&[(10.0, true), (12.0, true), (14.0, true)]);
        let left = minus(&whole, &[&readings(&[(1.0, true), (2.0, false)])]);
        assert_eq!(
            left.iter().map(|reading| (reading.ns, reading.calm)).collect::<Vec<_>>(),
            [(9.0, true), (10.0, false)]
        );
    }
}
