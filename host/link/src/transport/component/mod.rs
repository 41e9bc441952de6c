//! `component`: the two modules as they are, each in a component of its own; what is sent is a `list<u8>`, which the engine's
//! component model copies from one memory into the other. No host on the way.

mod exports;
mod shape;
mod sides;
mod text;
mod types;

use wasmtime::component::{Instance, Linker, WasmList};
use wasmtime::{Module, StoreContextMut};

use self::sides::{Far, Near};
use super::{Isolation, Transport};
use crate::counters::Counters;
use crate::engine::{Engine, Held, Store};
use crate::guest::{GuestError, GuestName, Isolated, Region, Traits, classify, happened_in, happened_within};
use crate::meter::Counts;
use crate::pair::{Pair, PairSpec};
use crate::place::{Holder, Place};

pub(super) struct Component;

/// Whether both guests say the same of the types of their messages, where they are typed.
///
/// # Errors
/// Where they do not, or what one says is no type.
pub(super) fn check_types(spec: &PairSpec<'_>) -> Result<(), GuestError> {
    types::Types::of(spec).map(|_| ())
}

impl Transport for Component {
    fn name(&self) -> &'static str {
        "component"
    }

    fn isolation(&self) -> Isolation {
        Isolation::Full
    }

    fn about(&self) -> &'static str {
        "one store; each guest in a component of its own, messages are `list<u8>` (component model)"
    }

    fn replies(&self) -> Result<(), String> {
        Ok(())
    }

    fn carries_records(&self) -> bool {
        true
    }

    /// For each record, string and list, where messages are typed.
    fn takes_memory(&self, traits: &Traits) -> bool {
        traits.is_typed()
    }

    fn join(&self, spec: &PairSpec<'_>) -> Result<Box<dyn Pair>, GuestError> {
        let mut store =
            spec.engine.store(Within { outbox: Region::NOWHERE, answers: Region::NOWHERE, shown: Vec::new() });
        let instance = instantiate(&mut store, spec)?;
        let mut far = Far::find(&mut store, &instance, spec)?;
        let mut near = Near::find(&mut store, &instance, spec)?;
        let outbox = near.prepare(&mut store, spec)?;
        store.data_mut().data.outbox = outbox;
        far.inbox(&mut store, outbox.capacity)?;
        if let Some(answers) = far.outbox(&mut store, outbox.capacity)? {
            store.data_mut().data.answers = answers;
            near.inbox(&mut store, outbox.capacity)?;
        }
        Ok(Box::new(TwoComponents { store, near, far }))
    }
}

/// What the host keeps beside the two components.
struct Within {
    outbox: Region,
    /// The replier's outbox.
    answers: Region,
    /// The bytes that a component has shown last.
    shown: Vec<u8>,
}

/// Composes both guests, and instantiates what comes of it.
fn instantiate(store: &mut Store<Within>, spec: &PairSpec<'_>) -> Result<Instance, GuestError> {
    let [(near, _), (far, far_module)] = [&spec.guests.producer, &spec.guests.consumer];
    let guest = &near.name;
    let text = text::compose(spec)?;
    linked(spec.engine, [guest, &spec.guests.consumer.0.name], [&spec.guests.producer.1, &spec.guests.consumer.1])
        .and_then(|linker| linker.instantiate(store, &spec.engine.composition(&text)?))
        .map_err(|error| {
            if happened_in(&error, far_module) {
                return instantiation(error, &far.name);
            }
            // No function tells whose a memory is that is too large, or a segment that lies beyond it. A consumer that cannot be
            // instantiated alone either is at fault.
            let of_consumer = if happened_within(&error) { None } else { Isolated::new(spec).err() };
            of_consumer.unwrap_or_else(|| instantiation(error, guest))
        })
}

/// The error that a guest could not be instantiated, or why not.
fn instantiation(error: wasmtime::Error, guest: &GuestName) -> GuestError {
    classify(error, guest, "start", |reason| GuestError::Instantiate { guest: guest.clone(), reason })
}

/// What the composition imports: the two modules, and what a shim tells the host.
fn linked(
    engine: &Engine,
    [sender, replier]: [&GuestName; 2],
    [near, far]: [&Module; 2],
) -> wasmtime::Result<Linker<Held<Within>>> {
    let mut linker = Linker::new(engine.wasmtime());
    let mut root = linker.root();
    root.module("near", near)?;
    root.module("far", far)?;
    let (sender, replier) = (sender.clone(), replier.clone());
    root.func_wrap("reject", move |store: StoreContextMut<'_, Held<Within>>, (ptr, len): (u32, u32)| {
        Err::<(i64,), _>(wasmtime::Error::new(store.data().data.outbox.bad_send(&sender, ptr, len)))
    })?;
    root.func_wrap("reject-answer", move |store: StoreContextMut<'_, Held<Within>>, (ptr, len): (u32, u32)| {
        Err::<(i64,), _>(wasmtime::Error::new(store.data().data.answers.bad_answer(&replier, ptr, len)))
    })?;
    root.func_wrap("show", |mut store: StoreContextMut<'_, Held<Within>>, (bytes,): (WasmList<u8>,)| {
        let bytes = bytes.as_le_slice(&store).to_vec();
        store.data_mut().data.shown = bytes;
        Ok(())
    })?;
    Ok(linker)
}

struct TwoComponents {
    store: Store<Within>,
    near: Near,
    far: Far,
}

impl Pair for TwoComponents {
    fn produce(&mut self, first: u32, count: u32) -> Result<u64, GuestError> {
        let Self { store, near, far } = self;
        near.produce(store, (first, count), |store, status| far.status(store, status))
    }

    fn counters(&mut self) -> Counters {
        let Self { store, near, far } = self;
        let (messages, answers) = (near.messages(&mut *store), far.answered(&mut *store));
        let copied_bytes = far.copied_bytes(&mut *store) + near.copied_bytes(store);
        // A message is a call from the producer, and one of the consumer.
        Counters { copies: messages + answers, copied_bytes, wasm_to_wasm: 2 * messages, ..Counters::default() }
    }

    fn meters(&mut self) -> Option<[Counts; 2]> {
        let Self { store, near, far } = self;
        Some([near.side.meter.as_ref()?.read(&mut *store), far.side.meter.as_ref()?.read(store)])
    }

    fn places(&mut self, look: &mut dyn FnMut(Place<'_>)) {
        let Self { store, near, far } = self;
        if let (Some(producer), Some(consumer)) = (near.side.parts(&mut *store), far.side.parts(&mut *store)) {
            for (side, holder) in [(&near.side, Holder::Producer(producer)), (&far.side, Holder::Consumer(consumer))] {
                let bytes = side.memory(&mut *store);
                look(Place { bytes: &bytes, holder, elsewhere: None });
            }
        }
    }
}
