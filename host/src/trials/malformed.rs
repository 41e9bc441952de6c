//! Malformed bytes, through the real consumer: small messages truncated, with each bit flipped, with telling numbers in each place, spliced,
//! and plain noise. A consumer answers with a status of the ABI's table or with a digest of what the bytes now say. It never traps, never
//! reads beside the message, never works much longer than on a good message, and never takes much memory.

use weft_link::guest::Compiled;
use weft_link::{Engine, PairSpec};
use weft_schemas::{KINDS, Kind, Status, Task, WILD, blob};

use super::joined::wire;
use super::{Finding, Place, Subject, Trials, Verdict, budget, in_parallel, malform};
use crate::cell::{MessageId, SEED};
use crate::guests::Codec;

/// A message may take this many times the fuel of the good one, and a constant: serde's error for an unknown country names all 256.
const FUEL: (u64, u64) = (4, 200_000);
/// The pages that a consumer may take for all messages of a task together, beside those that its codec says that it takes.
const PAGES: u64 = 16;
/// No message of this trial should be longer, in bytes on the wire …
const LONG_ENOUGH: usize = 1600;
/// … and none is: what is made of one takes memory by the square of its length.
const LONGEST: usize = 3200;
/// The messages of a rotation, of which two are taken.
const ROTATION: u32 = 64;
/// The seeds whose messages are malformed.
const SEEDS: [u64; 2] = [SEED, WILD | 7];
/// As many splices of each kind a user waits for; the tests of all codecs make more.
const SPLICES: usize = 200;

/// The small messages to malform, of a kind.
pub fn small(kind: &'static Kind) -> Vec<MessageId> {
    kind.tried.broken.iter().map(|&size| MessageId { kind, size }).collect()
}

pub fn conduct(trials: &Trials<'_>) -> Verdict {
    if !Trials::must_bear(trials.codec) {
        return Verdict::Unknown("its traits say that it checks nothing".to_owned());
    }
    let mut units = Vec::new();
    for message in KINDS.iter().flat_map(small) {
        units.extend(SEEDS.map(|seed| Tried { engine: &trials.engine, guests: &trials.guests, message, seed }));
    }
    verdict_on(in_parallel(&units, |tried| vec![answers(trials.codec, tried, SPLICES)]))
}

fn verdict_on(came: Vec<Answers>) -> Verdict {
    let (mut broken, mut too_long, mut wrong) = (0, 0, Vec::new());
    for came in came {
        match came {
            Answers::NotSent => {}
            Answers::TooLong => too_long += 1,
            Answers::Broken(found) => {
                broken += 1;
                wrong.extend(found);
            }
        }
    }
    if broken == 0 && too_long > 0 {
        return Verdict::Unknown(format!(
            "it sends nothing of {LONGEST} bytes or less, and longer messages are not broken"
        ));
    }
    if broken == 0 {
        return Verdict::Unknown("it sends no message that could be broken".to_owned());
    }
    let rest = match too_long {
        0 => String::new(),
        _ => format!("; {too_long} of {} messages and seeds are longer", broken + too_long),
    };
    Verdict::of(wrong, format!("messages of {LONGEST} bytes at most, each bit flipped, cut, spliced{rest}"))
}

/// One task of a codec, on three equal consumers that find their messages in different places.
struct Trial {
    what: String,
    subjects: [Subject; 3],
    usual: u64,
    /// What the codec's traits say that it takes for a length that it has not checked, in bytes. Each may be written once.
    trusts: u64,
}

impl Trial {
    /// Hands over the good message first, which says how much fuel is usual.
    fn new(spec: &PairSpec<'_>, capacity: u32, trusts: u64, good: &[u8], expected: i64) -> Result<Self, String> {
        let what = spec.task.to_owned();
        let subject = |place| Subject::new(spec, capacity, place).map_err(|error| format!("{what}: {error}"));
        let mut subjects = [subject(Place::Among(0))?, subject(Place::Among(0xFF))?, subject(Place::AtTheEnd)?];
        let mut usual = 0;
        for subject in &mut subjects {
            let received = subject.receive(good, budget::BASE);
            let (answer, fuel) = received.map_err(|error| format!("{what}: the good message: {error}"))?;
            if answer != expected {
                return Err(format!("{what}: the good message is answered by {answer:#x}, not by its digest"));
            }
            usual = fuel.max(usual);
        }
        Ok(Self { what, subjects, usual, trusts })
    }

