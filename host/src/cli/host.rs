//! `weft host`: weft's own host, for whoever speaks its protocol.

use std::process::ExitCode;

use clap::Args;

use crate::serve::run_own;

/// Is weft's own host: speaks the host protocol on standard input and output (docs/HOSTS.md)
#[derive(Args)]
#[command(
    after_help = "Example:\n  cargo weft host wasmtime+fuel\n\nIt greets, and answers each line. docs/hosts.transcript.jsonl is a whole conversation."
)]
pub struct Host {
    /// Under which setting of wasmtime: the host's name, as `cargo weft hosts` lists it
    name: Option<String>,
}

impl Host {
    /// Speaks until the input ends.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        run_own(self.name.as_deref())?;
        Ok(ExitCode::SUCCESS)
    }
}
