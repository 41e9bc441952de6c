//! Replies: every answer has the digest that the host computes, over every transport that brings answers back, and the replier bears broken
//! bytes: it returns a status about them, or the place of an answer in its outbox.

use weft_link::PairSpec;
use weft_link::guest::{GuestError, Isolated};
use weft_link::transport::{TRANSPORTS, Transport};
use weft_schemas::{EDGES, KINDS, Status, Task, WILD};

use super::joined::wire;
use super::{Finding, Sent, Trials, Verdict, budget, in_parallel, malform, sums};
use crate::cell::{MessageId, SEED};

/// The messages of a rotation: of those at their ends, each length is among them …
const ROTATION: u32 = 8;
/// … of others as many as have about so many bytes of payload together, and two at least, where a rotation has as many.
const PAYLOAD: u64 = 1 << 16;
/// What messages are generated from: ordinary ones, wild ones, and those at their ends.
const SEEDS: [u64; 3] = [SEED, WILD | 7, EDGES];
/// As many splices of each kind are handed to the replier.
const SPLICES: usize = 20;
/// No message that is broken is longer, in bytes on the wire.
const LONGEST: usize = 800;

/// A message from a seed.
struct Unit {
    message: MessageId,
    seed: u64,
}

impl Unit {
    fn sent(&self) -> Sent {
        let Self { message, seed } = *self;
        let most = message.rotation().min(ROTATION);
        let payload = message.payload_bytes().max(1);
        let rotation = if seed == EDGES { most } else { most.min((PAYLOAD / payload).max(2) as u32) };
        Sent { message, task: Task::Reply, seed, rotation }
    }
}

pub fn conduct(trials: &Trials<'_>) -> Verdict {
    if trials.replying.is_none() {
        return without(trials);
    }
    let sizes =
        trials.of_tasks(&[Task::Reply]).into_iter().flat_map(|(kind, _)| trials.sizes(kind).into_iter().take(2));
    let units: Vec<Unit> = sizes.flat_map(|message| SEEDS.map(|seed| Unit { message, seed })).collect();
    let came = in_parallel(&units, |unit| vec![came_of(trials, unit)]);
    let broken = match came.iter().filter(|came| came.broken).count() {
        _ if !Trials::must_bear(trials.codec) => String::new(),
        broken => format!("; broken bytes of {broken} of them, of {LONGEST} bytes at most"),
    };
    let tried = format!("{} messages and seeds, over every transport that brings answers back{broken}", units.len());
    Verdict::of_units(units.len(), came.into_iter().flat_map(|came| came.wrong).collect(), tried)
}

/// The verdict on a codec that does not answer. A reason why it does not carry a message is none why it does not answer.
fn without(trials: &Trials<'_>) -> Verdict {
    let of_kinds = KINDS.iter().map(|kind| format!("{}/{}", kind.name, Task::Reply));
    let mut keys = of_kinds.chain([Task::Reply.name().to_owned()]);
    match keys.find_map(|key| trials.codec.traits.unsupported.get(&key)) {
        Some(why) => Verdict::Passed(format!("none: {why}")),
        None => Verdict::Unknown("it has no guests that ask and answer (docs/ABI.md, Replies)".to_owned()),
    }
}

/// What came of a unit.
struct Came {
    wrong: Vec<Finding>,
    /// Whether broken bytes were handed over.
    broken: bool,
}

fn came_of(trials: &Trials<'_>, unit: &Unit) -> Came {
    let mut came = Came { wrong: digests(trials, unit), broken: false };
    // Of those at their ends some say nothing, and are no message to break.
    if came.wrong.is_empty() && unit.seed != EDGES && Trials::must_bear(trials.codec) {
        match broken(trials, unit) {
            Ok(None) => {}
            Ok(Some(wrong)) => came = Came { wrong, broken: true },
            Err(error) => came.wrong.push(Finding::new("guest", error)),
        }
    }
    let what = format!("{}, seed {:#x}", unit.message, unit.seed);
    came.wrong.iter_mut().for_each(|finding| finding.text = format!("{what}: {}", finding.text));
    came
}

