//! The digest of what a consumer read: 63 bits, eight bytes a step, four lanes.
//!
//! A digest proves that a consumer read every field it should, and must cost little beside the codec
//! it checks. Words go to the four lanes in turn, so that four multiplications are under way at
//! once. Each step is a bijection of its lane and of the word, so one changed word always changes
//! the lanes. It is no cryptographic hash.

use crate::text::Text;
use crate::trace;

const PRIME: u64 = 0x9E37_79B1_85EB_CA87;
const LANES: [u64; 4] = [0x60EA_27EE_ADC0_B5D6, 0xC2B2_AE3D_27D4_EB4F, 0, 0x61C8_864E_7A14_3579];

/// The largest digest: digests have 63 bits, because negative results are statuses.
pub const MASK: u64 = i64::MAX as u64;

/// A running digest.
#[derive(Clone, Copy, Debug)]
pub struct Digest {
    lanes: [u64; 4],
}

impl Default for Digest {
    fn default() -> Self {
        Self::new()
    }
}

#[inline(always)]
const fn step(lane: u64, word: u64) -> u64 {
    (lane ^ word).wrapping_mul(PRIME).rotate_left(31)
}

#[inline(always)]
fn word_at(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..at + 8).and_then(|part| <[u8; 8]>::try_from(part).ok()) {
        Some(word) => u64::from_le_bytes(word),
        None => 0,
    }
}

impl Digest {
    /// The digest of nothing.
    #[inline(always)]
    pub fn new() -> Self {
        trace::begin();
        Self { lanes: LANES }
    }

    /// Takes one word. The lanes change places, which costs nothing in straight-line code.
    #[inline(always)]
    pub fn word(&mut self, word: u64) {
        trace::take(|| word);
        let [a, b, c, d] = self.lanes;
        self.lanes = [b, c, d, step(a, word)];
    }

    /// Takes two 32-bit values as one word.
    #[inline(always)]
    pub fn pair(&mut self, low: u32, high: u32) {
        self.word(low as u64 | (high as u64) << 32);
    }

    /// Takes whether an optional value is there, and the value through `take` where it is.
    #[inline(always)]
    pub fn option<T>(&mut self, value: Option<T>, take: impl FnOnce(&mut Self, T)) {
        self.word(u64::from(value.is_some()));
        if let Some(value) = value {
            take(self, value);
        }
    }

    /// Takes a string: its length and its bytes.
    #[inline(always)]
    pub fn text(&mut self, text: &impl Text) {
        self.bytes(text.bytes());
    }

    /// Takes a byte string: its length, then its bytes in words of eight. The last word overlaps the
    /// one before it where the length is no multiple of eight; the length tells the two apart.
    #[inline(always)]
    pub fn bytes(&mut self, bytes: &[u8]) {
        let len = bytes.len();
        self.word(len as u64);
        if len >= 8 {
            let rest = self.blocks(bytes);
            let mut at = len - rest;
            while at + 8 < len {
                self.word(word_at(bytes, at));
                at += 8;
            }
            self.word(word_at(bytes, len - 8));
        } else if len > 0 {
            self.word(short_word(bytes));
        }
    }

    /// Takes all whole blocks of 32 bytes but for what the overlapping last word covers, one word a
    /// lane; returns how many bytes are left, at least 1.
    #[inline(always)]
    fn blocks(&mut self, bytes: &[u8]) -> usize {
        let [mut a, mut b, mut c, mut d] = self.lanes;
        let mut rest = bytes;
        while let Some((block, tail)) = rest.split_first_chunk::<32>()
            && !tail.is_empty()
        {
            [0, 8, 16, 24].into_iter().for_each(|at| trace::take(|| word_at(block, at)));
            a = step(a, word_at(block, 0));
            b = step(b, word_at(block, 8));
            c = step(c, word_at(block, 16));
            d = step(d, word_at(block, 24));
            rest = tail;
        }
        self.lanes = [a, b, c, d];
        rest.len()
    }

    /// The digest's 63 bits.
    #[inline(always)]
    pub const fn finish(self) -> u64 {
        let [a, b, c, d] = self.lanes;
        let mixed = step(step(a, b.rotate_left(17)), step(c, d.rotate_left(43)));
        (mixed ^ (mixed >> 29)) & MASK
    }
}

/// The inverse of [`PRIME`] modulo 2⁶⁴, by Newton's iteration: each step doubles how many of its bits are right.
const INVERSE: u64 = {
    let mut inverse = PRIME;
    let mut step = 0;
    while step < 6 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(PRIME.wrapping_mul(inverse)));
        step += 1;
    }
    inverse
};

