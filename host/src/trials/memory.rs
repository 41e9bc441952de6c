//! Many messages, and no page of memory more than the first few took.

use std::time::{Duration, Instant};

use weft_link::transport::by_name;
use weft_schemas::Task;

use super::joined::Joined;
use super::{Finding, Sent, Trials, Verdict, budget, in_parallel};
use crate::cell::SEED;

/// As many messages are sent …
const MESSAGES: u32 = 100_000;
/// … or as many as take so long.
const LONGEST: Duration = Duration::from_secs(1);
/// So many are sent in one call …
const AT_ONCE: u32 = 500;
/// … or as many as have so many bytes of payload together.
const BYTES_AT_ONCE: u64 = 1 << 20;
/// What may still make memory grow: allocators find their steady state.
const WARM_UP: u32 = 5_000;

pub fn conduct(trials: &Trials<'_>) -> Verdict {
    let sent = |(kind, task)| {
        let message = trials.sizes(kind).into_iter().next()?;
        Some(Sent { message, task, seed: SEED, rotation: message.rotation() })
    };
    let shared = |sent: &Sent| by_name("linked").is_some_and(|linked| trials.has(sent.message, sent.task, linked));
    let units: Vec<Sent> = trials.of_tasks(&Task::ALL).into_iter().filter_map(sent).filter(shared).collect();
    let came = in_parallel(&units, |sent| vec![of(trials, *sent)]);
    let fewest = came.iter().filter_map(|came| came.as_ref().ok()).min().copied().unwrap_or(0);
    let wrong = came.into_iter().filter_map(Result::err).collect();
    Verdict::of_units(units.len(), wrong, format!("{fewest} messages or more of each"))
}

/// Sends the messages; returns how many those were.
fn of(trials: &Trials<'_>, sent: Sent) -> Result<u32, Finding> {
    let what = format!("{}/{}", sent.message, sent.task);
    let payload = sent.message.payload_bytes().max(1);
    let at_once = AT_ONCE.min((BYTES_AT_ONCE / payload) as u32).max(1);
    // As if what is sent in a call were a rotation.
    let budget = Sent { rotation: at_once.max(sent.rotation), ..sent };
    let failed = |error: weft_link::guest::GuestError| {
        Finding::new("guest", format!("{what}: {}", budget::told_of(&error.to_string(), budget)))
    };
    trials.with(budget, |spec| {
        let spec = weft_link::PairSpec { rotation: sent.rotation, ..*spec };
        let mut joined = Joined::new(&spec).map_err(failed)?;
        let (started, mut count, mut pages) = (Instant::now(), 0, joined.pages());
        while count < MESSAGES && (count < 2 * at_once || started.elapsed() < LONGEST) {
            joined.fuel(budget::of(budget));
            joined.produce(count % sent.rotation, at_once).map_err(failed)?;
            count += at_once;
            if count == at_once || count <= WARM_UP && started.elapsed() < LONGEST / 2 {
                pages = joined.pages();
            }
        }
        let grown = joined.pages() - pages;
        if grown > 0 {
            let text = format!(
                "{what}: {count} messages made the guests' memory grow by {} KiB: is something kept of each?",
                grown * 64
            );
            return Err(Finding::new("memory", text));
        }
        Ok(count)
    })
}
