//! Guests that hold the program: they loop, grow or recurse without end, wherever they are called. The program ends all
//! the same, names each of them, and verifies those beside them.

use std::fs;

use tempfile::TempDir;

use crate::support;
use crate::support::codecs;
use crate::support::command::{Typed, limited};
use crate::support::wat::{ConsumerText, ProducerText, names};

/// What guests may take in these tests.
const LIMITS: &str = "memory=64MiB,table=10000";

/// A way to take without end: its name, a body of type `i64` for a function `$held`, and what is said about it.
struct Way {
    name: &'static str,
    body: &'static str,
    said: &'static str,
}

const LOOP: Way = Way {
    name: "loop",
    body: "(loop $again (br $again)) (i64.const 0)",
    said: "does not return: the host was silent for 5 s after it had begun, and was ended",
};

const OTHERS: [Way; 3] = [
    Way {
        name: "memory",
        body: "(loop $again (drop (memory.grow (i32.const 1))) (br $again)) (i64.const 0)",
        said: "forcing trap when growing memory to 67174400 bytes; raise the limit with WEFT_LIMITS=memory=",
    },
    Way {
        name: "table",
        body: "(loop $again (drop (table.grow $table (ref.null func) (i32.const 100))) (br $again)) (i64.const 0)",
        said: "forcing trap when growing table to 10001 elements; ",
    },
    Way { name: "recursion", body: "(i64.add (i64.const 1) (call $held))", said: "call stack exhausted" },
];

/// Where a guest takes without end, and how errors call that: the side and its export.
const PLACES: [(&str, &str, &str); 7] = [
    ("prepare", "producer", "prepare_blob"),
    ("outbox", "producer", "outbox"),
    ("produce", "producer", "produce_blob"),
    ("start-near", "producer", "start"),
    ("inbox", "consumer", "inbox"),
    ("receive", "consumer", "receive_blob_peek"),
    ("start-far", "consumer", "start"),
];

/// Two guests in text of which one takes without end, in one place.
fn texts(way: &Way, place: &str) -> [String; 2] {
    // As many messages as it is asked for, which is the second parameter.
    let produce = "(local $sum i64)
        (loop $again
          (local.set $sum (i64.add (local.get $sum) (call $send (global.get $outbox) (i32.const 8))))
          (br_if $again (local.tee $len (i32.sub (local.get $len) (i32.const 1)))))
        (local.get $sum)"
        .to_owned();
    let (mut near, mut far) = (ProducerText { produce, ..ProducerText::default() }, ConsumerText::default());
    let held = format!("(table $table 1 funcref) (func $held (result i64) {})", way.body);
    let start = format!("{held} (func $start (drop (call $held))) (start $start)");
    let call = "(call $held)".to_owned();
    match place {
        "prepare" => (near.prepare, near.rest) = (call, held),
        "outbox" => (near.outbox, near.rest) = (call, held),
        "produce" => (near.produce, near.rest) = (call, held),
        "start-near" => near.rest = start,
        "inbox" => (far.inbox, far.rest) = (call, far.rest + &held),
        "receive" => (far.receive, far.rest) = (call, far.rest + &held),
        "start-far" => far.rest += &start,
        other => panic!("{other} is no place"),
    }
    [near.text(), far.text()]
}

/// A directory with a good codec, and with one for each of these ways in each of these places: `<way>-<place>`.
fn directory(ways: &[Way], places: &[(&str, &str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    let write = |name: String, content: &[u8]| fs::write(directory.path().join(name), content).expect("a file");
    let bytes = codecs().iter().find(|codec| codec.name == "bytes").expect("a codec");
    write("good.producer.wasm".to_owned(), &bytes.producer.wasm);
    write("good.consumer.wasm".to_owned(), &bytes.consumer.wasm);
    for way in ways {
        for (place, ..) in places {
            let [near, far] = texts(way, place);
            write(format!("{}-{place}.producer.wat", way.name), near.as_bytes());
            write(format!("{}-{place}.consumer.wat", way.name), far.as_bytes());
        }
    }
    directory
}

/// The line that says what is wrong with a cell.
fn wrong<'a>(verified: &'a Typed, cell: &str) -> &'a str {
    let begins = format!("WRONG {cell}: ");
    let found = verified.stdout.lines().find(|line| line.starts_with(&begins));
    found.unwrap_or_else(|| panic!("no `{begins}` in {}{}", verified.stdout, verified.stderr))
}

