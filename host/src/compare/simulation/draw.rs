//! Runs that are drawn: cells × rounds, each reading a mean over placements.

use crate::cell::{Matrix, OWN_HOST};
use crate::compare::both::SYSTEMATIC;
use crate::measure::RoundReading;
use crate::record::{Record, fixture};

/// Sebastiano Vigna's SplitMix64, so that every run of the test draws the same.
pub struct Random(pub u64);

impl Random {
    /// Between 0 and 1.
    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((z ^ (z >> 31)) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// A standard normal value (Box & Muller 1958).
    pub fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

/// How a placement lies about the cell's level, in units of the cell's spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placements {
    /// As a normal value.
    Alike,
    /// One in four lies four spreads higher, and the others close together.
    TwoKinds,
}

/// What else happens to readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Machine {
    /// Nothing.
    Quiet,
    /// In three rounds of ten, a quarter of the cells is slower by up to 30 %, and nobody notices.
    Neighbour,
}

/// How far single placements of a cell scatter, as standard deviations of logarithms: the 19 middles of 19 equal parts of the
/// 355 cells of a core run with one placement a reading (2026-11-21, two shared cores).
pub const SPREADS: [f64; 19] = [
    0.0023, 0.0071, 0.0088, 0.0114, 0.0130, 0.0142, 0.0163, 0.0193, 0.0214, 0.0229, 0.0252, 0.0282, 0.0311, 0.0345,
    0.0391, 0.0427, 0.0487, 0.0629, 0.1365,
];

/// How many placements a reading is the mean of.
const PLACEMENTS: usize = Matrix::Core.placements() as usize;
/// How many rounds a core run has, and a quick one.
pub const ROUNDS: [usize; 2] = [Matrix::Core.rounds(), Matrix::Quick.rounds()];
/// Which part of a reading's variance all cells of its codec share in a round.
const OF_CODEC: f64 = 0.5;
/// How far rounds lie apart; one in ten lies four times as far above.
const ROUNDS_APART: f64 = 0.01;
/// How many cells a run has.
pub const CELLS: usize = 355;

/// What runs are drawn from.
pub struct Source {
    template: Record,
    pub random: Random,
    placements: Placements,
    rounds: usize,
    machine: Machine,
}

impl Source {
    pub fn new(seed: u64, placements: Placements, rounds: usize, machine: Machine) -> Self {
        let mut template = fixture::record(&fixture::run());
        let exact = |cell: &mut crate::record::CellRecord| cell.exact = None;
        template.cells.iter_mut().for_each(exact);
        let all: Vec<_> = template.cells.iter().cycle().take(CELLS).cloned().collect();
        template.cells = all;
        // A cell that is there a second time is another one: of a larger message.
        for (number, cell) in template.cells.iter_mut().enumerate() {
            cell.cell.message.size = 1 + number as u32;
        }
        Self { template, random: Random(seed), placements, rounds, machine }
    }

    /// The same with the first cells alone.
    pub fn with_cells(mut self, cells: usize) -> Self {
        self.template.cells.truncate(cells);
        self
    }

    /// Draws a run: all of it is slower by `moved`, as a logarithm, and its cell number i by `change(i)`, as a part.
    pub fn draw(&mut self, moved: f64, change: impl Fn(usize) -> f64) -> Record {
        let mut record = self.template.clone();
        let shared: Vec<f64> = (0..self.rounds).map(|_| moved + self.round()).collect();
        let neighbour: Vec<Option<f64>> = (0..self.rounds).map(|_| self.neighbour()).collect();
        let mut codecs: Vec<(String, Vec<f64>)> = Vec::new();
        for (number, cell) in record.cells.iter_mut().enumerate() {
            let codec = cell.cell.codec.clone();
            let place = codecs.iter().position(|(name, _)| *name == codec).unwrap_or_else(|| {
                codecs.push((codec, (0..self.rounds).map(|_| self.random.normal()).collect()));
                codecs.len() - 1
            });
            let spread = SPREADS[number % SPREADS.len()];
            let level = 100.0_f64.ln() + change(number).ln_1p() + self.systematic();
            let round = |(round, shared): (usize, &f64)| {
                let of_codec = (OF_CODEC / PLACEMENTS as f64).sqrt() * spread * codecs[place].1[round];
                // Cells are measured in an order that is drawn for each round.
                let hit = neighbour[round].filter(|_| self.random.uniform() < 0.25).unwrap_or(0.0);
                self.reading(round, level + shared + of_codec + hit, (1.0 - OF_CODEC).sqrt() * spread)
            };
            let readings = shared.iter().enumerate().map(round).collect();
            cell.take(readings, &[]);
        }
        for timed in record.calibrations.values_mut() {
            let level = 1000.0_f64.ln() + self.systematic();
            let reading = |(round, shared): (usize, &f64)| {
                RoundReading::bare(round, (level + shared + 0.005 * self.random.normal()).exp())
            };
            timed.readings = shared.iter().enumerate().map(reading).collect();
        }
        record
    }

    /// A reading of one cell alone.
    pub fn reading(&mut self, round: usize, level: f64, spread: f64) -> RoundReading {
        let placements: Vec<f64> = (0..PLACEMENTS).map(|_| (level + spread * self.placement()).exp()).collect();
        let ns = placements.iter().sum::<f64>() / PLACEMENTS as f64;
        RoundReading { placements_ns: placements, calm_placements: Some(PLACEMENTS), ..RoundReading::bare(round, ns) }
    }

    fn placement(&mut self) -> f64 {
        match self.placements {
            Placements::Alike => self.random.normal(),
            Placements::TwoKinds if self.random.uniform() < 0.25 => 4.0 + 0.3 * self.random.normal(),
            Placements::TwoKinds => 0.3 * self.random.normal(),
        }
    }

    fn round(&mut self) -> f64 {
        let slow = if self.random.uniform() < 0.1 { 4.0 * ROUNDS_APART } else { 0.0 };
        slow + ROUNDS_APART * self.random.normal()
    }

    /// How much slower a neighbour makes what it hits in a round. None where it does not come.
    pub fn neighbour(&mut self) -> Option<f64> {
        let comes = self.machine == Machine::Neighbour && self.random.uniform() < 0.3;
        let slower = self.random.uniform();
        comes.then_some(0.3 * slower)
    }

    /// How far a cell moves when the machine does, beyond what all cells move; both runs together are as far apart as a
    /// comparison takes them to be.
    fn systematic(&mut self) -> f64 {
        SYSTEMATIC / 2.0_f64.sqrt() * self.random.normal()
    }
}

#[test]
fn the_template_s_cells_are_of_one_host_and_have_names_of_their_own() {
    let source = Source::new(0, Placements::Alike, 7, Machine::Quiet);
    let mut names: Vec<String> = source.template.cells.iter().map(crate::record::CellRecord::name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), CELLS);
    assert!(source.template.cells.iter().all(|cell| cell.cell.host == OWN_HOST));
}
