//! `weft report`: what derives from a run's record, made again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::record::files::replace;
use crate::record::{Record, RunDirectory, results_directory};
use crate::report::include::include;
use crate::report::{FORMATS, Format, derive, format};
use crate::run::again;
use crate::{print, variables};

/// Rewrites a run's derived files (report.html, report.md, cells.csv, heatmap.svg) from its run.json, or prints one
/// format
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo weft report latest\n  cargo weft report latest --format bmf\n  \
                        cargo weft report reference --into README.md --check")]
pub struct Report {
    /// A run directory, or a run's name below results, such as `latest` or `reference`
    run: String,
    /// Print this format and write nothing: md and csv are those of the files, bmf is Bencher Metric Format, JSON
    /// for continuous benchmarking
    #[arg(long, value_name = "NAME", value_parser = formats(), conflicts_with = "into")]
    format: Option<String>,
    /// Put sections of the report between the markers `<!-- weft:answer -->` … `<!-- /weft:answer -->` of these
    /// documents instead
    #[arg(long, value_name = "FILE", num_args = 1..)]
    into: Vec<PathBuf>,
    /// Change no document; exit with 1 where one is not current
    #[arg(long, requires = "into")]
    check: bool,
}

impl Report {
    /// Writes the files.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let directory = RunDirectory::open(&results_directory(), &self.run)?;
        let record = directory.record()?;
        for caveat in record.caveats() {
            print::err(&format!("{} is {caveat}", self.run));
        }
        if record.unfinished.is_some() {
            print::err(&again(&record, &self.run));
        }
        if let Some(format) = self.format.as_deref().and_then(format) {
            print::out(&(format.render)(&record, &directory.typed())?)?;
            return Ok(ExitCode::SUCCESS);
        }
        if self.into.is_empty() {
            derive(&directory, &record)?;
            print::out(&format!("{}\n", directory.shown().join("report.md").display()))?;
            return Ok(ExitCode::SUCCESS);
        }
        let mut current = true;
        for document in &self.into {
            current &= self.update(document, &record)?;
        }
        Ok(if current { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// Updates or checks one document; returns whether it may stay as it is.
    fn update(&self, path: &Path, record: &Record) -> anyhow::Result<bool> {
        let shown = path.display();
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {shown}"))?;
        let updated = include(&text, record).map_err(anyhow::Error::msg).with_context(|| format!("in {shown}"))?;
        if text == updated {
            return Ok(true);
        }
        if self.check {
            let arguments = [self.run.clone(), "--into".to_owned(), shown.to_string()];
            let command = variables::typed_with("cargo weft report", &arguments, &[variables::RESULTS]);
            print::err(&format!("{shown} is not current; run: {command}"));
            return Ok(false);
        }
        replace(path, updated.as_bytes()).with_context(|| format!("cannot write {shown}"))?;
        print::out(&format!("{shown}\n"))?;
        Ok(true)
    }
}

/// The names that `--format` takes.
fn formats() -> PossibleValuesParser {
    FORMATS.iter().map(|Format { name, .. }| *name).collect::<Vec<_>>().into()
}
