//! The rounds of a run: every figure again and again, each time on a fresh pair in another process.
//!
//! Where a process's stack, heap and mappings lie is drawn when it starts, and lasts; and a machine's speed drifts from
//! minute to minute. So every round goes through all figures, each time in another order, in a process of its own; the
//! rounds of all hosts alternate. Figures that a round found no calm moment for get more rounds.

use std::collections::BTreeMap;
use std::time::Duration;

use weft_schemas::{Random, Task};

use super::Mode;
use super::findings::{CLOCKS, Findings, Row, way};
use super::made_of;
use super::pass::{Acquaintance, Holders, Pass};
use super::plan::Plan;
use super::prepare::{HostPlan, Prepared};
use super::progress::Progress;
use super::supplies::Wanted;
use crate::cell::{CALIBRATIONS, Figure, Loop, Matrix, OWN_HOST};
use crate::measure::RoundReading;
use crate::protocol::Purpose;
use crate::record::{HostRecord, Record, Unfinished, figures};

/// A further round begins only while the readings of further rounds are less than one in so many of the others: so they do not make a run
/// much longer.
const FURTHER: usize = 4;

/// So many single messages are timed for a cell in each round.
const SINGLES: u32 = 750;

/// The rounds of a run, and what they found so far.
pub struct Rounds<'a> {
    prepared: &'a Prepared,
    /// What the run is made of and its environment does not name; nothing where nothing is kept.
    parts: BTreeMap<String, String>,
    matrix: Matrix,
    placements: u32,
    enough: usize,
    /// At most so many, for figures that had no calm moment in some.
    most: usize,
    done: usize,
    /// What is measured in each host beside its cells.
    others: Vec<Figure>,
    findings: Findings,
    known: BTreeMap<String, Acquaintance>,
    holders: Holders,
    progress: Progress,
}

impl<'a> Rounds<'a> {
    /// No round was made yet.
    pub fn new(plan: &Plan, prepared: &'a Prepared, mode: Mode) -> Self {
        let (enough, most) = match mode {
            Mode::Measure => (plan.matrix.rounds(), 2 * plan.matrix.rounds()),
            Mode::Test => (1, 1),
        };
        let parts = if plan.matrix == Matrix::Quick || mode == Mode::Test { Vec::new() } else { parts(prepared) };
        let cells: usize =
            prepared.hosts.iter().map(|plan| plan.rows.iter().filter(|row| row.verified.is_ok()).count()).sum();
        let calibrations = CALIBRATIONS.iter().map(|name| Figure::Calibration((*name).to_owned()));
        let others: Vec<Figure> = prepared.references.iter().cloned().chain(calibrations).chain(parts).collect();
        let readings = others.iter().map(|figure| enough.div_ceil(period(plan.matrix, figure))).sum::<usize>();
        Self {
            prepared,
            parts: if mode == Mode::Measure { made_of::of(prepared) } else { BTreeMap::new() },
            matrix: plan.matrix,
            placements: plan.placements,
            enough,
            most,
            done: 0,
            progress: Progress::new(enough * cells + readings),
            others,
            findings: Findings::default(),
            known: BTreeMap::new(),
            holders: Holders::default(),
        }
    }

    /// Takes over the whole rounds of a run that was interrupted.
    pub fn resume(&mut self, record: &Record, unfinished: Unfinished) {
        self.done = record.whole_rounds.unwrap_or(0);
        self.progress.skip(unfinished.findings.iter().map(|found| found.finding.readings.kept().len()).sum());
        self.findings = unfinished.findings.into();
        for (name, host) in &record.hosts {
            let known = self.known.entry(name.clone()).or_default();
            known.best_ns = host.yardstick_ns;
        }
        let discarded = Duration::try_from_secs_f64(record.environment.discarded_s.unwrap_or(0.0));
        self.known.entry(OWN_HOST.to_owned()).or_default().discarded = discarded.unwrap_or_default();
    }

    /// What the run can be gone on with.
    pub fn unfinished(&self) -> Unfinished {
        Unfinished { findings: self.findings.all(), parts: self.parts.clone() }
    }

    /// Makes a round in every host; returns whether there was anything to do.
    ///
    /// # Errors
    /// Where a host cannot be asked.
    pub fn next(&mut self) -> anyhow::Result<bool> {
        if self.done >= self.most || self.done >= self.enough && !may_go_further(self.findings.made(self.enough)) {
            return Ok(false);
        }
        let hosts = self.prepared.hosts.len();
        let mut asked = 0;
        for turn in 0..hosts {
            // Another host begins each round.
            let host = (turn + self.done) % hosts;
            asked += self.pass(&self.prepared.hosts[host], host == 0)?;
        }
        self.done += 1;
        // Not every round has boundary figures.
        Ok(asked > 0 || self.done < self.enough)
    }

