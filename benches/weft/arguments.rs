//! Criterion's command line, read a second time: criterion keeps what it finds there to itself, but the
//! run must know which cells are selected, and whether anything is to be kept.

use std::process::{Command, ExitCode};

use weft::cell::Filter;
use weft::variables;

use crate::options::{self, Meaning};

/// What criterion was asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Time everything that is selected.
    Measure,
    /// Run everything once (`--test`).
    Test,
    /// Print the names (`--list`).
    List,
}

/// The part of the command line that a run needs.
#[derive(Debug)]
pub struct Arguments {
    /// What to do.
    pub mode: Mode,
    /// With which cells.
    pub filter: Filter,
    /// Whether the user has said how much criterion should print.
    chosen_output: bool,
}

impl Arguments {
    /// Reads the arguments after the program's name. None where they ask for help.
    ///
    /// # Errors
    /// Where the filter is no regular expression, or an option cannot mean anything here.
    pub fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Option<Self>, String> {
        let (mut pattern, mut exact, mut ignored, mut bench, mut chosen_output) = (None, false, false, false, false);
        let mut mode = None;
        while let Some(argument) = arguments.next() {
            if !argument.starts_with('-') {
                pattern = pattern.or(Some(argument));
                continue;
            }
            // What criterion does not know it refuses itself.
            let Some(option) = options::find(&argument) else { continue };
            let long = option.names.last().copied().unwrap_or_default();
            if let Meaning::None(why) = option.meaning {
                return Err(format!("{long} means nothing here: {why}"));
            }
            if option.takes_value && option.names.contains(&argument.as_str()) {
                arguments.next();
            }
            match long {
                "--bench" => bench = true,
                "--test" => mode = mode.or(Some(Mode::Test)),
                "--list" => mode = mode.or(Some(Mode::List)),
                "--help" => return Ok(None),
                "--exact" => exact = true,
                "--ignored" => ignored = true,
                "--quiet" | "--verbose" | "--output-format" => chosen_output = true,
                _ => {}
            }
        }
        let filter = filter(pattern, exact, ignored)?;
        // As criterion: without `--bench`, which `cargo bench` adds, everything runs once.
        let mode = mode.unwrap_or(if bench { Mode::Measure } else { Mode::Test });
        Ok(Some(Self { mode, filter, chosen_output }))
    }

    /// Becomes this program with `--quiet`, unless the user has chosen an output: criterion has no other way to print one
    /// line per row, and its outliers and its advice would fill a thousand lines. Where it cannot, there are these lines.
    pub fn again_with_quiet(&self) -> Option<ExitCode> {
        if self.mode != Mode::Measure || self.chosen_output {
            return None;
        }
        become_program(Command::new(std::env::current_exe().ok()?).args(std::env::args_os().skip(1)).arg("--quiet"))
    }
}

/// What can be typed.
pub fn help() -> String {
    let (options, variables) = (options::help(), variables::help());
    format!(
        "Measures how two WebAssembly modules hand messages to each other, and shows it through criterion.\n\n\
         Usage: cargo bench [-- [OPTIONS] [FILTER]]\n\n\
         FILTER is a regular expression over the names of rows, such as\n  \
         cargo bench -- log@1/own            one message and task\n  \
         cargo bench -- /bincode/            one codec\n  \
         cargo bench -- --list               the names\n\n\
         {options}\n{variables}\n\
         Exit codes: 0 fine, 1 failure, 2 usage, 130 ended by Ctrl-C, 143 by kill.\n"
    )
}

/// Becomes another program in this process: signals that are meant for one reach the other. Returns only where it cannot.
#[cfg(unix)]
fn become_program(command: &mut Command) -> Option<ExitCode> {
    let _ = std::os::unix::process::CommandExt::exec(command);
    None
}

/// Starts another program and waits for it: this system knows no other way.
#[cfg(not(unix))]
fn become_program(command: &mut Command) -> Option<ExitCode> {
    let code = command.status().ok()?.code();
    Some(code.and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// The filter that criterion would make of its arguments.
fn filter(pattern: Option<String>, exact: bool, ignored: bool) -> Result<Filter, String> {
    Ok(match pattern {
        _ if ignored => Filter::Nothing,
        Some(name) if exact => Filter::Exact(name),
        Some(pattern) => Filter::pattern(&pattern)?,
        None => Filter::All,
    })
}
