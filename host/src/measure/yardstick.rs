//! Whether somebody else is using the core right now: a fixed piece of work, timed against its own best.
//!
//! On shared machines a neighbour on the same core takes half of it, for a fraction of a millisecond or for
//! seconds. A sample that was taken then says nothing about its cell. Samples are therefore short, and count where
//! the yardstick was calm before and after them; the yardstick alone decides, and never the sample's own value.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// The core counts as shared when the yardstick takes this much longer than at its best. Alone on the core it takes
/// the same to a percent or two; a neighbour makes 15 to 100 %, and guests feel it two to three times as much.
const TOLERANCE: f64 = 1.08;

/// By how much the best is forgotten each time, so that a core whose frequency falls is calm again after a while: a
/// tenth in a million times, which is half a minute.
const FORGETTING: f64 = 1.0 + 1e-7;

/// A fixed piece of work of some microseconds.
pub type Work = Box<dyn FnMut()>;

/// The yardstick, and what it has seen.
pub struct Yardstick {
    work: Work,
    /// In nanoseconds.
    best: f64,
    discarded: Duration,
    began: Instant,
}

impl Yardstick {
    /// One that times this work, which took `best` nanoseconds at best in earlier processes: one of its own might never
    /// see a calm core.
    pub fn new(work: Work, best: Option<f64>) -> Self {
        let mut yardstick =
            Self { work, best: best.unwrap_or(f64::INFINITY), discarded: Duration::ZERO, began: Instant::now() };
        // Warms it up, and lets it find its best where nobody knows it.
        for _ in 0..if best.is_some() { 20 } else { 2000 } {
            yardstick.is_calm(1);
        }
        yardstick
    }

    /// How long its work took at best, in nanoseconds.
    pub const fn best(&self) -> f64 {
        self.best
    }

    /// How long samples were taken in vain.
    pub const fn discarded(&self) -> Duration {
        self.discarded
    }

    /// How long ago the round began.
    pub fn age(&self) -> Duration {
        self.began.elapsed()
    }

    /// A sample was taken that does not count yet.
    pub(super) fn discard(&mut self, sample: Duration) {
        self.discarded += sample;
    }

    /// Samples that took so long together do count.
    pub(super) fn count(&mut self, samples: Duration) {
        self.discarded = self.discarded.saturating_sub(samples);
    }

    /// Whether the core is calm that many times in a row.
    pub(super) fn is_calm(&mut self, times: u32) -> bool {
        (0..times).all(|_| {
            let start = Instant::now();
            (self.work)();
            let now = start.elapsed().as_nanos() as f64;
            self.best = (self.best * FORGETTING).min(now);
            now <= self.best * TOLERANCE
        })
    }
}

/// The work of the yardstick's module (`yardstick.wat`) as native code, for hosts that run no WebAssembly.
///
/// Independent additions, shifts, loads and stores: as many a cycle as the core can do, so that a neighbour on the
/// core is felt at once. (A chain of multiplications is felt by a fifth only.)
pub fn native_work() -> Work {
    // Eight lines of the cache: what is measured needs the others.
    let mut buffer = [1_u64; 64];
    Box::new(move || {
        let mut lanes: [u64; 6] = black_box([1, 2, 3, 4, 5, 6]);
        for step in 0..6000_u64 {
            let (near, far) = (step as usize & 63, (step as usize * 7) & 63);
            lanes[0] = lanes[0].wrapping_add(buffer[near]);
            lanes[1] ^= buffer[far];
            lanes[2] = lanes[2].wrapping_add(step);
            lanes[3] ^= lanes[3] >> 3;
            lanes[4] = lanes[4].wrapping_sub(buffer[near ^ 1]);
            lanes[5] = lanes[5].wrapping_add(lanes[5] << 1);
            buffer[near] = lanes[0];
        }
        black_box(lanes);
    })
}
