//! One cell's exact figures: whole rotations of its messages through metered guests.

use std::sync::Arc;

use weft_link::guest::{Compiled, Guest};
use weft_link::meter::{Counter, Counts};
use weft_link::transport::Transport;
use weft_link::{Counters, Engine, Pair, PairSpec};
use weft_schemas::Task;

use super::watermark::{self, Found};
use super::{ByRegion, Exact, GuestFigures};
use crate::cell::Cell;
use crate::verify::{Expected, Verified, Wrong, payload_bytes, spec, verify, verify_at_once};

/// How many rotations the guests get to reach their steady state, beside those that verify them.
const WARM_UP: usize = 6;

/// What guests do that do the same may differ by one in so many, where their allocators are in another state.
const LITTLE: u64 = 50;

/// What a cell is counted with.
pub struct Counting<'a> {
    /// What compiled the guests.
    pub engine: &'a Engine,
    /// What messages are generated from.
    pub seed: u64,
    /// The transport.
    pub transport: &'static dyn Transport,
    /// The guests that count.
    pub metered: Arc<Compiled>,
    /// The guests in which copies are searched for: nothing is ever freed in them.
    pub searched: Arc<Compiled>,
    /// What their messages must return.
    pub expected: Arc<Expected>,
    /// The mean size of the cell's messages on the wire, in bytes: the same over every transport.
    pub wire_bytes: f64,
    /// Whether the codec is the floor.
    pub floor: bool,
    /// What the same guests did with the same messages in earlier cells.
    pub known: Steady,
}

/// What a rotation of messages makes the meters of guests count in the steady state, where that is the same in further cells.
#[derive(Clone, Debug, Default)]
pub struct Steady {
    /// What the producer does: under any transport, and whatever the consumer does with the messages.
    pub producer: Option<Counts>,
    /// What the consumer does with the task: under any transport that takes no memory from it.
    pub consumer: Option<Counts>,
}

impl Steady {
    /// That of both guests, where it is known of both.
    fn both(&self) -> Option<[Counts; 2]> {
        Some([self.producer.clone()?, self.consumer.clone()?])
    }
}

/// What a rotation of messages made the meters of producer and consumer, and the transport, count.
struct Rotation {
    /// Whether guests settled, so that they do the same under every transport.
    settled: bool,
    guests: [Counts; 2],
    transport: Counters,
}

impl Counting<'_> {
    /// Verifies a cell with metered guests and counts what its messages take; and says what of it further cells have in common.
    ///
    /// # Errors
    /// Where a digest is wrong, a guest fails, or the counts never become steady.
    pub fn count(&self, cell: &Cell) -> Result<(Verified, Exact, Steady), Wrong> {
        let spec = spec(cell, self.engine, &self.metered, self.expected.rotation());
        let spec = PairSpec { seed: self.seed, ..spec };
        let mut pair = self.transport.join(&spec)?;
        let verified = match self.known.both() {
            None => verify(&mut *pair, &self.expected)?,
            Some(_) => verify_at_once(&mut *pair, &self.expected)?,
        };
        let Rotation { settled, guests, transport } = self.steady_rotation(&mut *pair)?;
        drop(pair);
        let found = watermark::search(cell, self.transport, self.floor, &self.searched, self.engine)?;
        let messages = f64::from(self.expected.rotation());
        let (payload_found_in, copies, copies_unknown) = match found {
            Found::In(places) => (Some(places.clone()), Some(places.values().sum()), None),
            Found::Unknown(why) => (None, None, Some(why)),
        };
        let takes_memory = self.transport.takes_memory(&self.metered.producer.0.traits()?);
        // The allocator of a guest that both reads and makes messages is in another state under each transport.
        let sends_alike = cell.task != Task::Reply;
        let alike = [sends_alike, sends_alike && !takes_memory];
        let settled = settled && !self.settles_beside(&guests, alike);
        let [producer, consumer] = guests;
        let exact = Exact {
            producer: figures(&producer, messages, &self.metered.producer.0),
            consumer: figures(&consumer, messages, &self.metered.consumer.0),
            transport_copied_bytes: transport.copied_bytes as f64 / messages,
            wire_overhead: self.wire_bytes / payload_bytes(cell.message),
            payload_found_in,
            copies,
            copies_unknown,
            unsettled: !settled,
            takes_memory,
        };
        let [sends, reads] = alike.map(|alike| alike && settled);
        let steady = Steady { producer: sends.then_some(producer), consumer: reads.then_some(consumer) };
        Ok((Verified { wire_bytes: Some(self.wire_bytes), ..verified }, exact, steady))
    }

    /// Whether an allocator came to another steady state than where these guests were counted before, in which they do nearly the same.
    /// What differs by more is no state of an allocator, but a mistake.
    fn settles_beside(&self, [producer, consumer]: &[Counts; 2], [sends_alike, reads_alike]: [bool; 2]) -> bool {
        let beside = |counted: &Counts, known: &Option<Counts>| {
            known.as_ref().is_some_and(|known| counted != known && counted.agrees_in_all_within(known, LITTLE))
        };
        sends_alike && beside(producer, &self.known.producer) || reads_alike && beside(consumer, &self.known.consumer)
    }

    /// The counts of a rotation in the steady state: those that are known, where a rotation has the same; otherwise two rotations
    /// agree. An allocator tidies up every few thousand calls, which no rotation hits as often as the next; so they agree where they
    /// differ by less than one in 10 000, and the smaller counts.
    ///
    /// Guests that both read and make messages may never come back to an allocator in the same state. Where no two rotations agree, and none
    /// differs by more than a fiftieth in all that is done, the smallest counts are taken: like all that metered guests do, they are the same each time.
    fn steady_rotation(&self, pair: &mut dyn Pair) -> Result<Rotation, Wrong> {
        let mut earlier = rotation(pair, &self.expected)?;
        if let Some(known) = self.known.both() {
            if earlier.guests == known {
                return Ok(earlier);
            }
            // So many messages were sent now as where nothing is known: what comes of them is the same.
            earlier = rotation(pair, &self.expected)?;
        }
        let (mut smallest, mut differ_little) = (earlier.guests.clone(), true);
        for _ in 0..WARM_UP {
            let later = rotation(pair, &self.expected)?;
            let within = |parts| later.guests.iter().zip(&earlier.guests).all(|(a, b)| a.agrees_within(b, parts));
            let settled = later.transport == earlier.transport && within(10_000);
            let mut pairs = later.guests.iter().zip(&earlier.guests);
            differ_little &=
                later.transport == earlier.transport && pairs.all(|(a, b)| a.agrees_in_all_within(b, LITTLE));
            if settled {
                let guests = smaller(&later.guests, &earlier.guests);
                return Ok(Rotation { settled: true, guests, transport: later.transport });
            }
            smallest = smaller(&smallest, &later.guests);
            earlier = later;
        }
        if differ_little {
            Ok(Rotation { settled: false, guests: smallest, transport: earlier.transport })
        } else {
            Err(Wrong::Unsteady)
        }
    }
}

