//! Edges: messages at the ends of what their types hold, under a seed of their own.

/// The seed of messages at the edges: number 0 has no element, the next ones have few, and the last of them the size that was asked for.
pub const EDGES: u64 = 0x4544_4745_535F_3031;

/// The elements of edge number `index` of a message of `size` elements; the numbers rotate. None is larger than `size`.
pub const fn length(index: u32, size: u32) -> u32 {
    let length = match index % 7 {
        0 => 0,
        1 => 1,
        2 => 2,
        3 => 3,
        4 => 8,
        // An odd one: the largest.
        5 => size - (size + 1) % 2,
        _ => size,
    };
    if length < size { length } else { size }
}

/// Texts whose lengths, in bytes, are where formats write a length differently: 0, 127 and 128, 250 to 256, 65 535 and 65 536. Their
/// characters take one to four bytes.
pub fn text(place: u64) -> String {
    const LENGTHS: [usize; 10] = [0, 23, 24, 127, 128, 251, 255, 256, 65_535, 65_536];
    let length = LENGTHS[(place % 10) as usize];
    let mut text = String::with_capacity(length);
    for character in ['ü', '語', '🧵', 'a'].into_iter().cycle() {
        if text.len() + character.len_utf8() > length {
            break;
        }
        text.push(character);
    }
    while text.len() < length {
        text.push('z');
    }
    text
}

/// Texts of few characters, each of another length in bytes.
pub fn short(place: u64) -> String {
    ["", "a", "ß", "語", "🧵", "a🧵", "\0", "語\u{10FFFF}", "\"\\\n", "eight..."][(place % 10) as usize].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{KINDS, Log, Message, Task};

    #[test]
    fn lengths_are_0_1_odd_and_the_size() {
        assert_eq!([0, 1, 2, 3, 4, 5, 6, 7].map(|index| length(index, 100)), [0, 1, 2, 3, 8, 99, 100, 0]);
        assert_eq!([0, 1, 2, 3, 4, 5, 6].map(|index| length(index, 1)), [0, 1, 1, 1, 1, 1, 1]);
    }

    #[test]
    fn texts_have_these_lengths() {
        let lengths: Vec<usize> = (0..10).map(|place| text(place).len()).collect();
        assert_eq!(lengths, [0, 23, 24, 127, 128, 251, 255, 256, 65_535, 65_536]);
        let Log { records } = Log::generate(EDGES, 1, 10);
        assert_eq!(records[0].texts().map(|text| text.len()), lengths.as_slice());
    }

    /// What foreign guests generate must not change under them: a digest of messages of each seed that there was, and of edges.
    #[test]
    fn seeds_make_what_they_made() {
        let digest = |seed: u64| {
            let mut sum = 0_u64;
            for kind in KINDS.iter().filter(|kind| ["ping", "log", "mesh", "blob"].contains(&kind.name)) {
                for index in 0..7 {
                    let digest = (kind.digest)(seed, index, kind.sizes.1.min(9), Task::Scan);
                    sum = sum.rotate_left(7) ^ digest.unwrap_or_default();
                }
            }
            sum
        };
        let seeds = [0x5745_4654, crate::WILD | 7, crate::WATERMARKED, EDGES];
        assert_eq!(
            seeds.map(digest),
            [0xE031_12F7_7FAB_D8DC, 0x434C_09E8_58CC_F985, 0x4A89_D046_9E2B_2DE0, 0x903E_5BC3_8989_897D]
        );
    }
}
