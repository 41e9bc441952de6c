//! `weft verify`: every cell once, no timing.

use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::cells::selected;
use crate::engine::engine;
use crate::measure::Builds;
use crate::run::{Cell, Filter, Matrix, Verifier, Wrong};

/// Runs every cell once and compares every digest; times nothing
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo weft verify\n  cargo weft verify log@1/.*/linked\n\n\
                        Exits with 1 and the reason when a cell is wrong.")]
pub struct Verify {
    /// A regular expression over `<message>/<task>/<codec>/<transport>`
    #[arg(value_parser = Filter::pattern)]
    filter: Option<Filter>,
    /// Which matrix: quick, core or full
    #[arg(long, default_value_t = Matrix::Full)]
    matrix: Matrix,
}

impl Verify {
    /// Verifies, and prints what is wrong.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let cells = selected(self.matrix, self.filter.as_ref(), |_| true)?;
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
