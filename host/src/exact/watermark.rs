//! Watermarks: where a message's payload newly lies after one `send`, found by searching.
//!
//! This checks the counters from outside: it knows nothing of codecs and transports but the memories and
//! buffers of a pair. Nothing is freed in these guests, so what was copied on the way is still there.

use std::collections::BTreeMap;

use memchr::memmem::Finder;
use weft_link::guest::Compiled;
use weft_link::transport::Transport;
use weft_link::{Engine, Pair, PairSpec};
use weft_schemas::{Task, WATERMARKED, Watermark, blob};

use crate::cell::Cell;
use crate::verify::{Wrong, spec};

/// The messages before the one that is searched for: they warm up what is made once.
const BEFORE: u32 = 2;
/// The messages of a search.
pub const SEARCHED: u32 = BEFORE + 1;

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// How many copies newly lie in each place; places without one are left out.
    In(BTreeMap<String, u64>),
    /// Why copies cannot be found.
    Unknown(String),
}

/// How often each word of a message lies in each place.
type Tally = BTreeMap<&'static str, Vec<u32>>;

/// Sends watermarked messages over a cell with guests that free nothing, and searches for the last one.
///
/// # Errors
/// Where a guest fails.
pub fn search(
    cell: &Cell,
    transport: &dyn Transport,
    floor: bool,
    guests: &Compiled,
    engine: &Engine,
) -> Result<Found, Wrong> {
    let spec = PairSpec { seed: WATERMARKED, ..spec(cell, engine, guests, SEARCHED) };
    let words = (cell.message.kind.watermarks)(BEFORE, cell.message.size);
    if words == 0 {
        return Ok(Found::Unknown("the payload is shorter than the eight bytes of a watermark".to_owned()));
    }
    let (before, after) = match tallies(cell, transport, floor, &spec) {
        Ok(Some(tallies)) => tallies,
        Ok(None) => return Ok(Found::Unknown("the producer does not generate watermarked messages".to_owned())),
        Err(Wrong::Guest(error)) if error.is_of_memory() => {
            let why = "nothing is freed where copies are searched for, and its messages are too large for the memory that guests \
                       may have";
            return Ok(Found::Unknown(why.to_owned()));
        }
        Err(wrong) => return Err(wrong),
    };
    // The strings of a typed message do not pass through the outbox: they go from the producer's value to the consumer's heap.
    let sent = if guests.producer.0.is_typed() { "consumer heap" } else { "producer outbox" };
    if !is_legible(&after, sent, words) {
        return Ok(Found::Unknown("the wire form hides the pattern: it is packed, escaped or compressed".to_owned()));
    }
    let new = |(place, counts): (&&'static str, &Vec<u32>)| {
        let earlier = before.get(place);
        let new = counts.iter().enumerate().map(|(word, count)| count.saturating_sub(earlier.map_or(0, |e| e[word])));
        ((*place).to_owned(), copies(new.collect()))
    };
    Ok(Found::In(after.iter().map(new).filter(|(_, copies)| *copies > 0).collect()))
}

/// Where the words of the last message lie before it is sent, and after that. None where the producer does not make watermarks.
fn tallies(
    cell: &Cell,
    transport: &dyn Transport,
    floor: bool,
    spec: &PairSpec<'_>,
) -> Result<Option<(Tally, Tally)>, Wrong> {
    let words = (cell.message.kind.watermarks)(BEFORE, cell.message.size);
    let mut pair = match transport.join(spec) {
        Err(error) if error.is_unknown_seed() => return Ok(None),
        pair => pair?,
    };
    for index in 0..BEFORE {
        if !send(cell, floor, &mut *pair, index)? {
            return Ok(None);
        }
    }
    let before = tally(&mut *pair, words);
    send(cell, floor, &mut *pair, BEFORE)?;
    Ok(Some((before, tally(&mut *pair, words))))
}

/// Sends one message; returns whether its digest is that of the watermarked one. Other messages of the cell have been
/// verified, so that a wrong digest is a producer that takes this seed for one like any other.
fn send(cell: &Cell, floor: bool, pair: &mut dyn Pair, index: u32) -> Result<bool, Wrong> {
    let (message, task): (_, Task) = (cell.message, cell.task);
    let digest = if floor { blob::floor_digest } else { message.kind.digest };
    let expected = digest(WATERMARKED, index, message.size, task);
    let expected = expected.map_err(|status| Wrong::NoDigest { message, task, reason: status.to_string() })?;
    Ok(pair.produce(index, 1)? == expected)
}

/// Counts the words of the searched message in all places of a pair.
fn tally(pair: &mut dyn Pair, words: u32) -> Tally {
    let mut tally = Tally::new();
    let prefix = Watermark::prefix(BEFORE);
    let finder = Finder::new(&prefix);
    pair.places(&mut |place| {
        for at in finder.find_iter(place.bytes) {
            let end = place.bytes.get(at + 4..at + 8).and_then(|end| <[u8; 4]>::try_from(end).ok());
            if let Some(word) = end.and_then(Watermark::number).filter(|word| *word < words)
                && let Some(name) = u32::try_from(at).ok().and_then(|address| place.name(address))
            {
                tally.entry(name).or_insert_with(|| vec![0; words as usize])[word as usize] += 1;
            }
        }
    });
    tally
}

/// Whether what was sent shows the pattern: nine in ten of its words lie in the place that it passes through.
fn is_legible(tally: &Tally, place: &str, words: u32) -> bool {
    let there = tally.get(place).map_or(0, |counts| counts.iter().filter(|count| **count > 0).count());
    there as u64 * 10 >= u64::from(words) * 9
}

/// How many copies a place holds: as many as at least half of the words are there. A single field that
/// passes through the stack is no copy of the payload.
fn copies(mut counts: Vec<u32>) -> u64 {
    let half = counts.len().saturating_sub(1) / 2;
    counts.sort_unstable_by(|a, b| b.cmp(a));
    counts.get(half).copied().unwrap_or(0).into()
}

#[cfg(test)]
mod tests {
    use super::copies;

    #[test]
    fn half_of_the_words_make_a_copy() {
        assert_eq!(copies(vec![1]), 1);
        assert_eq!(copies(vec![1, 0]), 1);
        assert_eq!(copies(vec![1, 0, 0]), 0);
        assert_eq!(copies(vec![2, 2, 1, 3]), 2);
        assert_eq!(copies(vec![0; 5]), 0);
        assert_eq!(copies(vec![]), 0);
    }
}
