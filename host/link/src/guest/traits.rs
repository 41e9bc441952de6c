//! What a codec says about itself, read from its modules' custom section `weft.traits`.

use std::collections::BTreeMap;

use super::error::in_a_line;
use serde::{Deserialize, Serialize};

/// The version of the ABI (docs/ABI.md) that this crate links.
pub const ABI: u32 = 1;

/// Whether a module encodes or is the floor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum CodecRole {
    /// Turns a value into bytes, or keeps it in a shared representation.
    Codec,
    /// Moves bytes and turns nothing.
    Floor,
}

/// When the consumer checks what it reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

/// What becomes of a field that the reader does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Evolution {
    /// The message is refused or misread.
    No,
    /// It is skipped.
    Yes,
    /// It is skipped where the schema was changed by the library's rules.
    #[serde(rename = "with a schema")]
    WithSchema,
}

impl Evolution {
    /// The word for tables.
    pub const fn word(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Yes => "yes",
            Self::WithSchema => "with a schema",
        }
    }
}

/// The release of a library.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Release {
    /// Its version.
    pub version: String,
    /// The month in which it was published: `2025-03`.
    pub month: String,
    /// Whether anybody maintains the library.
    pub maintained: bool,
}

impl Release {
    /// When it was, and that nobody maintains the library where that is so: for tables.
    pub fn described(&self) -> String {
        match self.maintained {
            true => self.month.clone(),
            false => format!("{}, unmaintained", self.month),
        }
    }
}

/// A codec's traits; `weft-guest` documents each of them. What a guest does not say is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[allow(missing_docs, reason = "documented in weft-guest, whose JSON this is")]
#[serde(default)]
pub struct Traits {
    /// The version of the ABI that the guest speaks.
    pub abi: Option<u32>,
    pub about: Option<String>,
    pub role: Option<CodecRole>,
    pub library: Option<String>,
    pub release: Option<Release>,
    pub schema: Option<bool>,
    pub evolution: Option<Evolution>,
    pub self_describing: Option<bool>,
    pub encodes: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub typed: Option<bool>,
    pub in_place: Option<bool>,
    pub validates: Option<Validation>,
    pub scan_checks_utf8: Option<bool>,
    pub trailing_bytes: Option<bool>,
    pub reuses_buffers: Option<bool>,
    pub trusts_lengths: Option<u32>,
    pub unsupported: BTreeMap<String, String>,
}

impl Traits {
    /// The same with texts that can be printed: whoever made a guest has written them.
    pub(super) fn printable(self) -> Self {
        let in_a_line = |text: String| in_a_line(&text);
        let release = |Release { version, month, maintained }| Release {
            version: in_a_line(version),
            month: in_a_line(month),
            maintained,
        };
        Self {
            about: self.about.map(in_a_line),
            library: self.library.map(in_a_line),
            release: self.release.map(release),
            unsupported: self.unsupported.into_iter().map(|(what, why)| (what, in_a_line(why))).collect(),
            ..self
        }
    }

    /// Whether it says that it is the floor.
    pub fn is_floor(&self) -> bool {
        self.role == Some(CodecRole::Floor)
    }

    /// Why a message, a task or a transport is unsupported, where the codec says so: by `message/task`, then by
    /// message, then by task.
    pub fn why_unsupported(&self, message: &str, task: &str) -> Option<&str> {
        let both = format!("{message}/{task}");
        [both.as_str(), message, task].into_iter().find_map(|key| self.unsupported.get(key)).map(String::as_str)
    }

    /// Why a message is unsupported that the codec does not carry at all, where the codec says so: by `message/task`, then by
    /// message, then by `*`, which is any such message, then by task.
    pub fn why_not_carried(&self, message: &str, task: &str) -> Option<&str> {
        let both = format!("{message}/{task}");
        [both.as_str(), message, "*", task].into_iter().find_map(|key| self.unsupported.get(key)).map(String::as_str)
    }

    /// Whether its messages are lists of records, and no bytes.
    pub fn is_typed(&self) -> bool {
        self.typed == Some(true)
    }

    /// Why a task is unsupported over a transport or on a host, where the codec says so: by `transport:<name>/<task>`,
    /// `transport:<name>` and `host:<name>`.
    pub fn why_not_on(&self, transport: &str, task: &str, host: &str) -> Option<&str> {
        let keys = [format!("transport:{transport}/{task}"), format!("transport:{transport}"), format!("host:{host}")];
        keys.iter().find_map(|key| self.unsupported.get(key)).map(String::as_str)
    }
}
