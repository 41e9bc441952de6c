//! What readings make: round effects, times and their intervals.

use std::collections::BTreeSet;

use super::{CellRecord, Interval, Latency, Record};
use crate::cell::OWN_HOST;
use crate::measure::RoundReading;
use crate::statistics::rounds::{ByRound, are_enough, effects};
use crate::statistics::trimmed::{Mean, variance};

/// The confidence of every interval of a figure.
pub const CONFIDENCE: f64 = 0.95;

/// The logarithms of the readings that count, each with its round.
pub fn logarithms(readings: &[RoundReading]) -> ByRound {
    RoundReading::counted(readings).map(|reading| (reading.round, reading.ns.ln())).collect()
}

/// What all cells of a host share in each round, as logarithms; none of a round that nobody can tell of. Empty where they are too few to
/// tell.
pub fn round_effects<'a>(cells: impl Iterator<Item = (&'a str, &'a [RoundReading])>) -> Vec<Option<f64>> {
    let cells = cells.filter(|(_, readings)| !readings.is_empty()).collect();
    let Some((telling, _)) = telling(cells, |(codec, _)| codec, |(_, readings)| RoundReading::are_calm(readings))
    else {
        return Vec::new();
    };
    let cells: Vec<ByRound> = telling.into_iter().map(|(_, readings)| logarithms(readings)).collect();
    let rounds = cells.iter().flatten().map(|(round, _)| round + 1).max().unwrap_or(0);
    effects(&cells, rounds)
}

/// The cells that tell what all of them share, and whether they are the calm ones alone: so it is where these are enough. A neighbour
/// makes each cell slower by another factor, and is no part of what cells share. None where all of them are too few.
pub fn telling<T: Copy>(
    cells: Vec<T>,
    codec: impl Fn(&T) -> &str,
    is_calm: impl Fn(&T) -> bool,
) -> Option<(Vec<T>, bool)> {
    let enough = |cells: &[T]| are_enough(cells.len(), cells.iter().map(&codec).collect::<BTreeSet<_>>().len());
    let calm: Vec<T> = cells.iter().copied().filter(is_calm).collect();
    if enough(&calm) {
        return Some((calm, true));
    }
    enough(&cells).then_some((cells, false))
}

/// The round effects of the cells of one host.
pub fn round_effects_of(cells: &[CellRecord], host: &str) -> Vec<Option<f64>> {
    let own = cells.iter().filter(|cell| cell.cell.host == host);
    round_effects(own.map(|cell| (cell.cell.codec.as_str(), cell.readings.as_slice())))
}

/// What is taken out of a host's readings for these effects: nothing of a round that nobody can tell of.
pub fn taken_out(effects: &[Option<f64>]) -> Vec<f64> {
    effects.iter().map(|effect| effect.unwrap_or(0.0)).collect()
}

/// Computes what the readings of a record make: the round effects of each host, and every time. What has no readings keeps
/// its time.
pub fn settle(record: &mut Record) {
    let names: Vec<String> = record.hosts.keys().cloned().collect();
    for name in names {
        let effects = taken_out(&round_effects_of(&record.cells, &name));
        for cell in record.cells.iter_mut().filter(|cell| cell.cell.host == name && !cell.readings.is_empty()) {
            let readings = std::mem::take(&mut cell.readings);
            cell.take(readings, &effects);
        }
        if name == OWN_HOST {
            settle_others(record, &effects);
        }
        if let Some(host) = record.hosts.get_mut(&name) {
            host.round_effects = effects.iter().map(|effect| effect.exp()).collect();
        }
    }
}

/// The figures that are no cell's. Of a calibration nothing is taken out: it tells how fast the machine is.
fn settle_others(record: &mut Record, effects: &[f64]) {
    let others = record.boundary.values_mut().chain(record.task_floor_ns.values_mut()).map(|timed| (timed, effects));
    let none: &[f64] = &[];
    for (timed, effects) in others.chain(record.calibrations.values_mut().map(|timed| (timed, none))) {
        timed.latency = latency(&timed.readings, effects).unwrap_or(timed.latency);
    }
}

/// The level of some readings, as logarithms: what comparisons are made of. It is at least as uncertain as the scatter of
/// the placements in each reading makes it. None of fewer than two rounds.
pub fn level(readings: &[RoundReading], effects: &[f64]) -> Option<Mean> {
    let mean = Mean::of(&left(&logarithms(readings), effects))?;
    Some(placed(readings).map_or(mean, |(variance, freedom)| mean.at_least(variance, freedom)))
}

