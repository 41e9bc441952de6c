//! What a codec says about itself, read from its modules' custom section `weft.traits`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Whether a module encodes or is the floor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Turns a value into bytes, or keeps it in a shared representation.
    Codec,
    /// Moves bytes and turns nothing.
    Floor,
}

/// When the consumer checks what it reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Validation {
    /// Never.
    None,
    /// Each part when it is read.
    Lazily,
    /// The whole message first.
    #[serde(rename = "up front")]
    UpFront,
}

impl Validation {
    /// The word for tables.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Lazily => "lazily",
            Self::UpFront => "up front",
        }
    }
}

/// A codec's traits; `weft-guest` documents each of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[allow(missing_docs, reason = "documented in weft-guest, whose JSON this is")]
pub struct Traits {
    pub about: String,
    pub role: Role,
    pub library: String,
    pub schema: bool,
    pub encodes: bool,
    pub in_place: bool,
    pub validates: Validation,
    pub scan_checks_utf8: bool,
    pub reuses_buffers: bool,
    pub unsupported: BTreeMap<String, String>,
}

impl Traits {
    /// Why a message or task is unsupported, where the codec says so: by `message/task`, then by
    /// message, then by task.
    pub fn why_unsupported(&self, message: &str, task: &str) -> Option<&str> {
        let both = format!("{message}/{task}");
        [both.as_str(), message, task].into_iter().find_map(|key| self.unsupported.get(key)).map(String::as_str)
    }
}
