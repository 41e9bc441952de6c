//! What is needed to judge a run's figures: machine, toolchain, engine, guests.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::Command;
use std::{env, thread};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sysinfo::System;

use weft_link::Limits;
use weft_link::guest::Traits;

use super::Machine;
use crate::cell::SEED;
use crate::exact::WasmFile;
use crate::guests::Codec;
use crate::lock::locked_version;
use crate::protocol::Engine;
use crate::variables;

/// A machine with a higher load average of the last minute is busy: something else slows what is timed.
pub const BUSY_LOAD: f64 = 0.5;

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
    /// The features that wasmtime was built with.
    pub features: Vec<String>,
    /// What a guest may take. None where the run does not say.
    pub limits: Option<Limits>,
    /// How many rounds were planned.
    pub rounds: usize,
    /// How many placements a reading of a cell is the mean of, at most. None where the run does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placements: Option<u32>,
    /// The SHA-256 of the program that made the run, in hexadecimal. None where the run does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program_sha256: Option<String>,
    /// What the messages are generated from.
    pub seed: u64,
    /// The processor, its caches, and what lies under the system.
    #[serde(default)]
    pub machine: Machine,
    /// How many cores the process may use.
    pub cores: usize,
    /// The operating system and its kernel.
    pub kernel: String,
    /// The processor's architecture.
    pub architecture: String,
    /// The load average of the last minute when the run began; above about 0.5 the machine was busy.
    pub load_at_start: Option<f64>,
    /// How long samples took that were discarded, because something else used the core, in seconds.
    /// None where the run does not say.
    pub discarded_s: Option<f64>,
    /// How many readings without a calm moment are part of figures. None where the run does not say.
    pub disturbed_readings: Option<u64>,
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
    pub producer: WasmFile,
    /// The consumer's module.
    pub consumer: WasmFile,
    /// The code of both modules, in bytes of WebAssembly: that of all messages and tasks. None where the run does not say.
    #[serde(default)]
    pub code_bytes: Option<u64>,
}

impl Environment {
    /// Looks around.
    pub fn here<'a>(
        engine: &Engine,
        limits: Limits,
        codecs: impl IntoIterator<Item = &'a Codec>,
        rounds: usize,
    ) -> Self {
        Self {
            command_line: command_line(),
            started: now(),
            git_revision: git_revision(),
            rustc: env!("WEFT_RUSTC_VERSION").to_owned(),
            wasmtime: engine.version.clone(),
            engine: engine.settings.clone(),
            features: engine.features.clone(),
            limits: Some(limits),
            rounds,
            placements: None,
            program_sha256: program_sha256(),
            seed: SEED,
            machine: Machine::here(),
            cores: thread::available_parallelism().map_or(1, usize::from),
            kernel: kernel(),
            architecture: env::consts::ARCH.to_owned(),
            load_at_start: load_average(),
            discarded_s: Some(0.0),
            disturbed_readings: Some(0),
            setup_codec: None,
            codecs: codecs.into_iter().map(|codec| (codec.name.clone(), codec.into())).collect(),
        }
    }
}

impl CodecRecord {
    /// The library behind it, with its version: `this project`, or `unknown` where the guests do not say.
    pub fn library(&self) -> String {
        match (&self.library_version, self.traits.library.as_deref()) {
            (_, None) => "unknown".to_owned(),
            (_, Some("")) => "this project".to_owned(),
            (Some(version), Some(library)) => format!("{library} {version}"),
            (None, Some(library)) => library.to_owned(),
        }
    }

    /// The month of the library's release, and whether it is unmaintained; empty for code of this project, `unknown` where the
    /// guests do not say.
    pub fn release(&self) -> String {
        match (&self.traits.release, self.traits.library.as_deref()) {
            (Some(release), _) => release.described(),
            (None, Some("")) => String::new(),
            (None, _) => "unknown".to_owned(),
        }
    }

    /// What becomes of a field that its consumer does not know, as a word.
    pub fn evolution(&self) -> &'static str {
        self.traits.evolution.map_or("unknown", |evolution| evolution.word())
    }

    /// When its consumer checks what it reads, as a word.
    pub fn validation(&self) -> &'static str {
        self.traits.validates.map_or("unknown", |validates| validates.word())
    }
}

impl From<&Codec> for CodecRecord {
    fn from(codec: &Codec) -> Self {
        Self {
            library_version: codec.traits.library.as_deref().and_then(locked_version).map(str::to_owned),
            traits: codec.traits.clone(),
            producer: (&codec.producer).into(),
            consumer: (&codec.consumer).into(),
            code_bytes: Some(codec.code_bytes()),
        }
    }
}

/// The load average of the last minute. None where the system does not tell.
pub fn load_average() -> Option<f64> {
    System::load_average().ok().map(|load| load.one)
}

/// The SHA-256 of this program. None where it cannot be read.
fn program_sha256() -> Option<String> {
    let mut program = File::open(env::current_exe().ok()?).ok()?;
    let (mut digest, mut part) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        let len = program.read(&mut part).ok()?;
        match part.get(..len) {
            Some(read) if !read.is_empty() => digest.update(read),
            _ => break,
        }
    }
    Some(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// What a person would type to make this run again.
fn command_line() -> String {
    let arguments = env::args().skip(1).filter(|argument| argument != "--bench" && argument != "--quiet");
    let arguments: Vec<String> = arguments.collect();
    variables::typed(if arguments.is_empty() { "cargo bench" } else { "cargo bench --" }, &arguments, &[])
}

/// The time, in UTC (RFC 3339).
pub fn now() -> String {
    humantime::format_rfc3339_seconds(std::time::SystemTime::now()).to_string()
}

/// The operating system and its kernel; `unknown` where it does not say.
pub fn kernel() -> String {
    System::kernel_long_version().unwrap_or_else(|_| "unknown".to_owned())
}

/// The revision of the project, with `-dirty` where files were changed; `unknown` outside git.
pub fn git_revision() -> String {
    asked_of_git().unwrap_or_else(|| "unknown".to_owned())
}

fn asked_of_git() -> Option<String> {
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
