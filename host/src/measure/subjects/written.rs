//! Messages as a producer writes them, and a consumer that has them in its inbox.

use wasmtime::Func;
use weft_link::guest::{Consumer, GuestError, Region, listen, memory};
use weft_link::{PairSpec, Store};

/// The messages of a rotation as they are on the wire.
pub struct Written(Vec<Vec<u8>>);

impl Written {
    /// Lets a producer send a whole rotation, and keeps it.
    ///
    /// # Errors
    /// Where the producer fails.
    pub fn by_producer(spec: &PairSpec<'_>) -> Result<Self, GuestError> {
        Ok(Self(listen(spec, Vec::new(), |kept, message| kept.push(message.to_vec()))?))
    }

    /// All bytes.
    pub fn bytes(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    /// The first messages.
    pub fn first(&self, count: u32) -> &[Vec<u8>] {
        self.0.get(..count as usize).unwrap_or(&self.0)
    }
}

/// A consumer's `receive`, and where in its inbox each message lies, with its length.
///
/// # Errors
/// Where the consumer fails.
pub fn consumer_with(
    store: &mut Store<()>,
    spec: &PairSpec<'_>,
    messages: &[Vec<u8>],
) -> Result<(Func, Vec<(u32, u32)>), GuestError> {
    let guest = &spec.guests.consumer.0;
    let memory = memory(&mut *store, &guest.name, guest.memory_pages)?;
    let consumer = Consumer::new(&mut *store, spec, memory)?;
    // Each begins in another set of the cache, as messages in use would.
    let slot = |message: &Vec<u8>| message.len().next_multiple_of(64) + 64;
    let capacity = messages.iter().map(slot).sum::<usize>() as u32;
    let inbox = consumer.inbox(&mut *store, capacity)?;
    let mut places = Vec::new();
    let mut at = inbox.start + Region::INSET;
    for message in messages {
        // The inbox has room for all of them behind the inset, and was checked against the memory.
        memory.data_mut(&mut *store)[at as usize..][..message.len()].copy_from_slice(message);
        places.push((at, message.len() as u32));
        at += slot(message) as u32;
    }
    Ok((consumer.function(), places))
}
