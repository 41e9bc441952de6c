//! `ping@1`: a 16-byte fixed struct, the smallest message that is still a message.

use core::ops::RangeInclusive;

use crate::derives::message_type;
use crate::{Digest, Message, Outcome, Random, Task, Tried, WILD, Watermark, shape};

message_type! {
    /// Sixteen bytes: what a health check, an acknowledgement or a timer tick carries.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Ping {
        /// Counts up.
        pub sequence: u64,
        /// Who sends.
        pub source: u32,
        /// What kind of ping it is.
        pub kind: u16,
        /// A set of flags.
        pub flags: u16,
    }
}

impl Message for Ping {
    const NAME: &'static str = "ping";
    const SIZES: RangeInclusive<u32> = 1..=1;
    const MEASURED: &'static [u32] = &[1];
    const TRIED: Tried = Tried { whole: &[1], broken: &[1] };
    type Shape = shape::Whole;

    fn random(seed: u64, index: u32, _size: u32) -> Self {
        let mut random = Random::new(seed, u64::from(index));
        let sequence = random.next();
        let bits = random.next();
        let wild = seed & WILD != 0;
        Self {
            sequence: if wild { [0, u64::MAX, sequence][index as usize % 3] } else { sequence >> 16 },
            source: bits as u32,
            kind: (bits >> 32) as u16,
            flags: (bits >> 48) as u16,
        }
    }

    fn watermarked(mark: &mut Watermark, _size: u32) -> Self {
        Self { sequence: u64::from_le_bytes(mark.word()), source: 1, kind: 2, flags: 3 }
    }

    fn edge(index: u32, _size: u32) -> Self {
        let (sequence, source, kind, flags) = match index % 4 {
            0 => (0, 0, 0, 0),
            1 => (u64::MAX, u32::MAX, u16::MAX, u16::MAX),
            2 => (1 << 63, 1 << 31, 1 << 15, 1 << 15),
            _ => (u64::MAX >> 1, u32::MAX >> 1, u16::MAX >> 1, u16::MAX >> 1),
        };
        Self { sequence, source, kind, flags }
    }

    fn payload_bytes(&self) -> u64 {
        16
    }

    /// The next number, and the lowest flag turned.
    #[inline(always)]
    fn answer(&mut self) {
        self.sequence = self.sequence.wrapping_add(1);
        self.flags ^= 1;
    }

    #[inline(always)]
    fn digest(&self, task: Task) -> Outcome {
        Ok(match task {
            Task::Peek => peek(self.sequence, self.source, self.flags),
            Task::Scan | Task::Own | Task::Reply => scan(self),
        })
    }
}

/// The digest of a peek: three named fields.
#[inline(always)]
pub fn peek(sequence: u64, source: u32, flags: u16) -> u64 {
    let mut digest = Digest::new();
    digest.word(sequence);
    digest.pair(source, flags as u32);
    digest.finish()
}

/// The digest of all fields.
#[inline(always)]
pub fn scan(ping: &Ping) -> u64 {
    let mut digest = Digest::new();
    digest.word(ping.sequence);
    digest.pair(ping.source, ping.kind as u32 | (ping.flags as u32) << 16);
    digest.finish()
}
