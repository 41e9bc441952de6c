//! The `weft` command: one file per verb.
//!
//! Exit codes: 0 fine, 1 failure, 2 usage, 3 a check that found something worse, 130 and 143 ended by a signal.

mod attack;
mod compare;
mod count;
mod environment;
mod host;
mod hosts;
mod list;
pub mod new;
mod race;
mod report;
mod show;
mod threshold;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::cell::Matrix;
use crate::variables::Misset;
use crate::{interrupt, print, variables};

/// The exit code where what was typed, or set, means nothing: clap's.
const USAGE: u8 = 2;

/// How should two WebAssembly modules in one host hand messages to each other, and what does it cost?
#[derive(Parser)]
#[command(
    name = "weft",
    version,
    after_help = format!(
        "Figures come from `cargo bench`; this command is for what goes with them.\n\n{}\n\
         Exit codes: 0 fine, 1 failure, 2 usage, 3 a check that found something worse,\n\
         130 ended by Ctrl-C, 143 by kill.",
        variables::help()
    )
)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Compare(compare::Compare),
    Race(race::Race),
    List(list::List),
    Verify(verify::Verify),
    Count(count::Count),
    Attack(attack::Attack),
    Report(report::Report),
    Show(show::Show),
    New(new::New),
    Hosts(hosts::Hosts),
    Host(host::Host),
    Environment(environment::Environment),
}

impl Verb {
    /// Lets a signal end what the verb has started, rather than the verb alone: a build, hosts.
    fn heed_signals(&self) -> std::io::Result<()> {
        match self {
            Self::Race(_) | Self::List(_) | Self::Verify(_) | Self::Count(_) | Self::Hosts(_) => interrupt::install(),
            // The process of one attack is ended by whoever started it.
            Self::Attack(attack) if attack.is_one_process() => Ok(()),
            Self::Attack(_) => interrupt::install(),
            Self::Compare(_)
            | Self::Report(_)
            | Self::Show(_)
            | Self::New(_)
            | Self::Host(_)
            | Self::Environment(_) => Ok(()),
        }
    }
}

/// Runs the command that was typed.
pub fn main() -> ExitCode {
    let verb = Cli::parse().verb;
    // Whoever asks which variables there are is told so, and a host has those of whoever started it, which may be another build.
    let asks = !matches!(verb, Verb::Environment(_) | Verb::Host(_));
    if asks && let Err(error) = variables::none_is_unknown() {
        print::err(&format!("error: {error}"));
        return ExitCode::from(USAGE);
    }
    if let Err(error) = verb.heed_signals() {
        print::err(&format!("error: signals cannot be waited for: {error}"));
        return ExitCode::FAILURE;
    }
    ended(run(verb))
}

fn run(verb: Verb) -> anyhow::Result<ExitCode> {
    match verb {
        Verb::Compare(compare) => compare.run(),
        Verb::Race(race) => race.run(),
        Verb::List(list) => list.run(),
        Verb::Verify(verify) => verify.run(),
        Verb::Count(count) => count.run(),
        Verb::Attack(attack) => attack.run(),
        Verb::Report(report) => report.run(),
        Verb::Show(show) => show.run(),
        Verb::New(new) => new.run(),
        Verb::Hosts(hosts) => hosts.run(),
        Verb::Host(host) => host.run(),
        Verb::Environment(environment) => environment.run(),
    }
}

/// The matrix that the command line names, otherwise the one of `WEFT_MATRIX`.
fn asked_matrix(named: Option<Matrix>) -> anyhow::Result<Option<Matrix>> {
    match named {
        Some(_) => Ok(named),
        None => Ok(Matrix::from_environment()?),
    }
}

/// The exit code: that of the signal where there was one.
fn ended(result: anyhow::Result<ExitCode>) -> ExitCode {
    match &result {
        Err(error) if interrupt::is_cause_of(error) => print::err("interrupted"),
        Err(error) => print::err(&format!("error: {error:#}")),
        Ok(_) => {}
    }
    let ended = result.unwrap_or_else(|error| match error.downcast_ref() {
        Some(Misset(_)) => ExitCode::from(USAGE),
        None => ExitCode::FAILURE,
    });
    interrupt::asked().map_or(ended, |signal| ExitCode::from(signal.exit_code()))
}
