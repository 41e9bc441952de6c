//! `host.toml`: how a host is built and started, and what it needs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::guests::{GuestFormat, workspace};

/// A manifest as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// One line about it.
    pub about: String,
    /// The name of the host, where it is not that of the directory.
    pub name: Option<String>,
    /// The program and its arguments.
    pub start: Vec<String>,
    /// What it takes guests as.
    #[serde(default)]
    pub guests: GuestFormat,
    /// The features that its guests are built with.
    #[serde(default)]
    pub features: Vec<String>,
    /// The command that builds it.
    #[serde(default)]
    pub build: Vec<String>,
    /// The file that `build` makes.
    pub built: Option<String>,
    /// The programs that it needs.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// The transports that it has, and weft's own host has not.
    #[serde(default)]
    pub transports: Vec<String>,
    /// Further hosts of the same directory.
    #[serde(default)]
    pub variants: BTreeMap<String, Variant>,
}

/// A program that a host needs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// Its name.
    pub program: String,
    /// How to get it.
    pub how: String,
}

/// What a variant has in place of the manifest's own.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// One line about it.
    pub about: Option<String>,
    /// The variant's whole name, where it is not `<name>+<variant>`.
    pub name: Option<String>,
    /// The program and its arguments.
    pub start: Option<Vec<String>>,
    /// The features that its guests are built with.
    pub features: Option<Vec<String>>,
    /// The command that builds it.
    pub build: Option<Vec<String>>,
    /// The file that `build` makes.
    pub built: Option<String>,
}

/// How a host is started and built, with all its paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launch {
    /// The program and its arguments.
    pub start: Vec<String>,
    /// The directory that it is started and built in: the root of its workspace.
    pub workspace: PathBuf,
    /// What it takes guests as.
    pub guests: GuestFormat,
    /// The features that its guests are built with.
    pub features: Vec<String>,
    /// The command that builds it; empty where there is nothing to build.
    pub build: Vec<String>,
    /// The file that `build` makes.
    pub built: Option<PathBuf>,
    /// The programs that it needs.
    pub needs: Vec<Need>,
}

impl Manifest {
    /// Reads the manifest in a directory.
    ///
    /// # Errors
    /// Where it cannot be read, or is none.
    pub fn read(directory: &Path) -> Result<Self, String> {
        let path = directory.join("host.toml");
        let shown = path.display();
        let text = fs::read_to_string(&path).map_err(|error| format!("cannot read {shown}: {error}"))?;
        let manifest: Self = toml::from_str(&text)
            .map_err(|error| format!("{shown} is no manifest of a host (docs/HOSTS.md): {}", error.message()))?;
        match manifest.start.is_empty() {
            true => Err(format!("{shown} does not say how the host is started: `start` is empty")),
            false => Ok(manifest),
        }
    }

    /// The hosts of the manifest: name, line about it, and how it is started. `{directory}` and `{target}` stand for
    /// these paths.
    pub fn hosts(&self, directory: &Path, target: &Path) -> Vec<(String, String, Launch)> {
        let own = directory.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let name = self.name.clone().unwrap_or(own);
        let host = |name: String, variant: &Variant| {
            let about = variant.about.as_ref().unwrap_or(&self.about).clone();
            (name, about, self.launch(variant, directory, target))
        };
        let itself = host(name.clone(), &Variant::default());
        let variants = self.variants.iter().map(|(key, variant)| {
            let whole = variant.name.clone().unwrap_or_else(|| format!("{name}+{key}"));
            host(whole, variant)
        });
        std::iter::once(itself).chain(variants).collect()
    }

    fn launch(&self, variant: &Variant, directory: &Path, target: &Path) -> Launch {
        let filled = |text: &String| {
            let text = text.replace("{directory}", &directory.display().to_string());
            text.replace("{target}", &target.display().to_string())
        };
        let all = |own: &Vec<String>, variant: &Option<Vec<String>>| {
            variant.as_ref().unwrap_or(own).iter().map(filled).collect()
        };
        Launch {
            start: all(&self.start, &variant.start),
            workspace: workspace().to_owned(),
            guests: self.guests,
            features: variant.features.as_ref().unwrap_or(&self.features).clone(),
            build: all(&self.build, &variant.build),
            built: variant.built.as_ref().or(self.built.as_ref()).map(|built| PathBuf::from(filled(built))),
            needs: self.needs.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{GuestFormat, Manifest};

    const TEXT: &str = r#"
        about = "native code"
        start = ["{target}/release/weft-native"]
        guests = "cdylib"
        features = ["native"]
        build = ["cargo", "build"]
        built = "{target}/release/weft-native"
        [[needs]]
        program = "cargo"
        how = "install Rust"
        [variants.glibc]
        about = "native code, the platform's allocator"
        features = ["native", "platform_allocator"]
    "#;

    #[test]
    fn a_variant_has_what_it_does_not_replace() {
        let manifest: Manifest = toml::from_str(TEXT).expect("a manifest");
        let hosts = manifest.hosts(Path::new("/w/peers/native"), Path::new("/t"));
        let names: Vec<_> = hosts.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(names, ["native", "native+glibc"]);
        let (_, about, launch) = &hosts[1];
        assert_eq!((about.as_str(), launch.guests), ("native code, the platform's allocator", GuestFormat::Cdylib));
        assert_eq!(launch.start, ["/t/release/weft-native"]);
        assert_eq!(launch.features, ["native", "platform_allocator"]);
    }

    #[test]
    fn what_is_misspelt_is_an_error() {
        let error = toml::from_str::<Manifest>("about = \"x\"\nstrat = []").err().map(|error| error.to_string());
        assert!(error.is_some_and(|error| error.contains("strat")));
    }
}
