//! An outbox that is too small for a message is a status, and no trap, and nothing is sent that does not lie in it.

use weft_link::guest::GuestError;
use weft_schemas::Status;

use super::joined::wire;
use super::{Finding, Sent, Trials, Verdict, budget, in_parallel};
use crate::cell::{MessageId, SEED};

/// What an outbox has that is too small, in bytes: the smallest that there is.
const ROOM: u32 = 65_536;

pub fn conduct(trials: &Trials<'_>) -> Verdict {
    let sent = |(kind, task)| Some(Sent { message: larger(kind)?, task, seed: SEED, rotation: 2 });
    let units: Vec<Sent> = trials.kinds().into_iter().filter_map(sent).collect();
    if units.is_empty() {
        return Verdict::Unknown(format!(
            "no message that it carries is larger than the smallest outbox, of {ROOM} bytes"
        ));
    }
    let wrong = in_parallel(&units, |sent| of(trials, *sent).into_iter().collect());
    let names: Vec<String> = units.iter().map(|sent| sent.message.to_string()).collect();
    Verdict::of(wrong, format!("{} in an outbox of {ROOM} bytes", names.join(", ")))
}

/// A message that is four times as large as the outbox, if there is one of its kind.
fn larger(kind: &'static weft_schemas::Kind) -> Option<MessageId> {
    let payload = |size| (kind.payload_bytes)(SEED, 0, size);
    let mut size = kind.sizes.0;
    while payload(size) < 4 * u64::from(ROOM) {
        size = size.checked_mul(2).filter(|size| *size <= kind.sizes.1)?;
    }
    Some(MessageId { kind, size })
}

fn of(trials: &Trials<'_>, sent: Sent) -> Option<Finding> {
    let found = |text: String| Some(Finding::new("capacity", format!("{}: {text}", sent.message)));
    let wire = match trials.with(sent, |spec| wire(spec, 1, |_| ROOM)) {
        Ok(wire) => wire,
        // It may refuse such a region at once.
        Err(GuestError::Status { .. }) => return None,
        Err(error) => return found(budget::told_of(&error.to_string(), sent)),
    };
    match wire.ended {
        Err(GuestError::Status { status, .. }) if status == Status::Capacity.code() => None,
        Err(error) => {
            found(format!("it must return {}, but: {}", Status::Capacity, budget::told_of(&error.to_string(), sent)))
        }
        // A message may well be smaller than its payload.
        Ok(_) if !wire.messages.is_empty() => None,
        Ok(_) => found(format!("it sends nothing and returns no status; it must return {}", Status::Capacity)),
    }
}
