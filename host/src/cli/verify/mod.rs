//! `weft verify`: every cell once, no timing; and whether another host keeps to the protocol.

mod codec;
mod explained;

use std::process::ExitCode;
use std::time::Instant;

use clap::Args;

use explained::Explained;

use super::asked_matrix;
use crate::cell::{Filter, Matrix, OWN_HOST, messages_from_environment};
use crate::hosts::KnownHost;
use crate::print;
use crate::protocol::Purpose;
use crate::run::{Check, Checked, Outcome, conformance};

/// Runs every cell once and compares every digest, or puts one codec through all trials; times nothing
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo weft verify\n  cargo weft verify log@1/.*/linked\n  \
                        cargo weft verify --host node\n  cargo weft verify --codec postcard\n  \
                        WEFT_GUESTS=dir cargo weft verify --codec mine\n\n\
                        With --codec, one codec is put through what every codec must do and bear: all messages, tasks and \
                        sizes, values at their\nends, regions too small, bytes behind a message and broken ones, many \
                        messages. It takes some seconds.\n\
                        With --host, garbage, unknown cells, closed pipes and the end of the input are tried as well: \
                        it is the\nconformance test of the host protocol (docs/HOSTS.md).\n\
                        Exits with 1 and the reason when something is wrong.")]
pub struct Verify {
    /// A regular expression over `<message>/<task>/<codec>/<transport>`
    #[arg(value_parser = Filter::pattern)]
    filter: Option<Filter>,
    /// Which matrix: quick, core or full; without it, and without WEFT_MATRIX, full, and on other hosts the small one that they
    /// are measured with
    #[arg(long)]
    matrix: Option<Matrix>,
    /// In which host: `cargo weft hosts` lists them
    #[arg(long, value_name = "NAME")]
    host: Option<String>,
    /// Puts this codec through all trials: what its author runs after each change
    #[arg(long, value_name = "NAME", conflicts_with_all = ["filter", "matrix", "host"])]
    codec: Option<String>,
}

impl Verify {
    /// Verifies, and prints what is wrong.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        match &self.codec {
            Some(name) => codec::verify(name),
            None => self.cells(),
        }
    }

    /// Verifies the cells of a matrix.
    fn cells(&self) -> anyhow::Result<ExitCode> {
        let asked = asked_matrix(self.matrix)?;
        let host = KnownHost::named(self.host.as_deref().unwrap_or(OWN_HOST))?.ready()?;
        let started = Instant::now();
        let broken = if self.host.is_some() { conformance(&host)? } else { Vec::new() };
        for (what, why) in &broken {
            print::out(&format!("BROKEN {what}: {why}\n"))?;
        }
        let matrix = asked.or_else(|| (host.name == OWN_HOST).then_some(Matrix::Full));
        let messages = messages_from_environment()?;
        let (messages, filter) = (messages.as_deref(), self.filter.as_ref());
        let check = Check { purpose: Purpose::Verify, host: &host, matrix, messages, filter };
        let Checked { cells, supplies } = check.run()?;
        let mut explained = Explained::default();
        let (mut wrong, mut unsupported) = (0, 0);
        for (cell, outcome) in &cells {
            match outcome {
                Outcome::Verified(_) => {}
                Outcome::Unsupported(_) => unsupported += 1,
                Outcome::Wrong(why) | Outcome::Failed(why) | Outcome::Held(why) => {
                    wrong += 1;
                    let field = explained.of(cell, why, &supplies.ids());
                    print::out(&format!("WRONG {cell}: {why}{field}\n"))?;
                }
                Outcome::Reading(_) | Outcome::Counted(..) => wrong += 1,
            }
        }
        print::out(&format!(
            "{} cells verified, {wrong} wrong, {unsupported} unsupported (cargo weft list says why); {:.1} s\n",
            cells.len() - wrong - unsupported,
            started.elapsed().as_secs_f64()
        ))?;
        Ok(if wrong == 0 && broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
