//! The bench: `cargo bench`. It runs what the command line selects, and shows it through criterion; see `README.md`.

mod arguments;
mod replay;

use std::process::ExitCode;

use arguments::{Arguments, Mode};
use weft::cell::Matrix;
use weft::hosts::BE_HOST;
use weft::report::finish;
use weft::run::{self, Plan, Ran};
use weft::serve::run_own;

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    if words.next().as_deref() == Some(BE_HOST) {
        return ended(run_own(words.next().as_deref()).map(|()| true));
    }
    let asked = Arguments::parse(std::env::args().skip(1));
    match asked.and_then(|arguments| Matrix::from_environment().map(|_| arguments)) {
        Ok(arguments) => arguments.again_with_quiet().unwrap_or_else(|| ended(bench(arguments))),
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

/// Lists, tests or measures; returns whether all went well.
fn bench(arguments: Arguments) -> anyhow::Result<bool> {
    replay::check_arguments();
    let plan = Plan::from_environment(arguments.filter)?;
    let mode = match arguments.mode {
        Mode::List => {
            replay::list(&run::names(&plan)?);
            return Ok(true);
        }
        Mode::Test => run::Mode::Test,
        Mode::Measure => run::Mode::Measure,
    };
    let ran = run::run(&plan, mode)?;
    replay::show(&ran.rows, mode);
    conclude(&ran)
}

fn conclude(ran: &Ran) -> anyhow::Result<bool> {
    finish(ran)?;
    Ok(ran.failures == 0)
}

fn ended(result: anyhow::Result<bool>) -> ExitCode {
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
