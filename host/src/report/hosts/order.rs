//! Whether a host ranks codecs as weft's own does.

use super::Pair;
use crate::record::Record;
use crate::report::ranking::League;
use crate::report::told::{Told, told};

/// Two codecs of a league of which weft's own host calls the one the faster, and another host the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swap<'a> {
    /// The codec that is faster on the other host.
    pub faster: &'a str,
    /// The codec that is faster on weft's own.
    pub slower: &'a str,
    /// The transports over which it is so.
    pub transports: Vec<&'a str>,
}

/// The codecs whose order changes among some cells of one message and task. Both hosts must tell the two apart: Holm's
/// correction goes over all that are compared on either.
pub fn swaps<'a>(record: &Record, pairs: &[&Pair<'a>]) -> Vec<Swap<'a>> {
    let couples: Vec<(&Pair<'a>, &Pair<'a>)> = pairs
        .iter()
        .enumerate()
        .flat_map(|(place, first)| pairs.iter().skip(place + 1).map(move |second| (*first, *second)))
        .filter(|(first, second)| comparable(record, first, second))
        .collect();
    let on_other = couples.iter().map(|(first, second)| (&first.other.readings[..], &second.other.readings[..]));
    let on_own = couples.iter().map(|(first, second)| (&first.own.readings[..], &second.own.readings[..]));
    let verdicts = told(&on_other.chain(on_own).collect::<Vec<_>>());
    let (on_other, on_own) = verdicts.split_at(couples.len());
    let mut swaps: Vec<Swap<'a>> = Vec::new();
    for ((first, second), verdicts) in couples.into_iter().zip(on_other.iter().zip(on_own)) {
        let (faster, slower) = match verdicts {
            (Some(Told::Faster), Some(Told::Slower)) => (first, second),
            (Some(Told::Slower), Some(Told::Faster)) => (second, first),
            _ => continue,
        };
        let transport = first.other.cell.transport.as_str();
        let (faster, slower) = (faster.other.cell.codec.as_str(), slower.other.cell.codec.as_str());
        match swaps.iter_mut().find(|swap| (swap.faster, swap.slower) == (faster, slower)) {
            Some(swap) => swap.transports.push(transport),
            None => swaps.push(Swap { faster, slower, transports: vec![transport] }),
        }
    }
    swaps
}

/// Whether two cells differ in the codec only, and codecs of their league are ranked.
fn comparable(record: &Record, first: &Pair<'_>, second: &Pair<'_>) -> bool {
    let (a, b) = (&first.other.cell, &second.other.cell);
    let league = |codec: &str| League::of(record, codec);
    a.transport == b.transport && league(&a.codec).is_some() && league(&a.codec) == league(&b.codec)
}
