//! Replies: every answer has the digest that the host computes, over every transport that brings answers back, and the replier bears broken
//! bytes: it returns a status about them, or the place of an answer in its outbox.

use weft_link::guest::{Compiled, GuestError, Isolated};
use weft_link::transport::{TRANSPORTS, Transport};
use weft_link::{Engine, PairSpec};
use weft_schemas::{EDGES, KINDS, Kind, Status, Task, WILD};

use super::joined::wire;
use super::{Finding, Sent, Trials, Verdict, budget, in_parallel, is_unknown_seed, malform};
use crate::cell::{MessageId, SEED};
use crate::guests::Replying;

/// The messages of a rotation.
const ROTATION: u32 = 16;
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

pub fn conduct(trials: &Trials<'_>) -> Verdict {
    let Some(replying) = &trials.codec.replying else { return without(trials) };
    match Compiled::new(&trials.engine, &replying.requester, &replying.replier) {
        Ok(guests) => tried(trials, replying, &guests),
        Err(error) => Verdict::Wrong(vec![Finding::new("guest", error.to_string())]),
    }
}

/// The verdict on a codec that does not answer.
fn without(trials: &Trials<'_>) -> Verdict {
    let reason = |kind: &Kind| trials.codec.traits.why_unsupported(kind.name, Task::Reply.name());
    match KINDS.iter().find_map(reason) {
        Some(why) => Verdict::Passed(format!("none: {why}")),
        None => Verdict::Unknown("it has no guests that ask and answer (docs/ABI.md, Replies)".to_owned()),
    }
}

fn tried(trials: &Trials<'_>, replying: &Replying, guests: &Compiled) -> Verdict {
    let carried = KINDS.iter().filter(|kind| replying.supports(kind.name).is_ok());
    let sizes = carried.flat_map(|kind| trials.sizes(kind).into_iter().take(2));
    let units: Vec<Unit> = sizes.flat_map(|message| SEEDS.map(|seed| Unit { message, seed })).collect();
    let came = in_parallel(&units, |unit| vec![came_of(trials, guests, unit)]);
    let broken = match came.iter().filter(|came| came.broken).count() {
        _ if !Trials::must_bear(trials.codec) => String::new(),
        broken => format!("; broken bytes of {broken} of them, of {LONGEST} bytes at most"),
    };
    let tried = format!("{} messages and seeds, over every transport that brings answers back{broken}", units.len());
    Verdict::of(came.into_iter().flat_map(|came| came.wrong).collect(), tried)
}

/// What came of a unit.
struct Came {
    wrong: Vec<Finding>,
    /// Whether broken bytes were handed over.
    broken: bool,
}

fn came_of(trials: &Trials<'_>, guests: &Compiled, unit: &Unit) -> Came {
    let mut came = Came { wrong: digests(trials, guests, unit), broken: false };
    // Of those at their ends some say nothing, and are no message to break.
    if came.wrong.is_empty() && unit.seed != EDGES && Trials::must_bear(trials.codec) {
        match broken(trials, guests, unit) {
            Ok(None) => {}
            Ok(Some(wrong)) => came = Came { wrong, broken: true },
            Err(error) => came.wrong.push(Finding::new("guest", error)),
        }
    }
    let what = format!("{}, seed {:#x}", unit.message, unit.seed);
    came.wrong.iter_mut().for_each(|finding| finding.text = format!("{what}: {}", finding.text));
    came
}

/// Works with what is joined for a unit.
fn with<R>(trials: &Trials<'_>, guests: &Compiled, unit: &Unit, work: impl FnOnce(&PairSpec<'_>, Sent) -> R) -> R {
    let (message, seed, rotation) = (unit.message, unit.seed, unit.message.rotation().min(ROTATION));
    let sent = Sent { message, task: Task::Reply, seed, rotation };
    let engine: Engine = trials.engine.fuelled(budget::of(sent));
    let MessageId { kind, size } = message;
    let (task, values) = (Task::Reply.name(), Some(kind.lay_out));
    work(&PairSpec { engine: &engine, guests, message: kind.name, size, task, rotation, seed, values }, sent)
}

/// What is wrong with the digests of answers, over each transport.
fn digests(trials: &Trials<'_>, guests: &Compiled, unit: &Unit) -> Vec<Finding> {
    let works = |transport: &&&'static dyn Transport| {
        transport.replies().is_ok() && trials.has(unit.message, Task::Reply, **transport)
    };
    with(trials, guests, unit, |spec, sent| {
        let wrong = TRANSPORTS.iter().filter(works).filter_map(|transport| {
            let why = match answered(trials, *transport, spec, sent) {
                Ok(why) => why?,
                Err(error) if is_unknown_seed(&error) && sent.seed != SEED => return None,
                Err(error) => budget::told_of(&error.to_string(), sent),
            };
            Some(Finding::new("digest", format!("over {}: {why}", transport.name())))
        });
        wrong.collect()
    })
}

/// The first answer of a rotation that is wrong over a transport.
fn answered(
    trials: &Trials<'_>,
    transport: &dyn Transport,
    spec: &PairSpec<'_>,
    sent: Sent,
) -> Result<Option<String>, GuestError> {
    let mut pair = transport.join(spec)?;
    for index in 0..sent.rotation {
        let Ok(expected) = trials.digest(sent, index) else { continue };
        let found = pair.produce(index, 1)?;
        if found != expected {
            return Ok(Some(format!("the answer to message {index} is {found:#018x}, but must be {expected:#018x}")));
        }
    }
    Ok(None)
}

/// What is wrong with what the replier makes of broken bytes. None where the message is not sent, or too long to be broken.
fn broken(trials: &Trials<'_>, guests: &Compiled, unit: &Unit) -> Result<Option<Vec<Finding>>, String> {
    with(trials, guests, unit, |spec, sent| {
        let told = |error: GuestError| budget::told_of(&error.to_string(), sent);
        let wire = match wire(&PairSpec { rotation: 2, ..*spec }, 1, |asked| asked) {
            Err(error) if is_unknown_seed(&error) && sent.seed != SEED => return Ok(None),
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
