//! The bench: `cargo bench`. Groups `boundary` and `exchange`; see `README.md`.

mod arguments;
mod beside;
mod kept;
mod progress;
mod rounds;
mod session;
mod timing;

use std::process::ExitCode;

use arguments::Arguments;
use session::Session;
use weft::measure::{MEASURE_ROUND, measure_round};

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(MEASURE_ROUND) {
        return match measure_round() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => failed(&error),
        };
    }
    let arguments = match Arguments::parse(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("error: {message}");
            return ExitCode::from(2);
        }
    };
    if let Some(code) = arguments.again_with_quiet() {
        return code;
    }
    match Session::new(arguments).and_then(|mut session| session.run()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => failed(&error),
    }
}

fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("error: {error:#}");
    ExitCode::FAILURE
}
