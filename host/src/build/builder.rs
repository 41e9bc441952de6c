//! Builds the guests that are wanted, or finds them where they are kept.

use std::path::{Path, PathBuf};
use std::{env, panic, thread};

use super::call::{Built, Call};
use super::graph::{Resolved, groups};
use super::kept::{About, Kept};
use super::sources::{Fields, Sources};
use super::stale::Claimed;
use super::toolchain::Toolchain;
use super::{BuildError, GuestCrate, Role, Target};

/// The guests of a crate, built.
#[derive(Clone, Debug)]
pub struct BuiltGuest {
    /// The crate's name.
    pub name: String,
    /// The producer's file; none where it was not wanted.
    pub producer: Option<PathBuf>,
    /// The consumer's file; none where it was not wanted.
    pub consumer: Option<PathBuf>,
    /// The requester's file; none where it was not wanted.
    pub requester: Option<PathBuf>,
    /// The replier's file; none where it was not wanted.
    pub replier: Option<PathBuf>,
    /// The packages from registries that they were made of, build tools among them: `<name> <version>`, sorted.
    pub packages: Vec<String>,
    /// What the compiler's `--version` said.
    pub rustc: String,
}

/// Builds guests of one workspace into one target directory, which any number of processes can share.
pub struct GuestBuilder {
    toolchain: Toolchain,
    target: Target,
    target_directory: PathBuf,
    kept: Kept,
    remap: Vec<String>,
    features: Vec<String>,
}

impl GuestBuilder {
    /// Builds WebAssembly guests of `workspace` with the toolchain that runs this or that the workspace names.
    ///
    /// # Errors
    /// [`BuildError::Workspace`] where the workspace is not there.
    pub fn new(workspace: &Path, target_directory: &Path) -> Result<Self, BuildError> {
        let missing = |reason| BuildError::Workspace { path: workspace.to_owned(), reason };
        let root = workspace.canonicalize().map_err(missing)?;
        let target_directory = std::path::absolute(target_directory).map_err(BuildError::at(target_directory))?;
        let mut builder = Self {
            target: Target::Wasm,
            kept: Kept(target_directory.join("kept")),
            // What build scripts write lies in the target directory, which may lie in the workspace: the last one counts.
            remap: vec![
                format!("--remap-path-prefix={}=/weft", root.display()),
                format!("--remap-path-prefix={}=/target", target_directory.display()),
            ],
            target_directory,
            features: Vec::new(),
            toolchain: Toolchain::new(root),
        };
        let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
        if let Some(home) = home {
            builder.remap_cargo_home(&home);
        }
        Ok(builder)
    }

    /// Builds dynamic libraries for this machine instead.
    #[must_use]
    pub fn for_native(mut self) -> Self {
        self.target = Target::Native;
        self
    }

    /// Builds guests with a feature of their crates beside that of their role, or of a package that they are made of:
    /// `weft-guest/trace`.
    #[must_use]
    pub fn with_feature(mut self, feature: &str) -> Self {
        self.features.push(feature.to_owned());
        self
    }

    /// Keeps guests in this directory, which builders of other trees may share: a guest of the same content is the same
    /// guest wherever its sources lie, and is built once.
    #[must_use]
    pub fn keeping_in(mut self, directory: &Path) -> Self {
        self.kept = Kept(directory.to_owned());
        self
    }

    /// Writes nothing into the workspace. Where its `Cargo.lock` lacks something, building is an error.
    #[must_use]
    pub fn without_writing(mut self) -> Self {
        self.toolchain.lock();
        self
    }

    /// Uses another cargo home than the environment's, and no network.
    #[must_use]
    pub fn with_cargo_home(mut self, home: &Path) -> Self {
        self.toolchain.use_cargo_home(home);
        self.remap_cargo_home(home);
        self
    }

    /// Uses the `cargo`, `rustc` and `rustup` of this directory.
    #[must_use]
    pub fn with_toolchain(mut self, bin: &Path) -> Self {
        self.toolchain.use_tools(bin);
        self
    }

    fn remap_cargo_home(&mut self, home: &Path) {
        self.remap.push(format!("--remap-path-prefix={}=/cargo", home.display()));
    }

    /// What `rustc --version` says.
    ///
    /// # Errors
    /// [`BuildError::Tool`] where there is no compiler.
    pub fn rustc_version(&self) -> Result<&str, BuildError> {
        Ok(self.toolchain.version()?.lines().next().unwrap_or_default())
    }

    /// Adds the target that guests are compiled for through `rustup` where the toolchain does not have it.
    /// [`Self::build`] does so where something must be built.
    ///
    /// # Errors
    /// [`BuildError::Target`] where that fails.
    pub fn ensure_target(&self) -> Result<(), BuildError> {
        self.toolchain.ensure(self.target)
    }

    /// The names of those crates of which a guest is not kept: what [`Self::build`] would compile.
    ///
    /// # Errors
    /// Where the sources cannot be read or there is no compiler.
    pub fn missing(&self, wanted: &[GuestCrate]) -> Result<Vec<String>, BuildError> {
        let sources = self.sources(wanted)?;
        let mut missing = Vec::new();
        for of in wanted {
            if self.find(&sources, of)?.is_none() {
                missing.push(of.name.clone());
            }
        }
        Ok(missing)
    }

