//! How far readings scatter over rounds by how many placements they are the mean of: what placement alone does to a figure.
//!
//! Placements of two rounds are not put together: that would also average what each round's process does to a cell, which a
//! reading of as many placements has.

use std::fmt::Write as _;

use crate::cell::OWN_HOST;
use crate::measure::RoundReading;
use crate::record::Record;
use crate::statistics::location::percentile;
use crate::statistics::trimmed::variance;

/// The numbers of placements that are looked at, as far as readings have as many.
const PLACEMENTS: [usize; 5] = [1, 2, 4, 6, 8];

/// A cell tells only where so many rounds have enough placements.
const FEWEST_ROUNDS: usize = 5;

/// How far readings of some placements scatter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scatter {
    /// How many placements a reading is the mean of.
    pub placements: usize,
    /// How many cells tell.
    pub cells: usize,
    /// The median over cells of the standard deviation over rounds, as a part.
    pub median: f64,
    /// The 90th percentile over cells.
    pub high: f64,
}

/// The scatter of the readings of weft's own host, what their rounds share taken out. Empty where a run kept no placements.
pub fn scatter(record: &Record) -> Vec<Scatter> {
    let effects = record.hosts.get(OWN_HOST).map_or(&[][..], |host| &host.round_effects);
    let of = |placements| {
        let deviations: Vec<f64> =
            record.measured().filter_map(|cell| deviation(&cell.readings, effects, placements)).collect();
        let (median, high) = (percentile(&deviations, 0.5)?, percentile(&deviations, 0.9)?);
        Some(Scatter { placements, cells: deviations.len(), median, high })
    };
    PLACEMENTS.into_iter().filter_map(of).collect()
}

/// The standard deviation over rounds of the logarithm of the mean over the first `placements`.
fn deviation(readings: &[RoundReading], effects: &[f64], placements: usize) -> Option<f64> {
    let log = |reading: &RoundReading| {
        let first = reading.placements_ns.get(..placements)?;
        let mean = first.iter().sum::<f64>() / placements as f64;
        Some((mean / effects.get(reading.round).copied().unwrap_or(1.0)).ln())
    };
    let logs: Vec<f64> = RoundReading::counted(readings).filter_map(log).collect();
    (logs.len() >= FEWEST_ROUNDS).then(|| variance(&logs).map(f64::sqrt)).flatten()
}

/// The scatter as a table; empty where there is nothing to tell.
pub fn markdown(record: &Record) -> String {
    let found = scatter(record);
    if found.is_empty() {
        return String::new();
    }
    let mut text = String::from(
        "| placements of a reading | standard deviation over rounds, median of the cells | nine cells in ten below |\n\
         |---:|---:|---:|\n",
    );
    for Scatter { placements, median, high, .. } in found {
        let _ = writeln!(text, "| {placements} | {:.1} % | {:.1} % |", 100.0 * median, 100.0 * high);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::deviation;
    use crate::measure::RoundReading;

    /// Placements take turns, so that the mean of two is the same in every round.
    #[test]
    fn the_mean_of_more_placements_scatters_less() {
        let reading = |round: usize| {
            let (one, other) = if round.is_multiple_of(2) { (9.0, 11.0) } else { (11.0, 9.0) };
            RoundReading { placements_ns: vec![one, other], ..RoundReading::bare(round, 10.0) }
        };
        let readings: Vec<RoundReading> = (0..6).map(reading).collect();
        assert!(deviation(&readings, &[], 1).is_some_and(|one| (one - 0.11).abs() < 0.01));
        assert!(deviation(&readings, &[], 2).is_some_and(|two| two < 1e-12));
        assert_eq!((deviation(&readings, &[], 3), deviation(&readings[..4], &[], 1)), (None, None));
        // What a round shares is no scatter of the cell's.
        let effects = [0.9, 1.1, 0.9, 1.1, 0.9, 1.1];
        assert!(deviation(&readings, &effects, 1).is_some_and(|one| one < 1e-12));
    }
}
