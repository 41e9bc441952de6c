//! What all figures of two runs differ by: the common factor, with its interval.

use weft_schemas::Random;

use super::rounds::{ByRound, effects};
use super::trimmed::Mean;
use super::{location, median};

/// How often rounds are drawn anew for an interval …
const RESAMPLES: usize = 300;
/// … and of how many cells at most.
const DRAWN_CELLS: usize = 100;

/// A common factor's logarithm and its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CommonFactor {
    /// The median over cells of new less old.
    pub log: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// The logarithm of what the same cells of an old and a new run share: the median over cells of the difference of their
/// levels, what rounds share taken out. None without cells that both runs have in two rounds.
fn factor(old: &[ByRound], new: &[ByRound]) -> Option<f64> {
    difference(&levels(old), &levels(new))
}

/// The same with its interval: the percentile bootstrap over rounds (Efron: *The Jackknife, the Bootstrap
/// and Other Resampling Plans*, 1982): rounds are drawn with all their cells, because what moves a round moves all of them.
/// None without cells that both runs have in two rounds.
pub fn common_factor(old: &[ByRound], new: &[ByRound], confidence: f64) -> Option<CommonFactor> {
    let log = factor(old, new)?;
    let (old, new) = (some(old), some(new));
    let middle = factor(&old, &new)?;
    let (old, new) = (Table::of(&old), Table::of(&new));
    let mut random = Random::new(0, 0);
    let draws = |_| factor(&old.drawn(&mut random), &new.drawn(&mut random));
    let drawn: Vec<f64> = (0..RESAMPLES).filter_map(draws).collect();
    let beyond = (1.0 - confidence) / 2.0;
    let (low, high) = (location::percentile(&drawn, beyond)?, location::percentile(&drawn, 1.0 - beyond)?);
    Some(CommonFactor { log, low: log + (low - middle).min(0.0), high: log + (high - middle).max(0.0) })
}

/// The level of each cell: the trimmed mean over rounds, what rounds share taken out. None where it cannot be told.
fn levels(cells: &[ByRound]) -> Vec<Option<f64>> {
    let effects = effects(cells, rounds(cells));
    let effect = |round: usize| effects.get(round).copied().flatten().unwrap_or(0.0);
    let left = |cell: &ByRound| cell.iter().map(|(round, log)| log - effect(*round)).collect::<Vec<_>>();
    cells.iter().map(|cell| Some(Mean::of(&left(cell))?.mean)).collect()
}

fn rounds(cells: &[ByRound]) -> usize {
    cells.iter().flatten().map(|(round, _)| round + 1).max().unwrap_or(0)
}

fn difference(old: &[Option<f64>], new: &[Option<f64>]) -> Option<f64> {
    let difference = |(old, new): (&Option<f64>, &Option<f64>)| Some((*new)? - (*old)?);
    median(&old.iter().zip(new).filter_map(difference).collect::<Vec<_>>())
}

/// So many cells that it takes no longer to draw rounds of many: what moves a round moves all of them.
fn some(cells: &[ByRound]) -> Vec<ByRound> {
    let step = cells.len().div_ceil(DRAWN_CELLS).max(1);
    cells.iter().step_by(step).cloned().collect()
}

/// Cells by round, to draw rounds from.
struct Table {
    rounds: usize,
    cells: Vec<Vec<Option<f64>>>,
}

impl Table {
    fn of(cells: &[ByRound]) -> Self {
        let rounds = rounds(cells);
        let row = |cell: &ByRound| {
            let mut row = vec![None; rounds];
            for (round, log) in cell {
                if let Some(place) = row.get_mut(*round) {
                    *place = Some(*log);
                }
            }
            row
        };
        Self { rounds, cells: cells.iter().map(row).collect() }
    }

    /// As many rounds as there are, drawn with replacement; those that were drawn become the rounds 0, 1, ….
    fn drawn(&self, random: &mut Random) -> Vec<ByRound> {
        let draws: Vec<usize> = (0..self.rounds).map(|_| random.below(self.rounds as u64) as usize).collect();
        let cell = |row: &Vec<Option<f64>>| {
            let reading = |(place, round): (usize, &usize)| Some((place, (*row.get(*round)?)?));
            draws.iter().enumerate().filter_map(reading).collect()
        };
        self.cells.iter().map(cell).collect()
    }
}

#[cfg(test)]
mod tests {
    use weft_schemas::Random;

    use super::super::rounds::ByRound;
    use super::common_factor;

    /// Cells whose readings scatter by about a percent; rounds by as much as `rounds`.
    fn run(random: &mut Random, shift: f64, rounds: f64) -> Vec<ByRound> {
        let mut uniform = || random.below(1 << 40) as f64 / (1_u64 << 40) as f64 - 0.5;
        let effects: Vec<f64> = (0..10).map(|_| rounds * uniform()).collect();
        (0..60)
            .map(|cell| {
                effects.iter().map(|effect| shift + f64::from(cell) + effect + 0.02 * uniform()).enumerate().collect()
            })
            .collect()
    }

    #[test]
    fn a_common_factor_lies_in_its_interval() {
        let mut random = Random::new(7, 0);
        let mut missed = 0;
        for _ in 0..40 {
            let (old, new) = (run(&mut random, 0.0, 0.04), run(&mut random, 0.05, 0.04));
            let found = common_factor(&old, &new, 0.95).expect("cells");
            assert!((found.log - 0.05).abs() < 0.04 && found.low <= found.log && found.log <= found.high);
            missed += usize::from(!(found.low..=found.high).contains(&0.05));
        }
        assert!(missed <= 8, "{missed} of 40 intervals missed");
    }

    #[test]
    fn rounds_that_move_more_widen_it() {
        let mut random = Random::new(8, 0);
        let mut width = |rounds| {
            let found =
                common_factor(&run(&mut random, 0.0, rounds), &run(&mut random, 0.0, rounds), 0.95).expect("cells");
            found.high - found.low
        };
        assert!(width(0.2) > 3.0 * width(0.01));
        assert_eq!(common_factor(&[], &[], 0.95), None);
        assert_eq!(common_factor(&[vec![(0, 1.0)]], &[vec![(0, 1.0)]], 0.95), None);
    }
}
