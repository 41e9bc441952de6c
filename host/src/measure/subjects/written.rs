//! Messages as a producer writes them, and a consumer that has them in its inbox.

use wasmtime::Func;
use weft_link::guest::{Consumer, GuestError, Region, listen, memory};
use weft_link::{PairSpec, Store};

/// Messages are kept while they have no more than this together, in bytes: no more than a part of a rotation is ever put into an inbox.
const KEPT: u64 = 64 << 20;

/// The messages of a rotation as they are on the wire.
#[derive(Default)]
pub struct Written {
    kept: Vec<Vec<u8>>,
    bytes: u64,
}

impl Written {
    /// Lets a producer send a whole rotation, and keeps as much of it as is needed.
    ///
    /// # Errors
    /// Where the producer fails.
    pub fn by_producer(spec: &PairSpec<'_>) -> Result<Self, GuestError> {
        listen(spec, Self::default(), |written, message| {
            written.bytes += message.len() as u64;
            if written.kept.is_empty() || written.bytes <= KEPT {
                written.kept.push(message.to_vec());
            }
        })
    }

    /// The bytes of all messages.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The first messages.
    pub fn first(&self, count: u32) -> &[Vec<u8>] {
        self.kept.get(..count as usize).unwrap_or(&self.kept)
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
