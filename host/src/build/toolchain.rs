//! The tools that compile guests, and what they inherit from whoever runs this.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use super::{BuildError, Target};
use crate::interrupt::{self, OutputError};

/// `cargo`, `rustc` and `rustup`, run in one workspace, so that its `rust-toolchain.toml` holds.
pub struct Toolchain {
    /// The workspace's root, with symbolic links resolved.
    pub workspace: PathBuf,
    cargo: OsString,
    rustc: OsString,
    rustup: OsString,
    cargo_home: Option<PathBuf>,
    locked: bool,
    version: OnceLock<String>,
}

impl Toolchain {
    /// The tools that the environment names.
    pub fn new(workspace: PathBuf) -> Self {
        Self {
            workspace,
            cargo: env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
            rustc: env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()),
            rustup: "rustup".into(),
            cargo_home: None,
            locked: false,
            version: OnceLock::new(),
        }
    }

    /// Uses the tools of this directory.
    pub fn use_tools(&mut self, bin: &Path) {
        self.cargo = bin.join("cargo").into();
        self.rustc = bin.join("rustc").into();
        self.rustup = bin.join("rustup").into();
    }

    /// Uses this cargo home, and no network.
    pub fn use_cargo_home(&mut self, home: &Path) {
        self.cargo_home = Some(home.to_owned());
    }

    /// Leaves `Cargo.lock` as it is.
    pub fn lock(&mut self) {
        self.locked = true;
    }

    /// What `rustc -vV` says: its version, and the machine that it runs on.
    pub fn version(&self) -> Result<&str, BuildError> {
        if let Some(version) = self.version.get() {
            return Ok(version);
        }
        let mut rustc = Command::new(&self.rustc);
        let output = self.run(rustc.current_dir(&self.workspace).arg("-vV"))?;
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            return Err(BuildError::Cargo { what: "be used, because rustc does not say its version".to_owned(), text });
        }
        let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Ok(self.version.get_or_init(|| version))
    }

    /// Adds a target through `rustup` where it is missing.
    pub fn ensure(&self, target: Target) -> Result<(), BuildError> {
        let Some(triple) = target.triple() else { return Ok(()) };
        if self.has(triple) {
            return Ok(());
        }
        let mut rustup = Command::new(&self.rustup);
        let added = interrupt::output(rustup.current_dir(&self.workspace).args(["target", "add", triple]));
        if self.has(triple) {
            return Ok(());
        }
        let reason = match added {
            Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
            Err(OutputError::Interrupted(interrupted)) => return Err(interrupted.into()),
            Err(OutputError::Io(error)) => format!("rustup did not start: {error}"),
        };
        Err(BuildError::Target { reason })
    }

    fn has(&self, triple: &str) -> bool {
        let mut rustc = Command::new(&self.rustc);
        rustc.current_dir(&self.workspace).args(["--print", "target-libdir", "--target", triple]);
        let output = rustc.output();
        output.is_ok_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir())
    }

    /// `cargo`, without what the cargo that runs this handed down: `CARGO_ENCODED_RUSTFLAGS`, even
    /// empty, would silence other flags, and the host's profile is none of the guests' business.
    pub fn cargo(&self) -> Command {
        let mut cargo = Command::new(&self.cargo);
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(is_inherited) {
                cargo.env_remove(name);
            }
        }
        if let Some(home) = &self.cargo_home {
            cargo.env("CARGO_HOME", home).env("CARGO_NET_OFFLINE", "true");
        }
        cargo.env("RUSTC", &self.rustc).current_dir(&self.workspace);
        cargo.args(self.locked.then_some("--locked"));
        cargo
    }

    /// Runs a command of this toolchain; one that is interrupted ends with what it has started.
    pub fn run(&self, command: &mut Command) -> Result<Output, BuildError> {
        interrupt::output(command).map_err(|error| match error {
            OutputError::Interrupted(interrupted) => interrupted.into(),
            OutputError::Io(reason) => {
                BuildError::Tool { tool: command.get_program().to_string_lossy().into_owned(), reason }
            }
        })
    }

    /// Runs `cargo`, which must succeed; `what` says what for. Returns what it prints.
    pub fn run_cargo(&self, cargo: &mut Command, what: &str) -> Result<String, BuildError> {
        let output = self.run(cargo)?;
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(BuildError::Cargo { what: what.to_owned(), text });
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// Whether a variable belongs to the build that runs this rather than to the user's set-up.
fn is_inherited(name: &str) -> bool {
    const USERS: [&str; 6] = ["CARGO_HOME", "CARGO_NET_", "CARGO_HTTP_", "CARGO_REGISTR", "CARGO_SOURCE_", "RUSTUP_"];
    const SCRIPT: [&str; 8] = ["TARGET", "HOST", "OPT_LEVEL", "PROFILE", "OUT_DIR", "NUM_JOBS", "DEBUG", "__CARGO"];
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
    (name.starts_with("CARGO") || name.starts_with("RUST") || starts(&SCRIPT)) && !starts(&USERS)
}
