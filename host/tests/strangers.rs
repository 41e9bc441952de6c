//! Bytes from strangers, tried on what reads them (`weft::strangers`): real files, lines and modules that were cut, flipped and spliced.
//! Some always; for as long as `STRANGER_SECONDS` says in tests that are named in CONTRIBUTING.md. Modules of `wasm-smith` are tried in
//! `host/fuzz`.

use std::time::{Duration, Instant};
use std::{env, fs, thread};

use serde_json::Value;
use weft::guests::catalog;
use weft::strangers::{exact_json, metered, protocol, run_json};
use weft_schemas::Random;
use weft_testing::changed;

use crate::support::every_section::with_every_section;
use crate::support::fixture;

/// What can be tried, and the seeds of a try from 0.
struct Target {
    /// Bytes that are good, to change.
    good: Vec<Vec<u8>>,
    /// Reads some; returns why they are refused.
    body: fn(&[u8]) -> Option<String>,
}

/// Pieces that files and lines are made of, or that are in their way.
const PIECES: [&str; 16] = [
    "0",
    "-1",
    "1e308",
    "-0.0",
    "1e-320",
    "18446744073709551615",
    "null",
    "true",
    "\"\"",
    "[]",
    "{}",
    ",",
    "\"a\":",
    "\u{0}",
    "[[[[[[[[",
    "é",
];

/// Some good bytes, changed in up to four places.
fn broken(good: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    changed(good, 4, at_a_place, random)
}

/// Puts a piece in place of what is there, or a number in place of another: what a parser does not see.
fn at_a_place(bytes: &mut Vec<u8>, at: usize, random: &mut Random) {
    match random.below(2) {
        0 => {
            let piece = random.pick(&PIECES).bytes();
            drop(bytes.splice(at..(at + random.below(8) as usize).min(bytes.len()), piece));
        }
        _ => digits(bytes, at, random),
    }
}

/// Puts other digits where the next digits are.
fn digits(bytes: &mut [u8], from: usize, random: &mut Random) {
    let rest = bytes.get_mut(from..).unwrap_or_default();
    for byte in rest.iter_mut().skip_while(|byte| !byte.is_ascii_digit()).take_while(|byte| byte.is_ascii_digit()) {
        *byte = b'0' + random.below(10) as u8;
    }
}

/// Says what it was that a body panics on.
struct Tried(Vec<u8>);

impl Drop for Tried {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("these bytes: {}", self.0.escape_ascii());
        }
    }
}

impl Target {
    /// Tries seeds from 0 on as long as it is told to; returns how many, and how many of those were refused.
    fn try_seeds(&self, mut more: impl FnMut(u64) -> bool) -> (u64, u64) {
        let (mut seed, mut refused) = (0, 0);
        while more(seed) {
            let bytes = broken(&self.good, &mut Random::new(seed, 0));
            let tried = Tried(bytes);
            refused += u64::from((self.body)(&tried.0).is_some());
            seed += 1;
        }
        (seed, refused)
    }

    /// Tries so many seeds: good bytes are not refused, and of the others some are, each with a reason that names a place.
    fn some(&self, count: u64) {
        assert!(self.good.iter().all(|good| (self.body)(good).is_none()), "good bytes are refused");
        let (_, refused) = self.try_seeds(|seed| seed < count);
        assert!(refused > count / 10, "{refused} of {count} are refused");
    }

    /// Tries for as long as `STRANGER_SECONDS` says.
    fn long(&self) {
        let (begin, seconds) = (Instant::now(), seconds());
        let (tried, refused) = self.try_seeds(|_| begin.elapsed() < seconds);
        println!("{tried} tried, {refused} refused");
    }
}

/// How long the long tests take.
fn seconds() -> Duration {
    let seconds = env::var("STRANGER_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(seconds.unwrap_or(10))
}

/// A run with few cells: reading one takes the less time.
fn run() -> Target {
    let small = |mut run: Value| {
        run["cells"].as_array_mut().expect("cells").truncate(6);
        serde_json::to_vec(&run).expect("JSON")
    };
    let old = ["version-1", "version-2", "version-3"].map(|name| {
        let text = fs::read_to_string(fixture::old_runs().join(name).join("run.json")).expect(name);
        serde_json::from_str(&text).expect(name)
    });
    Target { good: [fixture::run()].into_iter().chain(old).map(small).collect(), body: run_json }
}

fn exact() -> Target {
    let record = fixture::record(&fixture::run());
    let file = record.exact().expect("exact figures");
    let mut json: Value = serde_json::from_str(&file.to_json().expect("JSON")).expect("JSON");
    for key in ["encode", "read", "transport", "found"] {
        let map = json[key].as_object_mut().expect(key);
        let kept: Vec<String> = map.keys().take(4).cloned().collect();
        map.retain(|key, _| kept.contains(key));
    }
    Target { good: vec![serde_json::to_vec(&json).expect("JSON")], body: exact_json }
}

fn lines() -> Target {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/hosts.transcript.jsonl");
    let transcript = fs::read_to_string(path).expect("the transcript");
    let said = transcript.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let good = said.filter_map(|line| Some(line.as_object()?.values().next()?.to_string().into_bytes()));
    Target { good: good.filter(|line| protocol(line).is_none()).collect(), body: protocol }
}

/// The guests of a codec, and modules with every kind of section.
fn modules() -> Target {
    let codecs = catalog(|name| name == "bytes" || name == "null").expect("guests");
    let guests = codecs.iter().flat_map(|codec| [codec.producer.wasm.to_vec(), codec.consumer.wasm.to_vec()]);
    let sections = with_every_section(FUNCTION);
    let texts = [sections.as_str(), "(module)", "(module (func (export \"f\")))"];
    let texts = texts.map(|text| wat::parse_str(text).expect("WebAssembly text"));
    // Twice as often: they are small, so a change meets more of them.
    Target { good: guests.chain(texts.clone()).chain(texts).collect(), body: metered }
}

/// A function with blocks, branches, vectors, and all that memories and tables are used for.
const FUNCTION: &str = r#"(func (export "f") (param i32) (result i32) (local v128 f64)
    (block $out (loop $again (br_if $out (local.get 0)) (br_table $again $out (i32.const 1))))
    (memory.copy (i32.const 8) (i32.const 0) (i32.const 4))
    (memory.init $passive (i32.const 8) (i32.const 0) (i32.const 4))
    (v128.store (i32.const 32) (v128.load (i32.const 16)))
    (call_indirect $u (type $t) (i32.load8_u offset=7 (memory.grow (i32.const 1))) (i32.const 1)))"#;

#[test]
fn runs() {
    run().some(250);
}

#[test]
fn exact_figures() {
    exact().some(2000);
}

#[test]
fn lines_of_the_protocol() {
    let lines = lines();
    assert!(lines.good.len() > 5, "{} lines", lines.good.len());
    lines.some(3000);
}

#[test]
fn modules_of_others() {
    let modules = modules();
    modules.try_seeds(|seed| seed < 1500);
}

#[test]
#[ignore = "takes as long as STRANGER_SECONDS says"]
fn long_runs() {
    run().long();
}

#[test]
#[ignore = "takes as long as STRANGER_SECONDS says"]
fn long_exact_figures() {
    exact().long();
}

#[test]
#[ignore = "takes as long as STRANGER_SECONDS says"]
fn long_lines_of_the_protocol() {
    lines().long();
}

#[test]
#[ignore = "takes as long as STRANGER_SECONDS says"]
fn long_modules() {
    modules().long();
}
