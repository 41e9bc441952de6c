//! weft's own host in a build with further features of wasmtime: `host.toml` says which.

use std::process::ExitCode;

fn main() -> ExitCode {
    match weft::serve::run_own(std::env::args().nth(1).as_deref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
