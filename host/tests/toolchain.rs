//! Toolchains that are no more than what is asked of one: shell scripts.

use std::path::Path;
use std::process::Command;

use weft::build::{BuildError, GuestBuilder, GuestCrate};

use crate::support::{guests_directory, workspace};

const TARGET: &str = "wasm32-unknown-unknown";

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
fn ensure(rustc: Option<&str>, rustup: Option<&str>) -> (tempfile::TempDir, Result<(), BuildError>) {
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
    builder.ensure_target().expect("it is there");
}

#[test]
fn a_missing_target_is_added() {
    let (bin, result) = ensure(Some(RUSTC), Some(RUSTUP_ADDS));
    result.expect("it is there now");
    let added = std::fs::read_to_string(bin.path().join("added")).expect("what rustup was asked for");
    assert_eq!(added.trim(), TARGET);
}

#[test]
fn where_it_cannot_be_added_the_message_names_the_command() {
    let lacking = [(Some(RUSTUP_FAILS), "no network"), (None, "rustup did not start"), (Some("exit 0"), "")];
    for (rustup, why) in lacking {
        let (_, result) = ensure(Some(RUSTC), rustup);
        let message = result.expect_err("there is no target").to_string();
        assert!(message.contains(&format!("rustup target add {TARGET}")), "{message}");
        assert!(message.contains(why), "{message}");
    }
}

#[test]
fn guests_that_are_kept_need_no_cargo() {
    let bin = tempfile::tempdir().expect("a temporary directory");
    script(&bin.path().join("rustc"), r#"exec rustc "$@""#);
    let codec = [GuestCrate::read(&workspace().join("modules/codecs/null")).expect("a codec")];
    let (target, new) = (guests_directory(), tempfile::tempdir().expect("a temporary directory"));
    let builder = |target| GuestBuilder::new(workspace(), target).expect("a builder");
    let built = builder(&target).build(&codec).unwrap_or_else(|error| panic!("{error}"));
    let kept = builder(&target).with_toolchain(bin.path()).build(&codec).expect("what is kept");
    assert_eq!((&kept[0].producer, &kept[0].consumer), (&built[0].producer, &built[0].consumer));
    let elsewhere = builder(new.path()).with_toolchain(bin.path()).build(&codec);
    let error = elsewhere.expect_err("there is no cargo").to_string();
    assert!(error.contains("/cargo`, which does not start"), "{error}");
}
