//! How guests are built: nothing twice, nothing that did not change, whatever the times of files, and with a message
//! that helps where they cannot be.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use tempfile::TempDir;
use weft::build::{BuiltGuest, GuestBuilder, GuestCrate, Role, baseline, codecs};

use crate::support::clone;
use crate::support::{guests_directory, workspace};

/// A clone with a builder for it.
struct Clone {
    root: TempDir,
    builder: GuestBuilder,
}

impl Clone {
    fn new() -> Self {
        let root = tempfile::tempdir().expect("a temporary directory");
        let clone = root.path().join("clone");
        clone::clone(workspace(), &clone);
        let builder = GuestBuilder::new(&clone, &root.path().join("target")).expect("a builder");
        Self { root, builder }
    }

    /// A file or directory of the clone.
    fn path(&self, path: &str) -> PathBuf {
        self.root.path().join("clone").join(path)
    }

    fn codec(&self, name: &str) -> GuestCrate {
        GuestCrate::read(&self.path("modules/codecs").join(name)).expect("a codec")
    }

    /// Two codecs that are quick to build, in one call.
    fn two_codecs(&self) -> [GuestCrate; 2] {
        ["null", "bytes"].map(|name| self.codec(name))
    }

    /// The producer and the consumer of each crate.
    fn build(&self, crates: &[GuestCrate]) -> Vec<[Vec<u8>; 2]> {
        self.builder.build(crates).unwrap_or_else(|error| panic!("{error}")).iter().map(bytes).collect()
    }

    fn error(&self, crates: &[GuestCrate]) -> String {
        self.builder.build(crates).expect_err("a build that fails").to_string()
    }

    /// When each file was compiled.
    fn compiled(&self) -> BTreeMap<PathBuf, SystemTime> {
        let mut files = BTreeMap::new();
        let mut directories = vec![self.root.path().join("target")];
        while let Some(directory) = directories.pop() {
            for entry in fs::read_dir(&directory).expect("a directory of cargo's") {
                let entry = entry.expect("an entry");
                let metadata = entry.metadata().expect("what the entry is");
                if metadata.is_dir() {
                    directories.push(entry.path());
                } else if directory.ends_with("deps") {
                    files.insert(entry.path(), metadata.modified().expect("a time"));
                }
            }
        }
        files
    }

    /// Replaces a text in a file, which then seems to be older than everything.
    fn replace(&self, path: &str, from: &str, to: &str) {
        let path = self.path(path);
        let text = fs::read_to_string(&path).expect("a source");
        assert!(text.contains(from), "{} has no `{from}`", path.display());
        fs::write(&path, text.replace(from, to)).expect("a source");
        let file = File::options().append(true).open(&path).expect("a source");
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000)).expect("another time");
    }
}

/// The files of a crate with both guests.
fn bytes(guest: &BuiltGuest) -> [Vec<u8>; 2] {
    [&guest.producer, &guest.consumer]
        .map(|file| fs::read(file.as_ref().expect("both guests")).expect("a guest's file"))
}

/// Appends a line to a codec's source.
fn append(codec: &GuestCrate, line: &str) {
    let source = codec.directory.join("src/lib.rs");
    let text = fs::read_to_string(&source).expect("the codec's source");
    fs::write(source, format!("{text}\n{line}\n")).expect("a line more");
}

fn contains(bytes: &[u8], part: &str) -> bool {
    bytes.windows(part.len()).any(|window| window == part.as_bytes())
}

#[test]
fn nothing_is_built_twice_and_a_change_rebuilds_one_codec() {
    let clone = Clone::new();
    let codecs = clone.two_codecs();
    let names = codecs.each_ref().map(|codec| codec.name.clone());
    assert_eq!(clone.builder.missing(&codecs).expect("names"), names);
    // Whoever comes second waits, and builds nothing.
    let [first, second] = thread::scope(|scope| {
        let both = [(); 2].map(|()| scope.spawn(|| clone.build(&codecs)));
        both.map(|build| build.join().expect("both can build"))
    });
    assert!(first == second, "builds at one time give different guests");
    assert!(first[0][0] != first[0][1], "the producer and the consumer of {} are one", names[0]);
    assert_eq!(clone.builder.missing(&codecs).expect("names"), Vec::<String>::new());

    let before = clone.compiled();
    assert!(!before.is_empty());
    let reversed = [codecs[1].clone(), codecs[0].clone()];
    assert!(clone.build(&reversed) == [first[1].clone(), first[0].clone()], "the second build gives other guests");
    assert_eq!(clone.compiled(), before, "the second build compiled something");

    append(&codecs[0], "// A change.");
    assert_eq!(clone.builder.missing(&codecs).expect("names"), names[..1]);
    clone.build(&codecs);
    let after = clone.compiled();
    let changed = after.iter().filter(|(path, time)| before.get(*path) != Some(*time));
    let changed: BTreeSet<_> = changed.filter_map(|(path, _)| path.file_stem()?.to_str()).collect();
    let library = codecs[0].package.replace('-', "_");
    assert_eq!(changed, BTreeSet::from([library.as_str()]), "a change in {}", names[0]);
}

