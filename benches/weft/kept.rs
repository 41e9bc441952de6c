//! The files of a run, and what is said when it ends.

use std::time::Instant;

use weft::guest::Codec;
use weft::measure::{Yardstick, setup_codec};
use weft::report::answer;
use weft::run::{Environment, Matrix, Record, RunDirectory, results_directory};

use crate::arguments::{Arguments, Mode};
use crate::progress::clock;

/// The record of a run, and the directory that holds it.
pub struct Kept {
    /// What the run has found so far.
    pub record: Record,
    directory: RunDirectory,
    matrix: Matrix,
}

impl Kept {
    /// Makes the run directory. None in a run that keeps nothing.
    ///
    /// # Errors
    /// Where that cannot be made.
    pub fn of(arguments: &Arguments, codecs: &'static [Codec]) -> anyhow::Result<Option<Self>> {
        if arguments.mode != Mode::Measure {
            return Ok(None);
        }
        let matrix = arguments.matrix;
        let mut environment = Environment::here(codecs, matrix.rounds());
        environment.setup_codec = setup_codec(codecs).map(|codec| codec.name.clone());
        let (directory, id) = RunDirectory::create(&results_directory(), &environment.started, matrix.name())?;
        let record = Record::new(id, matrix, arguments.filter.text(), environment);
        directory.save(&record)?;
        Ok(Some(Self { record, directory, matrix }))
    }

    /// Changes the record, where there is one, and replaces `run.json`.
    ///
    /// # Errors
    /// Where that cannot be written.
    pub fn update(kept: &mut Option<Self>, change: impl FnOnce(&mut Record)) -> anyhow::Result<()> {
        if let Some(Self { record, directory, .. }) = kept {
            change(record);
            directory.save(record)?;
        }
        Ok(())
    }

    /// Writes the derived files, and prints the answer and what to do next.
    ///
    /// # Errors
    /// Where a file cannot be written.
    pub fn finish(mut self, yardstick: &Yardstick, failures: usize, started: Instant) -> anyhow::Result<()> {
        self.record.complete = true;
        self.record.environment.discarded_s = yardstick.discarded().as_secs_f64();
        self.record.environment.disturbed_readings = yardstick.disturbed();
        let Self { record, directory, matrix } = &self;
        directory.save(record)?;
        directory.derive(record)?;
        if record.filter.is_none() {
            directory.mark_latest()?;
        }
        print!("{}", answer::text(record));
        println!("\n{} rows in {}: {}", record.rows(), clock(started.elapsed()), directory.shown().display());
        if failures > 0 {
            println!("  {failures} rows FAILED: they are above, and in the report under *Not measured*");
        }
        if yardstick.disturbed() > 0 {
            println!(
                "  {} readings had no calm moment, because something else used the machine: repeat the run",
                yardstick.disturbed()
            );
        }
        println!("  every table      less {}", directory.shown().join("report.md").display());
        println!("  one codec        cargo bench -- bincode");
        println!("  what there is    cargo weft list");
        match matrix {
            Matrix::Full => {}
            Matrix::Core => println!("  more messages    WEFT_MATRIX=full cargo bench"),
            Matrix::Quick => println!("  more messages    WEFT_MATRIX=core cargo bench     (about 10 minutes)"),
        }
        Ok(())
    }
}
