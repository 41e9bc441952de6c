//! Every message and task returns the digests that the host computes: all sizes on `linked`, and one size over every transport.

use std::sync::atomic::{AtomicUsize, Ordering};

use weft_link::guest::GuestError;
use weft_link::transport::{TRANSPORTS, Transport, by_name};
use weft_schemas::{Outcome, Status};

use super::{Finding, Sent, Trials, Verdict, budget, in_parallel, is_unknown_seed};
use crate::cell::SEED;
use crate::verify::Given;

/// The transport that all sizes are sent over: the two guests share one memory, so that nothing hides where they write.
const ALL_SIZES: &str = "linked";
/// At most as many messages of a size are sent.
const ROTATION: u32 = 16;
/// At most as many wrong digests are explained: the others are of the same kind.
const EXPLAINED: usize = 3;

/// Something sent over a transport.
pub(super) struct Unit {
    pub sent: Sent,
    pub transport: &'static dyn Transport,
}

/// What came of a unit.
pub(super) enum Came {
    /// So many digests are right.
    Right(u32),
    /// Something is wrong.
    Wrong(Finding),
    /// The producer does not make messages of that seed.
    Unknown,
}

pub fn conduct(trials: &Trials<'_>) -> Verdict {
    let (sizes, transports) = (units(trials), other_transports(trials));
    let explained = AtomicUsize::new(0);
    let run = |units: &[Unit]| in_parallel(units, |unit| vec![came(trials, unit, &explained)]);
    let (linked, others) = (run(&sizes), run(&transports));
    let digests: u32 =
        linked.iter().chain(&others).map(|came| if let Came::Right(count) = came { *count } else { 0 }).sum();
    let mut wrong = findings(linked);
    let elsewhere = findings(others);
    if !wrong.is_empty() && elsewhere.is_empty() {
        wrong.push(Finding::new("hint", ONLY_LINKED));
    }
    wrong.extend(elsewhere);
    Verdict::of(wrong, format!("{digests} digests, {} sizes; all transports agree", sizes.len()))
}

/// What is said where all other transports agree.
const ONLY_LINKED: &str = "only linked is wrong: there both guests share one memory. A consumer keeps its stack's end and its data at 17 MiB and \
     above (-zstack-size=17825792), a producer below 16 MiB, and heaps take fresh pages: docs/ABI.md, Addresses";

/// What is wrong.
pub(super) fn findings(came: Vec<Came>) -> Vec<Finding> {
    came.into_iter().filter_map(|came| if let Came::Wrong(finding) = came { Some(finding) } else { None }).collect()
}

/// All sizes of what the codec supports.
fn units(trials: &Trials<'_>) -> Vec<Unit> {
    let Some(transport) = by_name(ALL_SIZES) else { return Vec::new() };
    let sent = |message, task| Sent { message, task, seed: SEED, rotation: message.rotation().min(ROTATION) };
    let cells = trials.cells().into_iter();
    let all = cells.flat_map(|(kind, task)| trials.sizes(kind).into_iter().map(move |message| (message, task)));
    all.map(|(message, task)| Unit { sent: sent(message, task), transport }).collect()
}

/// The smallest size of each, over every other transport that works here and that the codec does not refuse.
fn other_transports(trials: &Trials<'_>) -> Vec<Unit> {
    let works = |transport: &&'static dyn Transport| {
        transport.name() != ALL_SIZES
            && transport.supported().is_ok()
            && trials.codec.traits.why_not_on(transport.name(), crate::cell::OWN_HOST).is_none()
    };
    let transports: Vec<_> = TRANSPORTS.iter().copied().filter(works).collect();
    let mut units = Vec::new();
    for (kind, task) in trials.cells() {
        let Some(message) = trials.sizes(kind).into_iter().next() else { continue };
        let sent = Sent { message, task, seed: SEED, rotation: 4 };
        units.extend(transports.iter().map(|transport| Unit { sent, transport: *transport }));
    }
    units
}

/// Sends every message of a unit, and then all of them twice over.
pub(super) fn came(trials: &Trials<'_>, unit: &Unit, explained: &AtomicUsize) -> Came {
    let sent = unit.sent;
    let wrong = |error: &GuestError| {
        let text = format!("{}: {}", named(unit), budget::told_of(&error.to_string(), sent));
        Came::Wrong(Finding::new(format!("guest {}", sent.task), text))
    };
    trials.with(sent, |spec| {
        let mut pair = match unit.transport.join(spec) {
            Ok(pair) => pair,
            Err(error) if is_unknown_seed(&error) && sent.seed != SEED => return Came::Unknown,
            Err(error) => return wrong(&error),
        };
        for index in 0..sent.rotation {
            let expected = trials.digest(sent, index);
            match (pair.produce(index, 1), expected) {
                (Ok(found), Ok(expected)) if found == expected => {}
                (Err(GuestError::Status { status, .. }), Err(expected)) if status == expected.code() => {}
                (Ok(found), expected) => return differs(trials, unit, index, (found, expected), explained),
                (Err(error), _) => return wrong(&error),
            }
        }
        let all = (0..sent.rotation).map(|index| trials.digest(sent, index)).collect::<Result<Vec<_>, Status>>();
        if let Ok(all) = all {
            let sum = all.iter().fold(0_u64, |sum, digest| sum.wrapping_add(*digest)) & weft_schemas::digest::MASK;
            match pair.produce(0, sent.rotation) {
                Ok(found) if found == sum => {}
                Ok(_) => {
                    let text = format!("{}: each message alone is right, but not all of them in one call", named(unit));
                    return Came::Wrong(Finding::new("sum", text));
                }
                Err(error) => return wrong(&error),
            }
        }
        Came::Right(2 * sent.rotation)
    })
}

/// What a unit is in findings.
fn named(unit: &Unit) -> String {
    let Sent { message, task, seed, .. } = unit.sent;
    let seed = if seed == SEED { String::new() } else { format!(", seed {seed:#x}") };
    format!("{message}/{task} over {}{seed}", unit.transport.name())
}

/// A digest that is not the one that it must be, with the field that is wrong.
fn differs(
    trials: &Trials<'_>,
    unit: &Unit,
    index: u32,
    (found, expected): (u64, Outcome),
    explained: &AtomicUsize,
) -> Came {
    let Sent { message, task, seed, .. } = unit.sent;
    let what = match expected {
        Err(status) => format!("it returns a digest, but must return {status}"),
        Ok(_) if trials.codec.is_floor() || explained.fetch_add(1, Ordering::Relaxed) >= EXPLAINED => {
            "wrong".to_owned()
        }
        Ok(_) => {
            let given = Given { kind: message.kind, size: message.size, seed, index, task };
            let explained = given.explained(found).or_else(|| {
                let words = trials.with(unit.sent, |spec| trials.tracer.words(trials.codec, spec, index))?;
                given.traced(&words)
            });
            let show = || format!("cargo weft show {message} --message {index} --seed {seed:#x} --task {task}");
            match explained {
                Some(finding) => finding.to_string(),
                None => format!("the digest matches no single wrong field; what it takes: {}", show()),
            }
        }
    };
    Came::Wrong(Finding::new(format!("digest {task}"), format!("{}, message {index}: {what}", named(unit))))
}
