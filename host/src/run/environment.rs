//! What is needed to judge a run's figures: machine, toolchain, engine, guests.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::{env, thread};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sysinfo::{CpuRefreshKind, RefreshKind, System};

use crate::engine;
use crate::guest::{Codec, Guest, Traits};

/// Where and with what a run was made.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Environment {
    /// The command that made the run.
    pub command_line: String,
    /// When it began, in UTC (RFC 3339).
    pub started: String,
    /// The revision of the project, with `-dirty` where files were changed; `unknown` outside git.
    pub git_revision: String,
    /// `rustc --version` of the host's build.
    pub rustc: String,
    /// wasmtime's version.
    pub wasmtime: String,
    /// What the engine is set to.
    pub engine: String,
    /// How many freshly compiled and instantiated pairs a figure rotates over.
    pub pairs: usize,
    /// What the messages are generated from.
    pub seed: u64,
    /// The processor's name.
    pub cpu_model: String,
    /// How many cores the process may use.
    pub cores: usize,
    /// The operating system and its kernel.
    pub kernel: String,
    /// The processor's architecture.
    pub architecture: String,
    /// The load average of the last minute when the run began; above about 0.5 the machine was busy.
    pub load_at_start: Option<f64>,
    /// How long samples took that were discarded, because something else used the core, in seconds.
    pub discarded_s: f64,
    /// How many readings without a calm moment are part of figures.
    pub disturbed_readings: u64,
    /// Which codec's pair the figures `compile` and `setup_*` are of.
    pub setup_codec: Option<String>,
    /// The codecs, by name.
    pub codecs: BTreeMap<String, CodecRecord>,
}

/// A codec of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CodecRecord {
    /// The version of the crate behind it, as locked.
    pub library_version: Option<String>,
    /// What it says about itself.
    pub traits: Traits,
    /// The producer's module.
    pub producer: WasmRecord,
    /// The consumer's module.
    pub consumer: WasmRecord,
}

/// A wasm file of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WasmRecord {
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub bytes: usize,
}

impl From<&Guest> for WasmRecord {
    fn from(guest: &Guest) -> Self {
        Self { sha256: guest.sha256(), bytes: guest.wasm.len() }
    }
}

impl Environment {
    /// Looks around.
    pub fn here(codecs: &[Codec], pairs: usize) -> Self {
        let system = System::new_with_specifics(RefreshKind::nothing().with_cpu(CpuRefreshKind::nothing()));
        let cpu = system.ok().and_then(|system| Some(system.cpus().first()?.brand().trim().to_owned()));
        Self {
            command_line: command_line(),
            started: humantime::format_rfc3339_seconds(std::time::SystemTime::now()).to_string(),
            git_revision: git_revision().unwrap_or_else(|| "unknown".to_owned()),
            rustc: env!("WEFT_RUSTC_VERSION").to_owned(),
            wasmtime: locked_version("wasmtime").unwrap_or("unknown").to_owned(),
            engine: engine::SETTINGS.to_owned(),
            pairs,
            seed: super::SEED,
            cpu_model: cpu.filter(|name| !name.is_empty()).unwrap_or_else(|| "unknown".to_owned()),
            cores: thread::available_parallelism().map_or(1, usize::from),
            kernel: System::kernel_long_version().unwrap_or_else(|_| "unknown".to_owned()),
            architecture: env::consts::ARCH.to_owned(),
            load_at_start: System::load_average().ok().map(|load| load.one),
            discarded_s: 0.0,
            disturbed_readings: 0,
            setup_codec: None,
            codecs: codecs.iter().map(|codec| (codec.name.clone(), codec.into())).collect(),
        }
    }
}

impl From<&Codec> for CodecRecord {
    fn from(codec: &Codec) -> Self {
        Self {
            library_version: locked_version(&codec.traits.library).map(str::to_owned),
            traits: codec.traits.clone(),
            producer: (&codec.producer).into(),
            consumer: (&codec.consumer).into(),
        }
    }
}

const LOCK: &str = include_str!("../../../Cargo.lock");

/// The SHA-256 of the workspace's `Cargo.lock`, in hexadecimal.
pub fn lock_sha256() -> String {
    Sha256::digest(LOCK).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The version of a package in the workspace's `Cargo.lock`.
pub fn locked_version(package: &str) -> Option<&'static str> {
    let mut lines = LOCK.lines();
    let name = format!("name = \"{package}\"");
    lines.find(|line| *line == name)?;
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

/// What a person would type to make this run again.
fn command_line() -> String {
    let matrix = env::var("WEFT_MATRIX").map(|matrix| format!("WEFT_MATRIX={matrix} ")).unwrap_or_default();
    let arguments: Vec<String> =
        env::args().skip(1).filter(|argument| argument != "--bench" && argument != "--quiet").collect();
    let arguments = if arguments.is_empty() { String::new() } else { format!(" -- {}", arguments.join(" ")) };
    format!("{matrix}cargo bench{arguments}")
}

fn git_revision() -> Option<String> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"));
    let git = |arguments: &[&str]| {
        let output = Command::new("git").arg("-C").arg(workspace).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let revision = git(&["rev-parse", "HEAD"])?;
    // Results are no part of what is measured.
    let changed = git(&["status", "--porcelain", "--untracked-files=no", "--", ":!../results"])?;
    Some(if changed.is_empty() { revision } else { format!("{revision}-dirty") })
}

#[cfg(test)]
mod tests {
    use super::locked_version;

    #[test]
    fn versions_come_from_the_lock_file() {
        assert!(locked_version("wasmtime").is_some_and(|version| version.starts_with("48.")));
        assert_eq!(locked_version("no-such-package"), None);
        assert_eq!(locked_version(""), None);
    }
}
