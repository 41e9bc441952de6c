//! `weft new`: makes what is then filled in. One file for each thing.

pub mod codec;
pub mod message;

use std::process::ExitCode;

use clap::{Args, Subcommand};

/// Makes a codec or a message that compiles, and says what to fill in
#[derive(Args)]
pub struct New {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Codec(codec::Codec),
    Message(message::Message),
}

impl New {
    /// Makes it.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        match &self.what {
            What::Codec(codec) => codec.run(),
            What::Message(message) => message.run(),
        }
    }
}
