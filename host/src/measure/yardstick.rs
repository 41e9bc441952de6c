//! Whether somebody else is using the core right now: a fixed piece of work, timed against its own best.
//!
//! On shared machines a neighbour on the same core takes half of it, for a fraction of a millisecond or for
//! seconds. A sample that was taken then says nothing about its cell. Samples are therefore short, and count where
//! the yardstick was calm before and after them; the yardstick alone decides, and never the sample's own value.
//!
//! A core whose clock slows down is not shared. On some machines the clock changes by a few percent every few milliseconds, so a chain of
//! multiplications is timed beside the work: each needs the one before, so that a neighbour hardly slows it, while the clock slows both.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// The core counts as shared when the yardstick takes this much longer than at its best. Alone on the core it takes
/// the same to a percent or two; a neighbour makes 15 to 100 %, and guests feel it two to three times as much.
const TOLERANCE: f64 = 1.08;

/// Where the clock has slowed down, work and chain take the same multiple of their best to half a percent. This much the work may take more
/// than the chain. It is less than the tolerance of the work alone, because a neighbour slows the chain as well, if little.
const CLOCK_TOLERANCE: f64 = 1.03;

/// So much longer than at its best the work may take because of the clock.
const SLOWEST_CLOCK: f64 = 1.35;

/// By how much the best is forgotten each time, so that a core whose frequency falls is calm again after a while: a
/// tenth in a million times, which is half a minute.
const FORGETTING: f64 = 1.0 + 1e-7;

/// The links of the chain, each a multiplication that needs the one before: about a microsecond.
const LINKS: u32 = 750;

/// A fixed piece of work of some microseconds.
pub type Work = Box<dyn FnMut()>;

/// The yardstick, and what it has seen.
pub struct Yardstick {
    work: Work,
    best: Best,
    discarded: Duration,
    began: Instant,
}

impl Yardstick {
    /// One that times this work, which took `best` nanoseconds at best in earlier processes: one of its own might never
    /// see a calm core.
    pub fn new(work: Work, best: Option<f64>) -> Self {
        let seen = Best { work_ns: best.unwrap_or(f64::INFINITY), to_chain: f64::INFINITY };
        let mut yardstick = Self { work, best: seen, discarded: Duration::ZERO, began: Instant::now() };
        // Warms it up, and lets it find its best where nobody knows it.
        for _ in 0..if best.is_some() { 20 } else { 2000 } {
            yardstick.is_calm(1);
        }
        yardstick
    }

    /// How long its work took at best, in nanoseconds.
    pub const fn best(&self) -> f64 {
        self.best.work_ns
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
        let mut before = chain_ns();
        (0..times).all(|_| {
            let work_ns = time_ns(&mut self.work);
            let after = chain_ns();
            // An interruption makes one of them longer.
            let chain_ns = before.min(after);
            before = after;
            self.best.is_calm(work_ns, chain_ns)
        })
    }
}

/// The least that was seen.
struct Best {
    /// How long the work took, in nanoseconds.
    work_ns: f64,
    /// How many times as long as the chain it took.
    to_chain: f64,
}

impl Best {
    /// Whether nobody else used the core while the work took so long, and the chain beside it.
    fn is_calm(&mut self, work_ns: f64, chain_ns: f64) -> bool {
        let to_chain = work_ns / chain_ns;
        self.work_ns = (self.work_ns * FORGETTING).min(work_ns);
        self.to_chain = (self.to_chain * FORGETTING).min(to_chain);
        let is_slower_clock = work_ns <= self.work_ns * SLOWEST_CLOCK && to_chain <= self.to_chain * CLOCK_TOLERANCE;
        work_ns <= self.work_ns * TOLERANCE || is_slower_clock
    }
}

/// How long something takes, in nanoseconds.
fn time_ns(mut work: impl FnMut()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_nanos() as f64
}

/// How long the chain takes, in nanoseconds: so many cycles of the core's clock, whoever else uses the core.
fn chain_ns() -> f64 {
    // Odd, and so are all products. Were one factor always the same, a compiler would need fewer multiplications.
    let first = black_box(3_u64);
    let links = || (0..LINKS).fold(first, |product, _| product.wrapping_mul(product | 1));
    time_ns(|| _ = black_box(links())).max(1.0)
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

#[cfg(test)]
mod tests {
    use super::Best;

    /// The work takes 6 µs at best, the chain 1 µs.
    fn best() -> Best {
        Best { work_ns: 6000.0, to_chain: 6.0 }
    }

    #[test]
    fn a_slower_clock_is_calm() {
        // An Intel Xeon's clock between 2.4 and 2.9 GHz, and the scatter of a percent that the yardstick has by itself.
        for (work_ns, chain_ns) in [(6000.0, 1000.0), (6100.0, 1000.0), (6720.0, 1120.0), (7260.0, 1205.0)] {
            assert!(best().is_calm(work_ns, chain_ns), "{work_ns} and {chain_ns}");
        }
        assert!(!best().is_calm(9000.0, 1500.0), "no clock changes so much, or the best is not of this machine");
    }

    #[test]
    fn a_neighbour_is_not_calm() {
        // A light one, and heavy ones; they slow the chain as well.
        for (work_ns, chain_ns) in [(6960.0, 1050.0), (7800.0, 1200.0), (10_000.0, 1040.0), (13_000.0, 1250.0)] {
            assert!(!best().is_calm(work_ns, chain_ns), "{work_ns} and {chain_ns}");
        }
    }

    /// The chain was interrupted each time that it was timed, so the work seems to take less of it than it ever does.
    #[test]
    fn a_best_that_was_never_true_hides_no_calm() {
        let mut best = best();
        assert!(best.is_calm(6000.0, 3000.0));
        assert!(best.is_calm(6100.0, 1000.0));
        assert!(!best.is_calm(6720.0, 1120.0), "until it is forgotten, a slower clock cannot be told from a neighbour");
    }
}
