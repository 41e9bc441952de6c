//! `window`: outbox and inbox are the same pages. One `memfd` is mapped over both regions, once; what
//! the producer writes there, the consumer reads. No copy, and nothing else is shared. Answers have a window of their own.

use wasmtime::{Caller, Memory};

use super::mapping::{self, covered};
use super::stores::{self, Link, Sent, State};
use super::{Isolation, Transport};
use crate::engine::{Held, Store};
use crate::guest::{GuestError, Region, packed};
use crate::pair::{Pair, PairSpec};

pub(super) struct Window;

impl Transport for Window {
    fn name(&self) -> &'static str {
        "window"
    }

    fn isolation(&self) -> Isolation {
        Isolation::Window
    }

    fn about(&self) -> &'static str {
        "two stores; outbox and inbox are the same pages of memory (Linux); a host function passes the call on"
    }

    fn supported(&self) -> Result<(), String> {
        mapping::supported(self.name())
    }

    fn replies(&self) -> Result<(), String> {
        Ok(())
    }

    fn join(&self, spec: &PairSpec<'_>) -> Result<Box<dyn Pair>, GuestError> {
        match spec.replies() {
            true => stores::join(spec, Shared::default(), map_both, ask),
            false => stores::join(spec, Shared::default(), map, deliver),
        }
    }
}

type Near<'a> = Caller<'a, Held<Link<Shared>>>;

/// Passes the call on.
#[inline(always)]
fn deliver(caller: &mut Near<'_>, _: Memory, sent: Sent) -> Result<i64, GuestError> {
    let link = &mut caller.data_mut().data;
    link.counters.through_host();
    link.far.receive(sent.offset, sent.len)
}

/// The same, and says where the answer lies in the requester's memory.
fn ask(caller: &mut Near<'_>, memory: Memory, sent: Sent) -> Result<i64, GuestError> {
    let came = deliver(caller, memory, sent)?;
    let link = &caller.data().data;
    let answer = link.answer(came)?;
    Ok(answer.map_or(came, |answer| packed(link.back.inbox.start + answer.offset, answer.len)))
}

/// The parts of the inboxes over which windows are mapped; nowhere until then.
#[derive(Default)]
struct Shared {
    message: Option<Region>,
    answer: Option<Region>,
}

impl State for Shared {
    fn shared(&self) -> Option<Region> {
        self.message
    }

    fn shared_back(&self) -> Option<Region> {
        self.answer
    }
}

/// Maps one window over the outbox and the inbox. What the producer has in its outbox stays there.
fn map(store: &mut Store<Link<Shared>>, memory: Memory) -> Result<(), GuestError> {
    let outbox = store.data().data.outbox;
    let window = mapping::Window::of(memory.data(&*store), outbox)?;
    window.cover(memory.data_mut(&mut *store), outbox)?;
    let Link { far, state, .. } = &mut store.data_mut().data;
    let inbox = covered(outbox, far.inbox);
    state.message = Some(inbox);
    window.cover(far.consumer.memory.data_mut(&mut far.store), inbox)
}

/// Maps another window over the replier's outbox and the requester's inbox as well.
fn map_both(store: &mut Store<Link<Shared>>, memory: Memory) -> Result<(), GuestError> {
    map(store, memory)?;
    let Link { far, state, back, .. } = &mut store.data_mut().data;
    let inbox = covered(back.outbox, back.inbox);
    state.answer = Some(inbox);
    let replier = far.consumer.memory;
    let window = mapping::Window::of(replier.data(&far.store), back.outbox)?;
    window.cover(replier.data_mut(&mut far.store), back.outbox)?;
    window.cover(memory.data_mut(store), inbox)
}
