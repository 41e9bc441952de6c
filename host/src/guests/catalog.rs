//! The codecs: those of the workspace, built when they are needed or written as text, and those of the directory that the user
//! names.

use std::path::{Path, PathBuf};

use weft_link::guest::{Guest, GuestName, Side};

use super::directory::{self, Directory};
use super::files::{target_directory, workspace};
use super::{Codec, File, GuestsError, Replying};
use crate::build::{self, BuiltGuest, GuestBuilder, GuestCrate, Role};
use crate::print;

/// What builds the guests of the workspace.
///
/// # Errors
/// Where the workspace or the toolchain is not there.
pub fn builder() -> Result<GuestBuilder, GuestsError> {
    Ok(GuestBuilder::new(workspace(), &target_directory().join("guests"))?)
}

/// The codecs whose names are `wanted`, sorted by name: those of the workspace, in crates and in text, and those of the directory
/// that `WEFT_GUESTS` names, which replace others of the same name and are all read.
///
/// # Errors
/// Where a guest does not compile, cannot be read, or breaks the ABI.
pub fn catalog(wanted: impl Fn(&str) -> bool) -> Result<Vec<Codec>, GuestsError> {
    catalog_replying(wanted, |_| false)
}

/// The same, and of the crates whose names are `replying` the guests of the task `reply` as well.
///
/// # Errors
/// As [`catalog`].
pub fn catalog_replying(
    wanted: impl Fn(&str) -> bool,
    replying: impl Fn(&str) -> bool,
) -> Result<Vec<Codec>, GuestsError> {
    let own = match directory::from_environment() {
        Some(path) => Directory::open(&path, "WEFT_GUESTS")?.codecs()?,
        None => Vec::new(),
    };
    let taken = |name: &str| wanted(name) && own.iter().all(|codec| codec.name != name);
    let (mut crates, text) = of_workspace(workspace())?;
    crates.retain(|guest| taken(&guest.name));
    let crates: Vec<_> = crates.into_iter().map(|of| if replying(&of.name) { of.replying() } else { of }).collect();
    let mut codecs = build(&crates)?.iter().map(codec).collect::<Result<Vec<_>, _>>()?;
    for (text, name) in text.iter().flat_map(|text| text.names().map(move |name| (text, name))) {
        if taken(name) {
            codecs.push(text.codec(name)?);
        }
    }
    codecs.extend(own.into_iter().filter(|codec| wanted(&codec.name)));
    codecs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(codecs)
}

/// The names of all codecs, sorted: those of the workspace, and those of the directory that `WEFT_GUESTS` names. Nothing is built.
///
/// # Errors
/// Where the workspace or that directory is not there.
pub fn names() -> Result<Vec<String>, GuestsError> {
    let mut names = names_of(workspace())?;
    if let Some(path) = directory::from_environment() {
        names.extend(Directory::open(&path, "WEFT_GUESTS")?.names().map(str::to_owned));
    }
    names.sort();
    names.dedup();
    Ok(names)
}

/// The names of the codecs of a workspace, in crates and in text. Nothing is built.
///
/// # Errors
/// Where it is not there, or two codecs have one name.
pub fn names_of(root: &Path) -> Result<Vec<String>, GuestsError> {
    let (crates, text) = of_workspace(root)?;
    let text = text.iter().flat_map(Directory::names).map(str::to_owned);
    Ok(crates.into_iter().map(|of| of.name).chain(text).collect())
}

/// The codecs of a workspace: the crates, and those in text, where it has any.
fn of_workspace(root: &Path) -> Result<(Vec<GuestCrate>, Option<Directory>), GuestsError> {
    let (crates, text) = (build::codecs(root)?, directory::of_workspace(root)?);
    let is_text = |name: &str| text.iter().flat_map(Directory::names).any(|other| other == name);
    match crates.iter().find(|of| is_text(&of.name)) {
        Some(twice) => Err(GuestsError::Twice { codec: twice.name.clone() }),
        None => Ok((crates, text)),
    }
}

/// The names of the workspace's crates that have guests for the task `reply`. Nothing is built.
///
/// # Errors
/// Where the workspace is not there.
pub fn names_replying() -> Result<Vec<String>, GuestsError> {
    let crates = build::codecs(workspace())?.into_iter();
    Ok(crates.filter(|of| of.replies).map(|of| of.name).collect())
}

