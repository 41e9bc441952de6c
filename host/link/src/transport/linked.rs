//! `linked`: one memory that both guests import; `send` *is* the consumer's `receive`. The fastest
//! there is, and no isolation at all: each guest can read and write everything of the other. An answer is read where the
//! replier has put it.

use super::component::check_types;
use super::{Isolation, Transport};
use crate::counters::Counters;
use crate::engine::Store;
use crate::guest::{Consumer, GuestError, Producer, memory};
use crate::meter::Counts;
use crate::pair::{Pair, PairSpec};
use crate::place::{Holder, Place};

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

    /// The records are the producer's own.
    fn carries_records(&self) -> bool {
        true
    }

    fn replies(&self) -> Result<(), String> {
        Ok(())
    }

    fn join(&self, spec: &PairSpec<'_>) -> Result<Box<dyn Pair>, GuestError> {
        // Records that are taken for bytes, or bytes for records, are what nobody sends.
        check_types(spec)?;
        let mut store = spec.engine.store(());
        let (producer, consumer) = (&spec.guests.producer.0, &spec.guests.consumer.0);
        let larger = if producer.memory_pages > consumer.memory_pages { producer } else { consumer };
        let memory = memory(&mut store, &larger.name, larger.memory_pages)?;
        let consumer = Consumer::new(&mut store, spec, memory)?;
        let producer = Producer::new(&mut store, spec, memory, consumer.function())?;
        let outbox = producer.prepare(&mut store, spec)?;
        // Nothing is ever put into the inbox; but with it the consumer's allocator is in the state that it has under
        // every other transport.
        consumer.inbox(&mut store, outbox.capacity)?;
        consumer.messages_lie_in(&mut store, outbox)?;
        if spec.replies() {
            let answers = consumer.outbox(&mut store, outbox.capacity)?;
            producer.inbox(&mut store, outbox.capacity)?;
            producer.answers_lie_in(&mut store, answers)?;
        }
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

    fn meters(&mut self) -> Option<[Counts; 2]> {
        super::meters(&mut self.store, &self.producer, &self.consumer)
    }

    fn places(&mut self, look: &mut dyn FnMut(Place<'_>)) {
        let Self { store, producer, consumer, .. } = self;
        if let (Some(near), Some(far)) = (&producer.meter, &consumer.meter) {
            let holder = Holder::Both { producer: near.parts(&mut *store), consumer: far.parts(&mut *store) };
            look(Place { bytes: producer.memory.data(&*store), holder, elsewhere: None });
        }
    }
}
