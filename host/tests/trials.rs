//! What `weft verify --codec` puts a codec through: every codec of the workspace passes, and one that breaks promises is found out in
//! each trial that it can fail, with what is wrong.

use std::fs;
use std::path::Path;

use weft::build::{BuiltGuest, GuestBuilder, GuestCrate, Role};
use weft::cell::Matrix;
use weft::guests::{Codec, File, catalog};
use weft::trials::{TRIALS, Trials, Verdict};
use weft_link::Limits;
use weft_link::guest::{Guest, GuestName, Side};
use weft_schemas::WATERMARKED;

use crate::support::command;
use crate::support::command::weft;
use crate::support::wat;
use crate::support::wat::{ConsumerText, ProducerText, custom_section};
use crate::support::{codecs, guests_directory, in_parallel, message, small_messages, workspace};

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
    // A ping is never larger than an outbox.
    assert!(matches!(conduct("capacity", &trials), Verdict::Unknown(_)));
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

/// A codec of two guests in text.
fn text_codec(producer: &str, consumer: &str) -> Codec {
    let file = |side, text| File::holding(&wat::read(side, text).expect("a guest").wasm).expect("a file");
    let files = [file(Side::Producer, producer), file(Side::Consumer, consumer)];
    Codec::read("text", files).expect("guests that keep to the ABI")
}

/// Trials of a codec with blobs of 64 bytes.
fn of_blobs(codec: &Codec) -> Trials<'_> {
    Trials::of(codec, vec![message("blob@64")], Limits::default()).expect("guests")
}

/// What is said of a codec that peeks into blobs and gives reasons for the rest that goes one way.
const PEEKS: &str = r#"{"abi": 1, "unsupported": {"*": "text", "blob/scan": "text", "blob/own": "text"}}"#;

