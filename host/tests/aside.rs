//! Guests and hosts that are built aside: they are those of their revision, nothing is built twice, and other people's
//! checkouts stay as they are.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use weft::build::{BuiltGuest, GuestBuilder, GuestCrate};
use weft::guests::{Alike, Aside, Codec, File, Likeness};
use weft::hosts::{BE_HOST, KnownHost, Process};
use weft::protocol::PROTOCOL;

use crate::support::clone;
use crate::support::repository;
use crate::support::repository::Repository;
use crate::support::workspace;

const NULL: &str = "modules/codecs/null/src/lib.rs";
const BYTES: &str = "modules/codecs/bytes/src/lib.rs";

/// A build script that generates an export that can panic.
const GENERATE: &str = r##"fn main() {
    let code = "#[unsafe(no_mangle)] extern \"C\" fn generated(at: usize) -> u8 { [1, 2][at] }";
    std::fs::write(std::env::var("OUT_DIR").unwrap() + "/generated.rs", code).unwrap();
}
"##;

/// Two codecs that are quick to build.
const CODECS: [&str; 2] = ["bytes", "null"];

/// The workspace as a repository.
fn repository() -> Option<Repository> {
    Repository::new(|root| clone::clone(workspace(), root))
}

/// The guests of a working tree, built below `target` as anybody would there, and nothing shared.
fn built(root: &Path, target: &Path) -> Vec<Codec> {
    let crates = CODECS.map(|name| GuestCrate::read(&root.join("modules/codecs").join(name)).expect("a codec"));
    let builder = GuestBuilder::new(root, target).expect("a builder");
    let guests = builder.build(&crates).unwrap_or_else(|error| panic!("{error}"));
    let file = |path: &Option<PathBuf>| File::at(path.clone().expect("both guests")).expect("a file");
    let codec = |guest: &BuiltGuest| Codec::read(&guest.name, [file(&guest.producer), file(&guest.consumer)]);
    guests.iter().map(|guest| codec(guest).expect("a codec")).collect()
}

/// The guests of what a text means.
fn guests(repository: &Repository, text: &str) -> Vec<Codec> {
    let set =
        repository.find(text).and_then(|against| against.guests(&CODECS)).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(set.absent, []);
    assert!(set.rustc.is_some_and(|rustc| rustc.starts_with("rustc ")));
    set.codecs
}

/// Whether the producers and the consumers of each codec are the same.
fn alike(ours: &[Codec], theirs: &[Codec]) -> Vec<(String, Alike, Alike)> {
    assert_eq!(ours.len(), theirs.len());
    let pairs = ours.iter().zip(theirs).map(|(one, other)| (one.name.clone(), Likeness::of(one, other)));
    pairs.map(|(name, likeness)| (name, likeness.producer, likeness.consumer)).collect()
}

/// What [`alike`] says where so much is the same.
fn expected(bytes: [Alike; 2], null: [Alike; 2]) -> Vec<(String, Alike, Alike)> {
    CODECS.iter().zip([bytes, null]).map(|(name, [near, far])| ((*name).to_owned(), near, far)).collect()
}

/// Appends to the source of a codec.
fn append(repository: &Repository, text: &str) {
    let source = fs::read_to_string(repository.root().join(BYTES)).expect("a source");
    repository.write(BYTES, &format!("{source}\n{text}\n"));
}

/// All files below a directory.
fn below(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] }).collect()
}

fn contains(codec: &Codec, part: &str) -> bool {
    codec.producer.wasm.windows(part.len()).any(|window| window == part.as_bytes())
}