/// A codec's consumer, built once more to record what its digests take: what a wrong one is traced with. None where the codec is no crate of
/// this workspace, or not one on weft-guest.
pub fn traced(codec: &Codec) -> Option<Guest> {
    let crates = build::codecs(workspace()).ok()?;
    let of = crates.into_iter().find(|of| of.name == codec.name && codec.directory.is_none())?;
    let of = GuestCrate { roles: vec![Role::Consumer], ..of };
    print::err(&format!("building the consumer of {} once more, to see which field is wrong", codec.name));
    let built = builder().ok()?.with_feature("weft-guest/trace").build(&[of]).ok()?;
    let file = File::at(built.first()?.consumer.clone()?).ok()?;
    let name = GuestName { codec: codec.name.clone(), side: Side::Consumer };
    Guest::read(name, &file.content().ok()?).ok()
}

/// A codec that was built.
pub(super) fn codec(built: &BuiltGuest) -> Result<Codec, GuestsError> {
    let file = |side: Side, path: &Option<PathBuf>| match path {
        Some(path) => File::at(path.clone()),
        None => Err(GuestsError::NoFeature { codec: built.name.clone(), side: side.to_string() }),
    };
    let files = [file(Side::Producer, &built.producer)?, file(Side::Consumer, &built.consumer)?];
    let replying = match (&built.requester, &built.replier) {
        (Some(requester), Some(replier)) => Some([requester, replier]),
        _ => None,
    };
    let codec = Codec::read(&built.name, files)?;
    let replying = match replying {
        Some([ask, answer]) => {
            let files = [File::at(ask.clone())?, File::at(answer.clone())?];
            Some(Replying::read(&built.name, &codec.traits, files)?)
        }
        None => codec.replying,
    };
    Ok(Codec { packages: built.packages.clone(), replying, ..codec })
}

/// A guest that is no codec's: what boundary figures and task floors run.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// Its directory's name.
    pub name: &'static str,
    /// Its producer.
    pub producer: File,
    /// Its consumer, where it has one.
    pub consumer: Option<File>,
}

/// The guests that boundary figures and task floors run.
///
/// # Errors
/// As [`catalog`].
pub fn baselines() -> Result<Vec<Baseline>, GuestsError> {
    const NAMES: [&str; 2] = ["seed", "task_floor"];
    let crates = NAMES.map(|name| build::baseline(workspace(), name));
    let crates = crates.into_iter().collect::<Result<Vec<_>, _>>()?;
    let built = build(&crates)?;
    NAMES.into_iter().zip(built).map(|(name, built)| baseline(name, built)).collect()
}

fn baseline(name: &'static str, built: BuiltGuest) -> Result<Baseline, GuestsError> {
    let producer =
        built.producer.ok_or_else(|| GuestsError::NoFeature { codec: built.name, side: Side::Producer.to_string() })?;
    Ok(Baseline { name, producer: File::at(producer)?, consumer: built.consumer.map(File::at).transpose()? })
}

/// Builds what is not kept, and says so before it begins.
fn build(crates: &[GuestCrate]) -> Result<Vec<BuiltGuest>, GuestsError> {
    let builder = builder()?;
    let missing = builder.missing(crates)?;
    if !missing.is_empty() {
        print::err(&format!("building the guests {}", missing.join(", ")));
    }
    Ok(builder.build(crates)?)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::names_of;

    #[test]
    fn codecs_in_crates_and_in_text_have_different_names() {
        let root = tempfile::tempdir().expect("a directory");
        let manifest = "[package]\nname = \"x\"\n[lib]\ncrate-type = [\"cdylib\"]\n[features]\nproducer = []\n";
        let (of, text) = (root.path().join("modules/codecs/mine"), root.path().join("modules/text"));
        for directory in [&of, &text] {
            fs::create_dir_all(directory).expect("a directory");
        }
        fs::write(of.join("Cargo.toml"), manifest).expect("a file");
        fs::write(text.join("other.producer.wat"), "(module)").expect("a file");
        assert_eq!(names_of(root.path()).expect("two codecs"), ["mine", "other"]);
        fs::write(text.join("mine.producer.wat"), "(module)").expect("a file");
        let error = names_of(root.path()).expect_err("one name, twice").to_string();
        assert!(
            error.contains("there are two codecs `mine`, one in modules/codecs and one in modules/text"),
            "{error}"
        );
    }
}
