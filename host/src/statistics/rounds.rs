//! What a round does to all cells alike: a slower moment of the machine, or a process that was placed badly.

use super::median;

/// The logarithms of a cell's times, each with its round.
pub type ByRound = Vec<(usize, f64)>;

/// A run's rounds have effects of their own where at least so many cells …
const ENOUGH_CELLS: usize = 20;
/// … of so many codecs tell of them. Of fewer, the median over cells would be one cell's own scatter.
const ENOUGH_CODECS: usize = 3;

/// Whether cells are enough to tell what all of them share.
pub const fn are_enough(cells: usize, codecs: usize) -> bool {
    cells >= ENOUGH_CELLS && codecs >= ENOUGH_CODECS
}

/// The effect of each of `rounds` rounds on logarithms of times: the median over cells of what the cell's time in this
/// round is above the cell's own median over rounds. None of a round in which too few cells were read to tell, as where only
/// disturbed ones are read again: what a few cells share is taken for their own scatter. Each cell is a list of rounds and
/// logarithms.
pub fn effects(cells: &[ByRound], rounds: usize) -> Vec<Option<f64>> {
    let mut above: Vec<Vec<f64>> = vec![Vec::new(); rounds];
    for cell in cells {
        let Some(middle) = median(&cell.iter().map(|(_, log)| *log).collect::<Vec<_>>()) else { continue };
        for (round, log) in cell {
            if let Some(above) = above.get_mut(*round) {
                above.push(log - middle);
            }
        }
    }
    let enough = ENOUGH_CELLS.min(cells.len() / 2);
    let effect = |above: &Vec<f64>| median(above).filter(|_| above.len() >= enough);
    above.iter().map(effect).collect()
}

/// In each round, the mean over cells of what they are above their levels; of rounds in which at least half of the cells have
/// a value. What cells share in a round stays in it, so its scatter over rounds is that of a mean over cells that move together.
pub fn above_levels(cells: &[ByRound], levels: &[f64]) -> Vec<f64> {
    let mut rounds: Vec<Vec<f64>> = Vec::new();
    for (cell, level) in cells.iter().zip(levels) {
        for (round, value) in cell {
            if rounds.len() <= *round {
                rounds.resize(round + 1, Vec::new());
            }
            if let Some(place) = rounds.get_mut(*round) {
                place.push(value - level);
            }
        }
    }
    let mean = |above: &Vec<f64>| above.iter().sum::<f64>() / above.len() as f64;
    rounds.iter().filter(|above| !above.is_empty() && 2 * above.len() >= cells.len()).map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::{are_enough, effects};

    /// Three cells of different size; round 1 is slower by 0.2 for all, and one cell has no reading in round 2.
    #[test]
    fn what_all_cells_share_is_the_round_s() {
        let cell = |level: f64, logs: &[f64]| logs.iter().enumerate().map(|(r, log)| (r, level + log)).collect();
        let cells: Vec<Vec<(usize, f64)>> =
            vec![cell(1.0, &[0.0, 0.2, 0.0]), cell(5.0, &[0.0, 0.2, 0.01]), cell(9.0, &[0.0, 0.2])];
        let found = effects(&cells, 4);
        let expected = [0.0, 0.2, 0.0];
        // The third cell has two rounds, so its median lies between them.
        let near = |(found, expected): (&Option<f64>, f64)| found.is_some_and(|found| (found - expected).abs() < 0.011);
        assert!(found.iter().zip(expected).all(near) && found[3].is_none(), "{found:?}");
        assert!(effects(&[], 2) == [None, None]);
    }

    #[test]
    fn a_round_of_a_few_cells_has_no_effect() {
        let cell = |rounds: usize| (0..rounds).map(|round| (round, if round == 2 { 0.3 } else { 0.0 })).collect();
        let cells = |read_again: usize| -> Vec<Vec<(usize, f64)>> {
            (0..50).map(|n| cell(if n < read_again { 5 } else { 2 })).collect()
        };
        assert_eq!(effects(&cells(19), 3), [Some(0.0), Some(0.0), None]);
        assert_eq!(effects(&cells(20), 3), [Some(0.0), Some(0.0), Some(0.3)]);
    }

    #[test]
    fn a_few_cells_do_not_tell() {
        assert!(are_enough(20, 3) && !are_enough(19, 9) && !are_enough(300, 2));
    }
}
