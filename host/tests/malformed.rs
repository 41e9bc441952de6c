//! Malformed bytes, through the real consumers of every codec: what `weft verify --codec` tries of one, with more splices.
//!
//! Codecs that say that they validate nothing are exempt, but for the floor, which reads bytes only.

use std::sync::LazyLock;

use weft::trials::{Answers, Place, Subject, Trials, Tried, answers, fuelled, in_parallel, small};
use weft_link::{Engine, Limits};
use weft_schemas::{KINDS, Status, Task, WILD};

use crate::support::{codecs, compiled_for, message, spec, wire};

/// An engine that counts what a guest executes.
static METERED: LazyLock<Engine> =
    LazyLock::new(|| fuelled(Limits::default()).expect("wasmtime supports this machine"));

/// How many splices of each kind are tried.
const SPLICES: usize = 1000;

#[test]
fn malformed_bytes_are_statuses_or_digests() {
    let mut units = Vec::new();
    for codec in codecs().iter().filter(|codec| Trials::must_bear(codec)) {
        let guests = compiled_for(&METERED, codec);
        let messages = KINDS.iter().flat_map(small);
        units.extend(
            messages.flat_map(|message| [0x5745_4654, WILD | 7].map(|seed| (codec, guests.clone(), message, seed))),
        );
    }
    let wrong = in_parallel(&units, |(codec, guests, message, seed)| {
        let (message, seed) = (*message, *seed);
        let wrong = match answers(codec, &Tried { engine: &METERED, guests, message, seed }, SPLICES) {
            Answers::NotSent => Vec::new(),
            Answers::TooLong => {
                return vec![format!("{}: {message}, seed {seed:#x}, is too long to be broken", codec.name)];
            }
            Answers::Broken(wrong) => wrong,
        };
        // One finding often comes a thousand times.
        wrong.into_iter().map(|wrong| format!("{}: {}", codec.name, wrong.text)).take(5).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A string that is not UTF-8: `own` refuses it always, `scan` where the codec says that it checks. Not every library says why it refuses a
/// message.
#[test]
fn invalid_text_is_refused_where_a_codec_says_so() {
    let (message, seed) = (message("log@1"), 0);
    let mut tried = 0;
    for codec in codecs().iter().filter(|codec| Trials::must_bear(codec) && codec.supports("log", Task::Own).is_ok()) {
        let guests = compiled_for(&METERED, codec);
        let spec = |task| spec((&METERED, &guests), message, task, 1, seed);
        let (mut rotation, capacity) = wire(&spec(Task::Own));
        let bytes = &mut rotation[0];
        // A part of the user agent of the classic record, where the codec leaves text as it is.
        let Some(at) = bytes.windows(9).position(|part| part == b"AppleWebK") else { continue };
        bytes[at] = 0xFF;
        let answer = |task| {
            let mut subject = Subject::new(&spec(task), capacity, Place::Among(0)).expect("a consumer");
            subject.receive(bytes, u64::MAX).unwrap_or_else(|error| panic!("{}: {error}", codec.name)).0
        };
        let refused = |answer| [Status::InvalidText.code(), Status::Malformed.code()].contains(&answer);
        let (own, scan) = (answer(Task::Own), answer(Task::Scan));
        assert!(refused(own), "{} own: {own:#x}", codec.name);
        let expected = if codec.traits.scan_checks_utf8 == Some(true) { refused(scan) } else { scan >= 0 };
        assert!(expected, "{} scan: {scan:#x}", codec.name);
        tried += 1;
    }
    assert!(tried > 0, "no codec leaves text as it is");
}