/// The variance that placements alone give the mean logarithm of some readings, and its degrees of freedom: what those of
/// one reading differ by, divided by how many there are in all. Of readings whose placements were all calm, because one
/// that was disturbed lies elsewhere for another reason. None where the run does not tell them.
pub fn placed(readings: &[RoundReading]) -> Option<(f64, f64)> {
    let counted: Vec<&RoundReading> = RoundReading::counted(readings).collect();
    let (mut squares, mut freedom) = (0.0, 0.0);
    for reading in counted.iter().filter(|reading| reading.calm_placements == Some(reading.placements_ns.len())) {
        let logs: Vec<f64> = reading.placements_ns.iter().map(|ns| ns.ln()).collect();
        let free = logs.len() as f64 - 1.0;
        if let Some(variance) = variance(&logs) {
            (squares, freedom) = (squares + free * variance, freedom + free);
        }
    }
    let placements: usize = counted.iter().filter_map(|reading| reading.calm_placements).sum();
    (freedom > 0.0 && placements > 0).then(|| (squares / freedom / placements as f64, freedom))
}

/// The logarithms without what their rounds share.
fn left(logs: &[(usize, f64)], effects: &[f64]) -> Vec<f64> {
    logs.iter().map(|(round, log)| log - effects.get(*round).copied().unwrap_or(0.0)).collect()
}

/// The time that some readings make. None without readings.
pub fn latency(readings: &[RoundReading], effects: &[f64]) -> Option<Latency> {
    let (value, (low, high)) = match level(readings, effects) {
        Some(mean) => (mean.mean, mean.interval(CONFIDENCE)),
        None => match left(&logarithms(readings), effects)[..] {
            [log] => (log, (log, log)),
            _ => return None,
        },
    };
    // Two rounds that differ have an interval that ends nowhere.
    let (low, high) = (low.max(value - 700.0), high.min(value + 700.0));
    Some(Latency { value: value.exp(), low: low.exp(), high: high.exp() })
}

/// The difference that some readings make, which may be negative. None without readings.
pub fn difference(readings: &[RoundReading]) -> Option<Interval> {
    let all: Vec<f64> = RoundReading::counted(readings).map(|reading| reading.ns).collect();
    let (value, (low, high)) = match (Mean::of(&all), all.as_slice()) {
        (Some(mean), _) => (mean.mean, mean.interval(CONFIDENCE)),
        (None, [only]) => (*only, (*only, *only)),
        _ => return None,
    };
    Some(Interval { value, low, high })
}

/// ln a − ln b of two cells of one run, of the rounds that both have.
pub fn differences(a: &[RoundReading], b: &[RoundReading]) -> ByRound {
    let b = logarithms(b);
    let of = |(round, log): (usize, f64)| Some((round, log - b.iter().find(|(other, _)| *other == round)?.1));
    logarithms(a).into_iter().filter_map(of).collect()
}

/// How two cells differ: the mean of their [`differences`]. It is at least as uncertain as their placements make it. None where
/// fewer than two rounds have both.
pub fn paired(a: &[RoundReading], b: &[RoundReading]) -> Option<Mean> {
    let mean = Mean::of(&left(&differences(a, b), &[]))?;
    Some(placed_apart(a, b).map_or(mean, |(variance, freedom)| mean.at_least(variance, freedom)))
}

/// The variance that placements alone give the mean difference of two cells, and its degrees of freedom: as [`placed`] has it,
/// of the differences of placements of one number. Cells of one codec share these in a round, and what the pages do to both of
/// them cancels out; those of others have nothing to do with each other, and then the two variances add up in the mean.
fn placed_apart(a: &[RoundReading], b: &[RoundReading]) -> Option<(f64, f64)> {
    let others: Vec<&RoundReading> = RoundReading::counted(b).collect();
    let (mut squares, mut freedom, mut placements) = (0.0, 0.0, 0);
    for one in RoundReading::counted(a) {
        let Some(other) = others.iter().find(|other| other.round == one.round) else { continue };
        placements += one.calm_placements.zip(other.calm_placements).map_or(0, |(one, other)| one.min(other));
        let is_whole = |reading: &RoundReading| reading.calm_placements == Some(reading.placements_ns.len());
        if is_whole(one) && is_whole(other) {
            let both = one.placements_ns.iter().zip(&other.placements_ns);
            let apart: Vec<f64> = both.map(|(one, other)| one.ln() - other.ln()).collect();
            let free = apart.len() as f64 - 1.0;
            if let Some(variance) = variance(&apart) {
                (squares, freedom) = (squares + free * variance, freedom + free);
            }
        }
    }
    (freedom > 0.0 && placements > 0).then(|| (squares / freedom / placements as f64, freedom))
}

#[cfg(test)]
mod tests {
    use super::{difference, latency, level, paired, round_effects, taken_out, variance};
    use crate::measure::RoundReading;

