//! weft's own host on wasmtime with the patch of `patches/`: `build.sh` says how.

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
