//! What the verdicts are worth: runs drawn at random with known changes, compared, and counted.
//!
//! Spreads are those of the reference run's cells; each run has a drift that all its cells share, which is the worst for
//! many tests at once, and knows of it by eight measurements. `--nocapture` prints the rates.

use super::row::Row;
use super::verdict::{Verdict, judge};
use crate::compare::drift::Drifts;
use crate::run::{CellRecord, Drift, Latency, Record};

/// Sebastiano Vigna's SplitMix64, so that every run of the test draws the same.
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((z ^ (z >> 31)) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// A standard normal value (Box & Muller 1958).
    fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

/// How a pair's median lies about the cell's, in units of the cell's spread.
#[derive(Clone, Copy, Debug)]
enum Placement {
    Normal,
    /// One pair in four lies four spreads higher, and the others close together.
    TwoKinds,
}

impl Placement {
    fn draw(self, random: &mut Random) -> f64 {
        match self {
            Self::Normal => random.normal(),
            Self::TwoKinds if random.uniform() < 0.25 => 4.0 + 0.3 * random.normal(),
            Self::TwoKinds => 0.3 * random.normal(),
        }
    }
}

const DRIFT: f64 = 0.01;

fn reference() -> Record {
    serde_json::from_str(include_str!("../../../results/reference/run.json")).expect("the reference run")
}

/// The spread of each cell of the reference run, from the distance of the second of seven values to the sixth.
fn spreads(record: &Record) -> Vec<f64> {
    let spread = |latency: Latency| (latency.high / latency.low).ln() / 1.515;
    record.measured().filter_map(|cell| cell.latency_ns.map(spread)).collect()
}

/// Draws a run; its cell number i is slower by `change(i)`.
fn draw(
    template: &Record,
    spreads: &[f64],
    placement: Placement,
    change: impl Fn(usize) -> f64,
    random: &mut Random,
) -> Record {
    let mut record = template.clone();
    record.cells.retain(|cell| cell.latency_ns.is_some());
    let drift = DRIFT * random.normal();
    for (number, (cell, spread)) in record.cells.iter_mut().zip(spreads).enumerate() {
        let pairs = (0..7).map(|_| 100.0 * (change(number).ln_1p() + drift + spread * placement.draw(random)).exp());
        cell.pair_medians_ns = Some(pairs.collect());
        cell.latency_ns = cell.latency_ns.map(|latency| Latency { median: 100.0 + random.uniform(), ..latency });
    }
    let medians_ns = (0..8).map(|_| 100.0 * (DRIFT * random.normal()).exp()).collect();
    record.drift = Some(Drift { cell: String::new(), medians_ns, spread: DRIFT });
    record
}

/// Compares two drawn runs: the verdicts by cell number.
fn verdicts(old: &Record, new: &Record) -> Vec<Verdict> {
    let drift = Drifts::of(old, new);
    let cells: Vec<(&CellRecord, &CellRecord)> = old.cells.iter().zip(&new.cells).collect();
    let mut rows: Vec<Row> = cells.iter().filter_map(|(old, new)| Row::of(old, new, (7, 7), &drift)).collect();
    judge(&mut rows, 0.05, true);
    rows.iter().map(|row| row.verdict).collect()
}

fn part(count: usize, of: usize) -> f64 {
    count as f64 / of as f64
}

/// Where nothing changed, at most one comparison in twenty has a false alarm among its 355 cells.
#[test]
fn false_alarms_are_bounded() {
    const COMPARISONS: usize = 120;
    let (template, mut random) = (reference(), Random(1));
    let spreads = spreads(&template);
    for placement in [Placement::Normal, Placement::TwoKinds] {
        let (mut alarms, mut cells, mut same) = (0, 0, 0);
        for _ in 0..COMPARISONS {
            let mut run = || draw(&template, &spreads, placement, |_| 0.0, &mut random);
            let verdicts = verdicts(&run(), &run());
            let wrong = |verdict: &&Verdict| matches!(verdict, Verdict::Faster | Verdict::Slower);
            let found = verdicts.iter().filter(wrong).count();
            (alarms, cells) = (alarms + usize::from(found > 0), cells + verdicts.len());
            same += verdicts.iter().filter(|verdict| **verdict == Verdict::Same).count();
        }
        let rate = part(alarms, COMPARISONS);
        println!("{placement:?}: false alarm in {:.1} % of comparisons; same {:.2}", rate * 100.0, part(same, cells));
        // 0.05, and twice the standard error of a rate of 0.05 in so many comparisons.
        assert!(rate <= 0.05 + 2.0 * (0.05_f64 * 0.95 / COMPARISONS as f64).sqrt(), "{placement:?}: {rate}");
    }
}

/// One cell in ten is slower; how many of them are found.
#[test]
fn changes_are_found() {
    const COMPARISONS: usize = 20;
    let (template, mut random) = (reference(), Random(2));
    let spreads = spreads(&template);
    for (change, least, most) in [(0.02, 0.0, 0.05), (0.05, 0.02, 0.5), (0.1, 0.4, 1.0), (0.5, 0.95, 1.0)] {
        let (mut found, mut changed, mut called_same, mut wrong) = (0, 0, 0, 0);
        for _ in 0..COMPARISONS {
            let old = draw(&template, &spreads, Placement::Normal, |_| 0.0, &mut random);
            let slowed = |cell: usize| if cell % 10 == 0 { change } else { 0.0 };
            let new = draw(&template, &spreads, Placement::Normal, slowed, &mut random);
            for (cell, verdict) in verdicts(&old, &new).into_iter().enumerate() {
                let is_changed = cell % 10 == 0;
                changed += usize::from(is_changed);
                found += usize::from(is_changed && verdict == Verdict::Slower);
                called_same += usize::from(is_changed && verdict == Verdict::Same);
                wrong += usize::from(verdict == Verdict::Faster);
            }
        }
        let power = part(found, changed);
        println!("{:.0} % slower: found {power:.3}, called same {:.3}", change * 100.0, part(called_same, changed));
        assert!((least..=most).contains(&power), "{change}: {power}");
        assert!(wrong <= COMPARISONS, "{wrong} cells called faster");
        assert!(change < 0.1 || called_same == 0, "a change of twice the threshold is called the same");
    }
}