#[test]
fn guests_that_take_more_and_more_trap_and_are_named() {
    let guests = directory(&OTHERS, &PLACES);
    let ways = OTHERS.map(|way| way.name).join("|");
    let filter = format!("^blob@64/peek/(good|({ways})-.*)/");
    let verified = limited(Some(guests.path()), LIMITS, &["verify", &filter]);
    let transports: Vec<_> = support::transports().map(|transport| transport.name()).collect();
    let bad = OTHERS.len() * PLACES.len() * transports.len();
    verified.expect(1, &[&format!("{} cells verified, {bad} wrong, 0 unsupported", transports.len())]);
    for way in &OTHERS {
        for (place, side, export) in PLACES {
            for transport in &transports {
                let codec = format!("{}-{place}", way.name);
                let line = wrong(&verified, &format!("blob@64/peek/{codec}/{transport}"));
                names(line, &[&format!("the {side} of `{codec}` trapped in `{export}`"), way.said]);
            }
        }
    }
}

/// Over one store and over two. Each takes the five seconds that a host may be silent.
#[test]
fn guests_that_loop_for_ever_are_ended_and_named() {
    let guests = directory(&[LOOP], &PLACES);
    let verified = limited(Some(guests.path()), LIMITS, &["verify", "^blob@64/peek/(good|loop-.*)/(direct|linked)$"]);
    verified.expect(1, &[&format!("2 cells verified, {} wrong, 0 unsupported", 2 * PLACES.len())]);
    for (place, ..) in PLACES {
        for transport in ["direct", "linked"] {
            let line = wrong(&verified, &format!("blob@64/peek/loop-{place}/{transport}"));
            names(line, &[&format!("a guest of `loop-{place}` {}", LOOP.said)]);
        }
    }
}

/// A codec that has held the host twice is not asked a third time, and says so.
#[test]
fn a_codec_that_holds_the_host_again_and_again_is_not_tried_for_ever() {
    let guests = directory(&[LOOP], &PLACES[..1]);
    let verified = limited(Some(guests.path()), LIMITS, &["verify", "^blob@(64|65536)/peek/(good|loop-.*)/"]);
    let each = 2 * support::transports().count();
    verified.expect(1, &[&format!("{each} cells verified, {each} wrong, 0 unsupported")]);
    let lines: Vec<_> = verified.stdout.lines().filter(|line| line.starts_with("WRONG ")).collect();
    let (ended, not_tried): (Vec<&str>, Vec<&str>) = lines.iter().partition(|line| line.contains(LOOP.said));
    assert_eq!((ended.len(), not_tried.len()), (2, each - 2), "{}", verified.stdout);
    for line in not_tried {
        names(
            line,
            &["not tried, because a guest of `loop-prepare` did not return before: blob@64/peek/loop-prepare/"],
        );
    }
}

/// Metered guests are slower, and as endless.
#[test]
fn counting_ends_with_an_error_that_names_the_guest() {
    let guests = directory(&[LOOP], &PLACES[4..5]);
    let counted =
        limited(Some(guests.path()), LIMITS, &["count", "--matrix", "full", "^blob@64/peek/(good|loop-inbox)/direct$"]);
    counted.expect(
        1,
        &[
            "1 cells cannot be counted",
            &format!("blob@64/peek/loop-inbox/direct: a guest of `loop-inbox` {}", LOOP.said),
        ],
    );
    assert!(counted.stdout.is_empty(), "figures without the cell: {}", counted.stdout);

    let guests = directory(&OTHERS, &PLACES[4..5]);
    let counted =
        limited(Some(guests.path()), LIMITS, &["count", "--matrix", "full", "^blob@64/peek/.*-inbox/direct$"]);
    for Way { name, said, .. } in OTHERS {
        counted.expect(1, &["3 cells cannot be counted", &format!("the consumer of `{name}-inbox` trapped"), said]);
    }
}

/// What guests may take is what somebody says.
#[test]
fn limits_are_those_of_the_environment() {
    let guests = directory(&[], &[]);
    let verify = |limits| limited(Some(guests.path()), limits, &["verify", "^blob@65536/own/good/linked$"]);
    verify("memory=64MiB").expect(0, &["1 cells verified, 0 wrong"]);
    verify("memory=128KiB").expect(1, &["WRONG blob@65536/own/good/linked", "of `good`"]);
    verify("instances=1").expect(1, &["WRONG blob@65536/own/good/linked", "of `good`"]);
    verify("heap=1").expect(2, &["WEFT_LIMITS=heap=1", "there are memory, table, instances and stack"]);
}
