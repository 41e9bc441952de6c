//! Two clones in different places, with different cargo homes, build the same guests as this workspace, byte for byte,
//! whichever guests are built beside them.

#[path = "support/clone.rs"]
mod clone;
mod support;

use std::path::{Path, PathBuf};
use std::{env, fs};

use weft::build::{BuiltGuest, GuestBuilder, GuestCrate, Role, codecs};

use support::{guests_directory, workspace};

/// The cargo home of whoever runs this.
fn cargo_home() -> PathBuf {
    let set = env::var_os("CARGO_HOME").map(PathBuf::from);
    set.or_else(|| Some(env::home_dir()?.join(".cargo"))).expect("a cargo home")
}

/// Makes `home` a cargo home that has what the first one has downloaded, and no more.
fn another_cargo_home(home: &Path) {
    for part in ["config.toml", "registry/index", "registry/cache"] {
        let from = cargo_home().join(part);
        if from.exists() {
            link_all(&from, &home.join(part));
        }
    }
}

/// Links files, or copies them where that does not work; cargo does not change what it finds.
fn link_all(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("a directory");
        for entry in fs::read_dir(from).expect("a directory") {
            let entry = entry.expect("an entry");
            link_all(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::create_dir_all(to.parent().expect("a file has a directory")).expect("a directory");
        fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(|_| ())).expect("a copy");
    }
}

/// Builds the guests of a role in a clone at `place`, inside a directory of its own, in the calls that `split` makes of
/// them; returns those that differ from this workspace's.
fn different(place: &str, role: Role, split: impl Fn(&[GuestCrate]) -> Vec<Vec<GuestCrate>>) -> Vec<String> {
    let root = tempfile::tempdir().expect("a temporary directory");
    let (clone, home) = (root.path().join(place), root.path().join(place).with_extension("cargo"));
    clone::clone(workspace(), &clone);
    another_cargo_home(&home);
    let here = GuestBuilder::new(workspace(), &guests_directory()).expect("a builder");
    let there = GuestBuilder::new(&clone, &root.path().join("target")).expect("a builder").with_cargo_home(&home);
    let build = |builder: &GuestBuilder, crates: &[GuestCrate]| {
        builder.build(crates).unwrap_or_else(|error| panic!("{error}")).into_iter().map(move |guest| wasm(&guest, role))
    };
    let codecs = |workspace: &Path| {
        let mut all = codecs(workspace).expect("codecs");
        all.iter_mut().for_each(|codec| codec.roles = vec![role]);
        all
    };
    let ours = build(&here, &codecs(workspace()));
    let theirs = split(&codecs(&clone)).into_iter().flat_map(|some| build(&there, &some).collect::<Vec<_>>());
    let differ = ours.zip(theirs).filter(|(ours, theirs)| ours != theirs);
    differ.map(|((name, ours), (_, theirs))| format!("{name}: {} bytes, not {}", theirs.len(), ours.len())).collect()
}

/// A guest's name and file.
fn wasm(guest: &BuiltGuest, role: Role) -> (String, Vec<u8>) {
    let file = match role {
        Role::Producer => &guest.producer,
        Role::Consumer => &guest.consumer,
    };
    (guest.name.clone(), fs::read(file.as_ref().expect("the role's guest")).expect("the wasm file"))
}

#[test]
fn producers_are_the_same_in_another_place() {
    assert_eq!(different("near", Role::Producer, |all| vec![all.to_vec()]), Vec::<String>::new());
}

#[test]
fn consumers_built_one_by_one_are_the_same_in_yet_another_place() {
    let one_by_one = |all: &[GuestCrate]| all.iter().map(|one| vec![one.clone()]).collect();
    assert_eq!(different("much/farther/down/and with a space", Role::Consumer, one_by_one), Vec::<String>::new());
}