fn smaller([producer, consumer]: &[Counts; 2], other: &[Counts; 2]) -> [Counts; 2] {
    [producer.smaller(&other[0]), consumer.smaller(&other[1])]
}

fn rotation(pair: &mut dyn Pair, expected: &Expected) -> Result<Rotation, Wrong> {
    let (count, sum) = (expected.rotation(), expected.sum(0, expected.rotation().into()));
    let before = (pair.meters().ok_or(Wrong::Unsteady)?, pair.counters());
    let found = pair.produce(0, count)?;
    if found != sum {
        return Err(Wrong::Sum { first: 0, count, found, expected: sum });
    }
    let [producer, consumer] = pair.meters().ok_or(Wrong::Unsteady)?;
    let [earlier_producer, earlier_consumer] = before.0;
    Ok(Rotation {
        settled: true,
        guests: [producer.since(&earlier_producer), consumer.since(&earlier_consumer)],
        transport: pair.counters() - before.1,
    })
}

/// A guest's figures per message, from what it counted in some messages.
fn figures(counted: &Counts, messages: f64, guest: &Guest) -> GuestFigures {
    let per_message = |counter| counted.of(counter) as f64 / messages;
    let by_region = |[message, answer, shadow_stack, static_data, heap]: [Counter; 5]| {
        let [message, answer] = [message, answer].map(per_message);
        let (outbox, inbox) = if guest.name.side.sends() { (message, answer) } else { (answer, message) };
        let [shadow_stack, static_data, heap] = [shadow_stack, static_data, heap].map(per_message);
        ByRegion { shadow_stack, static_data, heap, outbox, inbox }
    };
    use Counter as C;
    let names_allocator = guest.has("weft_alloc") && guest.has("weft_realloc");
    let if_named = |counter| names_allocator.then(|| per_message(counter));
    GuestFigures {
        instructions: per_message(C::Instructions),
        calls: per_message(C::Calls),
        bytes_read: by_region([C::ReadMessage, C::ReadAnswer, C::ReadShadowStack, C::ReadStaticData, C::ReadHeap]),
        bytes_written: by_region([
            C::WrittenMessage,
            C::WrittenAnswer,
            C::WrittenShadowStack,
            C::WrittenStaticData,
            C::WrittenHeap,
        ]),
        allocations: if_named(C::Allocations),
        allocated_bytes: if_named(C::AllocatedBytes),
        memory_grown: per_message(C::GrownPages) * 65536.0,
    }
}
