//! What verdicts and intervals are worth: runs drawn at random with known changes, compared, and counted.
//!
//! `cargo test -p weft --lib simulation -- --nocapture` prints the tables of `docs/STATISTICS.md`.

mod draw;
mod figure;
mod whole;

use super::both::{Both, Estimate};
use super::row::Row;
use super::verdict::{Verdict, judge};
use crate::record::Record;
use draw::{CELLS, Machine, Placements, ROUNDS, Source};

/// A rate in so many trials may exceed what it should be by twice its standard error.
fn at_most(rate: f64, trials: usize) -> f64 {
    rate + 2.0 * (rate * (1.0 - rate) / trials as f64).sqrt()
}

fn part(count: usize, of: usize) -> f64 {
    count as f64 / of as f64
}

/// Compares two drawn runs: the rows, in the cells' order, judged with this threshold.
fn rows(old: &Record, new: &Record, threshold: f64) -> Vec<Row> {
    let both = Both::of(old, new);
    let estimate = Estimate::of(&both, old, new, false);
    let mut rows: Vec<Row> = both.iter().filter_map(|both| Row::of(*both, &estimate, true)).collect();
    judge(&mut rows, threshold, |_| true);
    rows
}

/// What was said of cells that did not change.
#[derive(Default)]
struct Unchanged {
    comparisons: usize,
    alarms: usize,
    cells: usize,
    covered: usize,
    same: [usize; 2],
}

impl Unchanged {
    fn of(source: &mut Source, comparisons: usize) -> Self {
        let mut found = Self { comparisons, ..Self::default() };
        for _ in 0..comparisons {
            let (old, new) = (source.draw(0.0, |_| 0.0), source.draw(0.0, |_| 0.0));
            let rows = rows(&old, &new, 0.05);
            let changed = |row: &&Row| matches!(row.verdict, Verdict::Faster | Verdict::Slower);
            found.alarms += usize::from(rows.iter().any(|row| changed(&row)));
            found.cells += rows.len();
            let covers = |row: &&Row| row.ratio.is_some_and(|ratio| ratio.low <= 1.0 && ratio.high >= 1.0);
            found.covered += rows.iter().filter(covers).count();
            for (same, threshold) in found.same.iter_mut().zip([0.05_f64, 0.02]) {
                let within = |row: &&Row| {
                    let (low, high) = row.log.interval(0.9);
                    low >= -threshold.ln_1p() && high <= threshold.ln_1p()
                };
                *same += rows.iter().filter(within).count();
            }
        }
        found
    }
}

/// Where nothing changed, at most one comparison in twenty has a false alarm among its cells, and intervals cover what they
/// claim.
#[test]
fn false_alarms_are_bounded() {
    const COMPARISONS: usize = 60;
    println!(
        "\n| placements | rounds | a neighbour | any false alarm | 95 % intervals cover | same at 5 % | same at 2 % |"
    );
    println!("|---|---:|---|---:|---:|---:|---:|");
    for placements in [Placements::Alike, Placements::TwoKinds] {
        for (rounds, machine) in
            ROUNDS.into_iter().flat_map(|rounds| [(rounds, Machine::Quiet), (rounds, Machine::Neighbour)])
        {
            let found = Unchanged::of(&mut Source::new(1, placements, rounds, machine), COMPARISONS);
            let alarms = part(found.alarms, found.comparisons);
            let covered = part(found.covered, found.cells);
            let [five, two] = found.same.map(|same| part(same, found.cells));
            println!("| {placements:?} | {rounds} | {machine:?} | {alarms:.3} | {covered:.3} | {five:.2} | {two:.2} |");
            assert!(alarms <= at_most(0.05, COMPARISONS), "{placements:?}, {rounds} rounds, {machine:?}: {alarms}");
            assert!((0.93..=0.98).contains(&covered), "{placements:?}, {rounds} rounds, {machine:?}: {covered}");
        }
    }
}