#[test]
fn contents_decide_and_not_the_times_of_files() {
    let clone = Clone::new();
    let codec = [clone.codec("null")];
    let first = clone.build(&codec);

    clone.replace("modules/codecs/null/src/lib.rs", "the floor: bytes", "the ground: bytes");
    let ground = clone.build(&codec);
    for wasm in &ground[0] {
        assert!(contains(wasm, "the ground: bytes"), "an older revision's guest");
    }
    // Of a package that the codec is made of. Only its producer generates messages.
    clone.replace("schemas/src/random.rs", "0xD1B5_4A32_D192_ED03", "0xD1B5_4A32_D192_ED05");
    let random = clone.build(&codec);
    assert!(random[0][0] != ground[0][0], "an older revision's generator");

    clone.replace("schemas/src/random.rs", "0xD1B5_4A32_D192_ED05", "0xD1B5_4A32_D192_ED03");
    clone.replace("modules/codecs/null/src/lib.rs", "the ground: bytes", "the floor: bytes");
    assert_eq!(clone.builder.missing(&codec).expect("names"), Vec::<String>::new());
    assert!(clone.build(&codec) == first, "the first revision's guests are not kept");
    // Whoever removes them gets them again, though cargo has compiled another revision's since.
    fs::remove_dir_all(clone.root.path().join("target/kept")).expect("the guests");
    assert!(clone.build(&codec) == first, "cargo's are another revision's");

    // Cargo's settings in the workspace can have a profile as well.
    let settings = clone.path(".cargo/config.toml");
    fs::create_dir_all(settings.parent().expect("a directory")).expect("a directory");
    fs::write(settings, "[profile.guest]\nopt-level = 1\n").expect("settings");
    assert_eq!(clone.builder.missing(&codec).expect("names"), ["null"], "guests of other settings");
}

#[test]
fn a_new_codec_is_built_before_cargo_lock_knows_it() {
    let clone = Clone::new();
    let [null, mine] = ["null", "mine"].map(|name| clone.path("modules/codecs").join(name));
    fs::create_dir_all(mine.join("src")).expect("a directory");
    for file in ["Cargo.toml", "src/lib.rs"] {
        fs::copy(null.join(file), mine.join(file)).expect("a copy");
    }
    clone.replace("modules/codecs/mine/Cargo.toml", "weft-codec-null", "mine");
    let all = codecs(&clone.path("")).expect("codecs");
    let mine: Vec<_> = all.into_iter().filter(|codec| codec.name == "mine").collect();
    assert_eq!((mine[0].package.as_str(), &mine[0].roles[..]), ("mine", &Role::ONE_WAY[..]));
    let guests = clone.build(&mine);
    assert!(contains(&guests[0][0], "produce_blob"));
}

#[test]
fn a_guest_has_the_files_and_packages_of_its_roles() {
    let builder = GuestBuilder::new(workspace(), &guests_directory()).expect("a builder");
    let mut wanted: Vec<_> = ["task_floor", "seed"].map(|name| baseline(workspace(), name).expect("it")).into();
    wanted.extend(codecs(workspace()).expect("codecs"));
    let guests = builder.build(&wanted).unwrap_or_else(|error| panic!("{error}"));
    for (guest, of) in guests.iter().zip(&wanted) {
        assert_eq!(guest.name, of.name);
        for (role, file) in [(Role::Producer, &guest.producer), (Role::Consumer, &guest.consumer)] {
            assert_eq!(file.is_some(), of.roles.contains(&role), "the {} of {}", role.name(), of.name);
        }
        assert!(guest.rustc.starts_with("rustc "), "{}", guest.rustc);
    }
    assert_eq!(wanted[0].roles, [Role::Producer]);
    let packages = |name: &str| {
        let guest = guests.iter().find(|guest| guest.name == name).expect("a guest");
        guest.packages.iter().filter_map(|package| Some(package.split_once(' ')?.0)).collect::<Vec<_>>()
    };
    // Of what is built beside it, a guest has nothing.
    assert_eq!(packages("null"), Vec::<&str>::new());
    assert_eq!(packages("capnp"), ["capnp"]);
    assert_eq!(packages("flatbuffers"), ["bitflags", "flatbuffers", "rustc_version", "semver"]);
    for package in ["bincode", "serde_bytes", "serde_derive", "syn"] {
        assert!(packages("bincode").contains(&package), "{package}");
    }
}

