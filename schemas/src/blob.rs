//! `blob@N`: N random bytes. Also the digests of the floor, which reads them without a codec.

use core::ops::RangeInclusive;

use crate::derives::message_type;
use crate::digest::MASK;
use crate::edges;
use crate::shape::{self, BytesMessage};
use crate::{Digest, EDGES, Message, Outcome, Random, Status, Task, Tried, Watermark};

message_type! {
    /// A string of bytes: a file, an image, a payload that is not the channel's business.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Blob {
        /// The bytes.
        #[cfg_attr(feature = "serde", serde(with = "serde_bytes"))]
        pub data: Vec<u8>,
    }
}

impl Message for Blob {
    const NAME: &'static str = "blob";
    const SIZES: RangeInclusive<u32> = 1..=256 << 20;
    const MEASURED: &'static [u32] = &[64, 65_536, 1_048_576];
    const TRIED: Tried = Tried { whole: &[1, 7, 8, 64, 65536], broken: &[8, 33, 64] };
    type Shape = shape::Bytes;

    fn random(seed: u64, index: u32, size: u32) -> Self {
        let mut data = vec![0; size as usize];
        Random::new(seed, u64::from(index)).fill(&mut data);
        Self { data }
    }

    fn watermarked(mark: &mut Watermark, size: u32) -> Self {
        let mut data = vec![0; size as usize];
        for word in data.as_chunks_mut().0 {
            *word = mark.word();
        }
        Self { data }
    }

    fn edge(index: u32, size: u32) -> Self {
        let mut data = vec![0xFF; edges::length(index, size) as usize];
        if !index.is_multiple_of(2) {
            Random::new(EDGES, u64::from(index)).fill(&mut data);
        }
        Self { data }
    }

    fn edges() -> Vec<Self> {
        vec![Self { data: Vec::new() }]
    }

    fn payload_bytes(&self) -> u64 {
        self.data.len() as u64
    }

    /// All bits of the first byte turned.
    #[inline(always)]
    fn answer(&mut self) {
        if let Some(first) = self.data.first_mut() {
            *first = !*first;
        }
    }

    fn digest(&self, task: Task) -> Outcome {
        Ok(match task {
            Task::Peek => peek(&self.data),
            Task::Scan | Task::Own | Task::Reply => scan(&self.data),
        })
    }
}

impl BytesMessage for Blob {
    const FIELD: &'static str = "data";

    #[inline(always)]
    fn of(data: Vec<u8>) -> Self {
        Self { data }
    }

    #[inline(always)]
    fn peek(data: &[u8]) -> u64 {
        peek(data)
    }

    #[inline(always)]
    fn scan(data: &[u8]) -> u64 {
        scan(data)
    }
}

/// The digest of a peek: the length, the first and the last eight bytes (all of a shorter blob).
#[inline(always)]
pub fn peek(data: &[u8]) -> u64 {
    let mut digest = Digest::new();
    digest.word(data.len() as u64);
    if let (Some(first), Some(last)) = (data.first_chunk(), data.last_chunk()) {
        digest.word(u64::from_le_bytes(*first));
        digest.word(u64::from_le_bytes(*last));
    } else {
        digest.bytes(data);
    }
    digest.finish()
}

/// The digest of all bytes.
#[inline(always)]
pub fn scan(data: &[u8]) -> u64 {
    let mut digest = Digest::new();
    digest.bytes(data);
    digest.finish()
}

/// The floor's peek: the first and the last byte.
///
/// # Errors
/// [`Status::Malformed`] where there is no byte.
#[inline(always)]
pub fn floor_peek(data: &[u8]) -> Outcome {
    match (data.first(), data.last()) {
        (Some(&first), Some(&last)) => Ok(u64::from(first) | u64::from(last) << 8),
        _ => {
            core::hint::cold_path();
            Err(Status::Malformed)
        }
    }
}

/// The floor's scan: the wrapping sum of all 8-byte little-endian words, the last one padded with 0.
#[inline(always)]
pub fn floor_scan(data: &[u8]) -> u64 {
    let (words, rest) = data.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let sum = words.iter().fold(u64::from_le_bytes(last), |sum, word| sum.wrapping_add(u64::from_le_bytes(*word)));
    sum & MASK
}

/// What the floor's `peek` finds in an answer whose first and last byte are those of the message with all their bits turned: the floor
/// builds no value, and answers with as many bytes as came.
#[inline(always)]
pub const fn floor_answer(peeked: u64) -> u64 {
    peeked ^ 0xFFFF
}

/// The digest that the floor's `task` must return; it has no `own`, because it builds no value.
pub fn floor_digest(seed: u64, index: u32, size: u32, task: Task) -> Outcome {
    let Blob { data } = Blob::generate(seed, index, size);
    match task {
        Task::Peek => floor_peek(&data),
        Task::Scan | Task::Own => Ok(floor_scan(&data)),
        Task::Reply => floor_peek(&data).map(floor_answer),
    }
}
