//! Geometric means of the ratios: of all cells, and per codec, transport, message and host.
//!
//! The cells of a mean are not drawn from others, they are those that there are: what is uncertain is each cell's
//! ratio. Cells of a codec move together within a round, so their errors are not independent: in each run, what the cells of a
//! mean are above their levels is averaged per round, and the error is that of the trimmed mean of these over rounds. It is
//! at least what independent cells would have.

use std::collections::HashMap;

use serde::Serialize;

use super::ALPHA;
use super::both::{Both, Estimate};
use super::row::Row;
use crate::cell::OWN_HOST;
use crate::measure::RoundReading;
use crate::record::figures;
use crate::statistics::rounds::{ByRound, above_levels};
use crate::statistics::trimmed;

/// The geometric mean of some cells' ratios.
#[derive(Clone, Debug, Serialize)]
pub struct Mean {
    /// What the cells have in common: a codec's, transport's, message's or host's name.
    pub name: String,
    /// How many cells they are.
    pub cells: usize,
    /// The mean of new ÷ old, relative to what the comparison is relative to.
    pub ratio: f64,
    /// The lower end of its 95 % interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// All means of a comparison: of the cells that are judged, or where none can be, of those whose ratios are shown.
#[derive(Clone, Debug, Serialize)]
pub struct Means {
    /// Of all cells.
    pub all: Option<Mean>,
    /// By codec: of the cells of weft's own host, or of all where none of them is.
    pub codecs: Vec<Mean>,
    /// By transport, of the same cells.
    pub transports: Vec<Mean>,
    /// By message, of the same cells.
    pub messages: Vec<Mean>,
    /// By host; none where all cells are of weft's own.
    pub hosts: Vec<Mean>,
}

/// A cell with its readings.
#[derive(Clone, Copy)]
struct Entry<'a> {
    row: &'a Row,
    both: Both<'a>,
}

impl Means {
    /// The means of some rows, which are of some of the cells that both runs measured.
    pub(super) fn of<'rows>(both: &[Both<'rows>], rows: &[&'rows Row], estimate: &Estimate<'_>) -> Self {
        let named: HashMap<String, Both<'_>> = both.iter().map(|both| (both.new.name(), *both)).collect();
        let entry = |row: &&'rows Row| Some(Entry { row, both: *named.get(&row.cell)? });
        let all: Vec<Entry<'_>> = rows.iter().filter_map(entry).collect();
        let own: Vec<Entry<'_>> = all.iter().filter(|entry| entry.row.host == OWN_HOST).copied().collect();
        let foreign = own.len() < all.len();
        let of = if own.is_empty() { &all } else { &own };
        let by = |cells: &[Entry<'_>], name: fn(&Row) -> &str| by(cells, name, estimate);
        Self {
            all: mean("all", &all, estimate),
            codecs: by(of, |row| &row.codec),
            transports: by(of, |row| &row.transport),
            messages: by(of, |row| &row.message),
            hosts: if foreign { by(&all, |row| &row.host) } else { Vec::new() },
        }
    }
}

/// The means of cells that share a name, in the order of the cells.
fn by(cells: &[Entry<'_>], name: fn(&Row) -> &str, estimate: &Estimate<'_>) -> Vec<Mean> {
    let mut names: Vec<&str> = Vec::new();
    for cell in cells {
        if !names.contains(&name(cell.row)) {
            names.push(name(cell.row));
        }
    }
    let mean = |wanted: &&str| {
        let some: Vec<Entry<'_>> = cells.iter().filter(|cell| name(cell.row) == *wanted).copied().collect();
        mean(wanted, &some, estimate)
    };
    names.iter().filter_map(mean).collect()
}

fn mean(name: &str, cells: &[Entry<'_>], estimate: &Estimate<'_>) -> Option<Mean> {
    let log = if cells.iter().all(|cell| cell.both.is_one_measurement()) {
        (!cells.is_empty()).then_some(trimmed::Mean::certain(0.0))?
    } else {
        let [old, new] = &estimate.effects;
        let hosts: Vec<&str> = cells.iter().map(|cell| cell.row.host.as_str()).collect();
        let old = side(cells.iter().map(|Entry { row, both }| (both.old.readings.as_slice(), old.on(&row.host))))?;
        let new = side(cells.iter().map(|Entry { row, both }| (both.new.readings.as_slice(), new.on(&row.host))))?;
        estimate.relative(&new.minus(&old), &hosts)
    };
    let (low, high) = log.interval(1.0 - ALPHA);
    Some(Mean { name: name.to_owned(), cells: cells.len(), ratio: log.mean.exp(), low: low.exp(), high: high.exp() })
}

/// The mean over cells of their levels in one run, with an error that knows that cells move together in a round. Each cell is
/// its readings, and what its host's rounds share.
fn side<'a>(cells: impl Iterator<Item = (&'a [RoundReading], &'a [f64])>) -> Option<trimmed::Mean> {
    let left = |readings, effects: &[f64]| -> ByRound {
        let effect = |round: usize| effects.get(round).copied().unwrap_or(0.0);
        figures::logarithms(readings).into_iter().map(|(round, log)| (round, log - effect(round))).collect()
    };
    let of = |(readings, effects)| Some((left(readings, effects), figures::level(readings, effects)?));
    let (cells, levels): (Vec<ByRound>, Vec<trimmed::Mean>) =
        cells.map(of).collect::<Option<Vec<_>>>()?.into_iter().unzip();
    let independent = trimmed::Mean::average(&levels)?;
    let means: Vec<f64> = levels.iter().map(|level| level.mean).collect();
    let together = trimmed::Mean::of(&above_levels(&cells, &means));
    Some(together.map_or(independent, |together| {
        let error = together.at_least(independent.variance, independent.freedom);
        trimmed::Mean { mean: independent.mean, ..error }
    }))
}

#[cfg(test)]
mod tests {
    use super::side;
    use crate::measure::RoundReading;
    use crate::statistics::trimmed::Mean;

    /// The cells of a codec, whose readings deviate by these parts in each round.
    fn cells(deviations: &[[f64; 6]]) -> Vec<Vec<RoundReading>> {
        let cell = |rounds: &[f64; 6]| {
            rounds.iter().enumerate().map(|(round, part)| RoundReading::bare(round, 100.0 * (1.0 + part))).collect()
        };
        deviations.iter().map(cell).collect()
    }

    fn of(deviations: &[[f64; 6]]) -> Mean {
        let cells = cells(deviations);
        side(cells.iter().map(|cell| (cell.as_slice(), &[][..]))).expect("a mean")
    }

    const UP: [f64; 6] = [0.01, -0.01, 0.02, -0.02, 0.0, 0.005];

    /// Ten cells that move together are as wrong as one of them.
    #[test]
    fn errors_of_cells_that_move_together_do_not_average_out() {
        let (one, ten) = (of(&[UP]), of(&[UP; 10]));
        assert!((one.variance / ten.variance - 1.0).abs() < 1e-9 && (one.mean - ten.mean).abs() < 1e-12);
    }

    /// Those of others do, and where they happen to cancel they are not taken for none.
    #[test]
    fn errors_of_others_average_out() {
        let (one, two) = (of(&[UP]), of(&[UP, UP.map(|part| -part)]));
        assert!((0.4..0.6).contains(&(two.variance / one.variance)), "{one:?} {two:?}");
    }
}
