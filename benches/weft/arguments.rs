//! Criterion's command line, read a second time: criterion keeps what it finds there to itself, but the
//! run must know which cells are selected, and whether anything is to be kept.

use std::process::{Command, ExitCode};

use weft::cell::Filter;

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

/// Criterion's options that take a value, but for those with one letter.
const WITH_VALUE: [&str; 16] = [
    "--color",
    "--colour",
    "--save-baseline",
    "--baseline",
    "--baseline-lenient",
    "--format",
    "--profile-time",
    "--load-baseline",
    "--sample-size",
    "--warm-up-time",
    "--measurement-time",
    "--nresamples",
    "--noise-threshold",
    "--confidence-level",
    "--significance-level",
    "--plotting-backend",
];

impl Arguments {
    /// Reads the arguments after the program's name.
    ///
    /// # Errors
    /// Where the filter is no regular expression, or an option cannot mean anything here.
    pub fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let (mut pattern, mut exact, mut ignored, mut bench, mut chosen_output) = (None, false, false, false, false);
        let mut mode = None;
        let mut arguments = arguments.peekable();
        while let Some(argument) = arguments.next() {
            let name = argument.split('=').next().unwrap_or_default();
            match name {
                "--bench" => bench = true,
                "--test" => mode = Some(Mode::Test),
                "--list" => mode = Some(Mode::List),
                "--profile-time" => {
                    return Err(
                        "--profile-time cannot profile guests: they run in processes of their own (docs/HOSTS.md)"
                            .to_owned(),
                    );
                }
                "--exact" => exact = true,
                "--ignored" => ignored = true,
                "--quiet" | "--verbose" | "-v" | "--output-format" | "--baseline" | "-b" | "--baseline-lenient" => {
                    chosen_output = true;
                }
                _ => {}
            }
            let takes_value = WITH_VALUE.contains(&name) || matches!(name, "--output-format" | "-c" | "-s" | "-b");
            if takes_value && !argument.contains('=') {
                arguments.next();
            } else if !argument.starts_with('-') && pattern.is_none() {
                pattern = Some(argument);
            }
        }
        let filter = filter(pattern, exact, ignored)?;
        // As criterion: without `--bench`, which `cargo bench` adds, everything runs once.
        let mode = mode.unwrap_or(if bench { Mode::Measure } else { Mode::Test });
        Ok(Self { mode, filter, chosen_output })
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
