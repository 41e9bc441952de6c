//! Tells the host which compiler made it.

use std::process::Command;
use std::{env, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let rustc = env::var_os("RUSTC").ok_or_else(|| io::Error::other("cargo did not set RUSTC"))?;
    let version = Command::new(rustc).arg("--version").output()?;
    println!("cargo::rustc-env=WEFT_NATIVE_RUSTC={}", String::from_utf8_lossy(&version.stdout).trim());
    Ok(())
}