#[test]
fn guests_of_replies_are_files_of_their_own_where_they_are_wanted() {
    let builder = GuestBuilder::new(workspace(), &guests_directory()).expect("a builder");
    let of = |name: &str| GuestCrate::read(&workspace().join("modules/codecs").join(name)).expect("a codec");
    let built = builder.build(&[of("null").replying(), of("inplace").replying(), of("null")]);
    let [null, inplace, one_way] = &built.unwrap_or_else(|error| panic!("{error}"))[..] else { panic!("three crates") };
    let has = |file: &Option<PathBuf>, export: &str| {
        contains(&fs::read(file.as_ref().expect("a guest")).expect("its file"), export)
    };
    assert!(has(&null.requester, "request_blob") && !has(&null.requester, "produce_blob"));
    assert!(has(&null.replier, "receive_blob_reply") && !has(&null.replier, "receive_blob_peek"));
    assert!(!has(&null.producer, "request_blob") && !has(&null.consumer, "receive_blob_reply"));
    assert_eq!((&one_way.requester, &one_way.producer), (&None, &null.producer));
    // It has no such feature.
    assert_eq!((&inplace.requester, &inplace.replier), (&None, &None));
}

#[test]
fn a_codec_that_does_not_compile_is_an_error_that_names_it() {
    let clone = Clone::new();
    let codecs = clone.two_codecs();
    append(&codecs[0], r#"#[cfg(feature = "consumer")] compile_error!("broken on purpose");"#);
    let error = clone.error(&codecs);
    for part in ["the consumer of null does not compile", "broken on purpose", "src/lib.rs"] {
        assert!(error.contains(part), "`{part}` is missing in: {error}");
    }
    assert!(!error.contains("bytes does"), "{error}");
    assert_eq!(clone.builder.missing(&codecs).expect("names"), ["null"], "the other one is kept");
    let producer = GuestCrate { roles: vec![Role::Producer], ..codecs[0].clone() };
    assert_eq!(clone.builder.missing(&[producer]).expect("names"), Vec::<String>::new(), "so is its other guest");

    clone.replace("modules/guest/src/lib.rs", "mod region;", "mod region; mod nowhere;");
    let error = clone.error(&codecs);
    for part in ["modules/guest/src/lib.rs, for the ", "null, bytes", "nowhere"] {
        assert!(error.contains(part), "`{part}` is missing in: {error}");
    }
}

#[test]
fn a_codec_may_not_depend_on_what_nobody_watches() {
    let clone = Clone::new();
    let dependency = "weft-fixture-spare = { path = \"../../fixtures/spare\" }";
    clone.replace("modules/codecs/null/Cargo.toml", "[dependencies]", &format!("[dependencies]\n{dependency}"));
    let error = clone.error(&[clone.codec("null")]);
    assert!(error.contains("`null` depends on ") && error.contains("fixtures"), "{error}");
}

#[test]
fn guests_for_this_machine_are_libraries() {
    let builder = GuestBuilder::new(workspace(), &guests_directory()).expect("a builder").for_native();
    let mut codec = GuestCrate::read(&workspace().join("modules/codecs/null")).expect("a codec");
    codec.roles = vec![Role::Producer];
    let guests = builder.build(&[codec]).unwrap_or_else(|error| panic!("{error}"));
    let file = guests[0].producer.as_ref().expect("a producer");
    assert_eq!(
        file.file_name().expect("a name"),
        format!("null.producer.{}", std::env::consts::DLL_EXTENSION).as_str()
    );
    assert!(fs::metadata(file).expect("the file").len() > 0);
}

#[test]
fn what_is_not_there_is_named() {
    let nowhere = Path::new("/nowhere/weft");
    let builder = GuestBuilder::new(nowhere, &guests_directory()).err().expect("no workspace");
    for error in [builder, codecs(nowhere).expect_err("no workspace")] {
        assert!(error.to_string().contains("which is not in /nowhere/weft"), "{error}");
    }
    let directory = tempfile::tempdir().expect("a directory");
    let manifest = "[package]\nname = \"mine\"\n[features]\nproducer = []\n";
    fs::write(directory.path().join("Cargo.toml"), manifest).expect("a file");
    let error = GuestCrate::read(directory.path()).expect_err("no cdylib").to_string();
    assert!(error.contains(r#"needs the line `crate-type = ["cdylib"]`"#), "{error}");
    let error = baseline(workspace(), "nothing").expect_err("no baseline").to_string();
    assert!(error.contains("nothing") && error.contains("is no crate of guests"), "{error}");
}