/// A neighbour makes six cells in ten of the new run slower, each by another factor, in all their rounds; and all but a few cells in one
/// round. Nothing is called changed, and what is calm is the same.
#[test]
fn what_a_neighbour_does_is_no_change() {
    let mut source = Source::new(3, Placements::Alike, ROUNDS[0], Machine::Quiet);
    let (old, mut new) = (source.draw(0.0, |_| 0.0), source.draw(0.0, |_| 0.0));
    let is_disturbed = |number: usize| number % 10 < 6;
    for (number, cell) in new.cells.iter_mut().enumerate() {
        let factor = 1.2 + source.random.uniform();
        for reading in &mut cell.readings {
            if is_disturbed(number) || reading.round == 5 && number % 10 < 9 {
                reading.ns *= factor;
                reading.calm = false;
            }
        }
    }
    let rows = rows(&old, &new, 0.05);
    let counted = |verdict: Verdict, disturbed: bool| {
        let of = |(number, row): &(usize, &Row)| is_disturbed(*number) == disturbed && row.verdict == verdict;
        rows.iter().enumerate().filter(of).count()
    };
    let changed = [Verdict::Faster, Verdict::Slower].map(|verdict| [true, false].map(|of| counted(verdict, of)));
    assert_eq!(changed, [[0; 2]; 2]);
    let (calm, same) = (rows.iter().filter(|row| row.is_comparable).count(), counted(Verdict::Same, false));
    assert!(calm == (0..CELLS).filter(|number| !is_disturbed(*number)).count(), "{calm}");
    assert!(part(same, calm) > 0.85, "{same} of {calm}");
}

/// One cell in ten is slower, and the machine faster; how many of them are found, how many are called the same, and whether
/// any is called faster.
#[test]
fn changes_are_found() {
    // The change, and between what the parts must lie that are found with the rounds of a core run and of a quick one.
    let cases = [
        (0.02, 0.0..=0.15, 0.0..=0.1),
        (0.05, 0.35..=0.8, 0.2..=0.7),
        (0.1, 0.65..=1.0, 0.55..=1.0),
        (0.5, 0.94..=1.0, 0.9..=1.0),
    ];
    println!("\n| slower by | rounds | found | called the same |\n|---:|---:|---:|---:|");
    for (change, of_core, of_quick) in cases {
        for (rounds, expected) in ROUNDS.into_iter().zip([of_core, of_quick]) {
            let mut source = Source::new(2, Placements::TwoKinds, rounds, Machine::Neighbour);
            let found = Found::of(&mut source, change);
            let (power, same) = (part(found.slower, found.changed), part(found.same, found.changed));
            println!("| {:.0} % | {rounds} | {power:.3} | {same:.3} |", change * 100.0);
            assert!(expected.contains(&power), "{change}, {rounds} rounds: {power}");
            assert!(found.faster == 0, "{} slower cells are called faster", found.faster);
            assert!(change < 0.1 || found.same == 0, "a change of twice the threshold is called the same");
        }
    }
}

/// What was said of cells that are slower.
#[derive(Default)]
struct Found {
    changed: usize,
    slower: usize,
    same: usize,
    faster: usize,
}

impl Found {
    fn of(source: &mut Source, change: f64) -> Self {
        let mut found = Self::default();
        for _ in 0..8 {
            let old = source.draw(0.0, |_| 0.0);
            let new = source.draw(-0.04, |cell| if cell % 10 == 0 { change } else { 0.0 });
            for row in rows(&old, &new, 0.05).iter().step_by(10) {
                found.changed += 1;
                found.slower += usize::from(row.verdict == Verdict::Slower);
                found.same += usize::from(row.verdict == Verdict::Same);
                found.faster += usize::from(row.verdict == Verdict::Faster);
            }
        }
        assert_eq!(found.changed, 8 * CELLS.div_ceil(10));
        found
    }
}