    fn readings(all: &[f64]) -> Vec<RoundReading> {
        all.iter().enumerate().map(|(round, ns)| RoundReading::bare(round, *ns)).collect()
    }

    #[test]
    fn what_all_cells_share_is_no_scatter() {
        let effects = [1.0, 1.3, 0.9, 1.0, 1.1, 0.8, 1.0];
        let cells: Vec<Vec<RoundReading>> =
            (1..=21).map(|cell| readings(&effects.map(|effect| effect * f64::from(cell)))).collect();
        let codecs = ["a", "b", "c"];
        let found = round_effects(cells.iter().enumerate().map(|(n, cell)| (codecs[n % 3], cell.as_slice())));
        let with = latency(&cells[4], &taken_out(&found)).expect("a time");
        let without = latency(&cells[4], &[]).expect("a time");
        assert!(with.high - with.low < 1e-9 && (with.value - 5.0).abs() < 0.3, "{with:?}");
        assert!(without.high - without.low > 0.5 && without.low < without.value && without.value < without.high);
        // Of one codec nobody can tell.
        assert!(round_effects(cells.iter().map(|cell| ("a", cell.as_slice()))).is_empty());
    }

    #[test]
    fn one_round_has_no_interval_and_none_no_time() {
        assert!(
            latency(&readings(&[5.0]), &[]).is_some_and(|one| one.low == one.high && (one.value - 5.0).abs() < 1e-9)
        );
        assert!(latency(&[], &[]).is_none() && difference(&[]).is_none());
        assert!(latency(&readings(&[5.0, 9.0]), &[]).is_some_and(|two| two.high.is_finite() && two.low > 0.0));
        assert!(difference(&readings(&[-1.0, 1.0, 0.0])).is_some_and(|none| none.low < 0.0 && none.value == 0.0));
    }

    /// Readings that happen to agree are no surer than what they are means of.
    #[test]
    fn placements_that_scatter_make_a_level_uncertain() {
        let reading = |round, ns: f64| RoundReading {
            placements_ns: vec![0.9 * ns, ns, 1.1 * ns],
            calm_placements: Some(3),
            ..RoundReading::bare(round, ns)
        };
        let agreeing: Vec<RoundReading> = (0..4).map(|round| reading(round, 5.0)).collect();
        let found = level(&agreeing, &[]).expect("a level");
        // The variance of three logarithms over 12 placements; the rounds have 3 degrees of freedom, the placements 8.
        let expected = variance(&[0.9_f64.ln(), 0.0, 1.1_f64.ln()]).expect("three") / 12.0;
        assert!((found.variance - expected).abs() < 1e-15 && found.freedom == 11.0, "{found:?}");
        assert!(latency(&agreeing, &[]).is_some_and(|time| time.low < 5.0 && time.high > 5.0));
        // What the same placements do to two cells cancels out; those of others add up.
        let moved = |by: [f64; 3]| -> Vec<RoundReading> {
            let reading = |round| RoundReading { placements_ns: by.map(|by| 7.0 * by).to_vec(), ..reading(round, 7.0) };
            (0..4).map(reading).collect()
        };
        let apart = |by| paired(&agreeing, &moved(by)).expect("rounds");
        assert!(apart([0.9, 1.0, 1.1]).variance < 1e-15);
        let turned = variance(&[(0.9_f64 / 1.1).ln(), 0.0, (1.1_f64 / 0.9).ln()]).expect("three") / 12.0;
        let found = apart([1.1, 1.0, 0.9]);
        assert!((found.variance - turned).abs() < 1e-15 && found.freedom == 11.0, "{found:?}");
        // One that was disturbed, or of which nobody knows, does not count.
        let mut silent = agreeing.clone();
        silent.iter_mut().for_each(|reading| reading.calm_placements = Some(2));
        assert!(level(&silent, &[]).is_some_and(|level| level.variance == 0.0));
    }

    /// Two cells that scatter together: their difference is known far better than each of them.
    #[test]
    fn cells_of_a_run_are_compared_round_by_round() {
        let slow = readings(&[10.0, 14.0, 9.0, 12.0, 11.0]);
        let fast = readings(&[9.0, 12.7, 8.1, 10.8, 9.9]);
        let found = paired(&slow, &fast).expect("rounds");
        assert!((found.mean - (10.0_f64 / 9.0).ln()).abs() < 0.01 && found.p_value() < 0.001);
        let rounds_apart: Vec<RoundReading> = (10..15).map(|round| RoundReading::bare(round, 9.0)).collect();
        assert!(paired(&slow, &rounds_apart).is_none());
    }
}
