//! The cells that two runs have in common, and how a cell's ratio is estimated from the readings of both.
//!
//! A cell's level is the trimmed mean over rounds of its logarithms, what all cells share in a round taken out
//! ([`figures::level`]). Between two runs: d = new level − old level; the common factor K is the median of d over the cells
//! of weft's own host; e = d − K is what a cell is judged by, with the variance of both levels and [`SYSTEMATIC`]².
//!
//! What rounds share is taken out of each host's cells by itself, as in reports, so that levels are those of the reports. K is
//! that of weft's own host; by how much another host's rounds moved beside those is a part of its cells' variance. Nothing is
//! taken out of rounds where K is not taken out: the level of a run would then seem surer than it is.

use std::collections::{BTreeMap, HashMap};

use super::factor::{self, Calibrations, Common, RelativeTo};
use crate::cell::OWN_HOST;
use crate::measure::RoundReading;
use crate::record::{CellRecord, Record, figures};
use crate::statistics::median;
use crate::statistics::trimmed::Mean;

/// How far cells move apart when a machine moves, as a standard deviation of logarithms: 0.35 %. What moves a machine moves
/// no two cells quite alike, so K is not known better than this for any one of them.
pub const SYSTEMATIC: f64 = 0.0035;

/// A cell that both runs measured.
#[derive(Clone, Copy, Debug)]
pub struct Both<'a> {
    pub old: &'a CellRecord,
    pub new: &'a CellRecord,
}

impl<'a> Both<'a> {
    /// All of them, in the new run's order.
    pub fn of(old: &'a Record, new: &'a Record) -> Vec<Self> {
        let before: HashMap<String, &CellRecord> = old.all_measured().map(|cell| (cell.name(), cell)).collect();
        let both = |new: &'a CellRecord| Some(Both { old: *before.get(&new.name())?, new });
        new.all_measured().filter_map(both).collect()
    }

    /// Whether its figure is made of calm readings alone, in the old and the new run.
    pub fn calm_sides(&self) -> [bool; 2] {
        [self.old, self.new].map(|cell| RoundReading::are_calm(&cell.readings))
    }

    /// Whether both records hold one and the same measurement, as a run and its copy do: as many readings do not agree to
    /// the last bit by chance.
    pub fn is_one_measurement(&self) -> bool {
        self.old.latency_ns == self.new.latency_ns && self.old.readings == self.new.readings
    }
}

/// The levels of a cell in both runs, as logarithms of nanoseconds.
#[derive(Clone, Copy, Debug)]
pub struct Levels {
    pub old: Mean,
    pub new: Mean,
}

impl Levels {
    /// New less old.
    pub fn difference(&self) -> Mean {
        self.new.minus(&self.old)
    }
}

/// What all cells of two runs say together, and what follows for each.
#[derive(Clone, Debug)]
pub struct Estimate<'a> {
    /// The cells of weft's own host that tell what all share; empty where they are too few.
    own: Vec<Both<'a>>,
    /// Whether these are the calm ones alone.
    only_calm: bool,
    /// What they share, as a logarithm.
    log: Option<f64>,
    /// What the calibrations share.
    pub calibrations: Option<Calibrations>,
    /// What rounds share, of the old and the new run; empty where it is not taken out.
    pub effects: [Effects; 2],
    absolute: bool,
}

/// What the rounds of each host share, as logarithms by round. Empty of a host whose cells are too few to tell.
#[derive(Clone, Debug, Default)]
pub struct Effects {
    /// A round that nobody can tell of has none.
    told: BTreeMap<String, Vec<Option<f64>>>,
    /// What is taken out.
    taken: BTreeMap<String, Vec<f64>>,
}

impl Effects {
    /// Of every host of a run.
    fn of(record: &Record) -> Self {
        let of = |host: &String| (host.clone(), figures::round_effects_of(&record.cells, host));
        let told: BTreeMap<_, _> = record.hosts.keys().map(of).collect();
        let taken = told.iter().map(|(host, effects)| (host.clone(), figures::taken_out(effects))).collect();
        Self { told, taken }
    }

