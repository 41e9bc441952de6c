//! Where payloads may lie: the memories and buffers of a pair, and what their parts are called.

use crate::guest::Region;
use crate::meter::{Part, Parts};

/// A run of bytes that a pair owns.
pub struct Place<'a> {
    /// The bytes; a memory from its address 0 on.
    pub bytes: &'a [u8],
    /// Whose they are.
    pub holder: Holder,
    /// Pages of these bytes that are another place's as well, which shows them.
    pub elsewhere: Option<Region>,
}

/// Whose a place is.
pub enum Holder {
    /// A buffer of the host.
    Host,
    /// The producer's memory.
    Producer(Parts),
    /// The consumer's memory.
    Consumer(Parts),
    /// One memory of both.
    Both {
        /// Its parts as the producer sees them.
        producer: Parts,
        /// Its parts as the consumer sees them.
        consumer: Parts,
    },
}

impl Place<'_> {
    /// What the part is called that an address lies in; none where another place shows the same page.
    pub fn name(&self, address: u32) -> Option<&'static str> {
        if self.elsewhere.is_some_and(|region| address.wrapping_sub(region.start) < region.capacity) {
            return None;
        }
        Some(match &self.holder {
            Holder::Host => "host",
            Holder::Producer(parts) => of_producer(parts.of(address)),
            Holder::Consumer(parts) => of_consumer(parts.of(address)),
            Holder::Both { producer, consumer } => of_either(producer, consumer, address),
        })
    }
}

const fn of_producer(part: Part) -> &'static str {
    match part {
        Part::Message => "producer outbox",
        Part::Answer => "producer inbox",
        Part::ShadowStack => "producer stack",
        Part::StaticData => "producer static data",
        Part::Heap => "producer heap",
    }
}

const fn of_consumer(part: Part) -> &'static str {
    match part {
        Part::Message => "consumer inbox",
        Part::Answer => "consumer outbox",
        Part::ShadowStack => "consumer stack",
        Part::StaticData => "consumer static data",
        Part::Heap => "consumer heap",
    }
}

/// In one memory a page is whose guest grew it. The rest was laid out by the linker: the consumer's
/// stack begins, unused, where the producer's stack and data are, so that the producer is asked first.
fn of_either(producer: &Parts, consumer: &Parts, address: u32) -> &'static str {
    match (producer.of(address), consumer.of(address)) {
        (Part::Message, _) => of_producer(Part::Message),
        (_, Part::Answer) => of_consumer(Part::Answer),
        (Part::Answer, _) => of_producer(Part::Answer),
        _ if producer.grew(address) => of_producer(Part::Heap),
        _ if consumer.grew(address) => of_consumer(Part::Heap),
        (Part::Heap, part @ (Part::ShadowStack | Part::StaticData)) => of_consumer(part),
        (part, _) => of_producer(part),
    }
}
