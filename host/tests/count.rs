//! `weft count` as users type it: its forms, its exit codes, and what becomes of the files that it is given.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;
use weft::exact::ExactFile;

use crate::support::command::{Typed, weft};

const CELLS: &str = "^ping@1/scan/bincode/(adapter|linked)";
const FIGURE: &str = "/encode/ping@1~1bincode/instructions";

fn count(arguments: &[&str]) -> Typed {
    weft(None, &[&["count"], arguments].concat())
}

fn json() -> String {
    let typed = count(&[CELLS, "--format", "json"]);
    typed.expect(0, &[]);
    typed.stdout
}

/// A file with the figures of the cells, one of them replaced.
fn kept(pointer: &str, value: impl FnOnce(&Value) -> Value) -> (TempDir, PathBuf) {
    let mut document: Value = serde_json::from_str(&json()).expect("JSON");
    let place = document.pointer_mut(pointer).unwrap_or_else(|| panic!("there is no {pointer}"));
    *place = value(place);
    written(&document.to_string())
}

fn written(content: &str) -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("exact.json");
    fs::write(&path, content).expect("a file");
    (directory, path)
}

fn check(path: &Path, more: &[&str]) -> Typed {
    count(&[&[CELLS, "--check", &path.display().to_string()], more].concat())
}

fn plus(more: f64) -> impl FnOnce(&Value) -> Value {
    move |value| json!(value.as_f64().expect("a number") + more)
}

#[test]
fn tables_for_people() {
    let typed = count(&[CELLS]);
    let parts =
        ["The producer: encoding a message", "The consumer: reading it", "adapter", "linked", "instructions", "ping@1"];
    typed.expect(0, &parts);
    assert!(!typed.stdout.contains("\n  direct"), "{}", typed.stdout);
}

#[test]
fn json_is_the_same_bit_for_bit_and_reads_back() {
    let (first, second) = (json(), json());
    assert!(first == second, "two runs differ");
    let file: ExactFile = serde_json::from_str(&first).expect("exact figures");
    assert_eq!(file.to_json().expect("JSON"), first);
    assert_eq!((file.encode.len(), file.read.len(), file.transport.len(), file.found.len()), (1, 1, 2, 2));
}

#[test]
fn equal_figures_are_fine() {
    let (_directory, path) = kept("/schema_version", Value::clone);
    let typed = check(&path, &[]);
    typed.expect(0, &["0 figures grew, 0 shrank, 0 differ"]);
    assert!(!typed.stdout.contains("--write"), "{}", typed.stdout);
}

#[test]
fn a_grown_figure_is_code_3_with_both_values() {
    let (_directory, path) = kept(FIGURE, plus(-1.0));
    let old = fs::read_to_string(&path).expect("the file");
    let value = serde_json::from_str::<Value>(&json())
        .expect("JSON")
        .pointer(FIGURE)
        .and_then(Value::as_f64)
        .expect("a number");
    let line = format!("GREW: encode ping@1/bincode instructions: {} → {value}", value - 1.0);
    check(&path, &[]).expect(3, &[&line, "1 figures grew", "cargo weft count --write"]);
    assert_eq!(fs::read_to_string(&path).expect("the file"), old, "--check changed the file");
    let typed = check(&path, &["--format", "json"]);
    typed.expect(3, &[]);
    let differences: Value = serde_json::from_str(&typed.stdout).expect("JSON");
    assert_eq!(
        differences["grew"][0],
        json!({"figure": "encode ping@1/bincode instructions", "old": value - 1.0, "new": value})
    );
}

#[test]
fn a_shrunk_figure_is_mentioned() {
    let (_directory, path) = kept(FIGURE, plus(1.0));
    check(&path, &[]).expect(0, &["shrank: encode ping@1/bincode instructions", "0 figures grew, 1 shrank"]);
}

