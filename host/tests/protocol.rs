//! The host protocol as docs/HOSTS.md promises it, spoken with weft's own host.

use std::path::PathBuf;

use serde_json::{Value, json};
use weft::cell::{CALIBRATIONS, Cell, Figure, Loop, Matrix};
use weft::guests::File;
use weft::measure::Reading;
use weft::protocol::{Guest, Item, Measured, PROTOCOL, Purpose, Refused, Reply, Request, Round};
use weft_link::SETTINGS;
use weft_link::transport::TRANSPORTS;
use weft_schemas::Task;

use crate::support::talk::{Talk, cell, round, supplies};
use crate::support::transcript;
use crate::support::wat::{ConsumerText, ProducerText, names};

const CELL: &str = "log@1/own/bytes/relay";

/// A round that verifies a cell.
fn good() -> Round {
    round(&supplies(&["bytes"]), Purpose::Verify, &[cell(CELL)])
}

/// Asserts that the host still does what it is asked.
fn reads_on(talk: &mut Talk) {
    talk.ask(&good());
    let replies = talk.replies();
    assert!(matches!(replies[..], [Reply::Begin { item: 0 }, Reply::Verified(_), Reply::End(_)]), "{replies:?}");
}

/// Why a request was answered by an error.
fn refusal(talk: &mut Talk) -> String {
    match talk.reply() {
        Reply::Error { reason } => reason,
        other => panic!("this is no error: {other:?}"),
    }
}

