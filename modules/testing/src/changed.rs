//! Bytes as strangers send them: good ones that were cut, flipped and spliced.

use weft_schemas::Random;

/// Some good bytes, changed in one place or more, `most` of them at the most. `at_a_place` is one of the changes: what only those know who
/// read these bytes, such as a number that says how much follows.
///
/// # Panics
/// Where there are no good bytes.
pub fn changed(
    good: &[Vec<u8>],
    most: u64,
    at_a_place: impl Fn(&mut Vec<u8>, usize, &mut Random),
    random: &mut Random,
) -> Vec<u8> {
    let pick = |random: &mut Random| good[random.below(good.len() as u64) as usize].clone();
    let mut bytes = pick(random);
    for _ in 0..=random.below(most) {
        let at = random.below(bytes.len() as u64 + 1) as usize;
        match random.below(7) {
            0 => bytes.truncate(at),
            1 => bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= 1 << random.below(8)),
            2 => drop(bytes.splice(at..(at + random.below(20) as usize).min(bytes.len()), [])),
            3 => {
                let other = pick(random);
                let from = random.below(other.len() as u64 + 1) as usize;
                drop(bytes.splice(at.., other[from..].iter().copied()));
            }
            4 => {
                let (to, len) = (random.below(bytes.len() as u64 + 1) as usize, random.below(64) as usize);
                let piece: Vec<u8> = bytes.iter().skip(at).take(len).copied().collect();
                drop(bytes.splice(to..to, piece));
            }
            _ => at_a_place(&mut bytes, at, random),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use weft_schemas::Random;

    use super::changed;

    #[test]
    fn good_bytes_are_changed_in_every_way_and_at_a_place() {
        let good = [vec![0; 40], vec![1; 30]];
        let mark = |bytes: &mut Vec<u8>, at: usize, _: &mut Random| bytes.get_mut(at).into_iter().for_each(|b| *b = 9);
        let all: Vec<Vec<u8>> = (0..500).map(|seed| changed(&good, 4, mark, &mut Random::new(seed, 0))).collect();
        let some = |seen: &dyn Fn(&Vec<u8>) -> bool| all.iter().filter(|bytes| seen(bytes)).count() > 20;
        assert!(some(&|bytes| bytes.len() < 20) && some(&|bytes| bytes.len() > 45), "cut, spliced");
        assert!(some(&|bytes| bytes.contains(&0) && bytes.contains(&1)), "parts of both");
        assert!(some(&|bytes| bytes.iter().any(|byte| byte.count_ones() == 1 && *byte > 1)), "flipped bits");
        assert!(some(&|bytes| bytes.contains(&9)), "changed at a place");
        let again = changed(&good, 4, mark, &mut Random::new(7, 0));
        assert_eq!(again, all[7], "a seed says it all");
    }
}
