//! Whether the payload can be found again where it was copied: formats with tags or escapes hide it, and then copies are unknown.

use weft_link::guest::GuestError;
use weft_schemas::WATERMARKED;

use super::{Finding, Sent, Trials, Verdict, budget};
use crate::cell::Cell;
use crate::exact::{Found, Metering, SEARCHED, metered, search};

pub fn conduct(trials: &Trials<'_>) -> Verdict {
    let (codec, engine) = (trials.codec, &trials.engine);
    let Some(transport) = trials.over("direct") else {
        return Verdict::Unknown("there is no transport direct".to_owned());
    };
    let guests = match metered(engine, [&codec.producer, &codec.consumer], Metering::Searching) {
        Ok(guests) => guests,
        // It keeps to the ABI all the same.
        Err(error @ GuestError::Unmetered { .. }) => return Verdict::Unknown(error.to_string()),
        Err(error) => return Verdict::Wrong(vec![Finding::new("metered", error.to_string())]),
    };
    // The larger of two small messages says more.
    let message = |kind| trials.sizes(kind).into_iter().take(2).next_back();
    let cells: Vec<_> = trials.kinds().into_iter().filter_map(|(kind, task)| Some((message(kind)?, task))).collect();
    let (mut seen, mut unknown, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
    for (message, task) in cells {
        let cell = Cell::new(message, task, &codec.name, transport.name());
        let engine = engine.fuelled(budget::of(Sent { message, task, seed: WATERMARKED, rotation: SEARCHED }));
        match search(&cell, transport, codec.is_floor(), &guests, &engine) {
            Ok(Found::In(places)) => seen.push(format!("{message}: {} copies", places.values().sum::<u64>())),
            Ok(Found::Unknown(why)) => unknown.push(format!("{message}: {why}")),
            Err(error) => wrong.push(Finding::new("guest", format!("{message}/{task}: {error}"))),
        }
    }
    match (wrong.is_empty(), seen.is_empty()) {
        (true, true) if !unknown.is_empty() => Verdict::Unknown(unknown.swap_remove(0)),
        _ => Verdict::of_units(seen.len(), wrong, format!("{} over {}", seen.join(", "), transport.name())),
    }
}
