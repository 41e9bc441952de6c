//! Messages of strangers, for as long as one is told: good ones that were cut, flipped, spliced and given telling numbers.

use std::time::{Duration, Instant};
use std::{env, thread};

use weft_guest::{Encode, Validation};
use weft_schemas::{Message, Random, WILD};

use crate::changed;
use crate::memory::{encoded, memory};
use crate::promises::{Tasks, survives};

/// Numbers that lengths and offsets are tested with.
const TELLING: [u64; 10] = [0, 1, 2, 8, 0x7F, 0xFF, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF, u64::MAX];

/// The longest message that is tried, in bytes.
const LONGEST: usize = 4096;

/// Says which message it was where reading it panics.
struct Tried(u64);

impl Drop for Tried {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("the message of seed {}", self.0);
        }
    }
}

/// Reads one broken message after the other for as long as `STRANGER_SECONDS` says (10 where it is not set). A codec that validates
/// nothing promises nothing about them.
///
/// # Panics
/// Where a message does harm.
pub fn strangers<E: Encode>(tasks: &Tasks<E::Message>, validates: Validation) {
    if validates == Validation::None {
        return;
    }
    let seconds = env::var("STRANGER_SECONDS").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(10);
    let (begin, limit) = (Instant::now(), Duration::from_secs(seconds));
    let good = good::<E>();
    let room = memory(2 * LONGEST);
    let mut seed = 0;
    while begin.elapsed() < limit {
        let tried = Tried(seed);
        let bytes = broken(&good, &mut Random::new(seed, 1));
        let (message, _) = room.split_at_mut(bytes.len());
        message.copy_from_slice(&bytes);
        survives(tasks, message);
        drop(tried);
        seed += 1;
    }
    println!("{}: {seed} messages", E::Message::NAME);
}

/// Good messages of the sizes that are broken, which are not too long.
fn good<E: Encode>() -> Vec<Vec<u8>> {
    let seeds = (0..4).flat_map(|seed| [seed, WILD | seed]);
    let all = seeds.flat_map(|seed| E::Message::TRIED.broken.iter().map(move |&size| (seed, size)));
    let all = all.map(|(seed, size)| encoded::<E>(seed, size).to_vec());
    all.filter(|bytes| bytes.len() <= LONGEST).collect()
}

/// A good message with up to eight changes, of twice the longest length at most.
fn broken(good: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = changed(good, 8, |bytes, at, random| number(bytes, at, random), random);
    bytes.truncate(2 * LONGEST);
    bytes
}

/// Puts a telling number, or one a little less, over what is there.
fn number(bytes: &mut [u8], at: usize, random: &mut Random) {
    let number = random.pick(&TELLING).wrapping_sub(random.below(3)).to_le_bytes();
    let width = 1 << random.below(4);
    number.into_iter().take(width).zip(bytes.iter_mut().skip(at)).for_each(|(new, old)| *old = new);
}