    /// The guests of these crates, in the same order: those that are kept, and the others compiled.
    ///
    /// # Errors
    /// Where a guest cannot be built; what could be built is kept nevertheless.
    pub fn build(&self, wanted: &[GuestCrate]) -> Result<Vec<BuiltGuest>, BuildError> {
        if let Some(built) = self.find_all(wanted)? {
            return Ok(built);
        }
        self.ensure_target()?;
        self.complete_lock(wanted)?;
        let [first, second] = thread::scope(|scope| {
            let sides = [[Role::Producer, Role::Requester], [Role::Consumer, Role::Replier]];
            let sides = sides.map(|roles| scope.spawn(move || self.compile_all(roles, wanted)));
            sides.map(|side| side.join().unwrap_or_else(|cause| panic::resume_unwind(cause)))
        });
        first.and(second)?;
        self.find_all(wanted)?.ok_or(BuildError::Changed)
    }

    fn sources<'a>(&self, crates: impl IntoIterator<Item = &'a GuestCrate>) -> Result<Sources, BuildError> {
        Sources::read(&self.toolchain.workspace, crates)
    }

    /// All these guests, if all are kept.
    fn find_all(&self, wanted: &[GuestCrate]) -> Result<Option<Vec<BuiltGuest>>, BuildError> {
        let sources = self.sources(wanted)?;
        wanted.iter().map(|of| self.find(&sources, of)).collect()
    }

    /// The guests of a crate, if all are kept.
    fn find(&self, sources: &Sources, of: &GuestCrate) -> Result<Option<BuiltGuest>, BuildError> {
        let mut guest = BuiltGuest {
            name: of.name.clone(),
            producer: None,
            consumer: None,
            requester: None,
            replier: None,
            packages: Vec::new(),
            rustc: self.rustc_version()?.to_owned(),
        };
        for &role in &of.roles {
            let key = self.key(sources, of, role)?;
            let Some((path, about)) = self.kept.get(&key, &self.file_name(of, role)) else { return Ok(None) };
            match role {
                Role::Producer => guest.producer = Some(path),
                Role::Consumer => guest.consumer = Some(path),
                Role::Requester => guest.requester = Some(path),
                Role::Replier => guest.replier = Some(path),
            }
            guest.packages.extend(about.packages);
        }
        guest.packages.sort();
        guest.packages.dedup();
        Ok(Some(guest))
    }

    /// Everything that a guest is made of and with, as one hash.
    fn key(&self, sources: &Sources, of: &GuestCrate, role: Role) -> Result<String, BuildError> {
        let mut fields = Fields::new();
        fields.add("name", &of.name);
        fields.add("role", role.name());
        fields.add("target", self.target.triple().unwrap_or("native"));
        fields.add("rustc", self.toolchain.version()?);
        // What paths are replaced by is a part of the guest, the paths are not.
        for flag in &self.remap {
            fields.add("remap", flag.rsplit('=').next().unwrap_or(flag));
        }
        for flag in self.target.flags(role) {
            fields.add("flag", flag);
        }
        for feature in &self.features {
            fields.add("feature", feature);
        }
        sources.add_to(&mut fields, of);
        Ok(fields.finish())
    }

    fn flags(&self, role: Role) -> Vec<String> {
        self.remap.iter().cloned().chain(self.target.flags(role)).collect()
    }

    fn file_name(&self, of: &GuestCrate, role: Role) -> String {
        format!("{}.{}.{}", of.name, role.name(), self.target.extension())
    }

    /// Lets cargo write what `Cargo.lock` lacks where a crate is new, before the calls of both roles read it.
    fn complete_lock(&self, wanted: &[GuestCrate]) -> Result<(), BuildError> {
        let Some(of) = wanted.first() else { return Ok(()) };
        let mut cargo = self.toolchain.cargo();
        cargo.args(["tree", "--depth", "0", "--package", &of.package]);
        self.toolchain.run_cargo(&mut cargo, "resolve what guests are made of").map(|_| ())
    }

    /// Compiles and keeps the guests of these roles, one role after the other; what compiles is kept, also where something does not.
    fn compile_all(&self, roles: [Role; 2], wanted: &[GuestCrate]) -> Result<(), BuildError> {
        let [first, second] = roles.map(|role| self.compile(role, wanted));
        first.and(second)
    }

    /// Compiles and keeps the guests of a role that are not kept yet.
    fn compile(&self, role: Role, wanted: &[GuestCrate]) -> Result<(), BuildError> {
        if wanted.iter().all(|of| !of.roles.contains(&role)) {
            return Ok(());
        }
        let claimed = Claimed::wait(&self.target_directory, &self.target.directory(role))?;
        let sources = self.sources(wanted)?;
        let features: Vec<_> =
            role.features().iter().map(|name| (*name).to_owned()).chain(self.features.iter().cloned()).collect();
        let mut missing = Vec::new();
        for of in wanted.iter().filter(|of| of.roles.contains(&role)) {
            if self.kept.get(&self.key(&sources, of, role)?, &self.file_name(of, role)).is_none() {
                missing.push(Resolved::read(&self.toolchain, self.target, of, &features)?);
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        claimed.forget(&self.toolchain, self.target, &missing, &sources)?;
        let (toolchain, flags) = (&self.toolchain, &self.flags(role));
        let call =
            Call { toolchain, target: self.target, role, flags, features: &features, directory: &claimed.directory };
        let mut failed = None;
        for group in groups(&missing) {
            let Built { files, failure } = call.run(&group)?;
            if self.sources(wanted)? != sources {
                return Err(BuildError::Changed);
            }
            for (guest, file) in files {
                let about = About { packages: guest.registry.clone(), rustc: self.rustc_version()?.to_owned() };
                let key = self.key(&sources, guest.of, role)?;
                self.kept.put(&key, &self.file_name(guest.of, role), &file, &about)?;
            }
            failed = failed.or(failure);
        }
        failed.map_or(Ok(()), Err)
    }
}
