//! Several messages in one call: `produce` returns the sum of their results, and begins anew behind the last.

use weft_link::Pair;
use weft_link::guest::GuestError;
use weft_schemas::digest::MASK;

/// What is wrong where a rotation is sent in one call, and where the first message follows the last; each alone returns what is expected of it.
///
/// # Errors
/// Where either guest fails.
pub fn wrong(pair: &mut dyn Pair, expected: &[u64]) -> Result<Option<String>, GuestError> {
    let count = expected.len() as u32;
    for (first, count) in [(0, count), (count.saturating_sub(1), 2)] {
        let sent = expected.iter().cycle().skip(first as usize).take(count as usize);
        let sum = sent.fold(0_u64, |sum, result| sum.wrapping_add(*result) & MASK);
        let found = pair.produce(first, count)?;
        if found != sum {
            return Ok(Some(format!(
                "each message alone is right, but {count} in one call, from number {first} on, sum to {found:#018x} and not to \
                 {sum:#018x}"
            )));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use weft_link::guest::GuestError;
    use weft_link::meter::Counts;
    use weft_link::{Counters, Pair, Place};

    use super::wrong;

    /// A pair of which each message returns ten times its number and one more, and several what a function makes of them.
    struct Sums(fn(u32, u32) -> u64);

    impl Pair for Sums {
        fn produce(&mut self, first: u32, count: u32) -> Result<u64, GuestError> {
            Ok(if count == 1 { u64::from(10 * first + 1) } else { (self.0)(first, count) })
        }

        fn counters(&mut self) -> Counters {
            Counters::default()
        }

        fn meters(&mut self) -> Option<[Counts; 2]> {
            None
        }

        fn places(&mut self, _: &mut dyn FnMut(Place<'_>)) {}
    }

    #[test]
    fn all_are_summed_and_the_first_follows_the_last() {
        let told = |sums| wrong(&mut Sums(sums), &[1, 11, 21]).expect("no guest fails");
        assert_eq!(
            told(|first, count| (first..first + count).map(|number| u64::from(10 * (number % 3) + 1)).sum()),
            None
        );
        let stops = told(|first, _| u64::from(10 * first + 1)).expect("only the first is sent");
        assert!(stops.contains("3 in one call, from number 0 on"), "{stops}");
        let runs_on = told(|first, count| (first..first + count).map(|number| u64::from(10 * number + 1)).sum());
        assert!(runs_on.is_some_and(|told| told.contains("2 in one call, from number 2 on")), "behind the last");
    }
}
