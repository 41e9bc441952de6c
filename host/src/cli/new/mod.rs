//! `weft new`: makes what is then filled in. One file for each thing.

pub mod codec;

use std::process::ExitCode;

use clap::{Args, Subcommand};

/// Makes a codec that compiles, and says what to fill in
#[derive(Args)]
pub struct New {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Codec(codec::Codec),
}

impl New {
    /// Makes it.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        match &self.what {
            What::Codec(codec) => codec.run(),
        }
    }
}
