//! `weft verify`: every cell once, no timing.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use crate::engine::engine;
use crate::guest::{Codec, catalog};
use crate::measure::Builds;
use crate::run::{Cell, Filter, Matrix, Verifier, Wrong};

/// Runs every cell once and compares every digest; times nothing
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo weft verify\n  cargo weft verify log@1/.*/linked\n\n\
                        Exits with 1 and the reason when a cell is wrong.")]
pub struct Verify {
    /// A regular expression over `<message>/<task>/<codec>/<transport>`
    filter: Option<String>,
    /// Which matrix: quick, core or full
    #[arg(long, default_value_t = Matrix::Full)]
    matrix: Matrix,
}

impl Verify {
    /// Verifies, and prints what is wrong.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let filter = match self.filter.as_deref().map(Filter::pattern).transpose() {
            Ok(filter) => filter.unwrap_or_default(),
            Err(error) => {
                eprintln!("error: {error}");
                return Ok(ExitCode::from(2));
            }
        };
        let codecs = catalog().context("a guest cannot be used")?;
        let cells = self.cells(codecs, &filter)?;
        let started = Instant::now();
        let (wrong, unsupported) = verify_all(&cells)?;
        for (cell, reason) in &wrong {
            println!("WRONG {cell}: {reason}");
        }
        let verified = cells.len() - wrong.len() - unsupported;
        println!(
            "{verified} cells verified, {} wrong, {unsupported} unsupported (cargo weft list says why); {:.1} s",
            wrong.len(),
            started.elapsed().as_secs_f64()
        );
        Ok(if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn cells(&self, codecs: &'static [Codec], filter: &Filter) -> anyhow::Result<Vec<Cell>> {
        let mut cells = self.matrix.cells(codecs);
        cells.retain(|cell| filter.selects(&cell.to_string()));
        if cells.is_empty() {
            bail!(
                "no cell of the {} matrix matches; names look like log@1/own/bincode/direct (cargo weft list)",
                self.matrix
            );
        }
        Ok(cells)
    }
}

/// Verifies all cells; returns those that are wrong, and how many are unsupported.
fn verify_all(cells: &[Cell]) -> anyhow::Result<(Vec<(Cell, Wrong)>, usize)> {
    let engine = engine()?;
    let (verifier, builds) = (Verifier::new(&engine), Builds::new(&engine));
    let progress = ProgressBar::new(cells.len() as u64);
    progress.set_style(ProgressStyle::with_template("[{pos}/{len}] {eta} left · {msg}")?);
    let (mut wrong, mut unsupported) = (Vec::new(), 0);
    for &cell in cells {
        progress.set_message(cell.to_string());
        if cell.supported().is_err() {
            unsupported += 1;
        } else if let Err(reason) =
            builds.get(cell.codec, 0).map_err(Wrong::from).and_then(|guests| verifier.verify(&cell, &guests))
        {
            wrong.push((cell, reason));
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    Ok((wrong, unsupported))
}
