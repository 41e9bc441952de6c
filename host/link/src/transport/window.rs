//! `window`: outbox and inbox are the same pages. One `memfd` is mapped over both regions, once; what
//! the producer writes there, the consumer reads. No copy, and nothing else is shared.

use wasmtime::Memory;

use super::mapping::{self, covered};
use super::stores::{self, Link, State};
use super::{Isolation, Transport};
use crate::engine::Store;
use crate::guest::{GuestError, Region};
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

    fn join(&self, spec: &PairSpec<'_>) -> Result<Box<dyn Pair>, GuestError> {
        stores::join(spec, Shared::default(), map, |caller, _, sent| {
            let link = &mut caller.data_mut().data;
            link.counters.through_host();
            link.far.receive(sent.offset, sent.len)
        })
    }
}

/// The part of the inbox over which the window is mapped; nowhere until then.
#[derive(Default)]
struct Shared(Option<Region>);

impl State for Shared {
    fn shared(&self) -> Option<Region> {
        self.0
    }
}

/// Maps one window over the outbox and the inbox. What the producer has in its outbox stays there.
fn map(store: &mut Store<Link<Shared>>, memory: Memory) -> Result<(), GuestError> {
    let outbox = store.data().data.outbox;
    let window = mapping::Window::of(memory.data(&*store), outbox)?;
    window.cover(memory.data_mut(&mut *store), outbox)?;
    let Link { far, state, .. } = &mut store.data_mut().data;
    let inbox = covered(outbox, far.inbox);
    *state = Shared(Some(inbox));
    window.cover(far.consumer.memory.data_mut(&mut far.store), inbox)
}
