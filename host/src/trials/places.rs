//! `receive` checks where a message lies: outside the memory, at 0, or not at a multiple of 8 is a status of its own. Under `linked` nobody
//! else checks it.

use weft_link::guest::Isolated;
use weft_schemas::Status;

use super::joined::wire;
use super::{Finding, Sent, Trials, Verdict, budget, in_parallel};
use crate::cell::SEED;

pub fn conduct(trials: &Trials<'_>) -> Verdict {
    let sent =
        |(kind, task)| Some(Sent { message: trials.sizes(kind).into_iter().next()?, task, seed: SEED, rotation: 1 });
    let units: Vec<Sent> = trials.cells().into_iter().filter_map(sent).collect();
    let wrong = in_parallel(&units, |sent| of(trials, *sent));
    Verdict::of_units(units.len(), wrong, "at 0, at an odd address, at the memory's end and beyond")
}

fn of(trials: &Trials<'_>, sent: Sent) -> Vec<Finding> {
    let what = format!("{}/{}", sent.message, sent.task);
    let failed = |error: String| vec![Finding::new("guest", format!("{what}: {}", budget::told_of(&error, sent)))];
    trials.with(sent, |spec| {
        let wire = match wire(spec, 1, |asked| asked) {
            Ok(wire) => wire,
            Err(error) => return failed(error.to_string()),
        };
        let mut isolated = match Isolated::new(spec) {
            Ok(isolated) => isolated,
            Err(error) => return failed(error.to_string()),
        };
        if let Err(error) = isolated.allocate(wire.outbox.capacity) {
            return failed(error.to_string());
        }
        let (inbox, message) = (isolated.inbox.start, wire.messages.first().map_or(&[][..], Vec::as_slice));
        let len = message.len() as u32;
        isolated.place(len).copy_from_slice(message);
        let Isolated { store, consumer, .. } = &mut isolated;
        let end = consumer.memory.data_size(&*store) as u32;
        let tried = [
            ("at 0", 0, len, Status::OutOfRange),
            ("at an address that is no multiple of 8", inbox + 4, len, Status::Misaligned),
            ("over the memory's end", end - 8, len.max(9), Status::OutOfRange),
            ("whose length goes around", inbox, u32::MAX, Status::OutOfRange),
        ];
        let wrong = tried.into_iter().filter_map(|(place, ptr, len, expected)| {
            let found = match consumer.receive(&mut *store, ptr, len) {
                Ok(status) if status == expected.code() => return None,
                Ok(status) => format!("returns {status:#x}"),
                Err(error) => budget::told_of(&error.to_string(), sent),
            };
            let text = format!("{what}: a message {place} must be refused with {expected}, but it {found}");
            Some(Finding::new(place, text))
        });
        wrong.collect()
    })
}
