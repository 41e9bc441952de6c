//! What `weft verify --codec` puts a codec through: every codec of the workspace passes, and one that breaks promises is found out in
//! each trial that it can fail, with what is wrong.

use std::fs;
use std::path::Path;

use weft::build::{BuiltGuest, GuestBuilder, GuestCrate, Role};
use weft::cell::Matrix;
use weft::guests::{Codec, File};
use weft::trials::{TRIALS, Trials, Verdict};
use weft_link::Limits;
use weft_link::guest::{Guest, GuestName, Side};

use crate::support::command;
use crate::support::command::weft;
use crate::support::wat;
use crate::support::wat::{ConsumerText, ProducerText, custom_section};
use crate::support::{codecs, guests_directory, in_parallel, small_messages, workspace};

/// A trial of this name.
fn conduct(name: &str, trials: &Trials<'_>) -> Verdict {
    TRIALS.iter().find(|trial| trial.name == name).expect("a trial").conduct(trials)
}

/// What malformed bytes do to all codecs is a test of its own (malformed.rs).
#[test]
fn every_codec_passes_every_trial() {
    let codecs: Vec<&Codec> = codecs().iter().collect();
    let wrong = in_parallel(&codecs, |codec| {
        let trials = Trials::of(codec, small_messages(), Limits::default()).expect("guests");
        let tried = TRIALS.iter().filter(|trial| trial.name != "malformed");
        let verdicts = tried.map(|trial| (trial.name, trial.conduct(&trials)));
        let wrong = verdicts.filter(|(_, verdict)| verdict.is_wrong());
        wrong.map(|(name, verdict)| format!("{} {name}: {}", codec.name, verdict.lines("  "))).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The guests of a fixture.
fn built(name: &str, roles: &[Role], features: &[&str]) -> BuiltGuest {
    let of = GuestCrate::read(&workspace().join("modules/fixtures").join(name)).expect("the fixture");
    let of = GuestCrate { roles: roles.to_vec(), ..of };
    let mut builder = GuestBuilder::new(workspace(), &guests_directory()).expect("a builder");
    for feature in features {
        builder = builder.with_feature(feature);
    }
    builder.build(&[of]).unwrap_or_else(|error| panic!("{error}")).remove(0)
}

fn fixture(name: &str, features: &[&str]) -> Codec {
    let BuiltGuest { producer, consumer, .. } = built(name, &Role::ONE_WAY, features);
    let files = [producer, consumer].map(|path| File::at(path.expect("both guests")).expect("a file"));
    Codec::read(name, files).expect("guests that keep to the ABI")
}

#[test]
fn the_codec_by_hand_passes_every_trial() {
    let codec = fixture("hand", &[]);
    let trials = Trials::of(&codec, small_messages(), Limits::default()).expect("guests");
    for trial in &TRIALS {
        let verdict = trial.conduct(&trials);
        assert!(!verdict.is_wrong(), "{}: {}", trial.name, verdict.lines("  "));
    }
}

#[test]
fn each_broken_promise_is_found_and_said() {
    let codec = fixture("broken", &[]);
    let trials = Trials::of(&codec, small_messages(), Limits::default()).expect("guests");
    let expected: [(&str, &[&str]); 6] = [
        ("exports", &["`receive_ping_own` not exported: export it, or say why not, by \"ping/own\" in `unsupported`"]),
        ("digests", &["ping@1/scan over linked, relay, ", ", message 0: kind is read as 0, but is "]),
        ("repeated", &["blob@1", "when it is sent again, message 0 differs from byte 4 on"]),
        ("trailing", &["blob@1/scan: 1 bytes behind the message change nothing", "more of the same kind"]),
        (
            "malformed",
            &["times the ", "that the good message takes, and 200000): does it ever return?", "it executes more than"],
        ),
        ("memory", &["blob@1/own: 100000 messages made the guests' memory grow by"]),
    ];
    for trial in &TRIALS {
        let lines = trial.conduct(&trials);
        match expected.iter().find(|(name, _)| *name == trial.name) {
            Some((name, parts)) => {
                assert!(lines.is_wrong(), "{name}");
                wat::names(&lines.lines(""), parts);
            }
            None if trial.name == "edges" => wat::names(&lines.lines(""), &["kind is read as 0"]),
            None => assert!(!lines.is_wrong(), "{}: {}", trial.name, lines.lines("")),
        }
    }
}

/// Two fields are wrong, so that no single one explains the digest: the consumer is built once more to say which comes first.
#[test]
fn a_trace_finds_what_a_digest_hides() {
    let codec = fixture("broken", &["twice"]);
    let trials = Trials::of(&codec, small_messages(), Limits::default()).expect("guests");
    wat::names(
        &conduct("digests", &trials).lines(""),
        &["the digest matches no single wrong field", "cargo weft show ping@1"],
    );

    let traced = built("broken", &[Role::Consumer], &["twice", "weft-guest/trace"]);
    let name = GuestName { codec: codec.name.clone(), side: Side::Consumer };
    let wasm = fs::read(traced.consumer.expect("a consumer")).expect("a file");
    let trials = trials.recorded_by(Guest::read(name, &wasm).expect("a guest"));
    wat::names(&conduct("digests", &trials).lines(""), &[", message 0: sequence is read as "]);
}

/// A directory with the two guests of a codec in text.
fn directory(producer: &str, consumer: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("text.producer.wat"), producer).expect("a file");
    fs::write(directory.path().join("text.consumer.wat"), consumer).expect("a file");
    directory
}

fn verified(guests: &Path) -> command::Typed {
    weft(Some(guests), &["verify", "--codec", "text"])
}

#[test]
fn a_misspelt_export_of_a_foreign_guest_is_named() {
    let traits = r#"{"abi": 1, "unsupported": {"*": "text", "blob/peek": "text", "blob/own": "text"}}"#;
    let producer = ProducerText { rest: custom_section(traits), ..ProducerText::default() }.text();
    let consumer = ConsumerText::default().text().replace("receive_blob_peek", "receive_blob_sacn");
    let guests = directory(&producer, &consumer);
    let missing = "the consumer does not export `receive_blob_scan`; it exports `receive_blob_sacn`, which is near";
    verified(guests.path()).expect(1, &["WRONG  exports", missing, "of 11 trials failed"]);
}

#[test]
fn a_codec_that_is_none_is_an_error_that_lists_them() {
    weft(None, &["verify", "--codec", "nosuch"])
        .expect(1, &["there is no codec `nosuch`; there are ", "postcard", "weft new codec nosuch"]);
    weft(None, &["verify", "--codec", "postcard", "--matrix", "quick"]).expect(2, &["cannot be used with"]);
}

#[test]
fn every_matrix_has_sizes_for_the_trials() {
    let kinds: Vec<&str> = Matrix::Full.workloads().iter().map(|(message, _)| message.kind.name).collect();
    assert!(weft_schemas::KINDS.iter().all(|kind| kinds.contains(&kind.name)), "{kinds:?}");
}
