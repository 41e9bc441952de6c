//! Every message and task returns the digests that the host computes: all sizes on `linked`, and one size over every transport.

use weft_link::guest::GuestError;
use weft_link::transport::{TRANSPORTS, Transport, by_name};

use super::explained::Explained;
use super::{Finding, Sent, Trials, Verdict, budget, in_parallel, sums};
use crate::cell::SEED;

/// The transport that all sizes are sent over: the two guests share one memory, so that nothing hides where they write.
const ALL_SIZES: &str = "linked";
/// The transport that what is wrong there is tried over once more.
const ELSEWHERE: &str = "direct";
/// At most as many messages of a size are sent.
const ROTATION: u32 = 16;
/// Something sent over a transport.
pub(super) struct Unit {
    pub sent: Sent,
    pub transport: &'static dyn Transport,
}

/// Something that is wrong with a unit.
pub(super) struct Wrong {
    kind: String,
    what: String,
    transport: &'static str,
    text: String,
}

/// What came of a unit.
pub(super) enum Came {
    /// So many digests are right.
    Right(u32),
    /// Something is wrong.
    Wrong(Wrong),
    /// The producer does not make messages of that seed.
    Unknown,
}

pub fn conduct(trials: &Trials<'_>) -> Verdict {
    let (sizes, transports) = (units(trials), other_transports(trials));
    let explained = Explained::default();
    let run = |units: &[Unit]| in_parallel(units, |unit| vec![came(trials, unit, &explained)]);
    let all_units = sizes.len() + transports.len();
    let (mut all, others) = (run(&sizes), run(&transports));
    let wrong = |came: &[Came]| came.iter().any(|came| matches!(came, Came::Wrong(_)));
    // Where both guests are in one memory, they reach its limit earlier.
    let of_addresses = |came: &Came| matches!(came, Came::Wrong(wrong) if !wrong.kind.starts_with(OF_MEMORY));
    let first = sizes.iter().zip(&all).find(|(_, came)| of_addresses(came)).map(|(unit, _)| unit.sent);
    let elsewhere = by_name(ELSEWHERE).zip(first).map(|(transport, sent)| run(&[Unit { sent, transport }]));
    let only_linked = !wrong(&others) && elsewhere.is_some_and(|came| !wrong(&came));
    all.extend(others);
    let digests: u32 = all.iter().map(|came| if let Came::Right(count) = came { *count } else { 0 }).sum();
    let mut wrong = findings(all);
    if only_linked {
        wrong.push(Finding::new("hint", ONLY_LINKED));
    }
    Verdict::of_units(all_units, wrong, format!("{digests} digests, {} sizes; all transports agree", sizes.len()))
}

/// The kind of what is wrong because guests may have no more memory.
const OF_MEMORY: &str = "limit";

/// What is said where all other transports agree.
const ONLY_LINKED: &str = "only linked is wrong: there both guests share one memory. A consumer keeps its stack's end and its data at 17 MiB and \
     above (-zstack-size=17825792), a producer below 16 MiB, and heaps take fresh pages: docs/ABI.md, Addresses";

/// What is wrong, one finding for all transports over which it is.
pub(super) fn findings(came: Vec<Came>) -> Vec<Finding> {
    let mut all: Vec<(Wrong, Vec<&str>)> = Vec::new();
    for wrong in came.into_iter().filter_map(|came| if let Came::Wrong(wrong) = came { Some(wrong) } else { None }) {
        let same = |(other, _): &&mut (Wrong, Vec<&str>)| (&other.what, &other.text) == (&wrong.what, &wrong.text);
        match all.iter_mut().find(same) {
            Some((_, transports)) => transports.push(wrong.transport),
            None => {
                let transports = vec![wrong.transport];
                all.push((wrong, transports));
            }
        }
    }
    let finding = |(Wrong { kind, what, text, .. }, transports): (Wrong, Vec<&str>)| {
        Finding::new(kind, format!("{what} over {}{text}", transports.join(", ")))
    };
    all.into_iter().map(finding).collect()
}

/// All sizes of what the codec supports.
fn units(trials: &Trials<'_>) -> Vec<Unit> {
    let Some(transport) = trials.over(ALL_SIZES) else { return Vec::new() };
    let sent = |message, task| Sent { message, task, seed: SEED, rotation: message.rotation().min(ROTATION) };
    let cells = trials.cells().into_iter();
    let all = cells.flat_map(|(kind, task)| trials.sizes(kind).into_iter().map(move |message| (message, task)));
    all.map(|(message, task)| Unit { sent: sent(message, task), transport }).collect()
}

/// The smallest size of each, over every other transport that works here and that the codec does not refuse.
fn other_transports(trials: &Trials<'_>) -> Vec<Unit> {
    let other =
        |transport: &&'static dyn Transport| trials.over(ALL_SIZES).is_none_or(|all| all.name() != transport.name());
    let mut units = Vec::new();
    for (kind, task) in trials.cells() {
        let Some(message) = trials.sizes(kind).into_iter().next() else { continue };
        let sent = Sent { message, task, seed: SEED, rotation: message.rotation().min(4) };
        let transports = TRANSPORTS.iter().copied().filter(other);
        let transports = transports.filter(|transport| trials.has(message, task, *transport));
        units.extend(transports.map(|transport| Unit { sent, transport }));
    }
    units
}

/// Sends every message of a unit, and then all of them in one call.
pub(super) fn came(trials: &Trials<'_>, unit: &Unit, explained: &Explained) -> Came {
    let sent = unit.sent;
    let failed = |error: &GuestError| {
        let kind = if error.is_of_memory() { OF_MEMORY } else { "guest" };
        unit.wrong(kind, format!(": {}", budget::told_of(&error.to_string(), sent)))
    };
    trials.with(sent, |spec| {
        let mut pair = match unit.transport.join(spec) {
            Ok(pair) => pair,
            Err(error) if error.is_unknown_seed() && sent.seed != SEED => return Came::Unknown,
            Err(error) => return failed(&error),
        };
        let expected: Vec<_> = (0..sent.rotation).map(|index| trials.digest(sent, index)).collect();
        for (index, expected) in (0..).zip(&expected) {
            match (pair.produce(index, 1), expected) {
                (Ok(found), Ok(expected)) if found == *expected => {}
                (Err(GuestError::Status { status, .. }), Err(expected)) if status == expected.code() => {}
                (Ok(found), expected) => {
                    let what = explained.of(trials, (sent, index), found, *expected);
                    return unit.wrong("digest", format!(", message {index}: {what}"));
                }
                (Err(error), _) => return failed(&error),
            }
        }
        // Where one of them is a status, so is the sum.
        let expected: Option<Vec<u64>> = expected.into_iter().map(Result::ok).collect();
        match expected.map(|expected| sums::wrong(&mut *pair, &expected)) {
            Some(Ok(Some(wrong))) => unit.wrong("sum", format!(": {wrong}")),
            Some(Err(error)) => failed(&error),
            _ => Came::Right(2 * sent.rotation),
        }
    })
}

impl Unit {
    /// Something that is wrong with it.
    fn wrong(&self, kind: &str, text: String) -> Came {
        let Sent { message, task, seed, .. } = self.sent;
        let seed = if seed == SEED { String::new() } else { format!(", seed {seed:#x}") };
        let (kind, what) = (format!("{kind} {task}"), format!("{message}/{task}"));
        Came::Wrong(Wrong { kind, what, transport: self.transport.name(), text: format!("{seed}{text}") })
    }
}
