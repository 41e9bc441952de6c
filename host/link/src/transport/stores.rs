//! Two stores joined by a host function: what `relay`, `direct` and `window` share.
//!
//! The consumer's store lives in the producer's store as data, so that a call from the producer can
//! reach both memories in safe Rust.

use wasmtime::{Caller, Func, Memory};

use crate::counters::Counters;
use crate::engine::{Held, Store};
use crate::guest::{Answer, GuestError, Isolated, Producer, Region, Way, memory};
use crate::meter::Counts;
use crate::pair::{Pair, PairSpec};
use crate::place::{Holder, Place};

/// The producer's store's data: the far side, and what the transport keeps.
pub(super) struct Link<S> {
    pub outbox: Region,
    pub far: Isolated,
    /// The regions of answers.
    pub back: Way,
    pub counters: Counters,
    pub state: S,
}

impl<S> Link<S> {
    /// Where an answer lies that came back; none where it is a status.
    ///
    /// # Errors
    /// Where the replier says that it lies elsewhere.
    #[inline(always)]
    pub fn answer(&self, came: i64) -> Result<Option<Answer>, GuestError> {
        self.back.answer(came, &self.far.consumer)
    }
}

/// A message that was checked to lie in the outbox.
#[derive(Clone, Copy)]
pub(super) struct Sent {
    /// Its address in the producer's memory.
    pub ptr: u32,
    /// Its distance from the outbox's start.
    pub offset: u32,
    pub len: u32,
}

impl Sent {
    /// The message's bytes in the producer's memory.
    #[inline(always)]
    pub fn of(self, memory: &[u8]) -> &[u8] {
        // The outbox was checked against the memory, which never shrinks, and this range against it.
        &memory[self.ptr as usize..][..self.len as usize]
    }
}

/// What a transport with two stores keeps of its own.
pub(super) trait State: Send + 'static {
    /// The buffer through which messages go.
    fn buffer(&self) -> &[u8] {
        &[]
    }

    /// The pages of the inbox that are the outbox's as well.
    fn shared(&self) -> Option<Region> {
        None
    }

    /// The pages of the requester's inbox that are the replier's outbox as well.
    fn shared_back(&self) -> Option<Region> {
        None
    }
}

struct TwoStores<S: State> {
    store: Store<Link<S>>,
    producer: Producer,
}

/// Joins the guests of `spec` by `deliver`, which brings a message to the consumer and returns what
/// it answers, or where in the producer's memory its answer lies. `settle` runs once, when both regions are known.
pub(super) fn join<S: State>(
    spec: &PairSpec<'_>,
    state: S,
    settle: impl FnOnce(&mut Store<Link<S>>, Memory) -> Result<(), GuestError>,
    deliver: impl Fn(&mut Caller<'_, Held<Link<S>>>, Memory, Sent) -> Result<i64, GuestError> + Send + Sync + 'static,
) -> Result<Box<dyn Pair>, GuestError> {
    let (far, outbox, back) = (Isolated::new(spec)?, Region::NOWHERE, Way::NOWHERE);
    let mut store = spec.engine.store(Link { outbox, far, back, counters: Counters::default(), state });
    let guest = spec.guests.producer.0.name.clone();
    let memory = memory(&mut store, &guest, spec.guests.producer.0.memory_pages)?;
    let send = Func::wrap(&mut store, move |mut caller: Caller<'_, Held<Link<S>>>, ptr: u32, len: u32| {
        let outbox = caller.data().data.outbox;
        if !outbox.contains(ptr, len) {
            return Err(wasmtime::Error::new(outbox.bad_send(&guest, ptr, len)));
        }
        let sent = Sent { ptr, offset: ptr - outbox.start, len };
        deliver(&mut caller, memory, sent).map_err(wasmtime::Error::new)
    });
    let producer = Producer::new(&mut store, spec, memory, send)?;
    let outbox = producer.prepare(&mut store, spec)?;
    let link = &mut store.data_mut().data;
    link.outbox = outbox;
    link.far.allocate(outbox.capacity)?;
    if spec.replies() {
        let answers = link.far.consumer.outbox(&mut link.far.store, outbox.capacity)?;
        let inbox = producer.inbox(&mut store, outbox.capacity)?;
        store.data_mut().data.back = Way { outbox: answers, inbox };
    }
    settle(&mut store, memory)?;
    Ok(Box::new(TwoStores { store, producer }))
}

impl<S: State> Pair for TwoStores<S> {
    fn produce(&mut self, first: u32, count: u32) -> Result<u64, GuestError> {
        self.producer.produce(&mut self.store, (first, count), |store, status| {
            let Isolated { store, consumer, .. } = &mut store.data_mut().data.far;
            consumer.status(store, status)
        })
    }

    fn counters(&mut self) -> Counters {
        self.store.data().data.counters
    }

    fn meters(&mut self) -> Option<[Counts; 2]> {
        let near = self.producer.meter.as_ref()?.read(&mut self.store);
        let Isolated { store, consumer, .. } = &mut self.store.data_mut().data.far;
        Some([near, consumer.meter.as_ref()?.read(store)])
    }

    fn places(&mut self, look: &mut dyn FnMut(Place<'_>)) {
        let Self { store, producer } = self;
        if let Some(meter) = &producer.meter {
            let holder = Holder::Producer(meter.parts(&mut *store));
            let elsewhere = store.data().data.state.shared_back();
            look(Place { bytes: producer.memory.data(&*store), holder, elsewhere });
        }
        let Link { far: Isolated { store, consumer, .. }, state, .. } = &mut store.data_mut().data;
        look(Place { bytes: state.buffer(), holder: Holder::Host, elsewhere: None });
        if let Some(meter) = &consumer.meter {
            let holder = Holder::Consumer(meter.parts(&mut *store));
            look(Place { bytes: consumer.memory.data(&*store), holder, elsewhere: state.shared() });
        }
    }
}
