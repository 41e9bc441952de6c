//! A run from its first verification to its last file.

use std::time::Instant;

use anyhow::{Context, bail};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion};
use weft::engine::{Engine, engine};
use weft::guest::{Codec, catalog};
use weft::measure::{
    Builds, DriftWatch, Estimate, Exchange, Figure, Parts, Subject, TASK_FLOOR, Yardstick, boundary, clock_cost, sample,
};
use weft::run::{Cell, CellRecord, Facts, Matrix, Status, Verifier, Wrong};

use crate::arguments::{Arguments, Mode};
use crate::beside::{Beside, Slow};
use crate::kept::Kept;
use crate::progress::Progress;
use crate::rounds::InRounds;
use crate::timing::{Effort, measure};

/// A run of the bench.
pub struct Session {
    arguments: Arguments,
    codecs: &'static [Codec],
    engine: Engine,
    yardstick: Yardstick,
    failures: usize,
}

/// A cell that may be timed.
type Verified = (Cell, Facts);

impl Session {
    /// Looks at the guests that were built.
    pub fn new(arguments: Arguments) -> anyhow::Result<Self> {
        let codecs = catalog().context("a guest cannot be used")?;
        Ok(Self { arguments, codecs, engine: engine()?, yardstick: Yardstick::default(), failures: 0 })
    }

    /// Runs what is selected; returns whether all went well.
    pub fn run(&mut self) -> anyhow::Result<bool> {
        let started = Instant::now();
        let mut criterion = Criterion::default().configure_from_args().without_plots();
        let matrix = self.arguments.matrix;
        let mut figures = boundary(matrix, &self.engine, self.codecs);
        figures.retain(|figure| self.selects("boundary", &figure.name));
        let mut cells = matrix.cells(self.codecs);
        cells.retain(|cell| self.selects("exchange", &cell.to_string()));
        if self.arguments.mode == Mode::List {
            list(&mut criterion, &figures, &cells);
            return Ok(true);
        }
        if figures.is_empty() && cells.is_empty() {
            bail!(
                "nothing in the {matrix} matrix matches; `cargo bench -- --list` prints the names, \
                 and WEFT_MATRIX=core or full has more of them"
            );
        }
        let (supported, unsupported): (Vec<Cell>, Vec<Cell>) =
            cells.into_iter().partition(|cell| cell.supported().is_ok());
        let engine = self.engine.clone();
        let builds = Builds::new(&engine);
        let verifier = Verifier::new(&engine);
        let (verified, failed) = self.verify(&verifier, &builds, &supported)?;
        let mut kept = Kept::of(&self.arguments, self.codecs)?;
        Kept::update(&mut kept, |record| {
            record.cells.extend(unsupported.iter().map(|cell| {
                let reason = cell.supported().err().unwrap_or_default();
                CellRecord::without_figures(cell, Status::Unsupported, reason)
            }));
            record.cells.extend(failed);
        })?;
        let mut progress = Progress::new(figures.len() + verified.len());
        self.figures(&mut criterion, &figures, &mut progress, &mut kept)?;
        let mut beside = Beside::nothing();
        if kept.is_some() {
            let slow = (matrix != Matrix::Quick).then(|| {
                let parts = Parts::new(&builds, &verifier, self.codecs);
                Slow { parts, builds: &builds, clock: clock_cost() }
            });
            Kept::update(&mut kept, |record| record.clock = slow.as_ref().map(|slow| slow.clock))?;
            let errors;
            (beside, errors) = Beside::of(&engine, &verified, slow, DriftWatch::new(self.codecs, &builds, &verifier)?);
            errors.iter().for_each(|error| self.report(error));
        }
        self.cells(&mut criterion, &verified, &builds, &mut beside, &mut progress, &mut kept)?;
        criterion.final_summary();
        self.rounds(&mut beside, &mut kept)?;
        if let Some(kept) = kept {
            kept.finish(&self.yardstick, self.failures, started)?;
        }
        Ok(self.failures == 0)
    }

    fn selects(&self, group: &str, name: &str) -> bool {
        self.arguments.filter.selects(&format!("{group}/{name}"))
    }

    /// Verifies all cells. A wrong digest ends the run; a guest that fails is a cell that failed.
    fn verify(
        &mut self,
        verifier: &Verifier<'_>,
        builds: &Builds<'_>,
        cells: &[Cell],
    ) -> anyhow::Result<(Vec<Verified>, Vec<CellRecord>)> {
        let started = Instant::now();
        let (mut verified, mut failed) = (Vec::new(), Vec::new());
        for &cell in cells {
            let outcome =
                builds.get(cell.codec, 0).map_err(Wrong::from).and_then(|guests| verifier.verify(&cell, &guests));
            match outcome {
                Ok(facts) => verified.push((cell, facts)),
                Err(Wrong::Guest(error)) => failed.push(self.failed(&cell, &error.into())),
                Err(wrong) => bail!("{cell} is wrong, so nothing was timed: {wrong}"),
            }
        }
        eprintln!("verified {} cells in {:.1} s", verified.len(), started.elapsed().as_secs_f64());
        Ok((verified, failed))
    }

    /// Says what failed beside the timing; the run goes on.
    fn report(&mut self, error: &str) {
        self.failures += 1;
        eprintln!("FAILED: {error}");
    }

    fn failed(&mut self, cell: &Cell, error: &anyhow::Error) -> CellRecord {
        self.failures += 1;
        eprintln!("FAILED {cell}: {error:#}");
        CellRecord::without_figures(cell, Status::Failed, format!("{error:#}"))
    }

