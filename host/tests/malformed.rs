//! Malformed bytes, through the real consumers: small messages truncated, with each bit flipped, with
//! telling numbers in each place, spliced, and plain noise. A consumer answers with a status of the
//! ABI's table or with a digest of what the bytes now say. It never traps, never reads beside the
//! message, never works much longer than on a good message, and never takes much memory.
//!
//! Codecs that say that they validate nothing are exempt, but for the floor, which reads bytes only.

#[path = "support/malform.rs"]
mod malform;
#[path = "support/metered.rs"]
mod metered;
mod support;

use weft::cell::MessageId;
use weft::guests::Codec;
use weft_link::PairSpec;
use weft_link::guest::Compiled;
use weft_schemas::{KINDS, Kind, Status, Task, WILD, blob};

use malform::malformed;
use metered::{METERED, Place, Subject, must_bear};
use support::{codecs, compiled_for, in_parallel, message, spec, wire};

/// A message may take this many times the fuel of the good one, and a constant: serde's error for an unknown country names all 256.
const FUEL: (u64, u64) = (4, 200_000);
/// The pages that a consumer may take for all messages of a task together.
const PAGES: u64 = 16;
/// No message of this test is longer, in bytes on the wire.
const LONGEST: usize = 1600;

/// One task of a codec, on three equal consumers that find their messages in different places.
struct Trial {
    what: String,
    subjects: [Subject; 3],
    fuel: u64,
}

impl Trial {
    /// Hands over the good message first, which says how much fuel is usual.
    fn new(spec: &PairSpec<'_>, capacity: u32, good: &[u8], expected: i64) -> Self {
        let places = [Place::Among(0), Place::Among(0xFF), Place::AtTheEnd];
        let mut subjects = places.map(|place| Subject::new(spec, capacity, place));
        let what = format!("{}@{} {}", spec.message, spec.size, spec.task);
        let mut usual = 0;
        for subject in &mut subjects {
            let (answer, fuel) = subject.receive(good, u64::MAX).unwrap_or_else(|error| panic!("{what}: {error}"));
            assert_eq!(answer, expected, "{what}: the good message");
            usual = fuel.max(usual);
        }
        Self { what, subjects, fuel: FUEL.0 * usual + FUEL.1 }
    }

    /// The answer to malformed bytes, which must be the same in each place.
    fn answer(&mut self, bytes: &[u8]) -> Result<i64, String> {
        let fuel = self.fuel;
        let answers = self.subjects.each_mut().map(|subject| subject.receive(bytes, fuel));
        let [first, second, third] = answers.map(|answer| answer.map(|(answer, _)| answer));
        let (first, second, third) = (first?, second?, third?);
        if first != second || first != third {
            return Err(format!("what lies around the message matters: {first:#x}, {second:#x}, {third:#x}"));
        }
        if first >= 0 || documented(first) { Ok(first) } else { Err(format!("returned {first}")) }
    }

    /// What is wrong when everything has been received: memory taken, or written where nothing was to be
    /// written.
    fn leftovers(&mut self) -> Vec<String> {
        let Self { what, subjects, .. } = self;
        let mut wrong = Vec::new();
        for subject in subjects {
            if subject.taken > PAGES {
                wrong.push(format!("{what}: took {} pages", subject.taken));
            }
            if subject.wrote() {
                wrong.push(format!("{what}: wrote into the inbox"));
            }
        }
        wrong
    }
}

/// Whether a status is one that a consumer may return for the bytes of a message.
fn documented(status: i64) -> bool {
    let about_bytes = [Status::Malformed, Status::InvalidText, Status::LimitReached];
    Status::from_code(status).is_some_and(|status| about_bytes.contains(&status))
}

/// The numbers of the two longest messages that are not too long: one to malform, one to splice with.
fn two_of(rotation: &[Vec<u8>]) -> [usize; 2] {
    let mut short: Vec<usize> = (0..rotation.len()).filter(|&index| rotation[index].len() <= LONGEST).collect();
    short.sort_by_key(|&index| rotation[index].len());
    *short.last_chunk().expect("two messages that are short enough")
}

/// The tasks of one codec and message, and what is done to that message.
struct Trials {
    trials: Vec<(Task, Trial)>,
    malformed: Vec<Vec<u8>>,
}

