//! What the verdicts are worth: runs drawn at random with known changes, compared, and counted.
//!
//! Spreads are those of a real run's cells. The machine drifts slowly, and all cells of a run feel it, which is the worst for
//! many tests at once; the run looks at it forty times, and measures its cells in rounds between the last looks.
//! `--nocapture` prints the rates.

use super::row::Row;
use super::verdict::{Verdict, judge};
use crate::compare::drift::Drifts;
use crate::record::{CellRecord, Drift, Record};

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

/// How far the pairs of a cell scatter, as standard deviations of logarithms: the 19 middles of 19 equal parts of the 355
/// cells of a core run (2026-11-21, two shared cores).
const SPREADS: [f64; 19] = [
    0.0023, 0.0071, 0.0088, 0.0114, 0.0130, 0.0142, 0.0163, 0.0193, 0.0214, 0.0229, 0.0252, 0.0282, 0.0311, 0.0345,
    0.0391, 0.0427, 0.0487, 0.0629, 0.1365,
];

/// How many cells a run has.
const CELLS: usize = 355;
/// How many rounds go through them.
const ROUNDS: usize = 14;
/// How often a run looks at its drift; the last looks are between the rounds.
const LOOKS: usize = 40;
/// How much of the drift is still there at the next look: as in the worst of three core runs (2026-11-21; the others had none).
const PERSISTENCE: f64 = 0.4;

/// A run with as many copies of one cell.
fn template() -> Record {
    let json = include_str!("../../../results/reference/run.json");
    let mut record: Record = serde_json::from_str(json).expect("the reference run");
    let cell = record.measured().next().cloned().expect("a measured cell");
    record.cells = vec![cell; CELLS];
    record
}

/// What runs are drawn from.
struct Source {
    template: Record,
    random: Random,
    placement: Placement,
    /// The standard deviation of the drift.
    drift: f64,
}

impl Source {
    fn new(seed: u64, placement: Placement, drift: f64) -> Self {
        Self { template: template(), random: Random(seed), placement, drift }
    }

    /// Draws a run; its cell number i is slower by `change(i)`.
    fn draw(&mut self, change: impl Fn(usize) -> f64) -> Record {
        let Self { template, random, placement, drift } = self;
        let mut record = template.clone();
        let moved = wander(random, *drift);
        for (number, cell) in record.cells.iter_mut().enumerate() {
            let spread = SPREADS[number % SPREADS.len()];
            let pairs = moved[LOOKS - ROUNDS..]
                .iter()
                .map(|moved| change(number).ln_1p() + moved + spread * placement.draw(random));
            cell.pair_medians_ns = Some(pairs.map(|log| 100.0 * log.exp()).collect());
        }
        let medians_ns = moved.iter().map(|moved| 100.0 * moved.exp()).collect();
        record.drift = Some(Drift { cell: String::new(), medians_ns, spread: *drift });
        record
    }
}

/// Where the machine is at each look: a first-order autoregression with this standard deviation.
fn wander(random: &mut Random, deviation: f64) -> Vec<f64> {
    let mut place = deviation * random.normal();
    let mut next = || {
        let step = (1.0 - PERSISTENCE * PERSISTENCE).sqrt() * deviation * random.normal();
        place = PERSISTENCE * place + step;
        place
    };
    (0..LOOKS).map(|_| next()).collect()
}

/// Compares two drawn runs: the verdicts by cell number.
fn verdicts(old: &Record, new: &Record) -> Vec<Verdict> {
    let drift = Drifts::of(old, new);
    let cells: Vec<(&CellRecord, &CellRecord)> = old.cells.iter().zip(&new.cells).collect();
    let mut rows: Vec<Row> =
        cells.iter().filter_map(|(old, new)| Row::of(old, new, (ROUNDS, ROUNDS), &drift)).collect();
    judge(&mut rows, 0.05, |_| true);
    rows.iter().map(|row| row.verdict).collect()
}

fn part(count: usize, of: usize) -> f64 {
    count as f64 / of as f64
}

/// Where nothing changed, at most one comparison in twenty has a false alarm among its 355 cells.
#[test]
fn false_alarms_are_bounded() {
    const COMPARISONS: usize = 100;
    let (normal, two_kinds) = (Placement::Normal, Placement::TwoKinds);
    for (placement, drift) in [(normal, 0.005), (normal, 0.01), (two_kinds, 0.01), (two_kinds, 0.0005)] {
        let mut source = Source::new(1, placement, drift);
        let (mut alarms, mut cells, mut same) = (0, 0, 0);
        for _ in 0..COMPARISONS {
            let (old, new) = (source.draw(|_| 0.0), source.draw(|_| 0.0));
            let verdicts = verdicts(&old, &new);
            alarms += usize::from(verdicts.iter().any(|verdict| matches!(verdict, Verdict::Faster | Verdict::Slower)));
            cells += verdicts.len();
            same += verdicts.iter().filter(|verdict| **verdict == Verdict::Same).count();
        }
        let rate = part(alarms, COMPARISONS);
        println!(
            "{placement:?}, drift {drift}: false alarm in {rate:.3} of comparisons; same {:.2}",
            part(same, cells)
        );
        // 0.05, and twice the standard error of a rate of 0.05 in so many comparisons.
        assert!(rate <= 0.05 + 2.0 * (0.05_f64 * 0.95 / COMPARISONS as f64).sqrt(), "{placement:?}: {rate}");
    }
}

/// One cell in ten is slower; how many of them are found.
#[test]
fn changes_are_found() {
    // Drift, change, and between what the part that is found must lie.
    let cases = [
        (0.005, 0.02, 0.0..=0.1),
        (0.005, 0.05, 0.4..=0.7),
        (0.005, 0.1, 0.8..=1.0),
        (0.005, 0.5, 0.95..=1.0),
        (0.01, 0.02, 0.0..=0.1),
        (0.01, 0.05, 0.35..=0.7),
        (0.01, 0.1, 0.75..=1.0),
        (0.01, 0.5, 0.95..=1.0),
    ];
    for (drift, change, expected) in cases {
        let found = Found::of(&mut Source::new(2, Placement::Normal, drift), change);
        let (power, same) = (part(found.slower, found.changed), part(found.same, found.changed));
        println!("drift {drift}: {:.0} % slower: found {power:.3}, called same {same:.3}", change * 100.0);
        assert!(expected.contains(&power), "{drift}, {change}: {power}");
        assert!(found.faster <= 2, "{} slower cells are called faster", found.faster);
        assert!(change < 0.1 || found.same == 0, "a change of twice the threshold is called the same");
    }
}

/// What was said of cells that are slower.
struct Found {
    changed: usize,
    slower: usize,
    same: usize,
    faster: usize,
}

impl Found {
    fn of(source: &mut Source, change: f64) -> Self {
        let mut found = Self { changed: 0, slower: 0, same: 0, faster: 0 };
        for _ in 0..12 {
            let (old, new) = (source.draw(|_| 0.0), source.draw(|cell| if cell % 10 == 0 { change } else { 0.0 }));
            for verdict in verdicts(&old, &new).into_iter().step_by(10) {
                found.changed += 1;
                found.slower += usize::from(verdict == Verdict::Slower);
                found.same += usize::from(verdict == Verdict::Same);
                found.faster += usize::from(verdict == Verdict::Faster);
            }
        }
        found
    }
}
