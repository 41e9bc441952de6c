//! Which hosts there are, and whether they can be started.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use weft_link::SETTINGS;

use super::Launch;
use super::manifest::Manifest;
use crate::cell::{OWN_HOST, is_name};
use crate::guests::{GuestFormat, target_directory, workspace};
use crate::interrupt::{self, Interrupted, OutputError};

/// The argument by which a program that holds weft's own host is told to be it.
pub const BE_HOST: &str = "host";

/// A host that weft knows.
#[derive(Clone, Debug)]
pub struct KnownHost {
    /// Its name in cells.
    pub name: String,
    /// One line about it.
    pub about: String,
    /// The transports that it has, and weft's own host has not, as far as it can be known before it is started.
    pub transports: Vec<String>,
    /// How it is started.
    pub launch: Launch,
}

/// Whether a host can be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It can.
    Ready,
    /// It has to be built, by this command.
    NotBuilt(String),
    /// Something is missing that it needs: how to get it.
    Missing(String),
}

/// Why there is no such host to measure with.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what the fields are")]
pub enum HostError {
    #[error("{0}")]
    Interrupted(#[from] Interrupted),
    #[error("there is no host `{name}`; there are {known}")]
    Unknown { name: String, known: String },
    #[error(
        "`{OWN_HOST}@{tree}` is weft's own host of another revision or checkout; it is raced: cargo weft race --against {OWN_HOST}@{tree}"
    )]
    OtherBuild { tree: String },
    #[error("the host {name} is not built; run: cargo weft hosts --build {name}")]
    NotBuilt { name: String },
    #[error("the host {name} cannot be built: {why}")]
    Build { name: String, why: String },
    #[error("the host {name} cannot be started: {what}")]
    Missing { name: String, what: String },
    #[error("{label} speaks no host protocol; without --host-too its guests can be raced")]
    NoProtocol { label: String },
    #[error("{0}")]
    Manifest(String),
    #[error("where this program lies is not known: {0}")]
    Itself(std::io::Error),
    #[error("{path}: {error}")]
    File { path: String, error: std::io::Error },
}

impl HostError {
    /// Gives an error of the system the path that it is about.
    pub(super) fn at(path: &Path) -> impl Fn(std::io::Error) -> Self {
        move |error| Self::File { path: path.display().to_string(), error }
    }
}

/// All hosts: weft's own, its settings that this build has, then those of `peers`, by name.
///
/// # Errors
/// Where a manifest cannot be read.
pub fn known_hosts() -> Result<Vec<KnownHost>, HostError> {
    let mut hosts = own()?;
    let peers = workspace().join("peers");
    let failed = HostError::at(&peers);
    let mut directories = Vec::new();
    if peers.is_dir() {
        for entry in fs::read_dir(&peers).map_err(&failed)? {
            directories.push(entry.map_err(&failed)?.path());
        }
    }
    directories.sort();
    for directory in directories.iter().filter(|directory| directory.join("host.toml").is_file()) {
        let manifest = Manifest::read(directory).map_err(HostError::Manifest)?;
        for (name, about, launch) in manifest.hosts(directory, &target_directory()) {
            if !is_name(&name) || hosts.iter().any(|host: &KnownHost| host.name == name) {
                let shown = directory.join("host.toml").display().to_string();
                let why = "is no name, or another host has it; use letters, digits, `-`, `_` and `+`";
                return Err(HostError::Manifest(format!("{shown}: `{name}` {why}")));
            }
            let transports = manifest.transports.clone();
            hosts.push(KnownHost { name, about, transports, launch });
        }
    }
    Ok(hosts)
}

/// weft's own host under the settings that this build has: this very program.
fn own() -> Result<Vec<KnownHost>, HostError> {
    let program = env::current_exe().map_err(HostError::Itself)?.display().to_string();
    let supported = SETTINGS.iter().filter(|setting| setting.supported().is_ok());
    let host = |setting: &&weft_link::Setting| KnownHost {
        name: setting.host.to_owned(),
        about: setting.about.to_owned(),
        transports: Vec::new(),
        launch: launch(&program, setting.host, workspace()),
    };
    Ok(supported.map(host).collect())
}

/// How a program that holds weft's own host is told to be it, under a setting; there is nothing to build any more.
pub(super) fn launch(program: &str, setting: &str, workspace: &Path) -> Launch {
    Launch {
        start: vec![program.to_owned(), BE_HOST.to_owned(), setting.to_owned()],
        workspace: workspace.to_owned(),
        guests: GuestFormat::Wasm,
        features: Vec::new(),
        build: Vec::new(),
        built: None,
        needs: Vec::new(),
    }
}

impl KnownHost {
    /// weft's own host under its default setting.
    ///
    /// # Errors
    /// Where this program does not know where it lies.
    pub fn own() -> Result<Self, HostError> {
        let mut own = own()?.into_iter();
        own.find(|host| host.name == OWN_HOST)
            .ok_or_else(|| HostError::Unknown { name: OWN_HOST.to_owned(), known: String::new() })
    }

    /// The host of this name, be it ready or not.
    ///
    /// # Errors
    /// Where there is none; [`HostError::OtherBuild`] of `wasmtime@732d016`, which only a race has.
    pub fn named(name: &str) -> Result<Self, HostError> {
        if let Some((OWN_HOST, tree)) = name.split_once('@') {
            return Err(HostError::OtherBuild { tree: tree.to_owned() });
        }
        let hosts = known_hosts()?;
        let known = hosts.iter().map(|host| host.name.as_str()).collect::<Vec<_>>().join(", ");
        hosts
            .into_iter()
            .find(|host| host.name == name)
            .ok_or_else(|| HostError::Unknown { name: name.to_owned(), known })
    }

    /// Runs the command that builds it, where there is one.
    ///
    /// # Errors
    /// Where that fails: what it said.
    pub fn build(&self) -> Result<(), HostError> {
        let Some((program, arguments)) = self.launch.build.split_first() else { return Ok(()) };
        let failed = |why: String| HostError::Build { name: self.name.clone(), why };
        let output = interrupt::output(Command::new(program).args(arguments).current_dir(&self.launch.workspace));
        let output = output.map_err(|error| match error {
            OutputError::Interrupted(interrupted) => interrupted.into(),
            OutputError::Io(error) => failed(format!("{program} does not start: {error}")),
        })?;
        match output.status.success() {
            true => Ok(()),
            false => Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned())),
        }
    }

    /// Whether it can be started.
    pub fn state(&self) -> State {
        let missing = self.launch.needs.iter().find(|need| !on_path(&need.program));
        if let Some(need) = missing {
            return State::Missing(format!("{} is not on the PATH; {}", need.program, need.how));
        }
        match &self.launch.built {
            Some(built) if !built.exists() => State::NotBuilt(self.launch.build.join(" ")),
            _ => State::Ready,
        }
    }

    /// The host, if it can be started. One that was built is built again where it is not current: a stale one would be
    /// measured as if it were.
    ///
    /// # Errors
    /// Why not, and what helps.
    pub fn ready(self) -> Result<Self, HostError> {
        match self.state() {
            State::Ready => self.build().map(|()| self),
            State::NotBuilt(_) => Err(HostError::NotBuilt { name: self.name }),
            State::Missing(what) => Err(HostError::Missing { name: self.name, what }),
        }
    }
}

fn on_path(program: &str) -> bool {
    let directories = env::var_os("PATH").unwrap_or_default();
    Path::new(program).is_absolute() && Path::new(program).is_file()
        || env::split_paths(&directories).any(|directory| directory.join(program).is_file())
}
