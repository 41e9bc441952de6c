//! What the page knows of rounds: what rows are made of, how far rounds moved, and the calibrations. The script
//! (`assets/rounds.js`) reads it.

use serde::Serialize;

use super::cells::rounded;
use super::data::Time;
use crate::measure::RoundReading;
use crate::record::figures::logarithms;
use crate::record::{Latency, Record, Timed};
use crate::report::markdown::rounds::calibration;
use crate::report::rounds::{self, Made, Rows, tells_calm};

/// Rounds, placements in all, calm rounds, and which part of the samples was calm.
pub type MadeOf = (usize, Option<usize>, Option<usize>, Option<f64>);

/// How many of these are a unit of the logarithms: whole numbers take less room.
const LOG: f64 = 1e7;

/// The placements of a reading that counts.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Placed {
    /// How far each lies from the reading, in the unit of the logarithms: all of them were calm.
    Each(Vec<i64>),
    /// How many were calm.
    Calm(usize),
}

/// The placements of the readings that count, by round; none for a round without one, and where the run does not tell. Empty
/// where there are none.
pub fn placements(readings: &[RoundReading]) -> Vec<Option<Placed>> {
    let mut by_round: Vec<Option<Placed>> = Vec::new();
    for reading in RoundReading::counted(readings) {
        let Some(calm) = reading.calm_placements else { continue };
        let apart = |ns: &f64| ((ns.ln() - reading.ns.ln()) * LOG).round() as i64;
        let is_whole = calm == reading.placements_ns.len();
        let placed =
            if is_whole { Placed::Each(reading.placements_ns.iter().map(apart).collect()) } else { Placed::Calm(calm) };
        by_round.resize(by_round.len().max(reading.round + 1), None);
        if let Some(place) = by_round.get_mut(reading.round) {
            *place = Some(placed);
        }
    }
    by_round
}

/// What a section shows of rounds.
#[derive(Serialize)]
pub struct Rounds {
    planned: usize,
    /// How many readings had no calm moment, in words. None where they were not kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    disturbed: Option<String>,
    /// How far all cells of a host moved in each round: factors.
    effects: Vec<(String, Vec<f64>)>,
    calibrations: Vec<Calibration>,
}

/// A calibration.
#[derive(Serialize)]
struct Calibration {
    name: String,
    what: String,
    #[serde(flatten)]
    time: Time,
    /// The standard deviation of its logarithms over rounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    spread: Option<f64>,
}

/// The rounds of a run.
pub fn rounds(record: &Record) -> Rounds {
    let effects = record.hosts.iter().filter(|(_, host)| !host.round_effects.is_empty());
    let tells = tells_calm(record);
    let calibration = |(name, timed): (&String, &Timed)| Calibration {
        name: name.clone(),
        what: calibration(name).replace('`', ""),
        time: time(timed, tells),
        spread: rounds::spread(timed).map(rounded),
    };
    Rounds {
        planned: record.environment.rounds,
        disturbed: Rows::of_run(record).and_then(|rows| rows.disturbed_text()),
        effects: effects
            .map(|(name, host)| (name.clone(), host.round_effects.iter().copied().map(rounded).collect()))
            .collect(),
        calibrations: record.calibrations.iter().map(calibration).collect(),
    }
}

/// What some readings are, as the page has it, of a run that tells which are calm, or does not.
pub fn made(readings: &[RoundReading], tells_calm: bool) -> Option<MadeOf> {
    let Made { rounds, placements, calm_rounds, calm_rate } = Made::of(readings, tells_calm)?;
    Some((rounds, placements, calm_rounds, calm_rate.map(|rate| (rate * 1e3).round() / 1e3)))
}

/// A time and the ends of its interval; alone where it is of one round.
pub fn times(latency: &Latency, readings: &[RoundReading]) -> Vec<f64> {
    let ends = rounds::interval(latency, readings).map(|(low, high)| [low, high]);
    std::iter::once(latency.value).chain(ends.into_iter().flatten()).collect()
}

/// A time that is no cell's.
pub fn time(timed: &Timed, tells_calm: bool) -> Time {
    let ends = rounds::interval(&timed.latency, &timed.readings);
    let (low, high) = (ends.map(|(low, _)| low), ends.map(|(_, high)| high));
    Time { ns: timed.latency.value, low, high, made: made(&timed.readings, tells_calm) }
}

/// The logarithms of the readings that count by round, as whole numbers; none for a round without one. Empty where fewer
/// than two count, of which nothing can be told.
pub fn logs(readings: &[RoundReading]) -> Vec<Option<i64>> {
    let by_round = logarithms(readings);
    if by_round.len() < 2 {
        return Vec::new();
    }
    let rounds = by_round.iter().map(|(round, _)| round + 1).max().unwrap_or(0);
    let of = |round| by_round.iter().find(|(other, _)| *other == round).map(|(_, log)| (log * LOG).round() as i64);
    (0..rounds).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::{Placed, logs, placements, times};
    use crate::measure::RoundReading;
    use crate::record::Latency;

    #[test]
    fn logarithms_have_the_place_of_their_round() {
        let readings = [RoundReading::bare(0, 1.0), RoundReading::bare(2, std::f64::consts::E)];
        assert_eq!(logs(&readings), [Some(0), None, Some(10_000_000)]);
        assert!(logs(&readings[..1]).is_empty() && logs(&[]).is_empty());
    }

    #[test]
    fn placements_have_the_place_of_their_round() {
        let placed = |round, calm| RoundReading {
            placements_ns: vec![1.0, 1.001],
            calm_placements: Some(calm),
            ..RoundReading::bare(round, 1.0)
        };
        let found = placements(&[placed(0, 2), placed(2, 1)]);
        assert_eq!(found, [Some(Placed::Each(vec![0, 9995])), None, Some(Placed::Calm(1))]);
        assert_eq!(serde_json::to_string(&found).ok().as_deref(), Some("[[0,9995],null,1]"));
        assert_eq!(placements(&[RoundReading::bare(0, 1.0)]), []);
    }

    #[test]
    fn one_round_has_no_interval() {
        let latency = Latency { value: 2.0, low: 1.0, high: 3.0 };
        let readings = [RoundReading::bare(0, 1.5), RoundReading::bare(2, 2.5)];
        assert_eq!(times(&latency, &readings), [2.0, 1.0, 3.0]);
        assert_eq!(times(&latency, &readings[..1]), [2.0]);
        // Of a run that kept none, the interval is what there is.
        assert_eq!(times(&latency, &[]), [2.0, 1.0, 3.0]);
    }
}
