//! A producer without a consumer: what it sends goes to the host.

use wasmtime::{Caller, Func};

use super::{GuestError, Producer, Region, memory, packed};
use crate::engine::Held;
use crate::pair::PairSpec;

/// What a producer without a consumer has sent.
struct Heard<T> {
    outbox: Region,
    messages: u32,
    made: T,
}

/// Lets a producer send a whole rotation; each message is shown to `hear`, with what was made of those before.
///
/// # Errors
/// Where the producer fails, sends something that does not lie in its outbox, or more or fewer messages than it was asked for.
pub fn listen<T: Send + 'static>(spec: &PairSpec<'_>, heard: T, hear: fn(&mut T, &[u8])) -> Result<T, GuestError> {
    let mut store = spec.engine.store(Heard { outbox: Region::NOWHERE, messages: 0, made: heard });
    let rotation = spec.rotation;
    let guest = &spec.guests.producer.0;
    let memory = memory(&mut store, &guest.name, guest.memory_pages)?;
    let name = guest.name.clone();
    let replies = spec.replies();
    let send = Func::wrap(&mut store, move |mut caller: Caller<'_, Held<Heard<T>>>, ptr: u32, len: u32| {
        let (bytes, heard) = memory.data_and_store_mut(&mut caller);
        let Heard { outbox, messages, made } = &mut heard.data;
        *messages += 1;
        if *messages > rotation {
            return Err(wasmtime::Error::msg(format!(
                "{name} sends more messages than the {rotation} it was asked for"
            )));
        }
        match bytes.get(ptr as usize..).and_then(|bytes| bytes.get(..len as usize)) {
            Some(message) if outbox.contains(ptr, len) => hear(made, message),
            _ => return Err(wasmtime::Error::new(outbox.bad_send(&name, ptr, len))),
        }
        // Where an answer is expected, it is the message itself.
        Ok(if replies { packed(ptr, len) } else { 0 })
    });
    let producer = Producer::new(&mut store, spec, memory, send)?;
    store.data_mut().data.outbox = producer.prepare(&mut store, spec)?;
    producer.produce(&mut store, (0, spec.rotation), |_, status| producer.status(status))?;
    let Heard { messages, made, .. } = store.into_data().data;
    match messages == rotation {
        true => Ok(made),
        false => Err(GuestError::Sent { guest: guest.name.clone(), messages, asked: rotation }),
    }
}
