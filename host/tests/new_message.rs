//! `weft new message`: what it makes is built, carried by a codec that has never heard of it, and says what it lacks, in a copy of the
//! workspace.

use std::fs;
use std::process::Command;

use weft::build::{GuestBuilder, GuestCrate};
use weft::cli::new::message::make;
use weft_link::guest::{Guest, GuestName, Side};

use crate::support::clone::clone;
use crate::support::{guests_directory, workspace};

/// Codecs that carry every message, by both families of helpers.
const CODECS: [&str; 2] = ["postcard", "wincode"];

#[test]
fn a_new_message_is_carried_at_once() {
    let copy = tempfile::tempdir().expect("a directory");
    clone(workspace(), copy.path());
    let file = make(copy.path(), "game_update").unwrap_or_else(|error| panic!("{error:#}"));
    let format = Command::new("rustfmt")
        .args(["--check", "--edition", "2024", "--config-path"])
        .arg(workspace())
        .arg(&file)
        .output();
    let format = format.expect("rustfmt");
    assert!(format.status.success(), "{}", String::from_utf8_lossy(&format.stdout));

    let crates = CODECS.map(|name| GuestCrate::read(&copy.path().join("modules/codecs").join(name)).expect("a codec"));
    let builder = GuestBuilder::new(copy.path(), &guests_directory()).expect("a builder");
    for built in builder.build(&crates).unwrap_or_else(|error| panic!("{error}")) {
        let read = |side, path: Option<std::path::PathBuf>| {
            let bytes = fs::read(path.expect("both guests")).expect("a file");
            Guest::read(GuestName { codec: built.name.clone(), side }, &bytes).expect("a guest")
        };
        let (producer, consumer) = (read(Side::Producer, built.producer), read(Side::Consumer, built.consumer));
        assert!(
            ["prepare", "produce"].iter().all(|export| producer.has(&format!("{export}_game_update"))),
            "{}",
            built.name
        );
        let tasks = ["peek", "scan", "own"];
        assert!(tasks.iter().all(|task| consumer.has(&format!("receive_game_update_{task}"))), "{}", built.name);
    }

    // What was made is taken.
    let error = make(copy.path(), "game_update").expect_err("it is there").to_string();
    assert!(error.contains("a module `game_update` already"), "{error}");
}
