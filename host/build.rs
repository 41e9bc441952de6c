//! Tells the library which toolchain compiled it, and where its target directory is.

use std::path::PathBuf;
use std::process::Command;
use std::{env, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../rust-toolchain.toml");
    let variable = |name| env::var_os(name).ok_or_else(|| io::Error::other(format!("cargo did not set {name}")));
    let version = Command::new(variable("RUSTC")?).arg("--version").output()?;
    println!("cargo::rustc-env=WEFT_RUSTC_VERSION={}", String::from_utf8_lossy(&version.stdout).trim());
    // <target>/<profile>/build/<package>/out
    let out = PathBuf::from(variable("OUT_DIR")?);
    let target = out.ancestors().nth(4).ok_or_else(|| io::Error::other("OUT_DIR is not inside a target directory"))?;
    println!("cargo::rustc-env=WEFT_TARGET_DIRECTORY={}", target.display());
    Ok(())
}