/// `lane ^ word` of a [`step`]'s result.
const fn unstep(lane: u64) -> u64 {
    lane.rotate_right(31).wrapping_mul(INVERSE)
}

/// For each of `words`: what would have to stand in its place for all of them to have this digest. There are two solutions, because a
/// digest has lost a bit. Each step is a bijection of its lane, so from the digest and three lanes the fourth follows, and from its end
/// and its beginning each of its words.
pub fn solutions(words: &[u64], digest: u64) -> Vec<[u64; 2]> {
    // Before each word, its lane.
    let mut lanes = LANES;
    let before: Vec<u64> = words
        .iter()
        .enumerate()
        .map(|(place, word)| {
            let lane = &mut lanes[place % 4];
            core::mem::replace(lane, step(*lane, *word))
        })
        .collect();
    let mut solutions = vec![[0; 2]; words.len()];
    for (which, top) in [0, 1 << 63].into_iter().enumerate() {
        let mixed = digest | top;
        let both = unstep(mixed ^ (mixed >> 29) ^ (mixed >> 58));
        let at = |place: usize| lanes[(words.len() + place) % 4];
        let [a, b, c, d] = [at(0), at(1), at(2), at(3)];
        let first = unstep(both ^ step(c, d.rotate_left(43)));
        let second = unstep(both ^ step(a, b.rotate_left(17)));
        let ends = [
            first ^ b.rotate_left(17),
            (first ^ a).rotate_right(17),
            second ^ d.rotate_left(43),
            (second ^ c).rotate_right(43),
        ];
        for (place, end) in ends.into_iter().enumerate() {
            let lane = (words.len() + place) % 4;
            let mut after = end;
            for at in (0..words.len()).filter(|at| at % 4 == lane).rev() {
                solutions[at][which] = unstep(after) ^ before[at];
                after = unstep(after) ^ words[at];
            }
        }
    }
    solutions
}

/// One to seven bytes as a word, without reading beside them.
#[inline(always)]
fn short_word(bytes: &[u8]) -> u64 {
    let len = bytes.len();
    if let (Some(head), Some(tail)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        u64::from(u32::from_le_bytes(*head)) | u64::from(u32::from_le_bytes(*tail)) << 32
    } else {
        let [first, middle, last] = [0, len / 2, len - 1].map(|at| bytes.get(at).map_or(0, |&byte| u64::from(byte)));
        first | middle << 8 | last << 16
    }
}

#[cfg(test)]
mod tests {
    use super::{Digest, solutions};

    #[test]
    fn a_word_that_differs_is_solved_for() {
        let digest = |words: &[u64]| {
            let mut digest = Digest::new();
            words.iter().for_each(|word| digest.word(*word));
            digest.finish()
        };
        for len in 1..40_u64 {
            let words: Vec<u64> = (0..len).map(|word| word * 0x0123_4567_89AB_CDEF).collect();
            for place in 0..words.len() {
                let mut other = words.clone();
                other[place] = !(len << 40);
                let solved = solutions(&words, digest(&other))[place];
                assert!(solved.contains(&other[place]), "word {place} of {len}: {solved:x?}");
            }
        }
    }

    fn of(bytes: &[u8]) -> u64 {
        let mut digest = Digest::new();
        digest.bytes(bytes);
        digest.finish()
    }

    #[test]
    fn every_bit_and_every_length_counts() {
        for len in 0..100 {
            let bytes: Vec<u8> = (0..len).map(|i| (i * 37) as u8).collect();
            let digest = of(&bytes);
            assert_eq!(digest >> 63, 0);
            for bit in 0..len * 8 {
                let mut other = bytes.clone();
                other[bit / 8] ^= 1 << (bit % 8);
                assert_ne!(of(&other), digest, "length {len}, bit {bit}");
            }
            let mut longer = bytes;
            longer.push(0);
            assert_ne!(of(&longer), digest, "length {len}");
        }
    }

    #[test]
    fn order_counts() {
        let mut one = Digest::new();
        one.word(1);
        one.word(2);
        let mut other = Digest::new();
        other.word(2);
        other.word(1);
        assert_ne!(one.finish(), other.finish());
    }

    #[test]
    fn presence_counts() {
        let of = |value: Option<u64>| {
            let mut digest = Digest::new();
            digest.option(value, Digest::word);
            digest.finish()
        };
        assert_ne!(of(None), of(Some(0)));
        assert_ne!(of(Some(0)), of(Some(1)));
    }
}
