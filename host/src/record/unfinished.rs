//! What an unfinished run knows beside its figures: with it, another process can go on with the run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::cell::Figure;
use crate::measure::Readings;

/// What the whole rounds of a run found; what came of a round that did not end is not in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Unfinished {
    /// What was found of each figure.
    pub findings: Vec<Found>,
    /// The SHA-256 of what the run is made of and its environment does not name, by what it is called. Empty where the run does not say.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parts: BTreeMap<String, String>,
}

/// A figure, and what was found of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Found {
    /// The figure.
    pub figure: Figure,
    /// What was found.
    pub finding: Finding,
}

/// What the rounds of a run found of one figure.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Finding {
    /// Its readings.
    pub readings: Readings,
    /// Why rounds failed.
    pub failures: Vec<String>,
    /// Whether it held a host, or returned a wrong digest: then it is not asked for again.
    pub hopeless: bool,
    /// That a digest was wrong, whatever other rounds found.
    pub wrong: Option<String>,
}

/// That a run was gone on with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Resumption {
    /// When, in UTC (RFC 3339).
    pub at: String,
    /// How many whole rounds it had.
    pub after_rounds: usize,
    /// The load average of the last minute then. None where the system does not tell.
    pub load: Option<f64>,
}
