//! What the interval of a single figure is worth.

use super::draw::{Machine, Placements, ROUNDS, Source};
use super::part;
use crate::measure::RoundReading;
use crate::record::figures;

/// How many figures are drawn.
const FIGURES: usize = 4000;

/// A figure's interval covers what such figures are in the mean, in 95 of 100 cases or somewhat less. Where a neighbour comes,
/// and makes some readings slower and none faster, it covers that less often.
#[test]
fn intervals_of_figures_cover_what_they_claim() {
    let [core, quick] = ROUNDS;
    println!("\n| placements | a neighbour | {core} rounds | {quick} rounds |\n|---|---|---:|---:|");
    for placements in [Placements::Alike, Placements::TwoKinds] {
        for (machine, least) in [(Machine::Quiet, 0.93), (Machine::Neighbour, 0.86)] {
            let covered = ROUNDS.map(|rounds| coverage(placements, rounds, machine));
            let [core, quick] = covered;
            println!("| {placements:?} | {machine:?} | {core:.3} | {quick:.3} |");
            assert!(
                covered.iter().all(|covered| (least..=0.98).contains(covered)),
                "{placements:?} {machine:?}: {covered:?}"
            );
        }
    }
}

/// How often the interval covers the mean of all such figures.
fn coverage(placements: Placements, rounds: usize, machine: Machine) -> f64 {
    let mut source = Source::new(3, placements, rounds, machine);
    let mut figure = || {
        let readings: Vec<RoundReading> = (0..rounds)
            .map(|round| {
                // A quarter of the cells is hit where one comes.
                let hit = source.neighbour().filter(|_| source.random.uniform() < 0.25).unwrap_or(0.0);
                source.reading(round, hit, 0.02)
            })
            .collect();
        figures::latency(&readings, &[]).expect("readings")
    };
    let figures: Vec<_> = (0..FIGURES).map(|_| figure()).collect();
    let mean = figures.iter().map(|figure| figure.value.ln()).sum::<f64>() / FIGURES as f64;
    let covers = figures.iter().filter(|figure| figure.low.ln() <= mean && figure.high.ln() >= mean);
    part(covers.count(), FIGURES)
}
