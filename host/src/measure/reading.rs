//! A reading, and the figure that many of them make.

use serde::{Deserialize, Serialize};

use crate::statistics::{Estimate, Samples};

/// A figure is made of calm rounds alone where there are this many.
const ENOUGH_ROUNDS: usize = 4;

/// The time of an iteration on one fresh pair.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Reading {
    /// The time, in nanoseconds.
    pub ns: f64,
    /// Whether there were enough calm moments.
    pub calm: bool,
    /// The time of the very first iteration, in nanoseconds.
    #[serde(default)]
    pub first_ns: Option<f64>,
    /// The times of single messages: nanoseconds and how many, ascending. Empty where none were asked for.
    #[serde(default)]
    pub singles: Vec<(u64, u64)>,
}

/// What the rounds found of a figure so far, each with its round.
#[derive(Clone, Debug, Default)]
pub struct Readings(Vec<(usize, Reading)>);

impl Readings {
    /// Adds what a round found.
    pub fn push(&mut self, round: usize, reading: Reading) {
        self.0.push((round, reading));
    }

    /// How many of them had calm moments.
    pub fn calm(&self) -> usize {
        self.0.iter().filter(|(_, reading)| reading.calm).count()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All readings, in the order of the rounds.
    pub fn all(&self) -> impl Iterator<Item = &Reading> {
        self.0.iter().map(|(_, reading)| reading)
    }

    /// The readings that count, with their rounds: the calm ones, where there are enough.
    fn counted(&self) -> impl Iterator<Item = &(usize, Reading)> {
        let only_calm = self.calm() >= ENOUGH_ROUNDS;
        self.0.iter().filter(move |(_, reading)| reading.calm || !only_calm)
    }

    /// How many of those that count had no calm moment.
    pub fn disturbed(&self) -> usize {
        self.counted().filter(|(_, reading)| !reading.calm).count()
    }

    /// The time of an iteration: the median over rounds, with its interval. None where there is no reading.
    pub fn estimate(&self) -> Option<Estimate> {
        self.estimate_of(|reading| Some(reading.ns))
    }

    /// The same of something else that readings have.
    pub fn estimate_of(&self, value: impl Fn(&Reading) -> Option<f64>) -> Option<Estimate> {
        let mut samples = Samples::default();
        for (round, reading) in self.counted() {
            if let Some(value) = value(reading) {
                samples.push(*round, value);
            }
        }
        samples.estimate()
    }

    /// What of this is left when `other` is taken off, round by round.
    pub fn minus(&self, others: &[&Self]) -> Self {
        let of = |readings: &Self, round| {
            readings.0.iter().find(|(other, _)| *other == round).map(|(_, found)| found.clone())
        };
        let left = self.0.iter().filter_map(|(round, reading)| {
            let taken: Option<Vec<Reading>> = others.iter().map(|other| of(other, *round)).collect();
            let taken = taken?;
            let ns = reading.ns - taken.iter().map(|reading| reading.ns).sum::<f64>();
            let calm = reading.calm && taken.iter().all(|reading| reading.calm);
            Some((*round, Reading { ns, calm, first_ns: None, singles: Vec::new() }))
        });
        Self(left.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{Reading, Readings};

    fn reading(ns: f64, calm: bool) -> Reading {
        Reading { ns, calm, first_ns: None, singles: Vec::new() }
    }

    fn readings(all: &[(f64, bool)]) -> Readings {
        let mut readings = Readings::default();
        all.iter().enumerate().for_each(|(round, (ns, calm))| readings.push(round, reading(*ns, *calm)));
        readings
    }

    #[test]
    fn readings_without_a_calm_moment_are_left_out_where_there_are_enough_others() {
        let high = |readings: &Readings| readings.estimate().map(|estimate| estimate.high);
        let four = readings(&[(10.0, true), (10.0, true), (10.0, true), (10.0, true), (17.0, false)]);
        assert_eq!((high(&four), four.disturbed()), (Some(10.0), 0));
        let three = readings(&[(10.0, true), (10.0, true), (10.0, true), (17.0, false)]);
        assert_eq!((high(&three), three.disturbed()), (Some(17.0), 1));
        assert_eq!(Readings::default().estimate(), None);
    }

    #[test]
    fn what_is_left_is_of_rounds_that_have_both() {
        let (whole, part) =
            (readings(&[(10.0, true), (12.0, true), (14.0, true)]), readings(&[(1.0, true), (2.0, false)]));
        let left = whole.minus(&[&part]);
        assert_eq!(
            left.all().map(|reading| (reading.ns, reading.calm)).collect::<Vec<_>>(),
            [(9.0, true), (10.0, false)]
        );
    }
}
