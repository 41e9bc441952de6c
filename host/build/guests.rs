//! How guests are compiled: one cargo call a guest, away from the host's own build.
//!
//! The build script uses this file, and so do the tests that build guests of their own.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The target of all guests.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Which of a codec's two guests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Encodes and sends.
    Producer,
    /// Receives and reads.
    Consumer,
}

impl Role {
    /// The role's name in features and file names.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Producer => "producer",
            Self::Consumer => "consumer",
        }
    }

    /// The size of the shadow stack in bytes; static data follows it.
    ///
    /// A producer's stack is the first MiB. A consumer's stack ends, and its data begins, at 17 MiB:
    /// where both share one memory, the producer's stack and data lie below 16 MiB, and neither an
    /// overflowing stack nor the other guest's data is hit in silence.
    pub const fn stack_size(self) -> u32 {
        match self {
            Self::Producer => 1 << 20,
            Self::Consumer => 17 << 20,
        }
    }
}

/// A codec's directory under `modules/codecs`, which gives it its name.
pub struct CodecDirectory {
    /// The codec's name.
    pub name: String,
    /// Where its `Cargo.toml` is.
    pub directory: PathBuf,
}

/// The codecs of a workspace, sorted by name.
pub fn codecs(workspace: &Path) -> Result<Vec<CodecDirectory>, String> {
    let all = workspace.join("modules/codecs");
    let entries = fs::read_dir(&all).map_err(|error| format!("cannot read {}: {error}", all.display()))?;
    let mut codecs: Vec<_> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|directory| directory.join("Cargo.toml").is_file())
        .filter_map(|directory| Some(CodecDirectory { name: directory.file_name()?.to_str()?.to_owned(), directory }))
        .collect();
    codecs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(codecs)
}

/// A compiled guest.
pub struct Built {
    /// The wasm file, or the dynamic library.
    pub file: PathBuf,
    /// The packages from registries that it was made of, build tools among them: `<name> <version>`, sorted.
    #[allow(dead_code, reason = "for the build script")]
    pub packages: Vec<String>,
}

/// Compiles guests of one workspace into one target directory.
pub struct GuestBuilder {
    target_directory: PathBuf,
    remap: Vec<String>,
    cargo: OsString,
    rustc: OsString,
    rustup: OsString,
    cargo_home: Option<PathBuf>,
    features: Vec<String>,
    native: bool,
}

