//! The build script of a host that is a plugin system: builds its plugins, and puts them into the host.
//!
//! The plugins are the packages in `guests/` of the host's workspace, each named after its codec. Each has two examples, which are
//! built for WebAssembly with the profile of weft's guests. The host includes the file `plugins.rs`, a table of all. Beside it
//! come the versions of the system's crates, from the workspace's lock file.
#![forbid(unsafe_code)]

mod lock;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

pub use lock::version;

/// What plugins are compiled for.
const TARGET: &str = "wasm32-unknown-unknown";

/// Builds all plugins, and tells the host where they are.
///
/// # Errors
/// Where cargo cannot build one; what it said stands on standard error.
pub fn plugins() -> io::Result<()> {
    let workspace = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(variable("OUT_DIR")?);
    // <target>/<profile>/build/<package>/out
    let target = out.ancestors().nth(4).ok_or_else(|| io::Error::other("OUT_DIR is not inside a target directory"))?;
    // Hosts share a target directory, and the files of one codec have the same name in each.
    let target = target.join("guests").join(variable("CARGO_PKG_NAME")?);
    let codecs = codecs(&workspace.join("guests"))?;
    watch(&workspace, &codecs);
    build(&workspace, &target)?;
    let mut table = String::from("&[\n");
    for codec in &codecs {
        let module = |side: &str| {
            let file = target.join(TARGET).join("guest/examples").join(format!("{codec}_{side}.wasm"));
            format!("weft_plugin_host::Module {{ name: \"{codec}.{side}\", wasm: include_bytes!({file:?}) }}")
        };
        let (producer, consumer) = (module("producer"), module("consumer"));
        let _ = writeln!(
            table,
            "weft_plugin_host::Plugins {{ codec: {codec:?}, producer: {producer}, consumer: {consumer} }},"
        );
    }
    fs::write(out.join("plugins.rs"), table + "]\n")
}

/// Tells the host the version of a package that its workspace has locked, as an environment variable: where `of` names
/// another one, the version that this one depends on.
///
/// # Errors
/// Where it is not locked.
pub fn tell(variable_name: &str, package: &str, of: Option<&str>) -> io::Result<()> {
    let path = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("Cargo.lock");
    let lock = fs::read_to_string(&path)?;
    let version = version(&lock, package, of)
        .ok_or_else(|| io::Error::other(format!("{} locks no {package}", path.display())))?;
    println!("cargo::rustc-env={variable_name}={version}");
    Ok(())
}

fn variable(name: &str) -> io::Result<std::ffi::OsString> {
    env::var_os(name).ok_or_else(|| io::Error::other(format!("cargo did not set {name}")))
}

/// The codecs that there are plugins of.
fn codecs(guests: &Path) -> io::Result<Vec<String>> {
    let entries = fs::read_dir(guests)?.collect::<io::Result<Vec<_>>>()?;
    let mut codecs: Vec<String> = entries
        .iter()
        .filter(|entry| entry.path().join("Cargo.toml").is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    codecs.sort();
    Ok(codecs)
}

/// Everything that plugins are made of: they are built again where it changes.
fn watch(workspace: &Path, codecs: &[String]) {
    let weft = ["Cargo.toml", "modules/guest", "schemas/Cargo.toml", "schemas/src", "peers/plugin/guest"];
    let weft = weft.map(str::to_owned).into_iter();
    let sources = codecs.iter().map(|codec| format!("modules/codecs/{codec}/src"));
    for path in weft.chain(sources) {
        println!("cargo::rerun-if-changed={}", workspace.join("../..").join(path).display());
    }
    for path in ["build.rs", "Cargo.toml", "Cargo.lock", "guest", "guests"] {
        println!("cargo::rerun-if-changed={}", workspace.join(path).display());
    }
}

fn build(workspace: &Path, target: &Path) -> io::Result<()> {
    let mut cargo = Command::new(variable("CARGO")?);
    // In a directory of their own: cargo has locked that of the host.
    cargo.args(["build", "--workspace", "--examples", "--profile", "guest", "--locked", "--target", TARGET]);
    cargo.arg("--exclude").arg(variable("CARGO_PKG_NAME")?).arg("--target-dir").arg(target).current_dir(workspace);
    // What is meant for the host.
    for name in ["CARGO_ENCODED_RUSTFLAGS", "RUSTFLAGS", "RUSTC_WORKSPACE_WRAPPER", "CARGO_BUILD_TARGET"] {
        cargo.env_remove(name);
    }
    match cargo.status()?.success() {
        true => Ok(()),
        false => Err(io::Error::other(format!(
            "the plugins cannot be built; where the target is missing: rustup target add {TARGET}"
        ))),
    }
}
