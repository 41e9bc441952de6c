//! Builds the guests and embeds them: every codec under `modules/codecs`, two guests each, and the
//! baselines that the boundary figures need.

#[path = "build/guests.rs"]
mod guests;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use guests::{Built, GuestBuilder, Role};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\n{message}\n");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let out = PathBuf::from(variable("OUT_DIR")?);
    let host = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let workspace = host.parent().ok_or("the crate `weft` has no parent directory")?;
    for path in ["modules", "schemas", "Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "host/build.rs", "host/build"]
    {
        println!("cargo::rerun-if-changed={}", workspace.join(path).display());
    }
    // <target>/<profile>/build/<package>/out: one directory serves the guests of all profiles.
    let target = out.ancestors().nth(4).ok_or("OUT_DIR is not inside a target directory")?.join("guests");
    let builder = GuestBuilder::new(workspace, &target)?;
    builder.ensure_target()?;

    let mut code = String::from("/// The guests that the build made.\npub static CODECS: &[Embedded] = &[\n");
    for codec in guests::codecs(workspace)? {
        let (producer, mut packages) = embed(&builder, &codec.directory, &codec.name, Role::Producer, &out)?;
        let (consumer, others) = embed(&builder, &codec.directory, &codec.name, Role::Consumer, &out)?;
        packages.extend(others);
        packages.sort();
        packages.dedup();
        let name = &codec.name;
        writeln!(
            code,
            "    Embedded {{ codec: {name:?}, producer: {producer}, consumer: {consumer}, packages: &{packages:?} }},"
        )
        .map_err(|error| error.to_string())?;
    }
    code.push_str("];\n");
    for (name, roles) in [("task_floor", &[Role::Producer][..]), ("seed", &[Role::Producer, Role::Consumer])] {
        let directory = workspace.join("modules/baselines").join(name);
        for &role in roles {
            let (wasm, _) = embed(&builder, &directory, name, role, &out)?;
            let constant = format!("{name}_{}", role.name()).to_uppercase();
            writeln!(code, "/// A guest of `modules/baselines/{name}`.\npub static {constant}: &[u8] = {wasm};")
                .map_err(|error| error.to_string())?;
        }
    }
    fs::write(out.join("guests.rs"), code).map_err(|error| format!("cannot write guests.rs: {error}"))?;
    println!("cargo::rustc-env=WEFT_RUSTC_VERSION={}", builder.rustc_version()?);
    Ok(())
}

/// Builds one guest, copies it out, and returns the expression that includes it and what it was made of.
fn embed(
    builder: &GuestBuilder,
    directory: &Path,
    name: &str,
    role: Role,
    out: &Path,
) -> Result<(String, Vec<String>), String> {
    let Built { file: wasm, packages } = builder.build(directory, role)?;
    let copy = out.join(format!("{name}.{}.wasm", role.name()));
    fs::copy(&wasm, &copy).map_err(|error| format!("cannot copy {}: {error}", wasm.display()))?;
    Ok((format!("include_bytes!({copy:?})"), packages))
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("cargo did not set {name}"))
}
