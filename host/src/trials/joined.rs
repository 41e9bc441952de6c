//! Guests that a trial has in its own hands: both in one store and one memory, or the producer alone.

use wasmtime::{Caller, Func};
use weft_link::guest::{Consumer, GuestError, Producer, Region, memory, packed};
use weft_link::{Held, PairSpec, Store};

/// A producer and a consumer in one store that share a memory, as under `linked`.
pub struct Joined {
    store: Store<()>,
    producer: Producer,
    consumer: Consumer,
}

impl Joined {
    /// Joins the guests of `spec`.
    ///
    /// # Errors
    /// Where a guest is at fault.
    pub fn new(spec: &PairSpec<'_>) -> Result<Self, GuestError> {
        let mut store = spec.engine.store(());
        let (near, far) = (&spec.guests.producer.0, &spec.guests.consumer.0);
        let memory = memory(&mut store, &near.name, near.memory_pages.max(far.memory_pages))?;
        let consumer = Consumer::new(&mut store, spec, memory)?;
        let producer = Producer::new(&mut store, spec, memory, consumer.function())?;
        let outbox = producer.prepare(&mut store, spec)?;
        consumer.inbox(&mut store, outbox.capacity)?;
        if spec.replies() {
            consumer.outbox(&mut store, outbox.capacity)?;
            producer.inbox(&mut store, outbox.capacity)?;
        }
        Ok(Self { store, producer, consumer })
    }

    /// Sends `count` messages from number `first` on.
    ///
    /// # Errors
    /// Where either guest fails.
    pub fn produce(&mut self, first: u32, count: u32) -> Result<u64, GuestError> {
        let Self { store, producer, consumer } = self;
        producer.produce(store, (first, count), |store, status| consumer.status(store, status))
    }

    /// Lets its guests execute so many more instructions, and not what is left of those before.
    pub fn fuel(&mut self, instructions: u64) {
        // It only fails on an engine that counts none, where there is no limit.
        let _ = self.store.set_fuel(instructions);
    }

    /// The size of the memory, in pages.
    pub fn pages(&self) -> u64 {
        self.consumer.memory.size(&self.store)
    }

    /// The words that the last digest took, where the consumer was built to record them.
    pub fn trace(&mut self) -> Option<Vec<u64>> {
        self.consumer.trace(&mut self.store)
    }
}

/// What a producer without a consumer did.
pub struct Wire {
    /// The bytes of every message that it sent.
    pub messages: Vec<Vec<u8>>,
    /// Its outbox.
    pub outbox: Region,
    /// What `produce` ended with: the status of the ABI, or how it failed.
    pub ended: Result<u64, GuestError>,
}

/// What a producer sent so far.
struct Heard {
    outbox: Region,
    messages: Vec<Vec<u8>>,
    /// How many messages it may send.
    most: usize,
}

/// The bytes of every message of a rotation, `rotations` times, from a producer whose outbox has what `given` makes of the capacity that it
/// asks for. What does not lie in the outbox, and more messages than it was asked for, end it.
///
/// # Errors
/// Where it does not come to sending.
pub fn wire(spec: &PairSpec<'_>, rotations: u32, given: fn(u32) -> u32) -> Result<Wire, GuestError> {
    let count = spec.rotation.saturating_mul(rotations);
    let mut store = spec.engine.store(Heard { outbox: Region::NOWHERE, messages: Vec::new(), most: count as usize });
    let guest = &spec.guests.producer.0;
    let memory = memory(&mut store, &guest.name, guest.memory_pages)?;
    let (name, replies) = (guest.name.clone(), spec.replies());
    let send = Func::wrap(&mut store, move |mut caller: Caller<'_, Held<Heard>>, ptr: u32, len: u32| {
        let (bytes, heard) = memory.data_and_store_mut(&mut caller);
        let Heard { outbox, messages, most } = &mut heard.data;
        if messages.len() >= *most {
            return Err(wasmtime::Error::msg(format!("{name} sends more messages than the {most} it was asked for")));
        }
        match bytes.get(ptr as usize..).and_then(|bytes| bytes.get(..len as usize)) {
            Some(message) if outbox.contains(ptr, len) => messages.push(message.to_vec()),
            _ => return Err(wasmtime::Error::new(outbox.bad_send(&name, ptr, len))),
        }
        // Where an answer is expected, it is the message itself.
        Ok(if replies { packed(ptr, len) } else { 0 })
    });
    let producer = Producer::new(&mut store, spec, memory, send)?;
    let outbox = producer.prepare_in(&mut store, spec, given)?;
    store.data_mut().data.outbox = outbox;
    let ended = producer.produce(&mut store, (0, count), |_, status| producer.status(status));
    Ok(Wire { messages: store.into_data().data.messages, outbox, ended })
}