    /// Those of a host.
    pub fn on(&self, host: &str) -> &[f64] {
        self.taken.get(host).map_or(&[], Vec::as_slice)
    }

    /// The variance that taking out a host's own effects leaves unsaid beside weft's own host: of the mean over rounds of what
    /// the two differ by. Of a host whose cells are too few to tell nothing is taken out, so its rounds lack what those of weft's own have.
    fn beside_own(&self, host: &str) -> f64 {
        let told = |host: &str| self.told.get(host).map_or(&[][..], Vec::as_slice);
        let (other, own) = (told(host), told(OWN_HOST));
        let apart: Vec<f64> = match other.is_empty() {
            true => own.iter().flatten().copied().collect(),
            false => other.iter().zip(own).filter_map(|(other, own)| Some((*other)? - (*own)?)).collect(),
        };
        Mean::of(&apart).filter(|_| host != OWN_HOST).map_or(0.0, |mean| mean.variance)
    }
}

impl<'a> Estimate<'a> {
    /// Of the cells that both runs have, whatever is selected of them.
    pub fn of(both: &[Both<'a>], old: &Record, new: &Record, absolute: bool) -> Self {
        let own = both.iter().filter(|both| both.new.cell.is_own() && has_levels(both)).copied().collect();
        let own = figures::telling(own, |both: &Both<'_>| &both.new.cell.codec, |both| both.calm_sides() == [true; 2]);
        let (own, only_calm) = own.unwrap_or_default();
        let effects = match absolute || own.is_empty() {
            true => [Effects::default(), Effects::default()],
            false => [Effects::of(old), Effects::of(new)],
        };
        let calibrations = factor::calibrations(old, new);
        let mut estimate = Self { own, only_calm, log: None, calibrations, effects, absolute };
        let differences: Vec<f64> = estimate
            .own
            .iter()
            .filter_map(|both| estimate.levels(both))
            .map(|levels| levels.difference().mean)
            .collect();
        estimate.log = median(&differences);
        estimate
    }

    /// What all cells share, with its interval.
    pub fn common(&self) -> Option<Common> {
        Common::of(&self.own, self.log?)
    }

    /// Whether a cell can be judged. What a neighbour does to it is no change, and may hide one: its figures must both be calm, as those
    /// are that tell what all cells share; or none of these, where nearly all cells are disturbed in both runs.
    pub fn is_comparable(&self, both: &Both<'_>) -> bool {
        match (self.relative_to(), both.calm_sides()) {
            (RelativeTo::Cells, calm) => calm == [self.only_calm; 2],
            (_, [old, new]) => old == new,
        }
    }

    /// What the ratios are relative to.
    pub const fn relative_to(&self) -> RelativeTo {
        match (self.log, &self.calibrations) {
            _ if self.absolute => RelativeTo::Nothing,
            (Some(_), _) => RelativeTo::Cells,
            (None, Some(_)) => RelativeTo::Calibrations,
            (None, None) => RelativeTo::Nothing,
        }
    }

    /// The levels of a cell. None where a run has fewer than two rounds of it, whose spread nobody knows.
    pub fn levels(&self, both: &Both<'_>) -> Option<Levels> {
        let [old, new] = self.effects.each_ref().map(|effects| effects.on(&both.new.cell.host));
        Some(Levels { old: figures::level(&both.old.readings, old)?, new: figures::level(&both.new.readings, new)? })
    }

    /// What is left of a difference when what it is relative to is taken off: of a cell, or of the mean of cells, of these
    /// hosts.
    pub fn relative(&self, difference: &Mean, hosts: &[&str]) -> Mean {
        let relative = match (self.relative_to(), self.log, &self.calibrations) {
            // K's own error is in the cell's difference too.
            (RelativeTo::Cells, Some(log), _) => difference.minus(&Mean::certain(log)),
            (RelativeTo::Calibrations, _, Some(calibrations)) => difference.minus(&calibrations.mean),
            _ => *difference,
        };
        relative.with_variance(SYSTEMATIC * SYSTEMATIC + self.of_hosts(hosts))
    }

    /// The variance of a mean of cells of these hosts that comes from what their rounds moved beside those of weft's own host:
    /// the same for all cells of a host.
    fn of_hosts(&self, hosts: &[&str]) -> f64 {
        let mut each: Vec<&str> = hosts.to_vec();
        each.sort_unstable();
        each.dedup();
        let of = |host: &str| {
            let part = hosts.iter().filter(|other| **other == host).count() as f64 / hosts.len() as f64;
            part * part * self.effects.iter().map(|effects| effects.beside_own(host)).sum::<f64>()
        };
        each.into_iter().map(of).sum()
    }
}

fn has_levels(both: &Both<'_>) -> bool {
    [both.old, both.new].iter().all(|cell| figures::level(&cell.readings, &[]).is_some())
}

#[cfg(test)]
mod tests {
    use super::{Both, Effects, Estimate, OWN_HOST};
    use crate::record::{Record, figures, fixture};

    /// The fixture's run with all its cells on `node` as well, whose processes have a speed of their own in each round.
    fn run() -> Record {
        let mut record = fixture::record(&fixture::run());
        let mut others = record.cells.clone();
        for cell in &mut others {
            cell.cell = cell.cell.on("node");
            cell.readings.iter_mut().for_each(|reading| reading.ns *= 1.0 + 0.03 * (reading.round % 4) as f64);
        }
        record.cells.extend(others);
        let own = record.hosts[OWN_HOST].clone();
        record.hosts.insert("node".to_owned(), own);
        figures::settle(&mut record);
        record
    }

    #[test]
    fn levels_are_those_of_the_reports() {
        let record = run();
        let both = Both::of(&record, &record);
        let estimate = Estimate::of(&both, &record, &record, false);
        for both in &both {
            let (level, shown) = (estimate.levels(both).expect("a level").old.mean.exp(), both.old.latency_ns);
            let shown = shown.expect("a time").value;
            assert!((level / shown - 1.0).abs() < 1e-9, "{}: {level}, and {shown} in the report", both.old.name());
        }
        assert!(!estimate.effects[0].on("node").is_empty());
        let absolute = Estimate::of(&both, &record, &record, true);
        assert!(absolute.effects[0].on("node").is_empty() && absolute.effects[1].on(OWN_HOST).is_empty());
    }

    /// With an odd number of rounds the middle one is none's of a quiet machine: its effect is exactly 0, and is one all the same.
    #[test]
    fn a_round_that_moved_nothing_is_told() {
        let own = vec![Some(0.0); 7];
        let other: Vec<Option<f64>> = [0.03, 0.016, 0.0, 0.0, -0.018, 0.008, -0.014].map(Some).into();
        let with = |told: &[(&str, &Vec<Option<f64>>)]| Effects {
            told: told.iter().map(|(host, effects)| ((*host).to_owned(), (*effects).clone())).collect(),
            ..Effects::default()
        };
        let both = with(&[(OWN_HOST, &own), ("node", &other)]);
        assert!((0.003..0.02).contains(&both.beside_own("node").sqrt()), "{}", both.beside_own("node").sqrt());
        assert!(both.beside_own(OWN_HOST) == 0.0);
        // Of a host with few cells nothing is taken out, while it is of weft's own.
        assert!(with(&[(OWN_HOST, &other)]).beside_own("node") == both.beside_own("node"));
        let untold = vec![None; 7];
        assert!(with(&[(OWN_HOST, &own), ("node", &untold)]).beside_own("node") == 0.0);
    }

    /// What a host's rounds moved beside weft's own is in no cell's scatter: all its cells have moved by it.
    #[test]
    fn what_another_host_s_rounds_moved_is_not_forgotten() {
        let record = run();
        let both = Both::of(&record, &record);
        let estimate = Estimate::of(&both, &record, &record, false);
        let [own, node, half] =
            [&[OWN_HOST][..], &["node", "node"], &["node", OWN_HOST]].map(|of| estimate.of_hosts(of));
        // Of 14 rounds 10 count; both runs have it. Their standard deviation is some 3 %.
        assert!(own == 0.0 && (node.sqrt() - 0.03 * (2.0_f64 / 10.0).sqrt()).abs() < 0.006, "{}", node.sqrt());
        assert!((half - node / 4.0).abs() < 1e-12);
    }
}
