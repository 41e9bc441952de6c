//! What is said of a wrong digest: the field that is wrong, once for all transports.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use weft_schemas::Outcome;

use super::{Sent, Trials};
use crate::verify::Given;

/// At most as many wrong digests are explained: the others are of the same kind.
const MOST: usize = 6;

/// What was said, by the message and the digest that came of it.
#[derive(Default)]
pub struct Explained(Mutex<HashMap<String, String>>);

impl Explained {
    /// What is wrong where a consumer returned `found`.
    pub fn of(&self, trials: &Trials<'_>, (sent, index): (Sent, u32), found: u64, expected: Outcome) -> String {
        let expected = match expected {
            Err(status) => return format!("it returns a digest, but must return {status}"),
            Ok(_) if trials.codec.is_floor() => return "wrong".to_owned(),
            Ok(expected) => expected,
        };
        // Nobody else explains meanwhile what may well be the same.
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = format!("{} {} {:#x} {index} {found:#x}", sent.message, sent.task, sent.seed);
        if let Some(said) = said.get(&key) {
            return said.clone();
        }
        let what = match said.len() < MOST {
            true => explained(trials, (sent, index), found, expected),
            false => format!("the digest is {found:#018x}, but must be {expected:#018x}"),
        };
        said.insert(key, what.clone());
        what
    }
}

/// The field that is wrong: from the digest, or else from a consumer that records what its digests take.
fn explained(trials: &Trials<'_>, (sent, index): (Sent, u32), found: u64, expected: u64) -> String {
    let Sent { message, task, seed, .. } = sent;
    let given = Given { kind: message.kind, size: message.size, seed, index, task };
    if let Some(why) = given.unnamed() {
        return format!("the digest is {found:#018x}, but must be {expected:#018x}; {why}");
    }
    let traced = || {
        let words = trials.with(sent, |spec| trials.tracer.words(trials.codec, spec, index))?;
        given.traced(&words)
    };
    match given.explained(found).or_else(traced) {
        Some(finding) => finding.to_string(),
        None => format!(
            "the digest matches no single wrong field; what it takes: cargo weft show {message} --message {index} --seed {seed:#x} --task {task}"
        ),
    }
}