#[test]
fn the_greeting_comes_first_and_says_what_the_host_knows() {
    let (_talk, greeting) = Talk::greeted();
    assert_eq!((greeting.protocol, greeting.name.as_str(), greeting.guests.as_str()), (PROTOCOL, "wasmtime", "wasm"));
    let known =
        greeting.transports.iter().map(|known| (known.name.as_str(), known.isolation, known.unsupported.clone()));
    let expected = TRANSPORTS.iter().map(|there| (there.name(), there.isolation(), there.supported().err()));
    assert_eq!(known.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    assert!(greeting.transports.iter().any(|known| known.name == "pane"));
    let tasks: Vec<_> = greeting.tasks.iter().map(|task| task.name.as_str()).collect();
    assert_eq!(tasks, Task::ALL.map(Task::name));
    assert_eq!(greeting.purposes, [Purpose::Verify, Purpose::Measure, Purpose::Count]);
    assert_eq!(greeting.figures, ["cell", "boundary", "calibration", "task_floor", "encode", "way", "read", "empty"]);
    assert!(greeting.clock.cost_ns > 0.0 && greeting.clock.resolution_ns > 0.0, "{:?}", greeting.clock);
}

#[test]
fn each_setting_is_a_host_that_greets_by_its_name() {
    for setting in SETTINGS {
        let mut talk = Talk::start_as(&[setting.host]);
        match (talk.line(), setting.supported()) {
            (Some(line), Ok(())) => {
                let greeting = &line["greeting"];
                assert_eq!(
                    (&greeting["name"], &greeting["engine"]["settings"]),
                    (&json!(setting.host), &json!(setting.words()))
                );
            }
            (None, Err(_)) => assert_eq!(talk.ended().code(), Some(1), "{}", setting.host),
            (line, supported) => panic!("{}: {line:?}, {supported:?}", setting.host),
        }
    }
    let mut unknown = Talk::start_as(&["v8"]);
    assert_eq!((unknown.line(), unknown.ended().code()), (None, Some(1)));
}

#[test]
fn garbage_is_an_error_and_the_host_reads_on() {
    let (mut talk, _) = Talk::greeted();
    let known: Value = serde_json::to_value(Request::Round(good())).expect("JSON");
    let without = |key: &str| {
        let mut other = known.clone();
        other["round"].as_object_mut().expect("a round").remove(key);
        other.to_string()
    };
    let garbage =
        ["", "this is no JSON", "{}", "[]", "null", "{\"round\":", "{\"round\": {}}", "{\"unheard_of\": 1}", "\u{0}"];
    let incomplete = ["purpose", "guests", "items", "limits"].map(without);
    let other = [
        known.to_string().replace("\"verify\"", "\"guess\""),
        known.to_string().replace("\"sha256\"", "\"md5\""),
        known.to_string() + known.to_string().as_str(),
    ];
    for line in garbage.iter().map(|text| (*text).to_owned()).chain(incomplete).chain(other) {
        talk.say(&line);
        let reason = refusal(&mut talk);
        assert!(reason.starts_with("this is no request: "), "{line}: {reason}");
    }
    reads_on(&mut talk);
}

#[test]
fn unknown_keys_are_ignored() {
    let (mut talk, _) = Talk::greeted();
    let mut known: Value = serde_json::to_value(Request::Round(good())).expect("JSON");
    for pointer in ["/round", "/round/items/0", "/round/guests/0", "/round/guests/0/producer", "/round/limits"] {
        known.pointer_mut(pointer).expect(pointer)["of_tomorrow"] = json!({ "a": 1 });
    }
    talk.say(&known.to_string());
    let replies = talk.replies();
    assert!(matches!(replies[..], [Reply::Begin { .. }, Reply::Verified(_), Reply::End(_)]), "{replies:?}");
}

#[test]
fn files_that_are_others_or_nowhere_are_an_error_that_names_them() {
    let (mut talk, _) = Talk::greeted();
    type Change = fn(&mut Guest);
    let changes: [(Change, &str); 3] = [
        (|guest| guest.producer.sha256 = "0".repeat(64), "must be 0000"),
        (|guest| guest.consumer.as_mut().expect("a consumer").sha256 = "1".repeat(64), "must be 1111"),
        (|guest| guest.producer.path = PathBuf::from("/nowhere/bytes.wasm"), "/nowhere/bytes.wasm"),
    ];
    for (change, why) in changes {
        let mut round = good();
        change(&mut round.guests[0]);
        talk.ask(&round);
        names(&refusal(&mut talk), &[why, ".wasm"]);
    }
    // Where it is not needed it is not read; where something is measured it is.
    let mut round = Round { purpose: Purpose::Measure, ..good() };
    round.yardstick.wasm.sha256 = "2".repeat(64);
    talk.ask(&round);
    names(&refusal(&mut talk), &["must be 2222"]);
    reads_on(&mut talk);
}

/// Asserts that each item of a round is begun and then answered, in their order; returns the answers.
fn answers(talk: &mut Talk, round: &Round) -> Vec<Reply> {
    talk.ask(round);
    let mut replies = talk.replies().into_iter();
    let mut answers = Vec::new();
    for item in 0..round.items.len() {
        assert_eq!(replies.next(), Some(Reply::Begin { item }));
        answers.push(replies.next().expect("an answer"));
    }
    let end: Vec<Reply> = replies.collect();
    assert!(matches!(end[..], [Reply::End(_)]), "{end:?}");
    answers
}

#[test]
fn what_the_host_cannot_do_is_begun_and_refused_among_what_it_can() {
    let (mut talk, _) = Talk::greeted();
    let all = supplies(&["bytes"]);
    let of = |round: &mut Round, figure: Value| {
        let figure = serde_json::from_value(figure).expect("any figure");
        round.items.push(Item { figure, ..round.items[0].clone() });
    };
    let named = |name: &str| serde_json::to_value(cell(name)).expect("JSON");
    let mut round = round(&all, Purpose::Verify, &[cell(CELL)]);
    of(&mut round, named("log@1/own/unheard-of/relay"));
    of(&mut round, named("log@1/own/bytes/pigeon"));
    of(&mut round, json!({ "boundary": "host_to_wasm" }));
    of(&mut round, named(CELL));
    round.items[4].digests = Some(7);
    of(&mut round, named(CELL));
    round.items[5].digests = None;
    of(&mut round, json!({ "of_tomorrow": 1 }));
    of(&mut round, json!({ "cell": { "message": "dog@1", "task": "own", "codec": "bytes", "transport": "relay" } }));
    of(&mut round, named(CELL));
    let answers = answers(&mut talk, &round);
    let refused = |place: usize| match &answers[place] {
        Reply::Unsupported(Refused { item, reason }) if *item == place => ("unsupported", reason.as_str()),
        Reply::Failed(Refused { item, reason }) if *item == place => ("failed", reason.as_str()),
        other => panic!("{place}: {other:?}"),
    };
    for place in [0, 8] {
        assert!(matches!(&answers[place], Reply::Verified(verified) if verified.item == place), "{:?}", answers[place]);
    }
    names(refused(1).1, &["the round has no guests of `unheard-of`"]);
    assert_eq!(refused(2), ("unsupported", "`pigeon` is no transport; `cargo weft list` prints them"));
    assert_eq!(refused(3), ("unsupported", "there is nothing to verify about boundary/host_to_wasm"));
    assert_eq!(refused(4), ("failed", "the round has no such list of digests"));
    names(refused(5).1, &["there is nothing to verify about exchange/log@1/own/bytes/relay"]);
    assert_eq!(refused(6), ("unsupported", "there is no figure {\"of_tomorrow\":1}"));
    assert_eq!(refused(7).0, "unsupported");
    names(refused(7).1, &["there is no figure", "dog@1"]);
}

/// Whatever the purpose, messages are generated from the round's seed.
#[test]
fn another_seed_makes_other_messages() {
    let (mut talk, _) = Talk::greeted();
    let cells = ["log@1/own/bytes/direct", "blob@64/scan/bytes/linked"];
    for purpose in [Purpose::Verify, Purpose::Measure, Purpose::Count] {
        let mut round = round(&supplies(&["bytes"]), purpose, &cells.map(cell));
        round.seed = 7;
        for reply in answers(&mut talk, &round) {
            assert!(matches!(reply, Reply::Wrong(_)), "{purpose:?}: {reply:?}");
        }
        for (digests, name) in round.digests.iter_mut().zip(cells) {
            let Cell { message, task, .. } = name.parse().expect("a cell");
            for (index, digest) in (0..).zip(digests) {
                *digest = format!("{:016x}", (message.kind.digest)(7, index, message.size, task).expect("a digest"));
            }
        }
        for reply in answers(&mut talk, &round) {
            let right = matches!(reply, Reply::Verified(_) | Reply::Reading(_) | Reply::Counted(_));
            assert!(right, "{purpose:?}: {reply:?}");
        }
    }
}

#[test]
fn lists_of_digests_that_are_none_are_an_error() {
    let (mut talk, _) = Talk::greeted();
    let long = "0".repeat(17);
    for digest in ["", "1", "xyz", "+000000000000001", "ffffffffffffffff", &long] {
        let mut round = good();
        round.digests[0][3] = digest.to_owned();
        talk.ask(&round);
        names(&refusal(&mut talk), &[&format!("`{digest}` is no digest")]);
    }
    let mut round = good();
    round.digests[0].clear();
    talk.ask(&round);
    names(&refusal(&mut talk), &["a list of digests is empty"]);
    reads_on(&mut talk);
}

#[test]
fn a_digest_that_is_another_is_wrong_whatever_the_purpose() {
    let (mut talk, _) = Talk::greeted();
    for (purpose, said) in
        [(Purpose::Verify, "message 1 of 64: the digest is"), (Purpose::Measure, "the digests sum to")]
    {
        let mut round = round(&supplies(&["bytes"]), purpose, &[cell(CELL)]);
        round.digests[0][1] = "0000000000000001".to_owned();
        match &answers(&mut talk, &round)[..] {
            [Reply::Wrong(Refused { item: 0, reason })] => names(reason, &[said, "must"]),
            other => panic!("{other:?}"),
        }
    }
}

/// Every figure that a run measures, one of each kind, and all boundary figures.
#[test]
fn every_figure_of_a_run_is_measured() {
    let (mut talk, _) = Talk::greeted();
    let message = "log@1".parse().expect("a message");
    let (codec, task) = ("bytes".to_owned(), Task::Scan);
    let mut figures = vec![
        cell(CELL),
        Figure::TaskFloor { message, task },
        Figure::Encode { codec: codec.clone(), message },
        Figure::Way { transport: "pane".to_owned(), bytes: 64 },
        Figure::Read { codec, message, task },
        Figure::Empty(Loop::Encode),
        Figure::Empty(Loop::Way),
        Figure::Empty(Loop::Read),
    ];
    figures.extend(Matrix::Quick.boundary());
    figures.extend(CALIBRATIONS.iter().map(|name| Figure::Calibration((*name).to_owned())));
    figures.retain(|figure| cfg!(target_os = "linux") || !matches!(figure, Figure::Way { .. }));
    let mut round = round(&supplies(&["bytes", "null"]), Purpose::Measure, &figures);
    round.items[0].singles = 5;
    talk.ask(&round);
    let replies = talk.replies();
    assert_eq!(replies.len(), 2 * figures.len() + 1, "{replies:?}");
    for (place, figure) in figures.iter().enumerate() {
        let Reply::Reading(measured) = &replies[2 * place + 1] else {
            panic!("{figure}: {:?}", replies[2 * place + 1])
        };
        assert!(measured.item == place && measured.reading.ns > 0.0, "{figure}: {measured:?}");
        let singles: u64 = measured.reading.singles.iter().map(|(_, count)| count).sum();
        assert!(singles <= 5 && (place == 0) == (singles > 0), "{figure}: {measured:?}");
    }
    let Some(Reply::End(end)) = replies.last() else { panic!("{replies:?}") };
    assert!(end.best_ns.is_some_and(|best| best > 0.0) && end.discarded_s >= 0.0, "{end:?}");
}

/// The readings of a round's items, each with how many placements it is the mean of.
fn measured(talk: &mut Talk, round: &Round) -> Vec<Reading> {
    let reading = |reply| match reply {
        Reply::Reading(Measured { reading, .. }) => reading,
        other => panic!("{other:?}"),
    };
    answers(talk, round).into_iter().map(reading).collect()
}

#[test]
fn a_reading_is_the_mean_over_the_placements_that_are_asked_for() {
    let (mut talk, _) = Talk::greeted();
    let mut round = round(&supplies(&["bytes"]), Purpose::Measure, &[cell(CELL), cell(CELL)]);
    round.items[1].placements = 3;
    let readings = measured(&mut talk, &round);
    // A slow machine takes no more than two.
    assert!(readings[0].placements.len() == 1 && (2..=3).contains(&readings[1].placements.len()), "{readings:?}");
    for reading in &readings {
        let counted = reading.placements.iter().filter(|placement| placement.calm || !reading.calm);
        let counted: Vec<f64> = counted.map(|placement| placement.ns).collect();
        let mean = counted.iter().sum::<f64>() / counted.len() as f64;
        assert!((reading.ns / mean - 1.0).abs() < 1e-9, "{reading:?}");
        assert!(reading.calm_rate.is_some_and(|rate| (0.0..=1.0).contains(&rate)), "{reading:?}");
    }
    assert!(readings[0].at_s.is_some() && readings[0].at_s <= readings[1].at_s, "{readings:?}");
}

/// A harness that does not know of placements and of other guests asks for one placement of those that the cell names.
#[test]
fn an_item_without_the_optional_keys_is_one_placement() {
    let (mut talk, _) = Talk::greeted();
    let round = round(&supplies(&["bytes"]), Purpose::Measure, &[cell(CELL)]);
    let mut request = serde_json::to_value(Request::Round(round)).expect("JSON");
    let item = request.pointer_mut("/round/items/0").and_then(Value::as_object_mut).expect("an item");
    item.retain(|key, _| ["figure", "digests"].contains(&key.as_str()));
    talk.say(&request.to_string());
    match &talk.replies()[..] {
        [Reply::Begin { .. }, Reply::Reading(Measured { reading, .. }), Reply::End(_)] => {
            assert!(reading.placements.len() == 1 && reading.singles.is_empty(), "{reading:?}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_item_takes_the_guests_that_it_names() {
    let (mut talk, _) = Talk::greeted();
    let mut round = round(&supplies(&["bincode", "bytes"]), Purpose::Verify, &[cell(CELL), cell(CELL), cell(CELL)]);
    let bincode = supplies(&["bincode"]);
    let other = self::round(&bincode, Purpose::Verify, &[cell("log@1/own/bincode/relay")]).guests.remove(0);
    round.guests.push(Guest { name: "bytes-of-another".to_owned(), ..other });
    round.items[1].guests = Some("bytes-of-another".to_owned());
    round.items[2].guests = Some("unheard-of".to_owned());
    match &answers(&mut talk, &round)[..] {
        [Reply::Verified(own), Reply::Verified(other), Reply::Unsupported(Refused { reason, .. })] => {
            assert!(other.verified.wire_bytes < own.verified.wire_bytes, "{own:?} {other:?}");
            names(reason, &["the round has no guests of `unheard-of`"]);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_end_of_its_input_ends_the_host_when_it_has_answered() {
    let (mut talk, _) = Talk::greeted();
    talk.end_input();
    assert_eq!((talk.line(), talk.ended().code()), (None, Some(0)));

    let (mut talk, _) = Talk::greeted();
    talk.ask(&good());
    talk.end_input();
    let replies = talk.replies();
    assert!(matches!(replies[..], [Reply::Begin { .. }, Reply::Verified(_), Reply::End(_)]), "{replies:?}");
    assert_eq!((talk.line(), talk.ended().code()), (None, Some(0)));
}

#[test]
fn a_closed_output_ends_the_host() {
    let (mut talk, _) = Talk::greeted();
    talk.close_output();
    // What is written before the system tells that nobody reads is lost.
    while talk.try_say("this is no JSON").is_ok() {}
    assert_eq!(talk.ended().code(), Some(0));
}

/// A guest that loops for ever keeps no host alive whose harness is gone.
#[cfg(target_os = "linux")]
#[test]
fn a_host_whose_guest_never_returns_ends_with_its_harness() {
    let directory = tempfile::tempdir().expect("a directory");
    let produce = "(loop $again (br $again)) (i64.const 0)".to_owned();
    let file = |name: &str, text: String| {
        let path = directory.path().join(name);
        std::fs::write(&path, ::wat::parse_str(&text).expect("WebAssembly text")).expect("a file");
        File::at(path).expect("a file")
    };
    let producer = file("near.wasm", ProducerText { produce, ..ProducerText::default() }.text());
    let consumer = Some(file("far.wasm", ConsumerText::default().text()));
    let (mut talk, _) = Talk::greeted();
    let mut round = round(&supplies(&["bytes"]), Purpose::Verify, &[cell("blob@64/peek/bytes/direct")]);
    round.guests =
        vec![Guest { name: "bytes".to_owned(), floor: false, producer, consumer, requester: None, replier: None }];
    talk.ask(&round);
    assert_eq!(talk.reply(), Reply::Begin { item: 0 });
    talk.end_input();
    talk.close_output();
    assert_eq!(talk.ended().code(), Some(0));
}

#[test]
fn the_transcript_is_what_is_said() {
    transcript::replay();
}
