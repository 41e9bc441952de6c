//! How guests are built: nothing twice, nothing that did not change, and with a message that helps where
//! the toolchain lacks the target.

#[path = "support/clone.rs"]
mod clone;
#[allow(dead_code, reason = "the build script uses the rest")]
#[path = "../build/guests.rs"]
mod guests;
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::time::SystemTime;

use guests::{CodecDirectory, GuestBuilder, Role};
use tempfile::TempDir;

use support::workspace;

const ROLES: [Role; 2] = [Role::Producer, Role::Consumer];

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

    /// Two codecs that are quick to build.
    fn two_codecs(&self) -> [CodecDirectory; 2] {
        let mut codecs = guests::codecs(&self.root.path().join("clone")).expect("codecs");
        let manifest =
            |codec: &CodecDirectory| fs::read_to_string(codec.directory.join("Cargo.toml")).expect("a manifest");
        codecs.sort_by_key(|codec| manifest(codec).len());
        let mut quick = codecs.into_iter();
        [(); 2].map(|()| quick.next().expect("two codecs"))
    }

    fn build(&self, codec: &CodecDirectory, role: Role) -> PathBuf {
        self.builder.build(&codec.directory, role).unwrap_or_else(|error| panic!("{error}")).file
    }

    fn build_all(&self, codecs: &[CodecDirectory]) -> Vec<Vec<u8>> {
        let all = codecs.iter().flat_map(|codec| ROLES.map(|role| self.build(codec, role)));
        all.map(|wasm| fs::read(wasm).expect("the wasm file")).collect()
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
}

/// Appends a line to a codec's source.
fn append(codec: &CodecDirectory, line: &str) {
    let source = codec.directory.join("src/lib.rs");
    let mut file = OpenOptions::new().append(true).open(source).expect("the codec's source");
    writeln!(file, "{line}").expect("a line more");
}

#[test]
fn nothing_is_built_twice_and_a_change_rebuilds_one_codec() {
    let clone = Clone::new();
    let codecs = clone.two_codecs();
    let first = clone.build_all(&codecs);
    let before = clone.compiled();
    assert!(!before.is_empty());
    assert!(first[0] != first[1], "the producer and the consumer of {} are one", codecs[0].name);

    assert!(clone.build_all(&codecs) == first, "the second build gives other guests");
    assert_eq!(clone.compiled(), before, "the second build compiled something");

    append(&codecs[0], "// A change.");
    clone.build_all(&codecs);
    let stem = clone.build(&codecs[0], Role::Producer).file_stem().expect("a file's name").to_owned();
    let after = clone.compiled();
    let changed = after.iter().filter(|(path, time)| before.get(*path) != Some(*time));
    let changed: BTreeSet<_> = changed.filter_map(|(path, _)| path.file_stem()).collect();
    assert_eq!(changed, BTreeSet::from([stem.as_os_str()]), "a change in {}", codecs[0].name);
}

#[test]
fn a_codec_that_does_not_compile_is_an_error_that_names_it() {
    let clone = Clone::new();
    let [codec, _] = clone.two_codecs();
    append(&codec, r#"compile_error!("broken on purpose");"#);
    let error = clone.builder.build(&codec.directory, Role::Consumer).err().expect("a broken codec");
    for part in ["the consumer of", &codec.name, "broken on purpose"] {
        assert!(error.contains(part), "`{part}` is missing in: {error}");
    }
}

/// Toolchains that are no more than what is asked of one: shell scripts.
#[cfg(unix)]
mod toolchain {
    use std::path::Path;
    use std::process::Command;

    use super::guests::{GuestBuilder, TARGET};
    use super::workspace;

    /// `rustc` that has the target as soon as there is the directory `libdir` beside it.
    const RUSTC: &str = r#"[ "$1 $2 $3" = "--print target-libdir --target" ] && echo "$(dirname "$0")/libdir""#;
    const RUSTUP_ADDS: &str =
        r#"[ "$1 $2" = "target add" ] && mkdir "$(dirname "$0")/libdir" && echo "$3" > "$(dirname "$0")/added""#;
    const RUSTUP_FAILS: &str = "echo 'error: could not download: no network' >&2; exit 1";

    /// Writes a script. Another process does: a file that this one has open for writing cannot be run by
    /// a child that another test starts meanwhile.
    fn script(path: &Path, body: &str) {
        let write = r##"printf '#!/bin/sh\n%s\n' "$2" > "$1" && chmod +x "$1""##;
        let status = Command::new("sh").args(["-c", write, "sh"]).arg(path).arg(body).status();
        assert!(status.expect("a shell").success());
    }

    /// What comes of asking for the target with these tools, in a new directory.
    fn ensure(rustc: Option<&str>, rustup: Option<&str>) -> (tempfile::TempDir, Result<(), String>) {
        let bin = tempfile::tempdir().expect("a temporary directory");
        for (name, body) in [("rustc", rustc), ("rustup", rustup)] {
            if let Some(body) = body {
                script(&bin.path().join(name), body);
            }
        }
        let builder = GuestBuilder::new(workspace(), bin.path()).expect("a builder").with_toolchain(bin.path());
        let result = builder.ensure_target();
        (bin, result)
    }

    #[test]
    fn a_target_that_is_there_is_not_added() {
        let bin = tempfile::tempdir().expect("a temporary directory");
        script(&bin.path().join("rustc"), RUSTC);
        std::fs::create_dir(bin.path().join("libdir")).expect("a directory");
        let builder = GuestBuilder::new(workspace(), bin.path()).expect("a builder").with_toolchain(bin.path());
        assert_eq!(builder.ensure_target(), Ok(()));
    }

    #[test]
    fn a_missing_target_is_added() {
        let (bin, result) = ensure(Some(RUSTC), Some(RUSTUP_ADDS));
        assert_eq!(result, Ok(()));
        let added = std::fs::read_to_string(bin.path().join("added")).expect("what rustup was asked for");
        assert_eq!(added.trim(), TARGET);
    }

    #[test]
    fn where_it_cannot_be_added_the_message_names_the_command() {
        let lacking = [(Some(RUSTUP_FAILS), "no network"), (None, "rustup did not start"), (Some("exit 0"), "")];
        for (rustup, why) in lacking {
            let (_, result) = ensure(Some(RUSTC), rustup);
            let message = result.expect_err("there is no target");
            assert!(message.contains(&format!("rustup target add {TARGET}")), "{message}");
            assert!(message.contains(why), "{message}");
        }
    }
}