impl GuestBuilder {
    /// A builder for `workspace` with the toolchain that runs this.
    pub fn new(workspace: &Path, target_directory: &Path) -> Result<Self, String> {
        let workspace = workspace.canonicalize().map_err(|error| format!("{}: {error}", workspace.display()))?;
        let mut builder = Self {
            target_directory: target_directory.to_owned(),
            remap: vec![format!("--remap-path-prefix={}=/weft", workspace.display())],
            cargo: env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
            rustc: env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()),
            rustup: "rustup".into(),
            cargo_home: None,
            features: Vec::new(),
            native: false,
        };
        let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
        if let Some(home) = home {
            builder.remap_cargo_home(&home);
        }
        Ok(builder)
    }

    /// Uses another cargo home than the environment's.
    #[allow(dead_code, reason = "for the test of reproducible guests")]
    pub fn with_cargo_home(mut self, home: &Path) -> Self {
        self.cargo_home = Some(home.to_owned());
        self.remap_cargo_home(home);
        self
    }

    /// Builds guests with a feature of their crate beside that of their role. Guests that differ in nothing but that need
    /// a target directory of their own.
    #[allow(dead_code, reason = "for the test of a copy to spare")]
    pub fn with_feature(mut self, feature: &str) -> Self {
        self.features.push(feature.to_owned());
        self
    }

    /// Builds dynamic libraries of this machine, for hosts of native guests; for that their crates need the feature `native`.
    /// They need a target directory of their own too.
    #[allow(dead_code, reason = "for hosts of native guests")]
    pub fn native(mut self) -> Self {
        self.native = true;
        self.with_feature("native")
    }

    /// Uses the `rustc` and `rustup` of this directory.
    #[allow(dead_code, reason = "for the test of a missing target")]
    pub fn with_toolchain(mut self, bin: &Path) -> Self {
        self.rustc = bin.join("rustc").into();
        self.rustup = bin.join("rustup").into();
        self
    }

    fn remap_cargo_home(&mut self, home: &Path) {
        self.remap.push(format!("--remap-path-prefix={}=/cargo", home.display()));
    }

    /// Adds the wasm target through `rustup` where it is missing.
    pub fn ensure_target(&self) -> Result<(), String> {
        if self.has_target() {
            return Ok(());
        }
        let added = Command::new(&self.rustup).args(["target", "add", TARGET]).output();
        if self.has_target() {
            return Ok(());
        }
        let why = match added {
            Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
            Err(error) => format!("rustup did not start: {error}"),
        };
        Err(format!(
            "weft compiles its guests to {TARGET}, which this toolchain does not have,\n\
             and adding it failed ({why}).\n\
             Run this, then build again:\n\n    rustup target add {TARGET}"
        ))
    }

    fn has_target(&self) -> bool {
        let output = Command::new(&self.rustc).args(["--print", "target-libdir", "--target", TARGET]).output();
        output.is_ok_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir())
    }

    /// What `rustc --version` says.
    #[allow(dead_code, reason = "for the build script")]
    pub fn rustc_version(&self) -> Result<String, String> {
        let output = Command::new(&self.rustc).arg("--version").output().map_err(|error| format!("rustc: {error}"))?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Compiles the guest of `role` from the crate in `directory`; returns the file and what it was made of.
    ///
    /// Each role has a directory of its own: in one, cargo would give both guests of a crate the same
    /// place, and each build of one would undo that of the other.
    pub fn build(&self, directory: &Path, role: Role) -> Result<Built, String> {
        let mut cargo = self.command();
        cargo.current_dir(directory);
        cargo.args(["rustc", "--profile", "guest", "--lib", "--crate-type", "cdylib"]);
        cargo.args(["--no-default-features", "--features", role.name(), "--message-format", "json-render-diagnostics"]);
        cargo.args(self.features.iter().flat_map(|feature| ["--features", feature]));
        cargo.arg("--target-dir").arg(self.target_directory.join(role.name()));
        if !self.native {
            cargo.args(["--target", TARGET, "--", "-C", "link-arg=--import-memory", "-C"]);
            cargo.arg(format!("link-arg=-zstack-size={}", role.stack_size()));
        }
        let output = cargo.output().map_err(|error| format!("cargo did not start: {error}"))?;
        if !output.status.success() {
            let errors = String::from_utf8_lossy(&output.stderr);
            return Err(format!("the {} of {} does not compile:\n{errors}", role.name(), directory.display()));
        }
        let messages = String::from_utf8_lossy(&output.stdout);
        let suffix = if self.native { env::consts::DLL_SUFFIX } else { ".wasm" };
        let file = last_file(&messages, suffix)
            .ok_or_else(|| format!("cargo named no file *{suffix} for {}", directory.display()))?;
        Ok(Built { file, packages: packages(&messages) })
    }

    /// `cargo`, without what the cargo that runs this handed down: `CARGO_ENCODED_RUSTFLAGS`, even
    /// empty, would silence other flags, and the host's profile is none of the guests' business.
    fn command(&self) -> Command {
        let mut cargo = Command::new(&self.cargo);
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(is_inherited) {
                cargo.env_remove(name);
            }
        }
        if let Some(home) = &self.cargo_home {
            cargo.env("CARGO_HOME", home).env("CARGO_NET_OFFLINE", "true");
        }
        cargo.env("RUSTC", &self.rustc).env("CARGO_ENCODED_RUSTFLAGS", self.remap.join("\u{1f}"));
        cargo
    }
}

/// Whether a variable belongs to the build that runs this rather than to the user's set-up.
fn is_inherited(name: &str) -> bool {
    const USERS: [&str; 6] = ["CARGO_HOME", "CARGO_NET_", "CARGO_HTTP_", "CARGO_REGISTR", "CARGO_SOURCE_", "RUSTUP_"];
    const SCRIPT: [&str; 8] = ["TARGET", "HOST", "OPT_LEVEL", "PROFILE", "OUT_DIR", "NUM_JOBS", "DEBUG", "__CARGO"];
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
    (name.starts_with("CARGO") || name.starts_with("RUST") || starts(&SCRIPT)) && !starts(&USERS)
}

/// The file with this suffix that cargo's JSON messages name last: that of the crate itself.
fn last_file(messages: &str, suffix: &str) -> Option<PathBuf> {
    let end = messages.rfind(&format!("{suffix}\""))?;
    let start = messages[..end].rfind('"')? + 1;
    Some(PathBuf::from(messages[start..end + suffix.len()].replace(r"\\", r"\")))
}

/// The packages that cargo's JSON messages name, but for those of the workspace.
fn packages(messages: &str) -> Vec<String> {
    let ids = messages.split("\"package_id\":\"").skip(1).filter_map(|rest| rest.split('"').next());
    let foreign = ids.filter(|id| !id.starts_with("path+")).filter_map(|id| id.rsplit_once('#'));
    let packages: BTreeSet<String> = foreign.map(|(_, package)| package.replace('@', " ")).collect();
    packages.into_iter().collect()
}
