//! `weft environment`: the environment variables.

use std::process::ExitCode;

use clap::Args;

use crate::{print, variables};

/// Prints the environment variables that weft reads
#[derive(Args)]
#[command(after_help = variables::help() + "\nExample:\n  cargo weft environment\n  cargo weft help environment")]
pub struct Environment {}

impl Environment {
    /// Prints the table.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        print::out(&variables::help())?;
        Ok(ExitCode::SUCCESS)
    }
}
