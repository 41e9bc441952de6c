//! The `weft` command: one file per verb.
//!
//! Exit codes: 0 fine, 1 failure, 2 usage, 3 a check that found something worse.

// mod compare;
mod count;
mod host;
mod hosts;
mod list;
mod race;
mod report;
mod threshold;
mod verify;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// How should two WebAssembly modules in one host hand messages to each other, and what does it cost?
#[derive(Parser)]
#[command(
    name = "weft",
    version,
    after_help = "Figures come from `cargo bench`; this command is for what goes with them.\n\n\
                  WEFT_GUESTS=<dir> adds guests of your own (docs/ABI.md).\n\
                  WEFT_LIMITS=memory=256MiB,table=1000 limits what guests may take (docs/ABI.md).\n\n\
                  Exit codes: 0 fine, 1 failure, 2 usage, 3 a check that found something worse."
)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    // Compare(compare::Compare),
    Race(race::Race),
    List(list::List),
    Verify(verify::Verify),
    Count(count::Count),
    Report(report::Report),
    Hosts(hosts::Hosts),
    Host(host::Host),
}

/// Runs the command that was typed.
pub fn main() -> ExitCode {
    let result = match Cli::parse().verb {
        // Verb::Compare(compare) => compare.run(),
        Verb::Race(race) => race.run(),
        Verb::List(list) => list.run(),
        Verb::Verify(verify) => verify.run(),
        Verb::Count(count) => count.run(),
        Verb::Report(report) => report.run(),
        Verb::Hosts(hosts) => hosts.run(),
        Verb::Host(host) => host.run(),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Prints a document to standard output. Whoever stops reading it early, as `head` does, has read enough.
fn print(document: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(document.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}