    fn figures(
        &mut self,
        criterion: &mut Criterion,
        figures: &[Figure],
        progress: &mut Progress,
        kept: &mut Option<Kept>,
    ) -> anyhow::Result<()> {
        let mut group = criterion.benchmark_group("boundary");
        for figure in figures {
            progress.begin(&format!("boundary/{}", figure.name));
            match self.figure(&mut group, figure, progress) {
                Ok(Some(estimate)) => Kept::update(kept, |record| match figure.name.strip_prefix(TASK_FLOOR) {
                    Some(task) => drop(record.task_floor_ns.insert(task.to_owned(), estimate.median)),
                    None => drop(record.boundary.insert(figure.name.clone(), estimate.median)),
                })?,
                Ok(None) => {}
                Err(error) => {
                    self.failures += 1;
                    eprintln!("FAILED boundary/{}: {error:#}", figure.name);
                }
            }
            progress.end();
        }
        Ok(())
    }

    /// Measures a figure, in calm moments where its iterations are short. None where nothing was to be measured.
    fn figure(
        &mut self,
        group: &mut BenchmarkGroup<'_, WallTime>,
        figure: &Figure,
        progress: &Progress,
    ) -> anyhow::Result<Option<Estimate>> {
        let mut subject = (figure.make)()?;
        match self.time(group, &figure.name, Effort::of(figure.slow), &mut *subject, progress)? {
            None => Ok(None),
            // A sample of milliseconds is never calm from end to end.
            Some(estimate) if figure.slow => Ok(Some(estimate)),
            Some(_) => sample(&mut *subject, &mut self.yardstick).map(Some),
        }
    }

    /// Measures the cells, and between workloads how far the machine has drifted.
    fn cells(
        &mut self,
        criterion: &mut Criterion,
        cells: &[Verified],
        builds: &Builds<'_>,
        beside: &mut Beside<'_>,
        progress: &mut Progress,
        kept: &mut Option<Kept>,
    ) -> anyhow::Result<()> {
        let mut group = criterion.benchmark_group("exchange");
        for workload in cells.chunk_by(|(a, _), (b, _)| a.message == b.message && a.task == b.task) {
            self.look_at_drift(beside, kept)?;
            for verified in workload {
                progress.begin(&verified.0.to_string());
                let row = self.cell(&mut group, verified, builds, beside, progress);
                Kept::update(kept, |record| record.cells.extend(row))?;
                progress.end();
            }
        }
        self.look_at_drift(beside, kept)
    }

    fn look_at_drift(&mut self, beside: &mut Beside<'_>, kept: &mut Option<Kept>) -> anyhow::Result<()> {
        let drift = beside.drift(&mut self.yardstick)?;
        Kept::update(kept, |record| record.drift = drift)
    }

    /// Measures a cell by criterion, and what it has beside its time, which the rounds take; its row, or none where
    /// nothing was to be measured.
    fn cell(
        &mut self,
        group: &mut BenchmarkGroup<'_, WallTime>,
        verified: &Verified,
        builds: &Builds<'_>,
        beside: &mut Beside<'_>,
        progress: &Progress,
    ) -> Option<CellRecord> {
        let (cell, facts) = verified;
        let name = cell.to_string();
        let timed = Exchange::new(cell, builds, facts.expected.clone())
            .map_err(anyhow::Error::from)
            .and_then(|mut pairs| self.time(group, &name, Effort::of(false), &mut pairs, progress));
        let mut row = match timed {
            Ok(estimate) => CellRecord::measured(cell, facts, estimate?),
            Err(error) => return Some(self.failed(cell, &error)),
        };
        if let Err(error) = beside.complete(&mut row, verified, &mut self.yardstick) {
            self.report(&format!("{name} has figures missing beside its time: {error:#}"));
        }
        Some(row)
    }

    /// Goes through all measured cells again, in rounds, and takes their times from these.
    fn rounds(&mut self, beside: &mut Beside<'_>, kept: &mut Option<Kept>) -> anyhow::Result<()> {
        let Some(record) = kept.as_ref().map(|kept| &kept.record) else { return Ok(()) };
        let mut rounds = InRounds::of(record, self.arguments.matrix.rounds());
        let mut progress = Progress::new(rounds.most());
        for round in 0..rounds.most() {
            progress.begin(&format!("round {} through the cells", round + 1));
            let Some(failures) = rounds.make(round, &mut self.yardstick, &|| progress.tick()) else { break };
            failures.iter().for_each(|failure| self.report(failure));
            self.look_at_drift(beside, kept)?;
            progress.end();
        }
        Kept::update(kept, |record| rounds.fill(record, &mut self.yardstick))
    }

    /// Measures a subject by criterion, which prints what it finds. None where nothing was to be measured.
    fn time(
        &self,
        group: &mut BenchmarkGroup<'_, WallTime>,
        name: &str,
        effort: Effort,
        subject: &mut dyn Subject,
        progress: &Progress,
    ) -> anyhow::Result<Option<Estimate>> {
        let samples = measure(group, name, effort, subject, &|| progress.tick())?;
        Ok(samples.filter(|_| self.arguments.mode == Mode::Measure).and_then(|samples| samples.estimate()))
    }
}

/// Lets criterion print the names that it selects.
fn list(criterion: &mut Criterion, figures: &[Figure], cells: &[Cell]) {
    let mut group = criterion.benchmark_group("boundary");
    for figure in figures {
        group.bench_function(&figure.name, |_| {});
    }
    drop(group);
    let mut group = criterion.benchmark_group("exchange");
    for cell in cells.iter().filter(|cell| cell.supported().is_ok()) {
        group.bench_function(cell.to_string(), |_| {});
    }
}
