//! `direct`: producer memory → consumer inbox, in safe Rust.

use wasmtime::{Caller, Memory};

use super::stores::{self, Link, Sent, State};
use super::{Isolation, Transport};
use crate::engine::Held;
use crate::guest::{GuestError, packed};
use crate::pair::{Pair, PairSpec};

pub(super) struct Direct;

impl Transport for Direct {
    fn name(&self) -> &'static str {
        "direct"
    }

    fn isolation(&self) -> Isolation {
        Isolation::Full
    }

    fn about(&self) -> &'static str {
        "two stores; a host function copies the message from the outbox straight into the inbox"
    }

    fn replies(&self) -> Result<(), String> {
        Ok(())
    }

    fn join(&self, spec: &PairSpec<'_>) -> Result<Box<dyn Pair>, GuestError> {
        let settle = |_: &mut _, _| Ok(());
        match spec.replies() {
            true => stores::join(spec, Nothing, settle, ask),
            false => stores::join(spec, Nothing, settle, deliver),
        }
    }
}

type Near<'a> = Caller<'a, Held<Link<Nothing>>>;

/// Copies a message into the inbox, and hands it over.
#[inline(always)]
fn deliver(caller: &mut Near<'_>, memory: Memory, sent: Sent) -> Result<i64, GuestError> {
    let (bytes, link) = memory.data_and_store_mut(caller);
    let Link { far, counters, .. } = &mut link.data;
    counters.copy(sent.of(bytes), far.place(sent.len));
    counters.through_host();
    far.receive_placed(sent.len)
}

/// The same, and copies the answer into the requester's inbox.
fn ask(caller: &mut Near<'_>, memory: Memory, sent: Sent) -> Result<i64, GuestError> {
    let came = deliver(caller, memory, sent)?;
    let (bytes, link) = memory.data_and_store_mut(caller);
    let Some(answer) = link.data.answer(came)? else { return Ok(came) };
    let Link { far, counters, back, .. } = &mut link.data;
    counters.copy(answer.of(far.consumer.memory.data(&far.store)), back.placed(bytes, answer));
    Ok(packed(back.place(), answer.len))
}

/// Nothing lies between the two memories.
struct Nothing;

impl State for Nothing {}
