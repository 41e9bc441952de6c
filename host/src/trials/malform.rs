//! What can happen to the bytes of a message.

use weft_schemas::Random;

/// Everything that is done to a good message; `other` is one to splice with. `splices` are made of each kind of splice.
pub fn malformed(good: &[u8], other: &[u8], splices: usize) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = (0..good.len()).map(|len| good[..len].to_vec()).collect();
    for bit in 0..good.len() * 8 {
        let mut flipped = good.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        all.push(flipped);
    }
    all.extend((1..=16).map(|more| [good, &[0xA5; 16][..more]].concat()));
    numbers(good, &mut all);
    spliced(good, other, splices, &mut all);
    all
}

/// No form of these is longer, in bytes.
pub fn longest(good: &[u8], other: &[u8]) -> u32 {
    (good.len() + other.len().max(16)) as u32
}

/// Numbers that lengths and offsets are tested with, in each place where one may be.
fn numbers(good: &[u8], all: &mut Vec<Vec<u8>>) {
    let len = good.len() as u32;
    for at in (0..good.len().saturating_sub(3)).step_by(4) {
        let rest = len - at as u32;
        let telling = [
            0,
            1,
            0x7FFF_FFFF,
            1 << 31,
            u32::MAX,
            u32::MAX - 3,
            0xFFFF,
            len,
            rest,
            rest + 1,
            (at as u32).wrapping_neg(),
        ];
        for number in telling {
            let mut bytes = good.to_vec();
            bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
            all.push(bytes);
        }
    }
}

/// Halves of two messages, parts that changed places, and noise.
fn spliced(good: &[u8], other: &[u8], splices: usize, all: &mut Vec<Vec<u8>>) {
    let mut random = Random::new(0x5EED, good.len() as u64);
    for _ in 0..splices {
        let mut below = |bound: usize| random.below(bound as u64 + 1) as usize;
        all.push([&good[..below(good.len())], &other[below(other.len())..]].concat());
        let (from, to) = (8 * below(good.len() / 8), 8 * below(good.len() / 8));
        let len = below(good.len() - from.max(to));
        let mut moved = good.to_vec();
        moved.copy_within(from..from + len, to);
        all.push(moved);
        let mut noise = vec![0; below(good.len())];
        random.fill(&mut noise);
        all.push(noise);
    }
}
