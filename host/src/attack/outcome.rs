//! What was seen of an attack.

use serde::{Deserialize, Serialize};

pub use crate::record::Outcome;

/// What was seen of an attack over a transport, or of one of its inputs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// What came of it.
    pub outcome: Outcome,
    /// What was seen, in a sentence without its stop.
    pub seen: String,
    /// The input; empty where the attack has one only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub input: String,
}

impl Seen {
    /// Nothing to try, or nothing tried.
    pub fn nothing(outcome: Outcome, why: &str) -> Self {
        Self { outcome, seen: why.to_owned(), input: String::new() }
    }

    /// The worst of what was seen of several inputs, the first of equals.
    pub fn worst(all: &[Self]) -> Option<&Self> {
        all.iter().rev().max_by_key(|seen| seen.outcome)
    }

    /// The sentence, with the input that it is about.
    pub fn sentence(&self) -> String {
        let about = if self.input.is_empty() { String::new() } else { format!("{}: ", self.input) };
        format!("{about}{}", self.seen)
    }
}

/// A row of the table: an attack over one transport.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The attack.
    pub attack: String,
    /// The transport.
    pub transport: &'static str,
    /// What came of it, and the sentence that says why.
    #[serde(flatten)]
    pub seen: Seen,
    /// What was seen of each input.
    pub inputs: Vec<Seen>,
    /// How long its process ran, in milliseconds, until it ended or was stopped. None where there was none.
    pub milliseconds: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Seen};

    #[test]
    fn the_worst_is_what_counts_and_the_first_of_equals() {
        let seen = |outcome, input: &str| Seen { outcome, seen: "it".to_owned(), input: input.to_owned() };
        let all = [
            seen(Outcome::Contained, "a"),
            seen(Outcome::PeerHarmed, "b"),
            seen(Outcome::PeerHarmed, "c"),
            seen(Outcome::NotApplicable, "d"),
        ];
        assert_eq!(Seen::worst(&all).map(Seen::sentence).as_deref(), Some("b: it"));
        assert_eq!(Seen::worst(&[]), None);
    }
}
