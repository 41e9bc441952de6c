//! `relay`: producer memory → host buffer → consumer inbox. What a host does that keeps the two
//! guests apart without thinking about it.

use super::stores::{self, Link, State};
use super::{Isolation, Transport};
use crate::guest::GuestError;
use crate::pair::{Pair, PairSpec};

pub(super) struct Relay;

impl Transport for Relay {
    fn name(&self) -> &'static str {
        "relay"
    }

    fn isolation(&self) -> Isolation {
        Isolation::Full
    }

    fn about(&self) -> &'static str {
        "two stores; the host copies the message into a buffer of its own and from there into the inbox"
    }

    fn join(&self, spec: &PairSpec<'_>) -> Result<Box<dyn Pair>, GuestError> {
        stores::join(
            spec,
            Buffer(Vec::new()),
            |store, _| {
                let link = &mut store.data_mut().data;
                link.state = Buffer(vec![0; link.outbox.capacity as usize]);
                Ok(())
            },
            |caller, memory, sent| {
                let (bytes, link) = memory.data_and_store_mut(caller);
                let Link { far, counters, state: Buffer(buffer), .. } = &mut link.data;
                let buffer = &mut buffer[..sent.len as usize];
                counters.copy(sent.of(bytes), buffer);
                counters.copy(buffer, far.place(sent.len));
                counters.through_host();
                far.receive_placed(sent.len)
            },
        )
    }
}

/// The host's buffer: as large as the outbox.
struct Buffer(Vec<u8>);

impl State for Buffer {
    fn buffer(&self) -> &[u8] {
        &self.0
    }
}