#[test]
fn guests_are_those_of_their_revision() {
    use Alike::{Differ, Same};
    let Some(repository) = repository() else { return };
    // A revision whose files are as old as those of the others, with the same packages. One of its guests names a file
    // of the target directory, where it panics.
    repository.replace(NULL, "the floor: bytes", "the ground: bytes");
    repository.write("modules/codecs/bytes/build.rs", GENERATE);
    append(&repository, "include!(concat!(env!(\"OUT_DIR\"), \"/generated.rs\"));");
    repository.commit("another floor");
    append(&repository, "#[cfg(feature = \"consumer\")]\n#[unsafe(no_mangle)]\nextern \"C\" fn changed() -> i32 { 7 }");

    let ours = built(&repository.root(), &repository.root().join("target/guests"));
    let head = guests(&repository, "HEAD");
    assert_eq!(alike(&ours, &head), expected([Same, Differ], [Same, Same]), "the working tree against HEAD");
    // The one that did not change is that of the working tree, and not built again.
    let place = repository.root().join("target/aside").join(repository.git(&["rev-parse", "HEAD"])).join("guests");
    let compiled = |name: &str| below(&place).iter().any(|path| path.to_string_lossy().contains(name));
    assert!(compiled("weft_codec_bytes") && !compiled("weft_codec_null"), "{:?}", below(&place));
    let before = guests(&repository, "HEAD~1");
    assert_eq!(alike(&head, &before), expected([Differ, Differ], [Differ, Differ]), "HEAD against HEAD~1");
    assert!(contains(&head[0], "/generated.rs"), "the test is of no use");
    assert!(contains(&head[1], "the ground: bytes") && contains(&before[1], "the floor: bytes"));

    // Byte for byte what somebody else gets who has cloned it.
    let clone = repository.beside("elsewhere/clone");
    let here = repository.root().display().to_string();
    repository.git(&["clone", "--quiet", &here, &clone.display().to_string()]);
    let theirs = built(&clone, &repository.beside("elsewhere/target"));
    assert_eq!(alike(&head, &theirs), expected([Same, Same], [Same, Same]), "HEAD against a clone of it");

    // Who asks again gets them from where they are kept.
    let trees = repository.root().join("target/aside");
    for tree in fs::read_dir(&trees).expect("trees").flatten() {
        fs::remove_dir_all(tree.path().join("guests")).expect("what cargo has compiled");
    }
    assert_eq!(alike(&head, &guests(&repository, "HEAD")), expected([Same, Same], [Same, Same]));
    let compiled = fs::read_dir(&trees).expect("trees").flatten().any(|tree| tree.path().join("guests").exists());
    assert!(!compiled, "something was compiled again");
}

#[test]
fn a_checkout_stays_as_it_is() {
    use Alike::{Differ, Same};
    let Some(repository) = repository() else { return };
    let checkout = repository.beside("checkout");
    let text = checkout.display().to_string();
    repository.git(&["clone", "--quiet", &repository.root().display().to_string(), &text]);
    let state = || repository.git(&["-C", &text, "status", "--porcelain", "--ignored"]);
    let ours = guests(&repository, &text);
    assert_eq!(state(), "");
    repository::put(
        &checkout.join(NULL),
        &fs::read_to_string(checkout.join(NULL)).expect("it").replace("the floor", "The floor"),
    );
    assert_eq!(alike(&ours, &guests(&repository, &text)), expected([Same, Same], [Differ, Differ]), "by its content");
    assert_eq!(state(), format!("M {NULL}"), "but for what was changed");

    // Cargo would complete it.
    let lock = fs::read_to_string(checkout.join("Cargo.lock")).expect("a lock file");
    let part = lock.split("\n\n").find(|part| part.contains("name = \"weft-codec-bytes\"")).expect("the codec");
    let lock = lock.replace(&format!("{part}\n\n"), "");
    repository::put(&checkout.join("Cargo.lock"), &lock);
    let error =
        repository.find(&text).and_then(|against| against.guests(&CODECS)).expect_err("a lock file").to_string();
    assert!(error.contains(&format!("the guests of {text}")) && error.contains("--locked"), "{error}");
    assert_eq!(fs::read_to_string(checkout.join("Cargo.lock")).expect("a lock file"), lock);
}

