//! Whether a host ranks codecs as weft's own does.

use super::Pair;
use crate::record::{Latency, Record};
use crate::report::ranking::League;

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

/// The codecs whose order changes among some cells of one message and task. Where intervals overlap there is no order.
pub fn swaps<'a>(record: &Record, pairs: &[&Pair<'a>]) -> Vec<Swap<'a>> {
    let mut swaps: Vec<Swap<'a>> = Vec::new();
    for first in pairs {
        for second in pairs.iter().filter(|second| comparable(record, first, second)) {
            let swapped = clearly(&first.latency, &second.latency) && clearly(&second.own_latency, &first.own_latency);
            if !swapped {
                continue;
            }
            let (faster, slower) = (first.other.cell.codec.as_str(), second.other.cell.codec.as_str());
            let transport = first.other.cell.transport.as_str();
            match swaps.iter_mut().find(|swap| (swap.faster, swap.slower) == (faster, slower)) {
                Some(swap) => swap.transports.push(transport),
                None => swaps.push(Swap { faster, slower, transports: vec![transport] }),
            }
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

/// Whether a time is shorter than another, with its whole interval.
fn clearly(shorter: &Latency, longer: &Latency) -> bool {
    shorter.high < longer.low
}
