//! The same value gives the same bytes: when it is sent again, and from a fresh instance.

use weft_schemas::WILD;

use super::joined::wire;
use super::{Finding, Sent, Trials, Verdict, budget, in_parallel};
use crate::cell::{MessageId, SEED};

/// The messages of each kind, at most: they are sent twice, and kept.
const ROTATION: u32 = 8;

pub fn conduct(trials: &Trials<'_>) -> Verdict {
    let mut units = Vec::new();
    for (kind, task) in trials.kinds() {
        let sizes = trials.sizes(kind).into_iter().take(2);
        let rotation = |message: MessageId| (message.rotation() / 2).clamp(1, ROTATION);
        let sent = |(message, seed)| Sent { message, task, seed, rotation: rotation(message) };
        units.extend(sizes.flat_map(|message| [(message, SEED), (message, WILD | 3)]).map(sent));
    }
    let wrong = in_parallel(&units, |sent| of(trials, *sent).into_iter().collect());
    let messages: u32 = units.iter().map(|sent| sent.rotation).sum();
    Verdict::of_units(units.len(), wrong, format!("{messages} messages, twice, and from a fresh instance"))
}

fn of(trials: &Trials<'_>, sent: Sent) -> Option<Finding> {
    let what = format!("{}, seed {:#x}", sent.message, sent.seed);
    let fresh = || trials.with(sent, |spec| wire(spec, 2, |asked| asked));
    let (one, other) = match (fresh(), fresh()) {
        (Ok(one), Ok(other)) => (one, other),
        (Err(error), _) | (_, Err(error)) if error.is_unknown_seed() => return None,
        (Err(error), _) | (_, Err(error)) => {
            return Some(Finding::new("guest", format!("{what}: {}", budget::told_of(&error.to_string(), sent))));
        }
    };
    let differs = |left: &[Vec<u8>], right: &[Vec<u8>]| {
        let place = left.iter().zip(right).position(|(left, right)| left != right)?;
        let at = left.get(place)?.iter().zip(right.get(place)?).take_while(|(left, right)| left == right).count();
        Some(format!("message {place} differs from byte {at} on"))
    };
    let (first, second) = one.messages.split_at(one.messages.len().min(sent.rotation as usize));
    let again = differs(first, second).map(|what| format!("when it is sent again, {what}"));
    let fresh = || differs(&one.messages, &other.messages).map(|what| format!("from a fresh instance, {what}"));
    Some(Finding::new("bytes", format!("{what}: {}", again.or_else(fresh)?)))
}
