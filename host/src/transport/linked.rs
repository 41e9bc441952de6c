//! `linked`: one memory that both guests import; `send` *is* the consumer's `receive`. The fastest
//! there is, and no isolation at all: each guest can read and write everything of the other.

use wasmtime::Store;

use super::{Counters, Isolation, Pair, PairSpec, Transport};
use crate::guest::{Consumer, GuestError, Producer, memory};

pub(super) struct Linked;

impl Transport for Linked {
    fn name(&self) -> &'static str {
        "linked"
    }

    fn isolation(&self) -> Isolation {
        Isolation::None
    }

    fn about(&self) -> &'static str {
        "one memory that both guests import; `send` is the consumer's own function, no host between"
    }

    fn join(&self, spec: &PairSpec<'_>) -> Result<Box<dyn Pair>, GuestError> {
        let mut store = Store::new(spec.engine, ());
        let (producer, consumer) = (&spec.guests.producer.0, &spec.guests.consumer.0);
        let memory = memory(&mut store, &consumer.name, producer.memory_pages.max(consumer.memory_pages))?;
        let consumer = Consumer::new(&mut store, spec, memory)?;
        let producer = Producer::new(&mut store, spec, memory, consumer.function())?;
        // The inbox is never allocated: the consumer reads the outbox.
        producer.prepare(&mut store, spec)?;
        Ok(Box::new(OneMemory { store, producer, consumer, delivered: 0 }))
    }
}

struct OneMemory {
    store: Store<()>,
    producer: Producer,
    consumer: Consumer,
    delivered: u64,
}

impl Pair for OneMemory {
    fn produce(&mut self, first: u32, count: u32) -> Result<u64, GuestError> {
        let sum = self
            .producer
            .produce(&mut self.store, (first, count), |store, status| self.consumer.status(store, status))?;
        self.delivered += u64::from(count);
        Ok(sum)
    }

    /// Nobody stands between the guests who could count: a crossing is a message whose digest came
    /// back.
    fn counters(&mut self) -> Counters {
        Counters { wasm_to_wasm: self.delivered, ..Counters::default() }
    }
}
