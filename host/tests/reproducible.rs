//! A clone in another place, with another cargo home, builds the same guests as this workspace, byte for byte,
//! whichever guests are built beside them.

use std::path::{Path, PathBuf};
use std::{env, fs};

use tempfile::TempDir;

use weft::build::{BuiltGuest, GuestBuilder, GuestCrate, Role, codecs};

use crate::support::clone;
use crate::support::{guests_directory, workspace};

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

/// How many guests are built together: few, so that each lacks most of the neighbours that it has elsewhere.
const GROUP: usize = 5;

/// Another clone, and the two builders.
struct Places {
    here: GuestBuilder,
    there: GuestBuilder,
    clone: PathBuf,
    _root: TempDir,
}

impl Places {
    fn new(place: &str) -> Self {
        let root = tempfile::tempdir().expect("a temporary directory");
        let (clone, home) = (root.path().join(place), root.path().join(place).with_extension("cargo"));
        clone::clone(workspace(), &clone);
        another_cargo_home(&home);
        let here = GuestBuilder::new(workspace(), &guests_directory()).expect("a builder");
        let there = GuestBuilder::new(&clone, &root.path().join("target")).expect("a builder").with_cargo_home(&home);
        Self { here, there, clone, _root: root }
    }

    /// Builds the guests of a role in the clone, in the calls that `split` makes of them; returns those that differ from this
    /// workspace's.
    fn different(&self, role: Role, split: impl Fn(&[GuestCrate]) -> Vec<Vec<GuestCrate>>) -> Vec<String> {
        let build = |builder: &GuestBuilder, crates: &[GuestCrate]| {
            let built = builder.build(crates).unwrap_or_else(|error| panic!("{error}"));
            built.into_iter().map(move |guest| wasm(&guest, role))
        };
        let codecs = |workspace: &Path| {
            let mut all = codecs(workspace).expect("codecs");
            all.iter_mut().for_each(|codec| codec.roles = vec![role]);
            all
        };
        let ours = build(&self.here, &codecs(workspace()));
        let theirs =
            split(&codecs(&self.clone)).into_iter().flat_map(|some| build(&self.there, &some).collect::<Vec<_>>());
        let differ = ours.zip(theirs).filter(|(ours, theirs)| ours != theirs);
        differ
            .map(|((name, ours), (_, theirs))| format!("{name}: {} bytes, not {}", theirs.len(), ours.len()))
            .collect()
    }
}

/// A guest's name and file.
fn wasm(guest: &BuiltGuest, role: Role) -> (String, Vec<u8>) {
    let file = match role {
        Role::Producer => &guest.producer,
        Role::Consumer => &guest.consumer,
        Role::Requester => &guest.requester,
        Role::Replier => &guest.replier,
    };
    (guest.name.clone(), fs::read(file.as_ref().expect("the role's guest")).expect("the wasm file"))
}

#[test]
#[ignore = "builds every guest anew, twice, which takes minutes: cargo test -p weft --test all reproducible:: -- --ignored"]
fn guests_are_the_same_in_another_place_whatever_is_built_beside_them() {
    let places = Places::new("much/farther/down/and with a space");
    assert_eq!(places.different(Role::Producer, |all| vec![all.to_vec()]), Vec::<String>::new());
    // One alone, and the others in groups: cargo merges the features of what it builds in one call.
    let groups = |all: &[GuestCrate]| {
        let (alone, rest) = all.split_at(1);
        [alone].into_iter().chain(rest.chunks(GROUP)).map(<[GuestCrate]>::to_vec).collect()
    };
    assert_eq!(places.different(Role::Consumer, groups), Vec::<String>::new());
}
