//! Whether the guests that two codecs have are the same files.

use std::fmt;

use super::Codec;

/// Whether two guests are one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alike {
    /// They are, byte for byte.
    Same,
    /// They are not.
    Differ,
}

impl fmt::Display for Alike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Same => "same",
            Self::Differ => "differ",
        })
    }
}

/// The versions of the ABI that two codecs say they speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abis {
    /// This one, both.
    Same(u32),
    /// At least one of them does not say.
    Unknown,
    /// One and another.
    Differ(u32, u32),
}

/// How the guests of a codec compare with those of another set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// The producers.
    pub producer: Alike,
    /// The consumers.
    pub consumer: Alike,
    /// What their traits say of the ABI.
    pub abi: Abis,
}

impl Likeness {
    /// Compares two codecs, by their files' hashes.
    pub fn of(one: &Codec, other: &Codec) -> Self {
        let [producer, consumer] = [0, 1].map(|half: usize| {
            // Both have two files.
            match one.files[half].sha256 == other.files[half].sha256 {
                true => Alike::Same,
                false => Alike::Differ,
            }
        });
        let abi = match (one.traits.abi, other.traits.abi) {
            (Some(one), Some(other)) if one == other => Abis::Same(one),
            (Some(one), Some(other)) => Abis::Differ(one, other),
            _ => Abis::Unknown,
        };
        Self { producer, consumer, abi }
    }

    /// Whether a pair of one is a pair of the other.
    pub fn is_same(&self) -> bool {
        (self.producer, self.consumer) == (Alike::Same, Alike::Same)
    }
}
