//! `docs/hosts.transcript.jsonl`: a whole conversation, made anew with `WEFT_UPDATE=1`, and replayed.
//!
//! Paths and hashes are other ones on every machine, and so are times: the transcript names files that are nowhere, and
//! of times only that they are numbers is compared.

use std::path::PathBuf;
use std::{env, fs};

use serde_json::{Value, json};
use weft::guests::File;
use weft::protocol::{Purpose, Request, Round, line};

use crate::support::talk::{Talk, cell, round, supplies};
use crate::support::workspace;

/// The cells of the conversation.
const CELLS: [&str; 2] = ["log@1/own/bytes/relay", "blob@64/peek/null/linked"];

/// How many messages rotate: fewer than the harness lets, so that people can read the lists of digests.
const ROTATION: usize = 3;

/// What differs from run to run and from machine to machine: only its type is compared.
const DIFFERS: [&str; 14] = [
    "/greeting/engine/version",
    "/greeting/engine/features",
    "/greeting/clock/cost_ns",
    "/greeting/clock/resolution_ns",
    "/reading/ns",
    "/reading/calm",
    "/reading/first_ns",
    "/reading/singles",
    "/reading/placements",
    "/reading/calm_rate",
    "/reading/at_s",
    "/end/discarded_s",
    "/end/best_ns",
    "/error/reason",
];

/// Replays the transcript, or makes it anew where that is asked for.
pub fn replay() {
    let path = workspace().join("docs/hosts.transcript.jsonl");
    if env::var_os("WEFT_UPDATE").is_some() {
        fs::write(&path, made()).expect("the transcript");
    }
    let text = fs::read_to_string(&path).expect("docs/hosts.transcript.jsonl");
    let mut talk = Talk::start();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).expect("JSON");
        match (line.get("to_host"), line.get("from_host")) {
            (Some(request), None) => talk.say(&real(request)),
            (None, Some(reply)) => {
                let said = talk.line().expect("it answers");
                assert_eq!(comparable(&said), comparable(reply), "{HOW}");
            }
            _ => panic!("neither to the host nor from it: {line}"),
        }
    }
    talk.end_input();
    assert_eq!((talk.line(), talk.ended().code()), (None, Some(0)));
}

const HOW: &str = "not current; run: WEFT_UPDATE=1 cargo test -p weft --test all protocol::";

/// The rounds of the conversation: both cells verified, then both measured.
fn rounds() -> [Round; 2] {
    let supplies = supplies(&["bytes", "null"]);
    [Purpose::Verify, Purpose::Measure].map(|purpose| {
        let mut round = round(&supplies, purpose, &CELLS.map(cell));
        round.digests.iter_mut().for_each(|digests| digests.truncate(ROTATION));
        if purpose == Purpose::Measure {
            (round.items[0].singles, round.items[0].placements) = (5, 3);
        }
        round
    })
}

/// The files of a round, in its order: the yardstick first.
fn files(round: &mut Round) -> Vec<&mut File> {
    let guests = round.guests.iter_mut().flat_map(|guest| [Some(&mut guest.producer), guest.consumer.as_mut()]);
    std::iter::once(&mut round.yardstick.wasm).chain(guests.flatten()).collect()
}

/// What files are called in the transcript.
fn nowhere(round: &Round) -> Vec<File> {
    let names =
        round.guests.iter().flat_map(|guest| ["producer", "consumer"].map(|side| format!("{}.{side}", guest.name)));
    let file = |(place, name): (usize, String)| File {
        path: PathBuf::from(format!("/weft/target/guests/{name}.wasm")),
        sha256: format!("{place:x}").repeat(64),
    };
    std::iter::once("yardstick".to_owned()).chain(names).enumerate().map(file).collect()
}

/// A request of the transcript with the files of this machine. It must be one that the harness makes.
fn real(documented: &Value) -> String {
    let Request::Round(mut said) =
        serde_json::from_value(documented.clone()).unwrap_or_else(|error| panic!("{error} in {documented}"));
    let mut real = rounds().into_iter().find(|round| round.purpose == said.purpose).expect("such a round");
    let there: Vec<File> = files(&mut real).into_iter().map(|file| file.clone()).collect();
    files(&mut said).into_iter().zip(there).for_each(|(file, there)| *file = there);
    assert!(said.artifacts.is_some(), "{HOW}");
    said.artifacts.clone_from(&real.artifacts);
    let [said, real] = [said, real].map(|round| serde_json::to_value(Request::Round(round)).expect("JSON"));
    assert_eq!(said, real, "{HOW}");
    real.to_string()
}

/// A reply without what differs.
fn comparable(reply: &Value) -> Value {
    let mut reply = reply.clone();
    for pointer in DIFFERS {
        if let Some(value) = reply.pointer_mut(pointer) {
            *value = json!(kind(value));
        }
    }
    // Not every system has every transport.
    for transport in reply.pointer_mut("/greeting/transports").and_then(Value::as_array_mut).into_iter().flatten() {
        transport["unsupported"] = Value::Null;
    }
    reply
}

/// What a value is.
const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The transcript of a conversation that is had now.
fn made() -> String {
    let mut talk = Talk::start();
    let heard = |text: &str| format!("{{\"from_host\":{text}}}\n");
    let mut made = heard(&talk.text().expect("it greets"));
    for mut round in rounds() {
        talk.ask(&round);
        let invented = nowhere(&round);
        files(&mut round).into_iter().zip(invented).for_each(|(file, invented)| *file = invented);
        round.artifacts = Some(PathBuf::from("/weft/target/guests/artifacts/command/wasmtime"));
        let request = line(&Request::Round(round)).expect("JSON");
        made.push_str(&format!("{{\"to_host\":{request}}}\n"));
        loop {
            let text = talk.text().expect("it answers");
            made.push_str(&heard(&text));
            if text.starts_with("{\"end\"") {
                break;
            }
        }
    }
    made
}
