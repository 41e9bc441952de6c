//! What is said of all cells together: the common factor, whether it was the machine, and geometric means.

use super::draw::{Machine, Placements, ROUNDS, Source};
use super::{at_most, part, rows};
use crate::cell::Filter;
use crate::compare::both::{Both, Estimate};
use crate::compare::{Comparison, MachineVerdict, Means, Options, compare};
use crate::record::Record;

const COMPARISONS: usize = 10;

fn compared(old: &Record, new: &Record) -> Comparison {
    let options =
        Options { threshold: 0.05, filter: Filter::All, across_machines: false, absolute: false, named: None };
    compare(old, new, &options)
}

/// What a run does that is drawn after another: how far the machine moved, how far the cells moved beside it, and what is to
/// be said.
const CASES: [(f64, f64, MachineVerdict); 3] = [
    (0.0, 0.0, MachineVerdict::NothingMoved),
    (-0.05, 0.0, MachineVerdict::Machine),
    (0.0, 0.08, MachineVerdict::NotMachine),
];

/// The common factor's interval covers what all cells moved by, and whether it was the machine is told.
#[test]
fn the_machine_is_told_from_what_changed() {
    println!(
        "\n| the machine | the cells beside it | rounds | all cells' interval covers | calibrations' | said |\n|---:|---:|---:|---:|---:|---|"
    );
    for (moved, changed, expected) in CASES {
        for rounds in ROUNDS {
            let mut source = Source::new(4, Placements::TwoKinds, rounds, Machine::Neighbour).with_cells(120);
            let (mut covered, mut calibrated, mut said) = (0, 0, 0);
            for _ in 0..COMPARISONS {
                let (old, new) = (source.draw(0.0, |_| 0.0), source.draw(moved, |_| changed));
                let found = compared(&old, &new);
                let common = found.common.expect("enough cells");
                let whole = moved + changed.ln_1p();
                covered += usize::from(common.low.ln() <= whole && common.high.ln() >= whole);
                let calibrations = found.calibrations.expect("calibrations");
                calibrated += usize::from(calibrations.low.ln() <= moved && calibrations.high.ln() >= moved);
                said += usize::from(found.machine_verdict == Some(expected));
            }
            let [covered, calibrated, said] = [covered, calibrated, said].map(|count| part(count, COMPARISONS));
            println!("| {moved} | {changed} | {rounds} | {covered:.3} | {calibrated:.3} | {expected:?}: {said:.3} |");
            assert!(1.0 - covered <= at_most(0.07, COMPARISONS) && 1.0 - calibrated <= at_most(0.05, COMPARISONS));
            assert!(1.0 - said <= at_most(0.1, COMPARISONS), "{expected:?}: {said}");
        }
    }
}

/// The intervals of means of cells that move together in a round cover what they claim, or somewhat more: that a machine moves
/// no two cells alike is drawn for each cell, and counted as if it were the same for all cells of a mean.
#[test]
fn means_of_codecs_cover_what_they_claim() {
    println!("\n| rounds | 95 % intervals of means cover |\n|---:|---:|");
    for rounds in ROUNDS {
        let mut source = Source::new(5, Placements::TwoKinds, rounds, Machine::Neighbour).with_cells(120);
        let (mut covered, mut means) = (0, 0);
        for _ in 0..40 {
            let (old, new) = (source.draw(0.0, |_| 0.0), source.draw(-0.03, |_| 0.0));
            let both = Both::of(&old, &new);
            let rows = rows(&old, &new, 0.05);
            let found = Means::of(&both, &rows.iter().collect::<Vec<_>>(), &Estimate::of(&both, &old, &new, false));
            for mean in found.codecs.iter().chain(&found.transports) {
                means += 1;
                covered += usize::from(mean.low <= 1.0 && mean.high >= 1.0);
            }
        }
        let rate = part(covered, means);
        println!("| {rounds} | {rate:.3} |");
        assert!((0.93..=1.0).contains(&rate), "{rounds} rounds: {rate}");
    }
}
