//! Guests that a trial has in its own hands: both in one store and one memory, or the producer alone.

use wasmtime::{Caller, Func};
use weft_link::guest::{Consumer, GuestError, Producer, Region, memory};
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
    /// Where each message began.
    pub starts: Vec<u32>,
    /// What `produce` ended with: the status of the ABI, or how it failed.
    pub ended: Result<u64, GuestError>,
}

/// The bytes of every message of a rotation, `rotations` times, from a producer whose outbox has what `given` makes of the capacity that it
/// asks for.
///
/// # Errors
/// Where it does not come to sending.
pub fn wire(spec: &PairSpec<'_>, rotations: u32, given: fn(u32) -> u32) -> Result<Wire, GuestError> {
    type Sent = (Vec<Vec<u8>>, Vec<u32>);
    let mut store = spec.engine.store(Sent::default());
    let guest = &spec.guests.producer.0;
    let memory = memory(&mut store, &guest.name, guest.memory_pages)?;
    let name = guest.name.clone();
    let send = Func::wrap(&mut store, move |mut caller: Caller<'_, Held<Sent>>, ptr: u32, len: u32| {
        let (bytes, sent) = memory.data_and_store_mut(&mut caller);
        match bytes.get(ptr as usize..).and_then(|bytes| bytes.get(..len as usize)) {
            Some(message) => sent.data.0.push(message.to_vec()),
            None => return Err(wasmtime::Error::new(Region::NOWHERE.bad_send(&name, ptr, len))),
        }
        sent.data.1.push(ptr);
        Ok(0_i64)
    });
    let producer = Producer::new(&mut store, spec, memory, send)?;
    let outbox = producer.prepare_in(&mut store, spec, given)?;
    let count = spec.rotation.saturating_mul(rotations);
    let ended = producer.produce(&mut store, (0, count), |_, status| producer.status(status));
    let (messages, starts) = store.into_data().data;
    Ok(Wire { messages, outbox, starts, ended })
}
