//! What a host answers.

use serde::{Deserialize, Serialize};
use weft_link::transport::Isolation;

use super::Purpose;
use crate::exact::Exact;
use crate::measure::{Clock, Reading};
use crate::verify;

/// A reply: a line of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// Who the host is: its first line.
    Greeting(Greeting),
    /// An item begins.
    Begin {
        /// Its place in the round.
        item: usize,
    },
    /// What an iteration of an item takes.
    Reading(Measured),
    /// All digests of an item are right.
    Verified(Verified),
    /// The exact figures of an item.
    Counted(Counted),
    /// A digest of an item is not what it must be.
    Wrong(Refused),
    /// A guest failed.
    Failed(Refused),
    /// The host cannot do this item.
    Unsupported(Refused),
    /// The round is done.
    End(End),
    /// What was asked is no request, or a round that cannot begin.
    Error {
        /// Why.
        reason: String,
    },
}

/// Who a host is, and what it can do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Greeting {
    /// The version of the protocol that it speaks.
    pub protocol: u32,
    /// Its name.
    pub name: String,
    /// What runs the guests.
    pub engine: Engine,
    /// What it takes guests as: `wasm` or `cdylib`.
    pub guests: String,
    /// The transports that it knows.
    pub transports: Vec<TransportKnown>,
    /// The tasks that it knows.
    pub tasks: Vec<Known>,
    /// What it can do with items.
    pub purposes: Vec<Purpose>,
    /// The kinds of figures that it can measure.
    pub figures: Vec<String>,
    /// What reading its clock costs.
    pub clock: Clock,
}

impl Greeting {
    /// The names of the transports that it knows.
    pub fn transports(&self) -> Vec<&str> {
        self.transports.iter().map(|transport| transport.name.as_str()).collect()
    }

    /// That of a host that has not greeted yet.
    pub fn unknown() -> Self {
        let clock = Clock { cost_ns: 0.0, resolution_ns: 0.0 };
        let (engine, name, guests) = (Engine::default(), String::new(), String::new());
        let (transports, tasks, purposes, figures) = Default::default();
        Self { protocol: 0, name, engine, guests, transports, tasks, purposes, figures, clock }
    }
}

/// An engine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Engine {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it is set to, in words.
    pub settings: String,
    /// The features that it was built with.
    #[serde(default)]
    pub features: Vec<String>,
}

/// A transport that a host knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TransportKnown {
    /// Its name.
    pub name: String,
    /// What it isolates.
    pub isolation: Isolation,
    /// Why it does not work here, where it does not.
    #[serde(default)]
    pub unsupported: Option<String>,
}

/// Something else that a host knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Known {
    /// Its name.
    pub name: String,
    /// Why it does not work here, where it does not.
    #[serde(default)]
    pub unsupported: Option<String>,
}

/// A reading of an item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Measured {
    /// Its place in the round.
    pub item: usize,
    /// The reading.
    #[serde(flatten)]
    pub reading: Reading,
}

/// An item whose digests are right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "VerifiedItem"))]
pub struct Verified {
    /// Its place in the round.
    pub item: usize,
    /// What was found out.
    #[serde(flatten)]
    pub verified: verify::Verified,
}

/// An item that was counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Counted {
    /// Its place in the round.
    pub item: usize,
    /// What was found out.
    pub verified: verify::Verified,
    /// Its exact figures.
    pub exact: Exact,
}

/// An item that came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Refused {
    /// Its place in the round.
    pub item: usize,
    /// Why.
    pub reason: String,
}

/// The end of a round.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct End {
    /// What the yardstick's work took at best by now, in nanoseconds. None where it was never used.
    pub best_ns: Option<f64>,
    /// For how long samples were taken in vain, in seconds.
    pub discarded_s: f64,
}