impl Trials {
    fn new(codec: &Codec, guests: &Compiled, message: MessageId, seed: u64) -> Self {
        let supported = |task: &Task| codec.supports(message.kind.name, *task).is_ok();
        let tasks: Vec<Task> = Task::ALL.into_iter().filter(supported).collect();
        let spec = |task| spec((&METERED, guests), message, task, 64, seed);
        let Some(&first) = tasks.first() else { return Self { trials: Vec::new(), malformed: Vec::new() } };
        let (rotation, capacity) = wire(&spec(first));
        let [other, index] = two_of(&rotation);
        let digest = if codec.is_floor() { blob::floor_digest } else { message.kind.digest };
        let trial = |task| {
            let expected = digest(seed, index as u32, message.size, task).expect("the message has what the task reads");
            (task, Trial::new(&spec(task), capacity, &rotation[index], expected as i64))
        };
        let malformed = malformed(&rotation[index], &rotation[other]);
        Self { trials: tasks.into_iter().map(trial).collect(), malformed }
    }

    /// What is wrong with the answers.
    fn wrong(mut self) -> Vec<String> {
        let mut wrong = Vec::new();
        for bytes in &self.malformed {
            let answers: Vec<_> = self.trials.iter_mut().map(|(task, trial)| (*task, trial.answer(bytes))).collect();
            wrong.extend(verdict(&answers).map(|verdict| format!("{verdict}, on {bytes:02x?}")));
        }
        wrong.extend(self.trials.iter_mut().flat_map(|(_, trial)| trial.leftovers()));
        wrong
    }
}

/// What is wrong with the answers of all tasks to the same bytes. Where `own` finds a value in them,
/// `scan` finds the same.
fn verdict(answers: &[(Task, Result<i64, String>)]) -> Option<String> {
    let answer = |wanted| answers.iter().find(|(task, _)| *task == wanted).map(|(_, answer)| answer);
    if let Some((task, Err(error))) = answers.iter().find(|(_, answer)| answer.is_err()) {
        return Some(format!("{task}: {error}"));
    }
    match (answer(Task::Scan), answer(Task::Own)) {
        (Some(Ok(scan)), Some(Ok(own))) if *own >= 0 && scan != own => {
            Some(format!("own answers {own:#x}, but scan {scan:#x}"))
        }
        _ => None,
    }
}

#[test]
fn malformed_bytes_are_statuses_or_digests() {
    let compiled: Vec<_> = codecs().iter().filter(|codec| must_bear(codec)).collect();
    let mut units = Vec::new();
    for codec in &compiled {
        let guests = compiled_for(&METERED, codec);
        let small = |kind: &'static Kind| kind.tried.broken.iter().map(move |&size| MessageId { kind, size });
        let messages = KINDS.iter().flat_map(small);
        units.extend(
            messages.flat_map(|message| [0x5745_4654, WILD | 7].map(|seed| (*codec, guests.clone(), message, seed))),
        );
    }
    let wrong = in_parallel(&units, |(codec, guests, message, seed)| {
        let wrong = Trials::new(codec, guests, *message, *seed).wrong();
        // One finding often comes a thousand times.
        let named = wrong.into_iter().map(|wrong| format!("{} {message}, seed {seed:#x}: {wrong}", codec.name));
        named.take(5).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A string that is not UTF-8: `own` refuses it always, `scan` where the codec says that it checks.
#[test]
fn invalid_text_is_refused_where_a_codec_says_so() {
    let (message, seed) = (message("log@1"), 0);
    let mut tried = 0;
    for codec in codecs().iter().filter(|codec| must_bear(codec) && codec.supports("log", Task::Own).is_ok()) {
        let guests = compiled_for(&METERED, codec);
        let spec = |task| spec((&METERED, &guests), message, task, 1, seed);
        let (mut rotation, capacity) = wire(&spec(Task::Own));
        let bytes = &mut rotation[0];
        // A part of the user agent of the classic record, where the codec leaves text as it is.
        let Some(at) = bytes.windows(9).position(|part| part == b"AppleWebK") else { continue };
        bytes[at] = 0xFF;
        let answer = |task| {
            let mut subject = Subject::new(&spec(task), capacity, Place::Among(0));
            subject.receive(bytes, u64::MAX).unwrap_or_else(|error| panic!("{}: {error}", codec.name)).0
        };
        assert_eq!(answer(Task::Own), Status::InvalidText.code(), "{} own", codec.name);
        let scan = answer(Task::Scan);
        let expected =
            if codec.traits.scan_checks_utf8 == Some(true) { scan == Status::InvalidText.code() } else { scan >= 0 };
        assert!(expected, "{} scan: {scan:#x}", codec.name);
        tried += 1;
    }
    assert!(tried > 0, "no codec leaves text as it is");
}
