//! What is said of wasmtime's features is what cargo resolves, in this crate alone and in the workspace: a package that
//! turned another one on would move every figure.

use std::collections::BTreeSet;
use std::process::Command;

/// Optional dependencies that features of wasmtime turn on, which cargo lists like features.
const DEPENDENCIES: [&str; 2] = ["once_cell", "wasmtime-jit-icache-coherence"];

fn resolved(of: &[&str]) -> BTreeSet<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["tree", "--invert", "wasmtime", "--depth", "0", "--format", "{f}", "--locked"]).args(of);
    let output = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo starts");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    text.trim().split(',').filter(|name| !DEPENDENCIES.contains(name)).map(str::to_owned).collect()
}

#[test]
fn the_features_are_those_that_cargo_resolves() {
    let said: BTreeSet<String> = weft_link::features().into_iter().map(str::to_owned).collect();
    assert_eq!(resolved(&["--package", "weft-link"]), said);
    assert_eq!(resolved(&["--workspace"]), said);
}
