//! What the harness asks a host.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use weft_link::Limits;

use crate::cell::Figure;
use crate::guests::File;

/// A request: a line of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Go through these items.
    Round(Round),
}

/// What to do with the items of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Send every message of the rotation once, and compare every digest.
    Verify,
    /// Time it.
    Measure,
    /// Count what can be counted exactly.
    Count,
}

impl Purpose {
    /// The word for it in greetings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Measure => "measure",
            Self::Count => "count",
        }
    }
}

/// A round: items in their order, and what they need.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Round {
    /// What to do with the items.
    pub purpose: Purpose,
    /// What messages are generated from.
    pub seed: u64,
    /// The yardstick.
    pub yardstick: Yardstick,
    /// What guests may take.
    pub limits: Limits,
    /// A directory for what the host has compiled: processes of the same host find it there, as long as the command lasts. Nobody else writes
    /// to it. None where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifacts: Option<PathBuf>,
    /// The guests.
    pub guests: Vec<Guest>,
    /// Lists of digests in hexadecimal: what each message of a rotation must return.
    pub digests: Vec<Vec<String>>,
    /// What to do.
    pub items: Vec<Item>,
}

/// The yardstick of a round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Yardstick {
    /// Its module.
    pub wasm: File,
    /// What its work took at best in earlier processes of this host, in nanoseconds. None in the first.
    pub best_ns: Option<f64>,
}

/// A codec's guests, or a baseline's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Guest {
    /// The codec's or the baseline's name.
    pub name: String,
    /// Whether it is the floor.
    pub floor: bool,
    /// The producer.
    pub producer: File,
    /// The consumer, where there is one.
    pub consumer: Option<File>,
    /// The guest that sends for the task `reply`, where a cell of the round has that task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requester: Option<File>,
    /// The guest that answers, where there is a requester.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replier: Option<File>,
}

/// The figure of an item. One that a host does not know is unsupported, and the others of the round are not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Asked {
    /// A figure.
    Known(Figure),
    /// Something else.
    Unknown(serde_json::Value),
}

const fn one() -> u32 {
    1
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Item {
    /// With what.
    pub figure: Asked,
    /// Which of the round's lists of digests its messages must return.
    #[serde(default)]
    pub digests: Option<usize>,
    /// How many single messages to time beside.
    #[serde(default)]
    pub singles: u32,
    /// Which of the round's guests to take, where they are not those that the figure's codec names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guests: Option<String>,
    /// The first placement to take: placements of the same guests with the same number are the same in one process.
    #[serde(default)]
    pub placement: u32,
    /// How many placements a reading is the mean of; a host that cannot place code anew has one.
    #[serde(default = "one")]
    pub placements: u32,
}
