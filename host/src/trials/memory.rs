//! Many messages, and no page of memory more than the first few took.

use std::time::{Duration, Instant};

use weft_link::transport::by_name;

use super::joined::Joined;
use super::{Finding, Sent, Trials, Verdict, budget, in_parallel};
use crate::cell::SEED;

/// As many messages are sent …
const MESSAGES: u32 = 100_000;
/// … or as many as take so long.
const LONGEST: Duration = Duration::from_secs(1);
/// How many are sent in one call.
const AT_ONCE: u32 = 500;
/// What may still make memory grow: allocators find their steady state.
const WARM_UP: u32 = 5_000;

pub fn conduct(trials: &Trials<'_>) -> Verdict {
    let sent =
        |(kind, task)| Some(Sent { message: trials.sizes(kind).into_iter().next()?, task, seed: SEED, rotation: 64 });
    let shared = |sent: &Sent| by_name("linked").is_some_and(|linked| trials.has(sent.message, sent.task, linked));
    let units: Vec<Sent> = trials.cells().into_iter().filter_map(sent).filter(shared).collect();
    let came = in_parallel(&units, |sent| vec![of(trials, *sent)]);
    let fewest = came.iter().filter_map(|came| came.as_ref().ok()).min().copied().unwrap_or(0);
    let wrong = came.into_iter().filter_map(Result::err).collect();
    Verdict::of(wrong, format!("{fewest} messages or more of each"))
}

/// Sends the messages; returns how many those were.
fn of(trials: &Trials<'_>, sent: Sent) -> Result<u32, Finding> {
    let what = format!("{}/{}", sent.message, sent.task);
    // As if all of them were a rotation.
    let budget = Sent { rotation: MESSAGES, ..sent };
    let failed = |error: weft_link::guest::GuestError| {
        Finding::new("guest", format!("{what}: {}", budget::told_of(&error.to_string(), budget)))
    };
    trials.with(budget, |spec| {
        let spec = weft_link::PairSpec { rotation: sent.rotation, ..*spec };
        let mut joined = Joined::new(&spec).map_err(failed)?;
        let (started, mut count, mut pages) = (Instant::now(), 0, joined.pages());
        while count < MESSAGES && (count < 2 * AT_ONCE || started.elapsed() < LONGEST) {
            joined.produce(0, AT_ONCE).map_err(failed)?;
            count += AT_ONCE;
            if count == AT_ONCE || count <= WARM_UP && started.elapsed() < LONGEST / 2 {
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