    /// The answer to malformed bytes, which must be the same in each place.
    fn answer(&mut self, bytes: &[u8]) -> Result<i64, String> {
        let more = FUEL.1 + self.trusts;
        let fuel = FUEL.0 * self.usual + more;
        let how = format!("{} times the {} that the good message takes, and {more}", FUEL.0, self.usual);
        let answers = self.subjects.each_mut().map(|subject| subject.receive(bytes, fuel));
        let [first, second, third] = answers.map(|answer| answer.map(|(answer, _)| answer));
        let told = |error: String| budget::told(&error, fuel, &how);
        let (first, second, third) = (first.map_err(told)?, second.map_err(told)?, third.map_err(told)?);
        if first != second || first != third {
            return Err(format!("what lies around the message matters: {first:#x}, {second:#x}, {third:#x}"));
        }
        if first >= 0 || documented(first) {
            Ok(first)
        } else {
            Err(format!("it returns {first}, which is no status about bytes"))
        }
    }

    /// What is wrong when everything has been received: memory taken, or written where nothing was to be
    /// written.
    fn leftovers(&mut self) -> Vec<Finding> {
        let Self { what, subjects, trusts, .. } = self;
        // Twice: an allocator does not always find in one piece what it was given back.
        let pages = PAGES + 2 * trusts.div_ceil(1 << 16);
        let mut wrong = Vec::new();
        for subject in subjects {
            if subject.taken > pages {
                let text = format!("{what}: it took {} KiB, but may take {}", subject.taken * 64, pages * 64);
                wrong.push(Finding::new("memory", text));
            }
            if subject.wrote() {
                wrong.push(Finding::new("inbox", format!("{what}: it wrote into the inbox")));
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

/// The numbers of the two longest messages that are long enough, or of the two shortest: one to malform, one to splice with. None where
/// these are too long.
fn two_of(rotation: &[Vec<u8>]) -> Option<[usize; 2]> {
    let mut sorted: Vec<usize> = (0..rotation.len()).collect();
    sorted.sort_by_key(|index| rotation.get(*index).map_or(0, Vec::len));
    let up_to =
        |most| sorted.iter().filter(|index| rotation.get(**index).is_some_and(|wire| wire.len() <= most)).count();
    sorted.get(..up_to(LONG_ENOUGH).max(up_to(LONGEST).min(2)))?.last_chunk().copied()
}

/// What is malformed.
#[derive(Clone)]
pub struct Tried<'a> {
    /// An engine that counts fuel.
    pub engine: &'a Engine,
    /// The codec's guests, compiled by it.
    pub guests: &'a Compiled,
    /// Its message.
    pub message: MessageId,
    /// What the message is generated from.
    pub seed: u64,
}

/// What came of a message and a seed.
pub enum Answers {
    /// The codec does not carry it, or does not make it of this seed.
    NotSent,
    /// It is too long to be broken.
    TooLong,
    /// It was broken; this is wrong with the answers.
    Broken(Vec<Finding>),
}

/// A codec's answers to the broken forms of a message; `splices` of each kind of splice are among them.
pub fn answers(codec: &Codec, tried: &Tried<'_>, splices: usize) -> Answers {
    let named = |finding: Finding| {
        let text = format!("{}, seed {:#x}: {}", tried.message, tried.seed, finding.text);
        Finding { text, ..finding }
    };
    let failed = |error| Answers::Broken(vec![Finding::new("guest", error)]);
    match all_answers(codec, tried, splices).unwrap_or_else(failed) {
        Answers::Broken(found) => Answers::Broken(found.into_iter().map(named).collect()),
        other => other,
    }
}

fn all_answers(codec: &Codec, tried: &Tried<'_>, splices: usize) -> Result<Answers, String> {
    let Tried { engine, guests, message, seed } = *tried;
    let supported = |task: &Task| codec.supports(message.kind.name, *task).is_ok();
    let tasks: Vec<Task> = Task::ONE_WAY.into_iter().filter(supported).collect();
    let spec = |task: Task| {
        let MessageId { kind, size } = message;
        let (task, rotation, values) = (task.name(), ROTATION, Some(kind.lay_out));
        PairSpec { engine, guests, message: kind.name, size, task, rotation, seed, values }
    };
    let Some(&first) = tasks.first() else { return Ok(Answers::NotSent) };
    let wire = match wire(&spec(first), 1, |asked| asked) {
        // It does not make messages of this seed.
        Err(error) if error.is_unknown_seed() && seed != SEED => return Ok(Answers::NotSent),
        wire => wire.map_err(|error| error.to_string())?,
    };
    let Some([other, index]) = two_of(&wire.messages) else {
        return match wire.messages.len() < ROTATION as usize {
            true => Err("it sends less than it was asked for".to_owned()),
            false => Ok(Answers::TooLong),
        };
    };
    let digest = if codec.is_floor() { blob::floor_digest } else { message.kind.digest };
    let trusts = codec.traits.trusts_lengths.unwrap_or(0).into();
    let mut trials = Vec::new();
    for task in tasks {
        let expected = digest(seed, index as u32, message.size, task).map_err(|status| status.to_string())?;
        let good = &wire.messages[index];
        // Two messages that are put together may be longer than a good one can be.
        let capacity = wire.outbox.capacity.max(malform::longest(good, &wire.messages[other]));
        trials.push((task, Trial::new(&spec(task), capacity, trusts, good, expected as i64)?));
    }
    let mut wrong = Vec::new();
    for bytes in malform::malformed(&wire.messages[index], &wire.messages[other], splices) {
        let answers: Vec<_> = trials.iter_mut().map(|(task, trial)| (*task, trial.answer(&bytes))).collect();
        wrong.extend(verdict(&answers).map(|(kind, text)| Finding::new(kind, format!("{text}, on {}", shown(&bytes)))));
    }
    wrong.extend(trials.iter_mut().flat_map(|(_, trial)| trial.leftovers()));
    Ok(Answers::Broken(wrong))
}

/// Bytes in hexadecimal, cut where they are many.
fn shown(bytes: &[u8]) -> String {
    const MOST: usize = 48;
    let hex: Vec<String> = bytes.iter().take(MOST).map(|byte| format!("{byte:02x}")).collect();
    let rest = if bytes.len() > MOST { format!(" … ({} bytes)", bytes.len()) } else { String::new() };
    format!("[{}{rest}]", hex.join(" "))
}

/// What is wrong with the answers of all tasks to the same bytes. Where `own` finds a value in them,
/// `scan` finds the same.
fn verdict(answers: &[(Task, Result<i64, String>)]) -> Option<(String, String)> {
    let answer = |wanted| answers.iter().find(|(task, _)| *task == wanted).map(|(_, answer)| answer);
    if let Some((task, Err(error))) = answers.iter().find(|(_, answer)| answer.is_err()) {
        let kind = error.split([':', '(']).next().unwrap_or_default();
        return Some((format!("{task} {kind}"), format!("{task}: {error}")));
    }
    match (answer(Task::Scan), answer(Task::Own)) {
        (Some(Ok(scan)), Some(Ok(own))) if *own >= 0 && scan != own => {
            Some(("scan and own".to_owned(), format!("own answers {own:#x}, but scan {scan:#x}")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Answers, LONG_ENOUGH, LONGEST, two_of, verdict_on};
    use crate::trials::Verdict;

    #[test]
    fn where_nothing_was_broken_nothing_passed() {
        let broken = || Answers::Broken(Vec::new());
        assert!(matches!(verdict_on(vec![Answers::TooLong, Answers::NotSent]), Verdict::Unknown(_)));
        assert!(matches!(verdict_on(vec![Answers::NotSent]), Verdict::Unknown(_)));
        let some = verdict_on(vec![Answers::TooLong, broken(), Answers::NotSent]);
        assert!(
            matches!(&some, Verdict::Passed(what) if what.ends_with("; 1 of 2 messages and seeds are longer")),
            "{some:?}"
        );
        assert!(
            matches!(verdict_on(vec![broken(), Answers::NotSent]), Verdict::Passed(what) if what.ends_with("spliced"))
        );
    }

    #[test]
    fn what_is_broken_is_long_enough_and_not_too_long() {
        let of = |lengths: &[usize]| two_of(&lengths.iter().map(|len| vec![0; *len]).collect::<Vec<_>>());
        assert_eq!(of(&[LONG_ENOUGH + 1, 9, LONG_ENOUGH, 10]), Some([3, 2]));
        assert_eq!(of(&[LONGEST, LONG_ENOUGH + 2, LONG_ENOUGH + 1]), Some([2, 1]));
        assert_eq!(of(&[9, LONGEST]), Some([0, 1]));
        assert_eq!(of(&[9, LONGEST + 1]), None);
        assert_eq!(of(&[]), None);
    }
}
