//! A set of guests from somewhere else: those codecs that it has, and why it lacks others.

use std::fmt;
use std::path::Path;

use weft_link::guest::GuestError;

use super::{AgainstError, Tree};
use crate::build::{GuestBuilder, GuestCrate};
use crate::guests::catalog::codec;
use crate::guests::directory::{self, Directory};
use crate::guests::{Codec, GuestsError};
use crate::print;

/// The guests of some codecs, from somewhere else.
#[derive(Clone, Debug)]
pub struct GuestSet {
    /// What they are: `HEAD (732d016)`, or the directory.
    pub label: String,
    /// The codecs that were wanted and are there, sorted by name.
    pub codecs: Vec<Codec>,
    /// The codecs that were wanted and are not, sorted by name.
    pub absent: Vec<Absent>,
    /// What the `--version` of the compiler said that built them; none where they came as files.
    pub rustc: Option<String>,
}

/// A codec that a set of guests does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// Its name.
    pub codec: String,
    /// Why not.
    pub why: Why,
}

/// Why a set of guests does not have a codec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// There is none of that name.
    NotThere {
        /// What the set is called.
        label: String,
        /// The names of those that there are.
        known: Vec<String>,
    },
    /// Its guests speak another version of the ABI.
    OtherAbi {
        /// Theirs.
        found: u32,
        /// This weft's.
        known: u32,
    },
    /// Its guests break the ABI: how.
    Broken(String),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotThere { label, known } => write!(f, "{label} does not have it; it has {}", known.join(", ")),
            Self::OtherAbi { found, known } => {
                write!(f, "another ABI: its guests speak version {found} (docs/ABI.md), and this weft version {known}")
            }
            Self::Broken(how) => f.write_str(how),
        }
    }
}

impl GuestSet {
    /// The codec of this name.
    pub fn codec(&self, name: &str) -> Option<&Codec> {
        self.codecs.iter().find(|codec| codec.name == name)
    }

    /// The guests of a directory.
    pub(super) fn of_files(label: &str, directory: &Directory, wanted: &[&str]) -> Result<Self, AgainstError> {
        let known: Vec<String> = directory.names().map(str::to_owned).collect();
        let mut set = Self::new(label, &known, wanted);
        for name in known.iter().filter(|name| wanted.contains(&name.as_str())) {
            set.add(name, directory.codec(name), directory.path())?;
        }
        Ok(set.sorted())
    }

    /// The guests of a tree, those of the task `reply` among them where they are wanted; those that `kept` does not have are built.
    pub(super) fn of_tree(tree: &Tree, kept: &Path, (wanted, replying): (&[&str], bool)) -> Result<Self, AgainstError> {
        let failed = |error| AgainstError::Build { label: tree.label.clone(), error };
        let text = directory::of_workspace(&tree.root)?;
        let text_names: Vec<String> = text.iter().flat_map(Directory::names).map(str::to_owned).collect();
        let mut known = tree.codecs();
        known.extend(text_names.iter().cloned());
        known.sort();
        let mut set = Self::new(&tree.label, &known, wanted);
        let mut builder = GuestBuilder::new(&tree.root, &tree.place.join("guests")).map_err(failed)?.keeping_in(kept);
        if tree.is_checkout {
            builder = builder.without_writing();
        }
        let crates = known.iter().filter(|name| wanted.contains(&name.as_str()) && !text_names.contains(name));
        let crates = crates.map(|name| GuestCrate::read(&tree.root.join("modules/codecs").join(name)));
        let crates = crates.map(|of| of.map(|of| if replying { of.replying() } else { of }));
        let crates = crates.collect::<Result<Vec<_>, _>>().map_err(failed)?;
        let missing = builder.missing(&crates).map_err(failed)?;
        if !missing.is_empty() {
            print::err(&format!("building the guests {} of {}", missing.join(", "), tree.label));
        }
        for built in builder.build(&crates).map_err(failed)? {
            set.add(&built.name, codec(&built), &tree.root)?;
        }
        for (text, name) in text.iter().flat_map(|text| text_names.iter().map(move |name| (text, name))) {
            if wanted.contains(&name.as_str()) {
                set.add(name, text.codec(name), &tree.root)?;
            }
        }
        set.rustc = Some(builder.rustc_version().map_err(failed)?.to_owned());
        Ok(set.sorted())
    }

    /// A set that lacks those codecs that are not known.
    fn new(label: &str, known: &[String], wanted: &[&str]) -> Self {
        let there = |name: &str| known.iter().any(|known| known == name);
        let why = Why::NotThere { label: label.to_owned(), known: known.to_vec() };
        let absent = |name: &&str| Absent { codec: (*name).to_owned(), why: why.clone() };
        let absent = wanted.iter().filter(|name| !there(name)).map(absent).collect();
        Self { label: label.to_owned(), codecs: Vec::new(), absent, rustc: None }
    }

    /// Adds a codec, or why it cannot be used.
    fn add(&mut self, name: &str, read: Result<Codec, GuestsError>, from: &Path) -> Result<(), GuestsError> {
        let why = match read {
            Ok(codec) => {
                self.codecs.push(Codec { directory: Some(from.to_owned()), ..codec });
                return Ok(());
            }
            Err(GuestsError::Guest(GuestError::OtherAbi { found, known, .. })) => Why::OtherAbi { found, known },
            Err(GuestsError::Guest(error)) => Why::Broken(error.to_string()),
            Err(error) => return Err(error),
        };
        self.absent.push(Absent { codec: name.to_owned(), why });
        Ok(())
    }

    fn sorted(mut self) -> Self {
        self.codecs.sort_by(|a, b| a.name.cmp(&b.name));
        self.absent.sort_by(|a, b| a.codec.cmp(&b.codec));
        self
    }
}
