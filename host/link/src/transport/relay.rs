//! `relay`: producer memory → host buffer → consumer inbox. What a host does that keeps the two
//! guests apart without thinking about it.

use wasmtime::{Caller, Memory};

use super::stores::{self, Link, Sent, State};
use super::{Isolation, Transport};
use crate::engine::{Held, Store};
use crate::guest::{GuestError, packed};
use crate::inset::Inset;
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

    fn replies(&self) -> Result<(), String> {
        Ok(())
    }

    fn join(&self, spec: &PairSpec<'_>) -> Result<Box<dyn Pair>, GuestError> {
        match spec.replies() {
            true => stores::join(spec, Buffer::of(0), settle, ask),
            false => stores::join(spec, Buffer::of(0), settle, deliver),
        }
    }
}

type Near<'a> = Caller<'a, Held<Link<Buffer>>>;

/// Makes the buffer as large as the outbox. That of a replier is no larger.
fn settle(store: &mut Store<Link<Buffer>>, _: Memory) -> Result<(), GuestError> {
    let link = &mut store.data_mut().data;
    link.state = Buffer::of(link.outbox.capacity as usize);
    Ok(())
}

/// Copies a message into the buffer and from there into the inbox, and hands it over.
#[inline(always)]
fn deliver(caller: &mut Near<'_>, memory: Memory, sent: Sent) -> Result<i64, GuestError> {
    let (bytes, link) = memory.data_and_store_mut(caller);
    let Link { far, counters, state, .. } = &mut link.data;
    let buffer = &mut state.0[..sent.len as usize];
    counters.copy(sent.of(bytes), buffer);
    counters.copy(buffer, far.place(sent.len));
    counters.through_host();
    far.receive_placed(sent.len)
}

/// The same, and copies the answer into the buffer and from there into the requester's inbox.
fn ask(caller: &mut Near<'_>, memory: Memory, sent: Sent) -> Result<i64, GuestError> {
    let came = deliver(caller, memory, sent)?;
    let (bytes, link) = memory.data_and_store_mut(caller);
    let Some(answer) = link.data.answer(came)? else { return Ok(came) };
    let Link { far, counters, state, back, .. } = &mut link.data;
    let buffer = &mut state.0[..answer.len as usize];
    counters.copy(answer.of(far.consumer.memory.data(&far.store)), buffer);
    counters.copy(buffer, back.placed(bytes, answer));
    Ok(packed(back.place(), answer.len))
}

/// The host's buffer: as large as the outbox, and inset.
struct Buffer(Inset);

impl Buffer {
    fn of(capacity: usize) -> Self {
        Self(Inset::zeroed(capacity, Inset::BETWEEN))
    }
}

impl State for Buffer {
    fn buffer(&self) -> &[u8] {
        &self.0
    }
}
