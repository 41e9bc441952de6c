//! What guests are made of, as cargo resolves it, and which guests one call of cargo may build.
//!
//! Cargo builds a package once a call, with all features that anything in the call wants. A guest would then depend on
//! what is built beside it. So those guests are built in one call that want the same features of each package that they
//! share; that is as if each were built alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::toolchain::Toolchain;
use super::{BuildError, GuestCrate, Target};

/// A crate, and the packages that its guest of one role is made of.
#[derive(Debug)]
pub struct Resolved<'a> {
    /// The crate.
    pub of: &'a GuestCrate,
    /// The packages of registries, build tools among them: `<name> <version>`, sorted.
    pub registry: BTreeSet<String>,
    /// The names and directories of the packages that are directories, but for the crate's own.
    pub local: BTreeMap<String, PathBuf>,
    /// The features of each package. One that is also compiled for a build tool can have two sets.
    features: BTreeMap<String, BTreeSet<String>>,
}

impl<'a> Resolved<'a> {
    /// Asks cargo.
    pub fn read(
        toolchain: &Toolchain,
        target: Target,
        of: &'a GuestCrate,
        features: &[String],
    ) -> Result<Self, BuildError> {
        let mut cargo = toolchain.cargo();
        cargo.args(["tree", "--package", &of.package, "--edges", "normal,build", "--no-default-features"]);
        cargo.args(["--prefix", "none", "--format", "{p}\t{f}\t", "--color", "never"]);
        cargo.args(target.triple().into_iter().flat_map(|triple| ["--target", triple]));
        cargo.args(features.iter().flat_map(|feature| ["--features", feature]));
        let what = format!("resolve what {} is made of", of.name);
        Ok(Self::parse(of, &toolchain.run_cargo(&mut cargo, &what)?))
    }

    /// Reads the lines of `cargo tree`: `<name> v<version>[ (proc-macro)][ (<where it is from>)]`, its features, and
    /// whether it was there before.
    fn parse(of: &'a GuestCrate, tree: &str) -> Self {
        let mut resolved = Self { of, registry: BTreeSet::new(), local: BTreeMap::new(), features: BTreeMap::new() };
        for line in tree.lines() {
            let mut columns = line.split('\t');
            let (Some(package), Some(features)) = (columns.next(), columns.next()) else { continue };
            let (name, rest) = package.split_once(' ').unwrap_or((package, ""));
            // Its own features are nobody else's.
            if name == of.package {
                continue;
            }
            let (version, from) = rest.split_once(' ').unwrap_or((rest, ""));
            let from = from.strip_prefix("(proc-macro)").unwrap_or(from).trim();
            let directory = Path::new(from.strip_prefix('(').and_then(|from| from.strip_suffix(')')).unwrap_or(from));
            if directory.is_absolute() {
                resolved.local.insert(name.to_owned(), directory.to_owned());
            } else {
                resolved.registry.insert(format!("{name} {}", version.trim_start_matches('v')));
            }
            resolved.features.entry(format!("{name} {version}")).or_default().insert(features.to_owned());
        }
        resolved
    }
}

/// Splits guests into those that one call may build.
pub fn groups<'r, 'a>(all: &'r [Resolved<'a>]) -> Vec<Vec<&'r Resolved<'a>>> {
    /// What the guests of a group want, package by package.
    type Taken<'r> = BTreeMap<&'r String, &'r BTreeSet<String>>;
    let mut groups: Vec<(Vec<&Resolved>, Taken)> = Vec::new();
    for guest in all {
        let fits = |taken: &Taken| {
            guest.features.iter().all(|(package, mine)| taken.get(package).is_none_or(|theirs| *theirs == mine))
        };
        match groups.iter_mut().find(|(_, taken)| fits(taken)) {
            Some((members, taken)) => {
                members.push(guest);
                taken.extend(&guest.features);
            }
            None => groups.push((vec![guest], guest.features.iter().collect())),
        }
    }
    groups.into_iter().map(|(members, _)| members).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BINCODE: &str = "weft-codec-bincode v0.1.0 (/a b/(c)/modules/codecs/bincode)\tproducer\t\n\
        serde v1.0.229\talloc,derive\t\n\
        serde_derive v1.0.229 (proc-macro)\tdefault\t\n\
        quote v1.0.47\tproc-macro\t\n\
        serde v1.0.229\talloc,derive\t (*)\n\
        weft-schemas v0.1.0 (/a b/(c)/schemas)\tserde\t\n";

    fn guest(name: &str) -> GuestCrate {
        let package = format!("weft-codec-{name}");
        GuestCrate {
            name: name.to_owned(),
            directory: PathBuf::from(name),
            roles: Vec::new(),
            replies: false,
            is_native: false,
            package,
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_packages_are_those_of_registries_once_each() {
        let bincode = guest("bincode");
        let resolved = Resolved::parse(&bincode, BINCODE);
        let registry: Vec<_> = resolved.registry.iter().map(String::as_str).collect();
        assert_eq!(registry, ["quote 1.0.47", "serde 1.0.229", "serde_derive 1.0.229"]);
        let schemas = ("weft-schemas".to_owned(), PathBuf::from("/a b/(c)/schemas"));
        assert_eq!(resolved.local, BTreeMap::from([schemas]));
    }

    #[test]
    fn guests_that_want_other_features_of_a_package_are_built_apart() {
        let crates = ["a", "b", "c", "d"].map(guest);
        let trees = [
            "weft-codec-a v1\tx\t\nschemas v1\tserde\t\nserde v1\talloc\t",
            "weft-codec-b v1\ty\t\nschemas v1\t\t\nfast v1\t\t",
            "weft-codec-c v1\tz\t\nschemas v1\t\t\nserde v1\tstd\t\nfast v1\t\t",
            "weft-codec-d v1\tz\t\nschemas v1\t\t\nserde v1\talloc\t",
        ];
        let all: Vec<_> = crates.iter().zip(trees).map(|(of, tree)| Resolved::parse(of, tree)).collect();
        let name = |guest: &&Resolved| guest.of.name.clone();
        let names: Vec<Vec<_>> = groups(&all).iter().map(|group| group.iter().map(name).collect()).collect();
        assert_eq!(names, [vec!["a"], vec!["b", "c"], vec!["d"]]);
    }
}
