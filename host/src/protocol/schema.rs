//! `docs/hosts.schema.json` is made from the types of the protocol, and kept current by this test.

use std::path::PathBuf;
use std::{env, fs};

use schemars::JsonSchema;
use serde_json::{Value, json};

use super::validator::Validator;
use super::{PROTOCOL, Reply, Request};

/// A line of the protocol: what the harness asks, or what a host answers.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "only its schema is needed")]
enum Line {
    Request(Box<Request>),
    Reply(Box<Reply>),
}

fn workspace(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// The schema of the types, with what types do not say: the version.
fn generated() -> Value {
    let mut schema = schemars::schema_for!(Line).to_value();
    schema["$id"] = json!("https://github.com/weft-bench/weft/blob/main/docs/hosts.schema.json");
    schema["title"] = json!("a line of weft's host protocol");
    let version = schema.pointer_mut("/$defs/Greeting/properties/protocol").expect("the greeting's version");
    *version = json!({ "description": "The version of the protocol that it speaks.", "const": PROTOCOL });
    schema
}

#[test]
fn the_published_schema_is_that_of_the_types() {
    let path = workspace("docs/hosts.schema.json");
    let schema = generated();
    if env::var_os("WEFT_UPDATE").is_some() {
        let text = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
        fs::write(&path, text).expect("docs/hosts.schema.json");
    }
    let published = fs::read_to_string(path).unwrap_or_default();
    let current = serde_json::from_str::<Value>(&published).is_ok_and(|published| published == schema);
    assert!(current, "not current; run: WEFT_UPDATE=1 cargo test -p weft --lib schema");
}

/// The lines of the transcript: what is said to the host, and what it says.
fn transcript() -> Vec<Value> {
    let text = fs::read_to_string(workspace("docs/hosts.transcript.jsonl")).expect("the transcript");
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    lines.map(|line| line.as_object().and_then(|line| line.values().next()).expect("one key").clone()).collect()
}

#[test]
fn the_transcript_is_valid() {
    let schema = generated();
    let lines = transcript();
    assert!(!lines.is_empty());
    for line in lines {
        assert_eq!(Validator::of(&schema).validate(&line, "line"), Ok(()));
    }
}

/// Every example of docs/HOSTS.md that is a request or a reply.
#[test]
fn the_examples_of_the_document_are_valid() {
    let schema = generated();
    let document = fs::read_to_string(workspace("docs/HOSTS.md")).expect("docs/HOSTS.md");
    let examples: Vec<Value> = document
        .split("```json\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .map(|example| serde_json::from_str(example).unwrap_or_else(|error| panic!("{error} in {example}")))
        .collect();
    assert!(examples.len() >= 2, "{} examples", examples.len());
    for example in examples {
        assert_eq!(Validator::of(&schema).validate(&example, "example"), Ok(()));
    }
}

#[test]
fn what_cannot_be_read_is_invalid() {
    let (schema, lines) = (generated(), transcript());
    let broken = [
        ("/greeting/protocol", json!(2)),
        ("/greeting/transports/0/isolation", json!("some")),
        ("/round/purpose", json!("guess")),
        ("/round/guests/0/producer", json!("a path")),
        ("/round/items/0/singles", json!(-1)),
        ("/round/limits/memory_bytes", json!(-1)),
        ("/verified/crossings", json!({ "host_to_wasm": 1 })),
        ("/reading/ns", json!("fast")),
    ];
    for (pointer, value) in broken {
        let mut line = lines.iter().find(|line| line.pointer(pointer).is_some()).expect(pointer).clone();
        *line.pointer_mut(pointer).expect(pointer) = value;
        assert!(Validator::of(&schema).validate(&line, "line").is_err(), "{pointer} went through");
    }
    for line in [json!({}), json!([]), json!({ "unheard_of": 1 }), json!({ "begin": { "item": 0 }, "end": {} })] {
        assert!(Validator::of(&schema).validate(&line, "line").is_err(), "{line} went through");
    }
}
