//! One call of cargo that builds guests of a role, and what its messages say.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel};
use cargo_metadata::{Artifact, CompilerMessage, CrateType, Message};

use super::graph::Resolved;
use super::toolchain::Toolchain;
use super::{BuildError, GuestCrate, Role, Target};

/// What a call of cargo has built.
pub struct Built<'r, 'a> {
    /// The files, each with the guest that it is.
    pub files: Vec<(&'r Resolved<'a>, PathBuf)>,
    /// Why there is not one for every guest.
    pub failure: Option<BuildError>,
}

/// A call of cargo to come.
pub struct Call<'a> {
    /// The tools to build with.
    pub toolchain: &'a Toolchain,
    /// What to build for.
    pub target: Target,
    /// Which guest of each crate.
    pub role: Role,
    /// The compiler's flags.
    pub flags: &'a [String],
    /// The features of each crate.
    pub features: &'a [String],
    /// Cargo's target directory.
    pub directory: &'a Path,
}

impl Call<'_> {
    /// Builds these guests.
    pub fn run<'r, 'a>(&self, guests: &[&'r Resolved<'a>]) -> Result<Built<'r, 'a>, BuildError> {
        let crates: Vec<_> = guests.iter().map(|guest| guest.of).collect();
        let output = self.toolchain.run(&mut self.command(&crates))?;
        let mut files = BTreeMap::new();
        let mut errors: BTreeMap<String, String> = BTreeMap::new();
        for message in Message::parse_stream(output.stdout.as_slice()) {
            match message.map_err(BuildError::at(self.directory))? {
                Message::CompilerArtifact(artifact) => {
                    files.extend(self.file(&artifact).map(|file| (real(artifact.manifest_path.as_std_path()), file)));
                }
                Message::CompilerMessage(CompilerMessage { target, message, .. }) if is_error(&message) => {
                    let text = errors.entry(self.blame(target.src_path.as_std_path(), &crates)).or_default();
                    text.push_str(message.rendered.as_deref().unwrap_or(&message.message));
                }
                _ => {}
            }
        }
        let file = |of: &GuestCrate| files.get(&real(&of.directory.join("Cargo.toml"))).cloned();
        let files: Vec<_> = guests.iter().filter_map(|guest| Some((*guest, file(guest.of)?))).collect();
        let failed = !output.status.success() || files.len() < guests.len();
        Ok(Built { files, failure: failed.then(|| self.failure(&crates, errors, &output.stderr)) })
    }

    fn command(&self, crates: &[&GuestCrate]) -> Command {
        let mut cargo = self.toolchain.cargo();
        cargo.env("CARGO_ENCODED_RUSTFLAGS", self.flags.join("\u{1f}"));
        // The good ones are built even if others do not compile.
        cargo.args(["build", "--profile", "guest", "--lib", "--keep-going", "--no-default-features"]);
        cargo.args(["--message-format", "json", "--color", "never", "--target-dir"]).arg(self.directory);
        cargo.args(self.target.triple().into_iter().flat_map(|triple| ["--target", triple]));
        for of in crates {
            cargo.args(["--package", &of.package]);
            for feature in self.features {
                // One of a package that guests are made of says so itself.
                let feature = match feature.contains('/') {
                    true => feature.clone(),
                    false => format!("{}/{feature}", of.package),
                };
                cargo.arg("--features").arg(feature);
            }
        }
        cargo
    }

    /// The guest's file among those of an artifact.
    fn file(&self, artifact: &Artifact) -> Option<PathBuf> {
        let is_guest = artifact.target.crate_types.contains(&CrateType::CDyLib);
        let mut files = artifact.filenames.iter().filter(|file| file.extension() == Some(self.target.extension()));
        files.next().filter(|_| is_guest).map(|file| file.clone().into_std_path_buf())
    }

    /// Who is to blame for an error in a file: a guest, or a package that guests are made of.
    fn blame(&self, source: &Path, crates: &[&GuestCrate]) -> String {
        let source = real(source);
        match crates.iter().find(|of| source.starts_with(real(&of.directory))) {
            Some(of) => format!("the {} of {}", self.role.name(), of.name),
            None => format!("{}, for the {},", source.display(), self.guests(crates)),
        }
    }

    /// `producers of a, b`.
    fn guests(&self, crates: &[&GuestCrate]) -> String {
        let names: Vec<&str> = crates.iter().map(|of| of.name.as_str()).collect();
        format!("{}{} of {}", self.role.name(), if names.len() == 1 { "" } else { "s" }, names.join(", "))
    }

    fn failure(&self, crates: &[&GuestCrate], errors: BTreeMap<String, String>, stderr: &[u8]) -> BuildError {
        if errors.is_empty() {
            let text = String::from_utf8_lossy(stderr).into_owned();
            return BuildError::Cargo { what: format!("build the {}", self.guests(crates)), text };
        }
        let (what, text): (Vec<_>, Vec<_>) = errors.into_iter().unzip();
        BuildError::Compile { what: what.join(" and "), text: text.concat() }
    }
}

/// Whether a message says why something does not compile.
fn is_error(message: &Diagnostic) -> bool {
    matches!(message.level, DiagnosticLevel::Error | DiagnosticLevel::Ice)
}

/// A path without symbolic links, so that cargo's paths and ours can be compared.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}
