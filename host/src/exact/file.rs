//! The exact figures of many cells as one document: what `weft count` prints and `results/exact.json` keeps.
//!
//! Every figure stands once. A producer does the same whatever becomes of its message, so its figures
//! are there once for each message and codec; a consumer's once for each task as well; a transport's once for each
//! size on the wire. Where messages are answered, a requester's are there for each message and codec, and what a transport does
//! for each of these, because an answer has a size of its own. That this is so is checked when the document is made.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use weft_link::guest::Guest;
use weft_schemas::Task;

use super::{Exact, GuestFigures};
use crate::cell::Cell;
use crate::guests::Codec;
use crate::json::{self, Misread};
use crate::lock::lock_sha256;
use crate::verify::{Crossings, Verified};

/// The version of the document that this library writes and reads.
pub const EXACT_VERSION: u32 = 1;

/// The document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExactFile {
    /// [`EXACT_VERSION`] of the library that wrote it.
    pub schema_version: u32,
    /// What compiled the guests.
    pub rustc: String,
    /// The SHA-256 of `Cargo.lock`.
    pub lock_sha256: String,
    /// The codecs, by name.
    pub codecs: BTreeMap<String, CodecBuild>,
    /// Producers: `<message>/<codec>`, and ` over <transport> for <task>` where guests settled there alone.
    pub encode: BTreeMap<String, Encoded>,
    /// Consumers: `<message>/<task>/<codec>`, and ` over <transport>` where they do that there alone.
    pub read: BTreeMap<String, GuestFigures>,
    /// Transports: `<transport>/<wire bytes>`.
    pub transport: BTreeMap<String, Transported>,
    /// Requesters: `<message>/<codec> over <transport>`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub request: BTreeMap<String, Encoded>,
    /// Transports, there and back: `<message>/<codec>/<transport>`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answered: BTreeMap<String, Transported>,
    /// Where payloads were found: `<message>/<task>/<codec>/<transport>`.
    pub found: BTreeMap<String, PayloadFound>,
}

/// What a codec's guests were made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CodecBuild {
    /// Packages from registries: `<name> <version>`.
    pub packages: Vec<String>,
    /// The producer's module.
    pub producer: WasmFile,
    /// The consumer's module.
    pub consumer: WasmFile,
    /// The module that sends what is answered; none where it was not built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requester: Option<WasmFile>,
    /// The module that answers; none where it was not built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replier: Option<WasmFile>,
}

/// What a producer makes of a message, and what that takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Encoded {
    /// The payload in bytes, mean over the rotation.
    pub payload_bytes: f64,
    /// What is sent for it, mean over the rotation.
    pub wire_bytes: f64,
    /// Wire ÷ payload.
    pub wire_overhead: f64,
    /// What the producer does.
    #[serde(flatten)]
    pub figures: GuestFigures,
}

/// What a transport does with a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transported {
    /// Copies of the message by the host or an adapter.
    pub transport_copies: u64,
    /// The bytes of these.
    pub transport_copied_bytes: f64,
    /// Calls between guests and host.
    pub crossings: Crossings,
}

/// Where the payload of a message newly lies after a `send`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PayloadFound {
    /// Copies beyond the producer's value. None where the wire form hides the pattern.
    pub copies: Option<u64>,
    /// Copies by place.
    pub payload_found_in: Option<BTreeMap<String, u64>>,
    /// Why there is no number.
    pub copies_unknown: Option<String>,
}

/// A figure that should be the same under all transports, or for all codecs, and is not.
#[derive(Debug, thiserror::Error)]
#[error("{what} of {cell} is {found}, but of an earlier cell that must have the same it was {earlier}")]
pub struct Inconsistent {
    /// The later cell.
    pub cell: Box<Cell>,
    what: &'static str,
    found: String,
    earlier: String,
}

/// Why a text is no document of exact figures.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what the fields are")]
pub enum Unread {
    #[error("it holds no exact figures: {0}")]
    Damaged(#[from] Misread),
    #[error("it holds no exact figures: {map} has the key `{key}`, where keys look like {example}")]
    Key { map: &'static str, key: String, example: &'static str },
    #[error("it has schema version {0}, but this weft reads version {EXACT_VERSION}")]
    Version(u64),
}

/// A cell that was counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// The cell.
    pub cell: Cell,
    /// The payload of a message in bytes, mean over the rotation.
    pub payload_bytes: f64,
    /// What was found out while it was verified.
    pub verified: Verified,
    /// Its exact figures.
    pub exact: Exact,
}

impl Counted {
    fn encoded(&self) -> Option<Encoded> {
        let Self { payload_bytes, verified, exact, .. } = self;
        let (wire_overhead, figures) = (exact.wire_overhead, exact.producer.clone());
        Some(Encoded { payload_bytes: *payload_bytes, wire_bytes: verified.wire_bytes?, wire_overhead, figures })
    }

    fn transported(&self) -> Option<Transported> {
        Some(Transported {
            transport_copies: self.verified.copies?,
            transport_copied_bytes: self.exact.transport_copied_bytes,
            crossings: self.verified.crossings?,
        })
    }
}

/// A wasm file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WasmFile {
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub bytes: usize,
}

impl From<&Guest> for WasmFile {
    fn from(guest: &Guest) -> Self {
        Self { sha256: guest.sha256(), bytes: guest.wasm.len() }
    }
}

