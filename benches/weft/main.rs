//! The bench: `cargo bench`. It runs what the command line selects, and shows it through criterion; see `README.md`.

mod arguments;
mod options;
mod replay;

use std::process::ExitCode;

use arguments::{Arguments, Mode};
use weft::cell::{Matrix, messages_from_environment};
use weft::hosts::BE_HOST;
use weft::record::{name_from_environment, results_directory};
use weft::run::{self, Plan};
use weft::serve::run_own;
use weft::variables::Misset;
use weft::{attack, compare, interrupt, print, report, variables};

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    if words.next().as_deref() == Some(BE_HOST) {
        return ended(run_own(words.next().as_deref()).map(|()| true));
    }
    match asked() {
        Ok(Some(arguments)) => arguments.again_with_quiet().unwrap_or_else(|| ended(bench(arguments))),
        Ok(None) => ended(print::out(&arguments::help()).map(|()| true).map_err(Into::into)),
        Err(message) => {
            print::err(&format!("error: {message}"));
            ExitCode::from(2)
        }
    }
}

/// What was typed, if it can be done. None where it is the help.
fn asked() -> anyhow::Result<Option<Arguments>> {
    let arguments = Arguments::parse(std::env::args().skip(1)).map_err(anyhow::Error::msg)?;
    if let Some(arguments) = &arguments {
        variables::none_is_unknown()?;
        Matrix::from_environment()?;
        messages_from_environment()?;
        if arguments.mode == Mode::Measure {
            name_from_environment(&results_directory())?;
        }
    }
    Ok(arguments)
}

/// Lists, tests or measures; returns whether all went well.
fn bench(arguments: Arguments) -> anyhow::Result<bool> {
    replay::check_arguments();
    replay::end_quietly_unheard();
    interrupt::install()?;
    // Without cargo, whoever started this may end before it.
    if std::env::var_os("CARGO_MANIFEST_DIR").is_some() {
        interrupt::end_with_parent()?;
    }
    let plan = Plan::from_environment(arguments.filter)?;
    let mode = match arguments.mode {
        Mode::List => {
            replay::list(&run::names(&plan)?);
            return Ok(true);
        }
        Mode::Test => run::Mode::Test,
        Mode::Measure => run::Mode::Measure,
    };
    let plan = match mode {
        run::Mode::Measure => Plan { attacks: Some(attack::known(&results_directory())), ..plan.named()? },
        run::Mode::Test => plan,
    };
    let ran = run::run(&plan, mode)?;
    // Before anything is printed: whoever reads it may stop at any time.
    if let Some(directory) = &ran.directory {
        report::derive(directory, &ran.record).map_err(|error| run::although_kept(directory, error))?;
    }
    if ran.record.complete {
        replay::show(&ran.rows, mode);
    }
    let kept = ran.directory.is_some() && ran.record.complete;
    let beside = kept.then(|| compare::beside(&ran.record, &results_directory())).flatten();
    print::out(&report::ending(&ran, beside.as_deref()))?;
    Ok(ran.failures == 0)
}

/// The exit code: that of the signal where there was one.
fn ended(result: anyhow::Result<bool>) -> ExitCode {
    match &result {
        Err(error) if interrupt::is_cause_of(error) => print::err(match variables::RESUME.path() {
            Some(_) => "interrupted before anything was timed; the run is as it was",
            None => "interrupted before anything was timed; nothing is kept",
        }),
        Err(error) => print::err(&format!("error: {error:#}")),
        Ok(_) => {}
    }
    match (interrupt::asked(), result) {
        (Some(signal), _) => ExitCode::from(signal.exit_code()),
        (None, Ok(true)) => ExitCode::SUCCESS,
        (None, Err(error)) if error.is::<Misset>() => ExitCode::from(2),
        (None, _) => ExitCode::FAILURE,
    }
}