/// What is wrong with the digests of answers, over each transport.
fn digests(trials: &Trials<'_>, unit: &Unit) -> Vec<Finding> {
    let sent = unit.sent();
    let works = |transport: &&&'static dyn Transport| {
        transport.replies().is_ok() && trials.has(unit.message, Task::Reply, **transport)
    };
    trials.with(sent, |spec| {
        let wrong = TRANSPORTS.iter().filter(works).filter_map(|transport| {
            let why = match answered(trials, *transport, spec, sent) {
                Ok(why) => why?,
                Err(error) if error.is_unknown_seed() && sent.seed != SEED => return None,
                Err(error) => budget::told_of(&error.to_string(), sent),
            };
            Some(Finding::new("digest", format!("over {}: {why}", transport.name())))
        });
        wrong.collect()
    })
}

/// The first answer of a rotation that is wrong over a transport, or the sum of several.
fn answered(
    trials: &Trials<'_>,
    transport: &dyn Transport,
    spec: &PairSpec<'_>,
    sent: Sent,
) -> Result<Option<String>, GuestError> {
    let mut pair = transport.join(spec)?;
    let expected: Vec<_> = (0..sent.rotation).map(|index| trials.digest(sent, index)).collect();
    for (index, expected) in (0..).zip(&expected) {
        let Ok(expected) = *expected else { continue };
        let found = pair.produce(index, 1)?;
        if found != expected {
            return Ok(Some(format!("the answer to message {index} is {found:#018x}, but must be {expected:#018x}")));
        }
    }
    // What messages say has no part in how many are sent.
    let expected: Option<Vec<u64>> =
        expected.into_iter().map(|expected| expected.ok().filter(|_| sent.seed == SEED)).collect();
    expected.map_or(Ok(None), |expected| sums::wrong(&mut *pair, &expected))
}

/// What is wrong with what the replier makes of broken bytes. None where the message is not sent, or too long to be broken.
fn broken(trials: &Trials<'_>, unit: &Unit) -> Result<Option<Vec<Finding>>, String> {
    let sent = unit.sent();
    trials.with(sent, |spec| {
        let told = |error: GuestError| budget::told_of(&error.to_string(), sent);
        let wire = match wire(&PairSpec { rotation: 2, ..*spec }, 1, |asked| asked) {
            Err(error) if error.is_unknown_seed() && sent.seed != SEED => return Ok(None),
            wire => wire.map_err(told)?,
        };
        let [good, other] = &wire.messages[..] else { return Err("it sends less than it was asked for".to_owned()) };
        if good.len() > LONGEST || other.len() > LONGEST {
            return Ok(None);
        }
        let mut far = Isolated::new(spec).map_err(told)?;
        // A broken message may be longer than a good one can be.
        far.allocate(wire.outbox.capacity.max(malform::longest(good, other))).map_err(told)?;
        let outbox = far.consumer.outbox(&mut far.store, wire.outbox.capacity).map_err(told)?;
        let mut wrong = Vec::new();
        for bytes in malform::malformed(good, other, SPLICES) {
            let len = bytes.len() as u32;
            far.place(len).copy_from_slice(&bytes);
            // Each may execute what any pair of guests may.
            let _ = far.store.set_fuel(budget::of(sent));
            let came = far.receive_placed(len).map_err(told)?;
            let is_good = match u64::try_from(came) {
                Ok(place) => outbox.contains(place as u32, (place >> 32) as u32),
                Err(_) => is_about_bytes(came),
            };
            if !is_good {
                let text = format!("the replier answers broken bytes by {came:#x}: no status about them, and no place");
                wrong.push(Finding::new("broken", text));
            }
        }
        Ok(Some(wrong))
    })
}

/// Whether a status is one that a replier may return for the bytes of a message.
fn is_about_bytes(status: i64) -> bool {
    let about_bytes = [Status::Malformed, Status::InvalidText, Status::LimitReached, Status::NotAnswered];
    Status::from_code(status).is_some_and(|status| about_bytes.contains(&status))
}
