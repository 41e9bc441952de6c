//! A copy in the host's own memory: the physical limit of every transport that copies.

use std::hint::black_box;
use std::time::{Duration, Instant};

use weft_link::Inset;
use weft_link::guest::Region;

use crate::cell::{MessageId, SEED};
use crate::measure::Subject;

/// How far into an outbox guests put their messages, in bytes (`modules/guest`, `docs/weft.h`).
const OUTBOX_INSET: usize = 1472;

/// Buffers to copy from, and one to copy into. Sources rotate as the floor's messages do, so that both find their bytes
/// in the same caches; source and target lie in their pages as an outbox's and an inbox's messages do.
pub struct Memcpy {
    sources: Vec<Inset>,
    target: Inset,
    next: usize,
}

impl Memcpy {
    /// Buffers of `size` bytes.
    ///
    /// # Errors
    /// Where that is no size of a blob.
    pub fn new(size: &str) -> anyhow::Result<Self> {
        let message: MessageId = format!("blob@{size}").parse().map_err(anyhow::Error::msg)?;
        let source = |index| {
            let mut bytes = Inset::zeroed(message.size as usize, OUTBOX_INSET);
            weft_schemas::Random::new(SEED, index).fill(&mut bytes);
            bytes
        };
        let sources = (0..message.rotation().into()).map(source).collect();
        Ok(Self { sources, target: Inset::zeroed(message.size as usize, Region::INSET as usize), next: 0 })
    }
}

impl Subject for Memcpy {
    fn time(&mut self, iterations: u64) -> anyhow::Result<Duration> {
        let Self { sources, target, next } = self;
        let mut rotation = sources.iter().cycle().skip(*next);
        let start = Instant::now();
        for _ in 0..iterations {
            if let Some(source) = rotation.next() {
                // The length is hidden from the compiler, as it is from a transport.
                black_box(&mut target[..]).copy_from_slice(black_box(source));
            }
        }
        let elapsed = start.elapsed();
        *next = (*next + iterations as usize) % sources.len().max(1);
        Ok(elapsed)
    }

    fn rotation(&self) -> u32 {
        self.sources.len() as u32
    }
}