#[test]
fn another_toolchain_is_shown_and_excuses_the_guests_but_not_the_transport() {
    let other = |file: &Path, pointer: &str| {
        let mut document: Value = serde_json::from_str(&fs::read_to_string(file).expect("the file")).expect("JSON");
        document["rustc"] = json!("rustc 1.0.0");
        let figure = document.pointer_mut(pointer).unwrap_or_else(|| panic!("there is no {pointer}"));
        *figure = json!(figure.as_f64().expect("a number") - 1.0);
        fs::write(file, document.to_string()).expect("the file");
    };
    let (_directory, path) = kept("/schema_version", Value::clone);
    other(&path, FIGURE);
    check(&path, &[])
        .expect(0, &["note: the toolchain was rustc 1.0.0", "differs, which the change is not blamed for", "1 differ"]);

    let (_directory, path) = kept("/schema_version", Value::clone);
    let file: ExactFile = serde_json::from_str(&json()).expect("exact figures");
    let adapter = file.transport.keys().find(|key| key.starts_with("adapter/")).expect("adapter");
    other(&path, &format!("/transport/{}/transport_copied_bytes", adapter.replace('/', "~1")));
    check(&path, &[]).expect(3, &["GREW: transport adapter/", "transport_copied_bytes"]);
}

#[test]
fn rows_that_are_new_are_named() {
    let (_directory, path) = kept("/encode", |_| json!({}));
    check(&path, &[]).expect(0, &["not kept yet: encode ping@1/bincode"]);
}

#[test]
fn files_that_hold_no_figures_are_named_and_kept() {
    let good = json();
    let newer = good.replacen("\"schema_version\": 1", "\"schema_version\": 2", 1);
    let cases = [
        ("", "EOF while parsing"),
        (&good[..good.len() / 2], "EOF while parsing"),
        ("[1, 2]", "holds no exact figures"),
        (&newer, "schema version 2"),
        ("{\"schema_version\": 1}", "missing field"),
        ("{\"a run\": true}", "holds no exact figures"),
    ];
    for (content, reason) in cases {
        let (_directory, path) = written(content);
        check(&path, &[]).expect(1, &[&path.display().to_string(), reason]);
        assert_eq!(fs::read_to_string(&path).expect("the file"), content, "the file was changed");
    }
    let directory = tempfile::tempdir().expect("a directory");
    let missing = directory.path().join("exact.json");
    check(&missing, &[]).expect(1, &["cannot read", "cargo weft count --write"]);
    assert!(!missing.exists());
    check(directory.path(), &[]).expect(1, &["cannot read"]);
}

#[test]
fn mistakes_have_their_exit_codes() {
    let (_directory, path) = written("kept");
    let file = path.display().to_string();
    let cases: [(&[&str], i32, &str); 6] = [
        (&[CELLS, "--write", &file], 2, "cannot be used with"),
        (&["--write", &file, "--check", &file], 2, "cannot be used with"),
        (&["("], 2, "not a regular expression"),
        (&["no-such-cell"], 1, "cargo weft list"),
        (&["--matrix", "huge"], 2, "there are quick, core and full"),
        (&["--format", "xml"], 2, "possible values"),
    ];
    for (arguments, code, reason) in cases {
        count(arguments).expect(code, &[reason]);
    }
    assert_eq!(fs::read_to_string(&path).expect("the file"), "kept");
    count(&["--help"]).expect(0, &["cargo weft count --write results/exact.json"]);
}

#[test]
fn a_target_that_cannot_be_written_is_named_before_anybody_waits() {
    let directory = tempfile::tempdir().expect("a directory");
    let inside = directory.path().join("missing/exact.json");
    count(&["--write", &inside.display().to_string()]).expect(1, &["cannot write", "missing/exact.json"]);
    count(&["--write", &directory.path().display().to_string()]).expect(1, &["cannot write", "name a file in it"]);
    assert!(fs::read_dir(directory.path()).expect("the directory").next().is_none(), "something was left behind");
}
