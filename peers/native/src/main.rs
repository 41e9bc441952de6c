//! The program that the harness starts (`host.toml`): it speaks the host protocol on its standard input and output.

use std::process::ExitCode;

use weft_native::Native;

fn main() -> ExitCode {
    let name = std::env::args().nth(1).unwrap_or_else(|| "native".to_owned());
    match weft::serve::serve(&mut Native::new(&name)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
