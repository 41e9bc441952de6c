//! Two clones in different places, with different cargo homes, build the same guests, byte for byte:
//! those that the build embedded in this library.

#[path = "support/clone.rs"]
mod clone;
#[allow(dead_code, reason = "the build script uses the rest")]
#[path = "../build/guests.rs"]
mod guests;
mod support;

use std::path::{Path, PathBuf};
use std::{env, fs};

use guests::{GuestBuilder, Role};
use weft::guest::{Codec, Guest, GuestName, Side};

use support::{codecs, workspace};

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

/// Builds all guests of a role in a clone at `place`, inside a directory of its own; returns those that differ
/// from the embedded ones.
fn different(place: &str, role: Role, embedded: impl Fn(&Codec) -> &Guest) -> Vec<String> {
    let root = tempfile::tempdir().expect("a temporary directory");
    let (clone, home) = (root.path().join(place), root.path().join(place).with_extension("cargo"));
    clone::clone(workspace(), &clone);
    another_cargo_home(&home);
    let builder = GuestBuilder::new(&clone, &root.path().join("target")).expect("a builder").with_cargo_home(&home);
    let codecs = codecs().iter().filter_map(|codec| {
        let directory = clone.join("modules/codecs").join(&codec.name);
        let wasm = builder.build(&directory, role).unwrap_or_else(|error| panic!("{error}")).file;
        let name = GuestName { codec: codec.name.clone(), side: Side::Producer };
        let (here, there) = (embedded(codec), fs::read(wasm).expect("the wasm file"));
        (here.wasm[..] != there[..]).then(|| format!("{name}: {} bytes, not {}", there.len(), here.wasm.len()))
    });
    codecs.collect()
}

#[test]
fn producers_are_the_same_in_another_place() {
    assert_eq!(different("near", Role::Producer, |codec| &codec.producer), Vec::<String>::new());
}

#[test]
fn consumers_are_the_same_in_yet_another_place() {
    assert_eq!(
        different("much/farther/down/and with a space", Role::Consumer, |codec| &codec.consumer),
        Vec::<String>::new()
    );
}