/// A `weft` that greets with this version of the protocol, and says in which directory and as what it was started.
fn stand_in(protocol: u32) -> [(&'static str, String); 4] {
    let transcript = fs::read_to_string(workspace().join("docs/hosts.transcript.jsonl")).expect("a transcript");
    let first: Value = transcript.lines().next().and_then(|line| serde_json::from_str(line).ok()).expect("a greeting");
    let mut greeting = first["from_host"].clone();
    greeting["greeting"]["protocol"] = protocol.into();
    greeting["greeting"]["name"] = "STARTED".into();
    let main = "fn main() {\n\
        let started: Vec<_> = std::env::args().skip(1).collect();\n\
        let here = std::env::current_dir().expect(\"a directory\");\n\
        let started = format!(\"{} in {}\", started.join(\" \"), here.display());\n\
        println!(\"{}\", include_str!(\"greeting.json\").replace(\"STARTED\", &started));\n\
        let _ = std::io::stdin().read_line(&mut String::new());\n}\n";
    let manifest = "[package]\nname = \"weft\"\nedition = \"2024\"\n";
    [
        ("host/Cargo.toml", manifest.to_owned()),
        ("host/src/cli/host.rs", String::new()),
        ("host/src/greeting.json", greeting.to_string()),
        ("host/src/main.rs", main.to_owned()),
    ]
}

/// The host of what a text means.
fn host(repository: &Repository, text: &str) -> Result<KnownHost, String> {
    let tree = repository.find(text).and_then(|against| against.tree()).expect("a tree");
    KnownHost::aside(&tree).map_err(|error| error.to_string())
}

#[test]
fn the_host_of_a_revision_is_built_and_started_aside() {
    let files = stand_in(PROTOCOL);
    let Some(repository) = Repository::of(&files.each_ref().map(|(name, text)| (*name, text.as_str()))) else { return };
    let commit = repository.git(&["rev-parse", "HEAD"]);
    let first = host(&repository, "HEAD").expect("a host");
    assert_eq!(first.name, format!("wasmtime@{}", &commit[..7]));
    assert_eq!(first.about, format!("weft's own host of HEAD ({})", &commit[..7]));
    let process =
        Process::start(&first.clone().ready().expect("there is nothing to build any more")).expect("it greets");
    let tree = fs::canonicalize(repository.root().join("target/aside").join(&commit).join("tree")).expect("a tree");
    assert_eq!(process.greeting.name, format!("{BE_HOST} wasmtime in {}", tree.display()));

    // One of tomorrow, in a revision of its own.
    let tomorrow = stand_in(PROTOCOL + 1);
    repository.write("host/src/greeting.json", &tomorrow[2].1);
    repository.commit("another protocol");
    let second = host(&repository, "HEAD").expect("a host");
    let error = Process::start(&second).map(|_| ()).expect_err("another version").to_string();
    assert!(error.contains(&second.name) && error.contains(&format!("speaks version {} of", PROTOCOL + 1)), "{error}");
    Process::start(&host(&repository, "HEAD~1").expect("the first")).expect("it still greets");

    repository.write("host/src/main.rs", "fn main() { nothing() }");
    repository.commit("broken");
    let error = host(&repository, "HEAD").expect_err("it does not compile");
    assert!(
        error.contains("wasmtime@") && error.contains("cannot be built") && error.contains("cannot find function"),
        "{error}"
    );

    repository.git(&["rm", "--quiet", "host/src/cli/host.rs"]);
    let hash = repository.commit("before there was a host");
    let error = host(&repository, "HEAD").expect_err("it has none");
    let label = format!("HEAD ({})", &hash[..7]);
    assert_eq!(error, format!("{label} speaks no host protocol; without --host-too its guests can be raced"));
}

#[test]
fn the_host_of_a_checkout_goes_by_its_content() {
    let files = stand_in(PROTOCOL);
    let Some(repository) = Repository::of(&files.each_ref().map(|(name, text)| (*name, text.as_str()))) else { return };
    repository.write("Cargo.lock", "version = 4\n\n[[package]]\nname = \"weft\"\nversion = \"0.0.0\"\n");
    let text = repository.root().display().to_string();
    let aside = Aside::of(workspace(), &repository.beside("target"));
    let name = || {
        let tree = aside.find(&text).and_then(|against| against.tree()).expect("a checkout");
        let host = KnownHost::aside(&tree).expect("a host");
        assert_eq!(host.name, format!("wasmtime@{text}"));
        Process::start(&host).expect("it greets").greeting.name.clone()
    };
    assert!(name().starts_with("host wasmtime in "));
    // A change that seems older than what was built of the source before.
    repository.replace("host/src/main.rs", "{} in {}", "{} at {}");
    let source = fs::File::options().append(true).open(repository.root().join("host/src/main.rs")).expect("a source");
    source.set_modified(std::time::SystemTime::UNIX_EPOCH).expect("another time");
    assert!(name().starts_with("host wasmtime at "), "the host of before");
    assert!(!repository.root().join("target").exists(), "it was built in the checkout");
}