    /// One pass through what is left to measure in a host; returns how much that was.
    fn pass(&mut self, plan: &'a HostPlan, own: bool) -> anyhow::Result<usize> {
        let wanted = self.wanted(plan, own);
        if wanted.is_empty() {
            return Ok(0);
        }
        self.progress.stage(&format!("round {} in {}: {} figures", self.done + 1, plan.host.name, wanted.len()));
        let Self { prepared, holders, findings, known, progress, done, .. } = self;
        let pass = Pass { host: &plan.host, purpose: Purpose::Measure, supplies: &prepared.supplies, holders };
        let known = known.entry(plan.host.name.clone()).or_default();
        pass.run(&wanted, known, &mut |place, outcome| {
            let figure = &wanted[place].figure;
            progress.step(&figure.to_string());
            if let Some(why) = findings.entry(figure).take(*done, outcome) {
                progress.say(&format!("FAILED: round {} of {figure}: {why}", *done + 1));
            }
        })?;
        Ok(wanted.len())
    }

    /// What is left to measure in a host, in the order of this round.
    fn wanted(&self, plan: &HostPlan, own: bool) -> Vec<Wanted> {
        let rows = plan.rows.iter().filter(|row| row.verified.is_ok()).map(|row| Figure::Cell(row.cell.clone()));
        let others =
            self.others.iter().filter(|figure| own && plan.greeting.figures.iter().any(|kind| kind == figure.kind()));
        let all: Vec<Figure> = rows.chain(others.cloned()).collect();
        let wanted = all.into_iter().filter(|figure| self.is_wanted(figure));
        let wanted: Vec<Wanted> = wanted.map(|figure| self.asked(figure, plan, own)).collect();
        shuffled(wanted.len(), self.done).into_iter().map(|place| wanted[place].clone()).collect()
    }

    /// Whether a figure is to be read in this round.
    fn is_wanted(&self, figure: &Figure) -> bool {
        let period = period(self.matrix, figure);
        let enough = self.enough.div_ceil(period);
        let has_enough = self.findings.of(figure).is_some_and(|finding| !finding.is_wanted(enough));
        !has_enough && (self.done >= self.enough || self.done.is_multiple_of(period))
    }

    /// How a figure is asked for.
    fn asked(&self, figure: Figure, plan: &HostPlan, own: bool) -> Wanted {
        let placements = match figure {
            Figure::Cell(_) if self.enough > 1 => self.placements,
            _ => 1,
        };
        Wanted { singles: self.singles(&figure, plan, own), placements, ..Wanted::once(figure) }
    }

    /// How many single messages to time of a figure: those of cells that build the value and whose messages take long enough.
    fn singles(&self, figure: &Figure, plan: &HostPlan, own: bool) -> u32 {
        let long = || Some(self.findings.of(figure)?.readings.about()? >= CLOCKS * plan.greeting.clock.error_ns());
        let builds = matches!(figure, Figure::Cell(cell) if cell.task == Task::Own);
        if own && builds && self.matrix != Matrix::Quick && long() == Some(true) { SINGLES } else { 0 }
    }

    /// The rows of the run, with their readings in nanoseconds.
    pub fn rows(&self) -> Vec<(Figure, Vec<f64>)> {
        let cells = self.prepared.hosts.iter().flat_map(|plan| &plan.rows).map(|row| Figure::Cell(row.cell.clone()));
        let figures = self.prepared.references.iter().cloned().chain(cells);
        let readings = |figure: &Figure| {
            let kept = RoundReading::counted(self.findings.of(figure)?.readings.kept());
            Some(kept.map(|reading| reading.ns).collect::<Vec<f64>>())
        };
        figures.filter_map(|figure| Some((figure.clone(), readings(&figure)?))).collect()
    }

    /// How many rows have no figure because something failed.
    pub fn failures(&self) -> usize {
        let cells = self.prepared.hosts.iter().flat_map(|plan| &plan.rows).map(|row| Figure::Cell(row.cell.clone()));
        let failed = |figure: &Figure| self.findings.of(figure).is_some_and(|finding| finding.failed().is_some());
        self.prepared.failures + cells.chain(self.others.iter().cloned()).filter(failed).count()
    }

