//! A producer without a consumer: what it sends goes to the host.

use wasmtime::{Caller, Func};

use super::{GuestError, Producer, Region, memory, packed};
use crate::engine::Held;
use crate::pair::PairSpec;

/// Lets a producer send a whole rotation; each message is shown to `hear`, with what was made of those before.
///
/// # Errors
/// Where the producer fails, or sends something that does not lie in its memory.
pub fn listen<T: Send + 'static>(spec: &PairSpec<'_>, heard: T, hear: fn(&mut T, &[u8])) -> Result<T, GuestError> {
    let mut store = spec.engine.store((heard, 0_u32));
    let rotation = spec.rotation;
    let guest = &spec.guests.producer.0;
    let memory = memory(&mut store, &guest.name, guest.memory_pages)?;
    let name = guest.name.clone();
    let replies = spec.replies();
    let send = Func::wrap(&mut store, move |mut caller: Caller<'_, Held<(T, u32)>>, ptr: u32, len: u32| {
        let (bytes, heard) = memory.data_and_store_mut(&mut caller);
        let (heard, messages) = &mut heard.data;
        *messages += 1;
        if *messages > rotation {
            return Err(wasmtime::Error::msg(format!(
                "{name} sends more messages than the {rotation} it was asked for"
            )));
        }
        match bytes.get(ptr as usize..).and_then(|bytes| bytes.get(..len as usize)) {
            Some(message) => hear(heard, message),
            None => return Err(wasmtime::Error::new(Region::NOWHERE.bad_send(&name, ptr, len))),
        }
        // Where an answer is expected, it is the message itself.
        Ok(if replies { packed(ptr, len) } else { 0 })
    });
    let producer = Producer::new(&mut store, spec, memory, send)?;
    producer.prepare(&mut store, spec)?;
    producer.produce(&mut store, (0, spec.rotation), |_, status| producer.status(status))?;
    Ok(store.into_data().data.0)
}
