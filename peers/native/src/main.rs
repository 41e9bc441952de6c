//! The program that the harness starts (`host.toml`): it speaks the host protocol on its standard input and output.

use std::process::ExitCode;

fn main() -> ExitCode {
    eprintln!("weft-native: the host protocol (docs/HOSTS.md) is not connected yet");
    ExitCode::FAILURE
}