/// A producer that asks, by a function with this body; and a consumer with this function that answers.
fn asking(request: &str, answer: &str) -> Codec {
    let good = ConsumerText::default();
    let region = |name: &str| format!(r#"(func (export "{name}") (param $capacity i32) (result i64) {})"#, good.inbox);
    let ask = format!(r#"(func (export "request_blob") (param i32 i32) (result i64) {request})"#);
    let rest = custom_section(PEEKS) + &region("inbox") + &ask;
    let producer = ProducerText { rest, ..ProducerText::default() }.text();
    let consumer = ConsumerText { rest: good.rest.clone() + &region("outbox") + answer, ..good }.text();
    text_codec(&producer, &consumer)
}

/// Another message than is asked for, and a name that is nearly right.
#[test]
fn answers_that_nobody_asks_for_are_wrong() {
    let answer =
        |name| format!(r#"(func (export "{name}") (param $ptr i32) (param $len i32) (result i64) (i64.const -1))"#);
    let cases = [
        (
            "receive_ping_reply",
            "`receive_blob_reply` not exported: export it, or say why not, by \"blob/reply\" in `unsupported`",
        ),
        ("receive_blob_repyl", "does not export `receive_blob_reply`; it exports `receive_blob_repyl`, which is near"),
    ];
    for (export, said) in cases {
        let codec = asking("(i64.const 0)", &answer(export));
        let trials = of_blobs(&codec);
        let exports = conduct("exports", &trials);
        assert!(exports.is_wrong(), "{export}");
        wat::names(&exports.lines(""), &[said]);
        assert!(matches!(conduct("replies", &trials), Verdict::Unknown(_)), "{export}: nothing was tried");
    }
}

#[test]
fn a_replier_that_keeps_something_of_each_message_is_found() {
    let answer = r#"(func (export "receive_blob_reply") (param $ptr i32) (param $len i32) (result i64)
        (drop (memory.grow (i32.const 1))) (i64.extend_i32_u (local.get $ptr)))"#;
    let codec = asking("(drop (call $send (global.get $outbox) (i32.const 8))) (i64.const 0)", answer);
    let memory = conduct("memory", &of_blobs(&codec));
    assert!(memory.is_wrong(), "{memory:?}");
    wat::names(&memory.lines(""), &["blob@64/reply: ", "made the guests' memory grow by"]);
}

/// Why a message is not carried says nothing of replies.
#[test]
fn why_there_are_no_replies_is_said_of_replies() {
    let codec = |key: &str| {
        let traits =
            format!(r#"{{"abi": 1, "unsupported": {{"*": "text", "ping": "the reason", "{key}": "the reason"}}}}"#);
        let producer = ProducerText { rest: custom_section(&traits), ..ProducerText::default() }.text();
        text_codec(&producer, &ConsumerText::default().text())
    };
    for key in ["reply", "blob/reply"] {
        let said = conduct("replies", &of_blobs(&codec(key)));
        assert_eq!(said, Verdict::Passed("none: the reason".to_owned()), "{key}");
    }
    assert!(matches!(conduct("replies", &of_blobs(&codec("blob/own"))), Verdict::Unknown(_)));
}

/// What a guest need not do is no fault of it: knowing the seed of watermarks, and having no memory but the one that it imports.
#[test]
fn where_copies_cannot_be_found_they_are_unknown() {
    let unknown = |producer: &ProducerText, consumer: &ConsumerText, why: &str| {
        let codec = text_codec(&producer.text(), &consumer.text());
        match conduct("copies", &of_blobs(&codec)) {
            Verdict::Unknown(said) => wat::names(&said, &[why]),
            other => panic!("{other:?}"),
        }
    };
    let (producer, consumer) = (ProducerText::default(), ConsumerText::default());
    let refuses = format!(
        "(if (i64.eq (local.get $seed) (i64.const {WATERMARKED:#x})) (then (return (i64.const -19)))) {}",
        producer.prepare
    );
    let refuses = ProducerText { prepare: refuses, ..producer.clone() };
    unknown(&refuses, &consumer, "the producer does not generate watermarked messages");
    let memory = "(memory $own 1) (func $load (result i32) (i32.load $own (i32.const 0)))";
    let two = ConsumerText { rest: consumer.rest.clone() + memory, ..consumer };
    unknown(&producer, &two, "it uses memory 1");
}

/// Guests that are right, and may not have the memory that large messages take of both together.
#[test]
fn limits_that_are_reached_are_no_wrong_addresses() {
    let wat = catalog(|name| name == "wat").expect("the codec in text").remove(0);
    let of = |memory_bytes| {
        let limits = Limits { memory_bytes, ..Limits::default() };
        Trials::of(&wat, vec![message("blob@1048576")], limits).expect("guests")
    };
    let digests = conduct("digests", &of(10 << 20));
    let said = digests.lines("");
    assert!(digests.is_wrong() && !said.contains("only linked is wrong"), "{said}");
    wat::names(&said, &["blob@1048576/own over linked", "raise the limit with WEFT_LIMITS=memory="]);
    match conduct("copies", &of(3 << 20)) {
        Verdict::Unknown(why) => wat::names(&why, &["too large for the memory that guests may have"]),
        other => panic!("{other:?}"),
    }
    assert!(!conduct("digests", &of(64 << 20)).is_wrong(), "with more memory");
}

/// With messages that a codec does not carry, nothing is tried, and nothing passes.
#[test]
fn where_nothing_is_tried_nothing_passes() {
    let codec = text_codec(&ProducerText::default().text(), &ConsumerText::default().text());
    let trials = Trials::of(&codec, vec![message("ping@1")], Limits::default()).expect("guests");
    let of_sizes = ["digests", "replies", "repeated", "places", "trailing", "memory", "copies"];
    for trial in TRIALS.iter().filter(|trial| of_sizes.contains(&trial.name)) {
        let verdict = trial.conduct(&trials);
        assert!(matches!(verdict, Verdict::Unknown(_)), "{}: {}", trial.name, verdict.lines(""));
    }
}

#[test]
fn a_misspelt_export_of_a_foreign_guest_is_named() {
    let traits = r#"{"abi": 1, "unsupported": {"*": "text", "blob/peek": "text", "blob/own": "text"}}"#;
    let rest = custom_section(traits) + r#"(func (export "_initialize"))"#;
    let producer = ProducerText { rest, ..ProducerText::default() }.text();
    let consumer = ConsumerText::default().text().replace("receive_blob_peek", "receive_blob_sacn");
    let guests = directory(&producer, &consumer);
    let missing = "the consumer does not export `receive_blob_scan`; it exports `receive_blob_sacn`, which is near";
    let waits = "the producer exports `_initialize`, which no host calls: docs/ABI.md";
    verified(guests.path()).expect(1, &["WRONG  exports", missing, "of 11 trials failed", waits]);
}

#[test]
fn a_codec_that_is_none_is_an_error_that_lists_them() {
    weft(None, &["verify", "--codec", "nosuch"])
        .expect(1, &["there is no codec `nosuch`; there are ", "postcard", "weft new codec nosuch"]);
    weft(None, &["verify", "--codec", "wa"]).expect(1, &["there is no codec `wa`; is it `wat`? There are ", ", wat, "]);
    weft(None, &["verify", "--codec", "postcard", "--matrix", "quick"]).expect(2, &["cannot be used with"]);
}

#[test]
fn every_matrix_has_sizes_for_the_trials() {
    let kinds: Vec<&str> = Matrix::Full.workloads().iter().map(|(message, _)| message.kind.name).collect();
    assert!(weft_schemas::KINDS.iter().all(|kind| kinds.contains(&kind.name)), "{kinds:?}");
}
