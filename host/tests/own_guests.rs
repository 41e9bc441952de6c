//! `WEFT_GUESTS`: guests of one's own, and what is said where they cannot be used.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use weft::guests::{Codec, catalog_replying};
use weft_schemas::Task;

use crate::support::command::weft;
use crate::support::wat;
use crate::support::wat::{ConsumerText, NOTHING_SPECIAL, ProducerText, custom_section};
use crate::support::{codecs, transports};

/// A directory with these files.
fn directory(files: &[(&str, &[u8])]) -> TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    for (name, content) in files {
        fs::write(directory.path().join(name), content).expect("a file");
    }
    directory
}

/// A codec of the workspace.
fn codec(name: &str) -> &'static Codec {
    codecs().iter().find(|codec| codec.name == name).expect("the codec")
}

/// What a codec says of itself in a line.
fn about(codec: &Codec) -> &str {
    codec.traits.about.as_deref().expect("the workspace's codecs describe themselves")
}

fn producer() -> String {
    ProducerText { rest: custom_section(NOTHING_SPECIAL), ..ProducerText::default() }.text()
}

#[test]
fn modules_of_a_directory_are_codecs_like_the_others() {
    let bytes = codec("bytes");
    let guests = directory(&[
        ("mine-2.producer.wasm", &bytes.producer.wasm),
        ("mine-2.consumer.wasm", &bytes.consumer.wasm),
        ("README.md", b"not a guest"),
    ]);
    let from = format!("from {}", guests.path().display());
    weft(Some(guests.path()), &["list"]).expect(0, &["mine-2", &from, about(bytes)]);
    weft(Some(guests.path()), &["verify", "^ping@1/.*/mine-2/", "--matrix", "full"])
        .expect(0, &[&format!("{} cells verified, 0 wrong", Task::ONE_WAY.len() * transports().count())]);
    let counted = weft(Some(guests.path()), &["count", "^ping@1/scan/(mine-2|bytes)/linked"]);
    counted.expect(0, &[]);
    // All its figures are those of the codec that it is a copy of: a row for each half, and one for the copies.
    let rows = |name: &str| -> Vec<Vec<String>> {
        let rows = counted.stdout.lines().map(|row| row.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        let rows =
            rows.filter(|row| row.first().is_some_and(|cell| cell == "ping@1") && row.iter().any(|cell| cell == name));
        rows.map(|row| row.into_iter().filter(|cell| cell != name).collect()).collect()
    };
    assert_eq!(rows("mine-2"), rows("bytes"), "{}", counted.stdout);
    assert_eq!(rows("mine-2").len(), 3, "{}", counted.stdout);
}

#[test]
fn guests_in_text_are_codecs_as_well() {
    let (near, far) = (producer(), ConsumerText::default().text());
    let guests = directory(&[("text.producer.wat", near.as_bytes()), ("text.consumer.wat", far.as_bytes())]);
    weft(Some(guests.path()), &["list"]).expect(0, &["text", "a guest in text", "blob/own"]);
    // It sends something else than a blob's bytes, which verification finds.
    weft(Some(guests.path()), &["verify", "^blob@64/peek/text/direct"]).expect(1, &["WRONG blob@64/peek/text/direct"]);
}

#[test]
fn a_codec_of_the_same_name_is_replaced() {
    let bytes = codec("bytes");
    let guests =
        directory(&[("bincode.producer.wasm", &bytes.producer.wasm), ("bincode.consumer.wasm", &bytes.consumer.wasm)]);
    let list = weft(Some(guests.path()), &["list"]);
    list.expect(0, &["from "]);
    assert!(!list.stdout.contains(about(codec("bincode"))), "{}", list.stdout);
    weft(Some(guests.path()), &["verify", "^log@1/own/bincode/linked"]).expect(0, &["1 cells verified, 0 wrong"]);
}

/// Asserts that a directory is refused with its path, what is wrong, and where to read on.
fn refused(guests: &Path, parts: &[&str]) {
    let path = guests.display().to_string();
    for arguments in [&["list"][..], &["verify", "ping"], &["count", "ping"]] {
        weft(Some(guests), arguments).expect(1, &[&[path.as_str(), "WEFT_GUESTS", "docs/ABI.md"], parts].concat());
    }
}

#[test]
fn a_directory_that_is_none() {
    let empty = directory(&[("README.md", b"")]);
    refused(empty.path(), &["holds no guests", "<codec>.producer.wasm"]);
    refused(&empty.path().join("missing"), &["cannot be listed"]);
    refused(&empty.path().join("README.md"), &["cannot be listed"]);
    // Not set and set to nothing are the same.
    weft(Some(Path::new("")), &["list"]).expect(0, &["bincode"]);
}

#[test]
fn a_half_that_is_missing_or_there_twice() {
    let bytes = codec("bytes");
    let one = directory(&[("mine.producer.wasm", &bytes.producer.wasm)]);
    refused(one.path(), &["mine.producer", "add mine.consumer.wasm"]);
    let other = directory(&[("mine.consumer.wasm", &bytes.consumer.wasm)]);
    refused(other.path(), &["mine.consumer", "add mine.producer.wasm"]);
    let twice = directory(&[
        ("mine.consumer.wasm", &bytes.consumer.wasm),
        ("mine.producer.wasm", &bytes.producer.wasm),
        ("mine.producer.wat", b"(module)"),
    ]);
    refused(twice.path(), &["mine.producer.wasm and mine.producer.wat", "remove one"]);
    for name in ["mine.wasm", "producer.wasm", ".producer.wasm", "a b.producer.wasm", "mine.sender.wasm"] {
        refused(directory(&[(name, &bytes.producer.wasm)]).path(), &["is not named like a guest", name]);
    }
}

#[test]
fn modules_that_are_damaged_or_no_guests() {
    let bytes = codec("bytes");
    let (near, far) = (&bytes.producer.wasm, &bytes.consumer.wasm);
    let mut flipped = near.to_vec();
    // In the code, where only validation looks.
    let middle = flipped.len() / 2;
    flipped[middle..middle + 64].fill(0xFF);
    let file = "mine.producer.wasm";
    for damaged in [&near[..near.len() / 2], &flipped, b"", b"\0asm", b"no module"] {
        let guests = directory(&[(file, damaged), ("mine.consumer.wasm", far)]);
        refused(guests.path(), &[file, "no valid WebAssembly module", "build it again"]);
    }
    // The wrong way round, and of another version.
    let swapped = directory(&[(file, far), ("mine.consumer.wasm", near)]);
    refused(swapped.path(), &["the producer of `mine`", "outbox"]);
    let newer = ProducerText { rest: custom_section(r#"{"abi": 2}"#), ..ProducerText::default() }.text();
    let text = directory(&[("mine.producer.wat", newer.as_bytes()), ("mine.consumer.wasm", far)]);
    refused(text.path(), &["the producer of `mine`", "weft.traits", "version 2 of the ABI"]);
    let component = directory(&[("mine.producer.wat", b"(component)"), ("mine.consumer.wasm", far)]);
    refused(component.path(), &["the producer of `mine`", "it is a component, and weft takes core modules"]);
}

/// Records where bytes are said, and bytes where records are: nobody could try them.
#[test]
fn typed_messages_that_are_none() {
    let far = ConsumerText::default().text();
    let says = |traits: &str, more: &str| {
        let rest = custom_section(traits) + more;
        ProducerText { rest, ..ProducerText::default() }.text()
    };
    let types = "(@custom \"weft.types\" \"blob 8 (list u64)\")";
    let typed = says(r#"{"typed": true}"#, "");
    let guests = directory(&[("mine.producer.wat", typed.as_bytes()), ("mine.consumer.wat", far.as_bytes())]);
    refused(
        guests.path(),
        &["the producer of `mine`", "`weft.types`: there is none, but the traits", "\"typed\": true"],
    );
    let bytes = says("{}", types);
    let guests = directory(&[("mine.producer.wat", bytes.as_bytes()), ("mine.consumer.wat", far.as_bytes())]);
    refused(guests.path(), &["the producer of `mine`", "`weft.types`: there is one, but the traits", "do not say"]);
    let both = says(r#"{"typed": true}"#, types);
    let guests = directory(&[("mine.producer.wat", both.as_bytes()), ("mine.consumer.wat", far.as_bytes())]);
    refused(guests.path(), &["the consumer of `mine`", "`weft.types`: there is none"]);
}

#[test]
fn guests_of_replies_that_speak_another_version() {
    let (near, far) = (producer(), ConsumerText::default().text());
    let region = |name: &str| {
        format!(r#"(func (export "{name}") (param $capacity i32) (result i64) {})"#, ConsumerText::default().inbox)
    };
    let newer = custom_section(r#"{"abi": 2}"#);
    let rest = |traits: &str, name: &str, more: String| region(name) + traits + &more;
    let ask =
        |traits: &str| ProducerText { rest: rest(traits, "inbox", String::new()), ..ProducerText::default() }.text();
    let answer = |traits: &str| {
        let good = ConsumerText::default();
        ConsumerText { rest: rest(traits, "outbox", good.rest.clone()), ..good }.text()
    };
    for (ask, answer, side) in [(ask(&newer), answer(""), "requester"), (ask(""), answer(&newer), "replier")] {
        let guests = directory(&[
            ("mine.producer.wat", near.as_bytes()),
            ("mine.consumer.wat", far.as_bytes()),
            ("mine.requester.wat", ask.as_bytes()),
            ("mine.replier.wat", answer.as_bytes()),
        ]);
        refused(guests.path(), &[&format!("the {side} of `mine`"), "version 2 of the ABI"]);
    }
}

/// The lines of `weft list` about a codec.
fn listed(list: &str, codec: &str) -> String {
    let mut lines = list.lines().skip_while(|line| line.split_whitespace().next() != Some(codec));
    let first = lines.next().unwrap_or_else(|| panic!("{codec} is not in {list}")).to_owned();
    lines.take_while(|line| line.starts_with("    ")).fold(first, |all, line| all + "\n" + line)
}

/// A guest that does not describe itself is used all the same, and what it does not say is unknown.
#[test]
fn what_a_guest_does_not_say_is_unknown() {
    let produce = "(call $send (global.get $outbox) (i32.const 8))".to_owned();
    let plain = ProducerText { produce, ..ProducerText::default() }.text();
    let little = ProducerText { rest: custom_section(r#"{"schema": true}"#), ..ProducerText::default() }.text();
    let far = ConsumerText::default().text();
    let guests = directory(&[
        ("plain.producer.wat", plain.as_bytes()),
        ("plain.consumer.wat", far.as_bytes()),
        ("little.producer.wat", little.as_bytes()),
        ("little.consumer.wat", far.as_bytes()),
    ]);
    let list = weft(Some(guests.path()), &["list"]);
    list.expect(0, &[]);
    let plain = listed(&list.stdout, "plain");
    wat::names(
        &plain,
        &[
            "it does not describe itself",
            "unknown: library, release, schema, unknown fields, self-description, encoding, reading, validation, trailing bytes, UTF-8, buffers",
        ],
    );
    let little = listed(&list.stdout, "little");
    wat::names(
        &little,
        &[
            "schema, unknown: library, release, unknown fields, self-description, encoding, reading, validation, trailing bytes, UTF-8, buffers",
        ],
    );
    // It sends eight bytes of its own, and no blob.
    let verified = weft(Some(guests.path()), &["verify", "^blob@64/peek/plain/direct"]);
    verified.expect(1, &["WRONG blob@64/peek/plain/direct", "the digest is 0x0807060504030201, but must be"]);
    verified.expect(1, &["matches no single wrong field", "cargo weft verify --codec plain"]);
}

/// A requester and a replier of one's own are the guests of replies; where there are none, ordinary ones that answer are, and else it is said.
#[test]
fn guests_of_replies_lie_beside_the_others() {
    let wanted = |name: &str| name == "null";
    let null = catalog_replying(wanted, wanted).expect("the floor").remove(0);
    let replying = null.replying.as_ref().expect("its guests for replies");
    let one_way: [(&str, &[u8]); 2] =
        [("mine.producer.wasm", &null.producer.wasm), ("mine.consumer.wasm", &null.consumer.wasm)];
    let [ask, answer]: [(&str, &[u8]); 2] =
        [("mine.requester.wasm", &replying.requester.wasm), ("mine.replier.wasm", &replying.replier.wasm)];
    let verified = |files: &[(&str, &[u8])]| {
        weft(Some(directory(files).path()), &["verify", "^blob@64/reply/mine/", "--matrix", "full"])
    };
    let all = transports().filter(|transport| transport.replies().is_ok()).count();
    verified(&[one_way[0], one_way[1], ask, answer]).expect(0, &[&format!("{all} cells verified, 0 wrong")]);
    verified(&one_way).expect(0, &["0 cells verified, 0 wrong"]);
    verified(&[one_way[0], one_way[1], ask])
        .expect(1, &["it has mine.requester but not its other half; add mine.replier.wasm"]);
    verified(&[ask, answer]).expect(1, &["it has guests of mine for replies alone; add mine.producer.wasm"]);
}
