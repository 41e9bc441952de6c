//! The bench: `cargo bench`. Groups `boundary` and `exchange`; see `README.md`.

mod arguments;
mod beside;
mod progress;
mod session;
mod timing;

use std::process::ExitCode;

use arguments::Arguments;
use session::Session;

fn main() -> ExitCode {
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
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