    /// Puts what was found so far into a record.
    pub fn fill(&self, record: &mut Record) {
        record.cells.clear();
        record.hosts.clear();
        for plan in &self.prepared.hosts {
            record.cells.extend(plan.rows.iter().filter_map(|row| self.findings.row(row)));
            let yardstick_ns = self.known.get(&plan.host.name).and_then(|known| known.best_ns);
            let host = HostRecord { engine: plan.greeting.engine.clone(), yardstick_ns, round_effects: Vec::new() };
            record.hosts.insert(plan.host.name.clone(), host);
        }
        self.fill_others(record);
        figures::settle(record);
        if let Some(clock) = record.clock {
            let own = record.cells.iter_mut().filter(|cell| cell.cell.is_own());
            own.for_each(|cell| self.findings.add_tail(cell, clock));
        }
        record.environment.disturbed_readings = Some(self.findings.disturbed() as u64);
        let discarded = self.known.values().map(|known| known.discarded.as_secs_f64());
        record.environment.discarded_s = Some(discarded.sum());
    }

    /// Puts what is no cell's into a record.
    fn fill_others(&self, record: &mut Record) {
        record.failed.clear();
        record.boundary.clear();
        record.task_floor_ns.clear();
        record.calibrations.clear();
        for figure in &self.others {
            let failed = self.findings.of(figure).and_then(|finding| finding.failed());
            record.failed.extend(failed.map(|why| (figure.to_string(), why.to_owned())));
            let Some(time) = self.findings.time(figure) else { continue };
            match figure {
                Figure::Boundary(name) => record.boundary.insert(name.clone(), time),
                Figure::Calibration(name) => record.calibrations.insert(name.clone(), time),
                Figure::TaskFloor { message, task } => record.task_floor_ns.insert(format!("{message}/{task}"), time),
                _ => None,
            };
        }
    }

    /// Says something that stays.
    pub fn say(&self, text: &str) {
        self.progress.say(text);
    }

    /// No further round is made.
    pub fn finish(&self) {
        self.progress.finish();
    }
}

/// Whether a further round may begin after so many readings in the rounds that are enough, and so many further ones.
const fn may_go_further((enough, further): (usize, usize)) -> bool {
    FURTHER * further < enough
}

/// In one of how many rounds a figure is read. All rounds have the cells, and the calibrations, which tell what moved a round; with
/// twenty codecs parts of cells are half of what there is to measure.
const fn period(matrix: Matrix, figure: &Figure) -> usize {
    match figure {
        Figure::Cell(_) | Figure::Calibration(_) => 1,
        Figure::Boundary(_) | Figure::TaskFloor { .. } => matrix.period_of_boundary(),
        Figure::Encode { .. } | Figure::Way { .. } | Figure::Read { .. } | Figure::Empty(_) => {
            2 * matrix.period_of_boundary()
        }
    }
}

/// The parts of the cells of weft's own host that build the value, each once, and the loops around them.
fn parts(prepared: &Prepared) -> Vec<Figure> {
    let mut parts = Vec::new();
    let mut add = |figure: Figure| {
        if !parts.contains(&figure) {
            parts.push(figure);
        }
    };
    let rows = prepared.hosts.first().map_or(&[][..], |plan| &plan.rows);
    for Row { cell, verified, floor, .. } in rows {
        let (Ok(verified), Task::Own) = (verified, cell.task) else { continue };
        // A typed message has no bytes that could be handed over without its transport.
        if prepared.supplies.codec(&cell.codec).is_some_and(|codec| codec.traits.is_typed()) {
            continue;
        }
        let (codec, message, task) = (cell.codec.clone(), cell.message, cell.task);
        let way = verified.wire_bytes.and_then(|wire_bytes| way(cell, wire_bytes));
        if let (false, Some(way), true) = (*floor, way, prepared.supplies.floor().is_some()) {
            add(Figure::Encode { codec: codec.clone(), message });
            add(way);
            add(Figure::Read { codec, message, task });
        }
    }
    if !parts.is_empty() {
        parts.extend([Loop::Encode, Loop::Way, Loop::Read].map(Figure::Empty));
    }
    parts
}

/// The order of a round of so many. The same in every run.
pub fn shuffled(count: usize, round: usize) -> Vec<usize> {
    let mut random = Random::new(0, round as u64);
    let mut order: Vec<usize> = (0..count).collect();
    // Fisher and Yates.
    for place in (1..count).rev() {
        order.swap(place, random.below(place as u64 + 1) as usize);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::{may_go_further, shuffled};

    #[test]
    fn further_rounds_are_a_part_of_the_others() {
        assert!(may_go_further((700, 0)) && may_go_further((700, 174)));
        assert!(!may_go_further((700, 175)) && !may_go_further((0, 0)));
    }

    #[test]
    fn a_round_has_every_figure_once_in_an_order_of_its_own() {
        let (one, other) = (shuffled(100, 0), shuffled(100, 1));
        assert_ne!(one, other);
        for mut order in [one, other] {
            order.sort_unstable();
            assert_eq!(order, (0..100).collect::<Vec<_>>());
        }
    }
}
