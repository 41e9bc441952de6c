//! weft's own host as other sources build it: those of another revision or checkout.

use std::env;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, Output};

use cargo_metadata::Message;

use super::state::launch;
use super::{HostError, KnownHost};
use crate::build::content;
use crate::cell::OWN_HOST;
use crate::guests::Tree;
use crate::interrupt::{self, OutputError};
use crate::print;

/// What makes a tree's `weft` a host.
const VERB: &str = "host/src/cli/host.rs";

/// The parts of a tree that its host is made of.
const SOURCES: [&str; 5] = ["Cargo.toml", "Cargo.lock", ".cargo", "host", "schemas"];

impl KnownHost {
    /// weft's own host as a tree builds it, called `wasmtime@732d016` or `wasmtime@<directory>`, as it is raced against
    /// ([`HostError::OtherBuild`]), and started with that tree as its workspace. It is built where it is not there or not
    /// current, which takes minutes the first time and is said. Which version of the protocol it speaks is seen when it is
    /// started.
    ///
    /// # Errors
    /// [`HostError::NoProtocol`] where the tree is from before there was a protocol; [`HostError::Build`] where it does
    /// not compile, with what cargo said on standard error.
    pub fn aside(tree: &Tree) -> Result<Self, HostError> {
        if !tree.root.join(VERB).is_file() {
            return Err(HostError::NoProtocol { label: tree.label.clone() });
        }
        let name = format!("{OWN_HOST}@{}", tree.named);
        let program = Building { tree, name: &name, target: tree.place.join("host") }.run()?;
        let launch = launch(&program.display().to_string(), OWN_HOST, &tree.root);
        Ok(Self { about: format!("weft's own host of {}", tree.label), name, transports: Vec::new(), launch })
    }
}

/// A host to be built.
struct Building<'a> {
    tree: &'a Tree,
    name: &'a str,
    /// Cargo's target directory.
    target: PathBuf,
}

impl Building<'_> {
    /// Builds the tree's `weft`, and says so where that takes time. Returns where it is.
    fn run(&self) -> Result<PathBuf, HostError> {
        fs::create_dir_all(&self.target).map_err(HostError::at(&self.target))?;
        let path = self.target.with_extension("lock");
        // It is free as soon as it is closed.
        let lock = File::create(&path).map_err(HostError::at(&path))?;
        lock.lock().map_err(HostError::at(&path))?;
        self.forget()?;
        let mut cargo = self.cargo("build");
        cargo.args(["--release", "--package", "weft", "--bin", "weft"]);
        let output = self.output(cargo.args(["--message-format", "json-render-diagnostics"]))?;
        let mut messages = Message::parse_stream(output.stdout.as_slice()).flatten();
        let program = messages.find_map(|message| match message {
            Message::CompilerArtifact(artifact) => artifact.executable,
            _ => None,
        });
        program.map(Into::into).ok_or_else(|| self.failed("cargo did not say where it has put it".to_owned()))
    }

    /// Lets cargo forget what it has compiled of the tree's own packages where they have changed: cargo goes by the times
    /// of files, here contents decide.
    fn forget(&self) -> Result<(), HostError> {
        let record = self.target.with_extension("sources");
        let sources = SOURCES.map(|name| self.tree.root.join(name));
        let key = content(&sources).map_err(|error| self.failed(error.to_string()))?;
        if fs::read_to_string(&record).is_ok_and(|known| known == key) {
            return Ok(());
        }
        print::err(&format!("building the host {}: some minutes the first time", self.name));
        let _ = fs::remove_file(&record);
        self.output(self.cargo("clean").args(["--release", "--workspace", "--quiet"]))?;
        fs::write(&record, key).map_err(HostError::at(&record))
    }

    /// A call of cargo in the tree.
    fn cargo(&self, verb: &str) -> Command {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.arg(verb).arg("--target-dir").arg(&self.target).args(self.tree.is_checkout.then_some("--locked"));
        cargo.current_dir(&self.tree.root);
        cargo
    }

    /// Runs a call of cargo, which must succeed.
    fn output(&self, cargo: &mut Command) -> Result<Output, HostError> {
        let output = interrupt::output(cargo).map_err(|error| match error {
            OutputError::Interrupted(interrupted) => interrupted.into(),
            OutputError::Io(error) => self.failed(format!("cargo does not start: {error}")),
        })?;
        match output.status.success() {
            true => Ok(output),
            false => Err(self.failed(String::from_utf8_lossy(&output.stderr).trim().to_owned())),
        }
    }

    fn failed(&self, why: String) -> HostError {
        HostError::Build { name: self.name.to_owned(), why }
    }
}
