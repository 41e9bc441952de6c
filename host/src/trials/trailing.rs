//! Bytes behind a message: they are refused, or they make it another message. A codec that reads it as if they were not there says so in its
//! traits.

use weft_link::guest::Isolated;
use weft_schemas::{Task, WILD};

use super::joined::wire;
use super::{Finding, Sent, Trials, Verdict, budget, in_parallel};
use crate::cell::SEED;

/// How many bytes are put behind a message.
const MORE: [usize; 5] = [1, 2, 4, 8, 64];

pub fn conduct(trials: &Trials<'_>) -> Verdict {
    // Behind a message whose end says where its parts are, they make it any other.
    if !Trials::must_bear(trials.codec) && trials.codec.traits.trailing_bytes != Some(true) {
        return Verdict::Unknown("its traits say that it checks nothing".to_owned());
    }
    // A peek may well stop before it comes there.
    let cells = trials.cells().into_iter().filter(|(_, task)| *task != Task::Peek);
    let mut units = Vec::new();
    for (kind, task) in cells {
        let Some(message) = trials.sizes(kind).into_iter().next() else { continue };
        units.extend([SEED, WILD | 5].map(|seed| Sent { message, task, seed, rotation: message.rotation().min(4) }));
    }
    let mut found = in_parallel(&units, |sent| of(trials, *sent));
    let failed: Vec<_> = found.extract_if(.., |finding| finding.kind == "guest").collect();
    match (found.first(), trials.codec.traits.trailing_bytes) {
        _ if !failed.is_empty() => Verdict::Wrong(failed),
        (None, Some(true)) if !units.is_empty() => Verdict::Wrong(vec![Finding::new(
            "trait",
            "its traits say `trailing_bytes: true`, but it refuses every byte behind a message: say false",
        )]),
        (None, _) => Verdict::of_units(units.len(), Vec::new(), "refused, or another message"),
        (Some(_), Some(true)) => {
            Verdict::Passed("read as if they were not there, as the trait `trailing_bytes` says".to_owned())
        }
        (Some(_), None) => Verdict::Unknown(
            "they are read as if they were not there; the traits do not say `trailing_bytes`".to_owned(),
        ),
        (Some(_), Some(false)) => Verdict::Wrong(found),
    }
}

fn of(trials: &Trials<'_>, sent: Sent) -> Vec<Finding> {
    let what = format!("{}/{}", sent.message, sent.task);
    let failed = |error: String| vec![Finding::new("guest", format!("{what}: {}", budget::told_of(&error, sent)))];
    trials.with(sent, |spec| {
        let wire = match wire(spec, 1, |asked| asked) {
            Ok(wire) => wire,
            Err(error) if error.is_unknown_seed() => return Vec::new(),
            Err(error) => return failed(error.to_string()),
        };
        let mut isolated = match Isolated::new(spec) {
            Ok(isolated) => isolated,
            Err(error) => return failed(error.to_string()),
        };
        if let Err(error) = isolated.allocate(wire.outbox.capacity + 4096) {
            return failed(error.to_string());
        }
        let mut found = Vec::new();
        for message in &wire.messages {
            let len = message.len() as u32;
            isolated.place(len).copy_from_slice(message);
            let right = isolated.receive_placed(len);
            for more in MORE {
                let len = len + more as u32;
                isolated.place(len).copy_from_slice(&[message.as_slice(), &[0xA5; 64][..more]].concat());
                match (isolated.receive_placed(len), &right) {
                    (Ok(answer), Ok(right)) if answer >= 0 && answer == *right => {
                        let text = format!(
                            "{what}: {more} bytes behind the message change nothing: refuse them, or say `trailing_bytes: true` in the \
                             traits"
                        );
                        found.push(Finding::new("trailing", text));
                    }
                    (Ok(_), _) => {}
                    (Err(error), _) => return failed(error.to_string()),
                }
            }
        }
        found
    })
}