impl From<&Codec> for CodecBuild {
    fn from(codec: &Codec) -> Self {
        Self {
            packages: codec.packages.clone(),
            producer: (&codec.producer).into(),
            consumer: (&codec.consumer).into(),
            requester: codec.replying.as_ref().map(|guests| (&guests.requester).into()),
            replier: codec.replying.as_ref().map(|guests| (&guests.replier).into()),
        }
    }
}

impl ExactFile {
    /// The document of these cells, and of the codecs that they are of, whose guests `rustc` compiled.
    ///
    /// # Errors
    /// Where guests that are the same did not do the same under two transports, or a transport not the same
    /// for two messages of one size.
    pub fn of<'a>(
        rustc: &str,
        codecs: BTreeMap<String, CodecBuild>,
        cells: impl IntoIterator<Item = &'a Counted>,
    ) -> Result<Self, Inconsistent> {
        let mut file = Self {
            schema_version: EXACT_VERSION,
            rustc: rustc.to_owned(),
            lock_sha256: lock_sha256(),
            codecs,
            encode: BTreeMap::new(),
            read: BTreeMap::new(),
            transport: BTreeMap::new(),
            request: BTreeMap::new(),
            answered: BTreeMap::new(),
            found: BTreeMap::new(),
        };
        for counted in cells {
            if let (Some(encoded), Some(transported)) = (counted.encoded(), counted.transported()) {
                file.insert(counted, encoded, transported)?;
            }
        }
        Ok(file)
    }

    fn insert(&mut self, counted: &Counted, encoded: Encoded, transported: Transported) -> Result<(), Inconsistent> {
        let Counted { cell, exact, .. } = counted;
        let Cell { message, task, codec, transport, .. } = cell;
        let way = format!("{transport}/{}", encoded.wire_bytes);
        let (replies, unsettled) = (*task == Task::Reply, exact.unsettled);
        // The allocator of a guest that both reads and makes messages is in another state under each transport.
        let over =
            if exact.takes_memory || unsettled || replies { format!(" over {transport}") } else { String::new() };
        let read = format!("{message}/{task}/{codec}{over}");
        once(&mut self.read, read, exact.consumer.clone(), "what the consumer does", cell)?;
        if replies {
            let (sent, way) = (format!("{message}/{codec} over {transport}"), format!("{message}/{codec}/{transport}"));
            once(&mut self.request, sent, encoded, "what the producer does", cell)?;
            once(&mut self.answered, way, transported, "what the transport does there and back", cell)?;
        } else {
            let alone = if unsettled { format!(" over {transport} for {task}") } else { String::new() };
            once(&mut self.encode, format!("{message}/{codec}{alone}"), encoded, "what the producer does", cell)?;
            once(&mut self.transport, way, transported, "what the transport does", cell)?;
        }
        let found = PayloadFound {
            copies: exact.copies,
            payload_found_in: exact.payload_found_in.clone(),
            copies_unknown: exact.copies_unknown.clone(),
        };
        self.found.insert(cell.to_string(), found);
        Ok(())
    }

    /// The document that a text holds.
    ///
    /// # Errors
    /// Where it is damaged, or of another version.
    pub fn read(text: &str) -> Result<Self, Unread> {
        let json: Value = json::read(text)?;
        match json.get("schema_version").and_then(Value::as_u64) {
            Some(found) if found != u64::from(EXACT_VERSION) => Err(Unread::Version(found)),
            // From the text again: its errors name the line and the column.
            _ => json::read::<Self>(text)?.spelled(),
        }
    }

    /// The same, where all keys have as many parts as they must have.
    fn spelled(self) -> Result<Self, Unread> {
        let maps: [(&str, &str, Vec<&String>); 6] = [
            ("encode", "log@1/bytes", self.encode.keys().collect()),
            ("read", "log@1/own/bytes", self.read.keys().collect()),
            ("transport", "direct/64", self.transport.keys().collect()),
            ("request", "log@1/bytes", self.request.keys().collect()),
            ("answered", "log@1/bytes/direct", self.answered.keys().collect()),
            ("found", "log@1/own/bytes/direct", self.found.keys().collect()),
        ];
        for (map, example, keys) in maps {
            let parts = |key: &str| key.split('/').count();
            if let Some(key) = keys.into_iter().find(|key| parts(key) != parts(example)) {
                return Err(Unread::Key { map, key: key.clone(), example });
            }
        }
        Ok(self)
    }

    /// The document as JSON.
    ///
    /// # Errors
    /// None for what [`ExactFile::of`] makes.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self).map(|json| json + "\n")
    }

    /// The packages of all codecs.
    pub fn packages(&self) -> BTreeSet<&str> {
        self.codecs.values().flat_map(|codec| &codec.packages).map(String::as_str).collect()
    }
}

/// Puts a value in, or compares it with the one that is there.
fn once<T: PartialEq + std::fmt::Debug>(
    map: &mut BTreeMap<String, T>,
    key: String,
    value: T,
    what: &'static str,
    cell: &Cell,
) -> Result<(), Inconsistent> {
    match map.get(&key) {
        Some(earlier) if *earlier != value => Err(Inconsistent {
            what,
            cell: Box::new(cell.clone()),
            found: format!("{value:?}"),
            earlier: format!("{earlier:?}"),
        }),
        Some(_) => Ok(()),
        None => {
            map.insert(key, value);
            Ok(())
        }
    }
}
