//! Messages at their ends: without an element, with one, with an odd number and with many; texts that are empty, long, and of more than one
//! byte a character; extreme numbers.

use weft_schemas::{EDGES, WILD};

use super::digests::{Came, Unit, came, findings};
use super::explained::Explained;
use super::{Sent, Trials, Verdict, in_parallel};
use crate::cell::MessageId;

/// The seeds of extreme values: the edges themselves, and wild ones.
const SEEDS: [u64; 3] = [EDGES, WILD | 1, WILD | 7];
/// The elements of the largest of these messages.
const MANY: u32 = 100;
/// The number of messages of each.
const ROTATION: u32 = 14;

pub fn conduct(trials: &Trials<'_>) -> Verdict {
    let Some(transport) = trials.over("direct") else {
        return Verdict::Unknown("there is no transport direct".to_owned());
    };
    let mut units = Vec::new();
    for (kind, task) in trials.cells() {
        let message = MessageId { kind, size: MANY.clamp(kind.sizes.0, kind.sizes.1) };
        units.extend(SEEDS.map(|seed| Unit { sent: Sent { message, task, seed, rotation: ROTATION }, transport }));
    }
    let explained = Explained::default();
    let came = in_parallel(&units, |unit| vec![came(trials, unit, &explained)]);
    let right = came.iter().filter(|came| matches!(came, Came::Right(_))).count();
    let unknown = came.iter().filter(|came| matches!(came, Came::Unknown)).count();
    let wrong = findings(came);
    match (wrong.is_empty(), right) {
        (true, 0) if unknown > 0 => Verdict::Unknown("its producer does not make messages of these seeds".to_owned()),
        _ => Verdict::of_units(units.len(), wrong, format!("{right} sets of {ROTATION} messages")),
    }
}
