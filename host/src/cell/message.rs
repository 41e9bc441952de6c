//! A message by name: `log@100`.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use weft_schemas::{KINDS, Kind};

use super::SEED;

/// A kind of message with a size.
#[derive(Clone, Copy, Debug)]
pub struct MessageId {
    /// What it is.
    pub kind: &'static Kind,
    /// How many elements it has.
    pub size: u32,
}

/// Loops rotate through this many different messages …
pub const ROTATION: u64 = 64;
/// … fewer only where they would exceed this many bytes.
const ROTATION_BYTES: u64 = 8 << 20;

impl MessageId {
    /// A blob of so many bytes: what the floor sends.
    ///
    /// # Errors
    /// Where there is none of that size: which there are.
    pub fn blob(bytes: u32) -> Result<Self, String> {
        format!("blob@{bytes}").parse()
    }

    /// Every kind of message in the sizes that it is measured in.
    pub fn measured() -> impl Iterator<Item = Self> {
        let sizes = |kind: &'static Kind| kind.measured.iter().map(move |&size| Self { kind, size });
        KINDS.iter().flat_map(sizes)
    }

    /// The message's payload in bytes: that of number 0 under the bench's seed.
    pub fn payload_bytes(self) -> u64 {
        (self.kind.payload_bytes)(SEED, 0, self.size)
    }

    /// How many different messages a producer rotates through.
    pub fn rotation(self) -> u32 {
        (ROTATION_BYTES / self.payload_bytes().max(1)).clamp(1, ROTATION) as u32
    }
}

impl PartialEq for MessageId {
    fn eq(&self, other: &Self) -> bool {
        self.kind.name == other.kind.name && self.size == other.size
    }
}

impl Eq for MessageId {}

impl Hash for MessageId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.kind.name, self.size).hash(state);
    }
}

impl PartialOrd for MessageId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for MessageId {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.kind.name, self.size).cmp(&(other.kind.name, other.size))
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}@{}", self.kind.name, self.size))
    }
}

impl FromStr for MessageId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let kinds = || KINDS.iter().map(|kind| kind.name).collect::<Vec<_>>().join(", ");
        let (name, size) = text.split_once('@').ok_or_else(|| {
            format!("`{text}` is no message; write a kind and a size, such as log@100 (kinds: {})", kinds())
        })?;
        let kind = KINDS
            .iter()
            .find(|kind| kind.name == name)
            .ok_or_else(|| format!("there is no message `{name}`; there are {}", kinds()))?;
        let (smallest, largest) = kind.sizes;
        match size.parse() {
            Ok(size) if (smallest..=largest).contains(&size) => Ok(Self { kind, size }),
            _ => Err(format!("`{size}` is no size of {name}; it goes from {smallest} to {largest}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{KINDS, MessageId};

    #[test]
    fn names_go_there_and_back() {
        for name in ["ping@1", "log@100", "mesh@1000", "blob@16777216"] {
            assert_eq!(name.parse::<MessageId>().map(|message| message.to_string()), Ok(name.to_owned()));
        }
    }

    #[test]
    fn bad_names_say_what_is_wrong() {
        let error = |text: &str| text.parse::<MessageId>().err().unwrap_or_default();
        assert!(error("log").contains("log@100"));
        assert!(KINDS.iter().all(|kind| error("dog@1").contains(kind.name)));
        for text in ["ping@2", "log@0", "log@-1", "log@x", "blob@999999999999"] {
            assert!(error(text).contains("is no size of"), "{text}");
        }
    }

    #[test]
    fn rotations_are_64_or_8_mib() {
        let rotation = |text: &str| text.parse::<MessageId>().map(MessageId::rotation);
        assert_eq!(rotation("log@1"), Ok(64));
        assert_eq!(rotation("blob@65536"), Ok(64));
        assert_eq!(rotation("blob@1048576"), Ok(8));
        assert_eq!(rotation("blob@16777216"), Ok(1));
    }
}
