//! `adapter`: one store, two memories, and a small module between the guests that sees both
//! (multi-memory). One copy, no host on the way.

use wasmtime::{Caller, Func, Global, Instance, Module, Store, Val};

use super::{Counters, Holder, Isolation, Pair, PairSpec, Place, Transport};
use crate::guest::{Consumer, GuestError, GuestName, Producer, Reading, Region, memory};

pub(super) struct Adapter;

impl Transport for Adapter {
    fn name(&self) -> &'static str {
        "adapter"
    }

    fn isolation(&self) -> Isolation {
        Isolation::Full
    }

    fn about(&self) -> &'static str {
        "one store; a small module between the guests imports both memories and copies once (multi-memory)"
    }

    fn join(&self, spec: &PairSpec<'_>) -> Result<Box<dyn Pair>, GuestError> {
        let (near, far) = (&spec.guests.producer.0, &spec.guests.consumer.0);
        let mut store = Store::new(spec.engine, Region::NOWHERE);
        let outbox_memory = memory(&mut store, &near.name, near.memory_pages)?;
        let inbox_memory = memory(&mut store, &far.name, far.memory_pages)?;
        let consumer = Consumer::new(&mut store, spec, inbox_memory)?;

        let name = near.name.clone();
        let reject =
            Func::wrap(&mut store, move |caller: Caller<'_, Region>, ptr: u32, len: u32| -> wasmtime::Result<i64> {
                Err(wasmtime::Error::new(caller.data().bad_send(&name, ptr, len)))
            });
        let imports = [outbox_memory.into(), inbox_memory.into(), consumer.function().into(), reject.into()];
        let adapter = Module::new(spec.engine, include_str!("adapter.wat"))
            .and_then(|module| Instance::new(&mut store, &module, &imports))
            .map_err(|error| failed(&near.name, &error))?;
        let send = adapter.get_func(&mut store, "send").ok_or_else(|| far.missing("send"))?;

        let producer = Producer::new(&mut store, spec, outbox_memory, send)?;
        let outbox = producer.prepare(&mut store, spec)?;
        let inbox = consumer.inbox(&mut store, outbox.capacity)?;
        *store.data_mut() = outbox;
        for (name, value) in
            [("outbox", outbox.start), ("inbox", inbox.start + Region::INSET), ("capacity", outbox.capacity)]
        {
            set(&mut store, &adapter, name, value).map_err(|error| failed(&near.name, &error))?;
        }
        let counter =
            |store: &mut Store<Region>, name| adapter.get_global(store, name).ok_or_else(|| far.missing(name));
        let copies = counter(&mut store, "copies")?;
        let copied_bytes = counter(&mut store, "copied_bytes")?;
        Ok(Box::new(OneStore { store, producer, consumer, copies, copied_bytes }))
    }
}

fn failed(guest: &GuestName, error: &wasmtime::Error) -> GuestError {
    GuestError::Instantiate { guest: guest.clone(), reason: format!("the adapter before it: {error:#}") }
}

fn set(store: &mut Store<Region>, adapter: &Instance, name: &str, value: u32) -> wasmtime::Result<()> {
    match adapter.get_global(&mut *store, name) {
        Some(global) => global.set(store, Val::I32(value.cast_signed())),
        None => wasmtime::bail!("it has no global `{name}`"),
    }
}

struct OneStore {
    store: Store<Region>,
    producer: Producer,
    consumer: Consumer,
    copies: Global,
    copied_bytes: Global,
}

impl OneStore {
    fn read(&mut self, counter: Global) -> u64 {
        match counter.get(&mut self.store) {
            Val::I64(value) => value.cast_unsigned(),
            _ => 0,
        }
    }
}

impl Pair for OneStore {
    fn produce(&mut self, first: u32, count: u32) -> Result<u64, GuestError> {
        self.producer.produce(&mut self.store, (first, count), |store, status| self.consumer.status(store, status))
    }

    fn counters(&mut self) -> Counters {
        let copies = self.read(self.copies);
        let copied_bytes = self.read(self.copied_bytes);
        // Each copy stands between the call from the producer and the call of the consumer.
        Counters { copies, copied_bytes, wasm_to_wasm: 2 * copies, ..Counters::default() }
    }

    fn meters(&mut self) -> Option<[Reading; 2]> {
        super::meters(&mut self.store, &self.producer, &self.consumer)
    }

    fn places(&mut self, look: &mut dyn FnMut(Place<'_>)) {
        let Self { store, producer, consumer, .. } = self;
        if let (Some(near), Some(far)) = (&producer.meter, &consumer.meter) {
            let holders = [Holder::Producer(near.parts(&mut *store)), Holder::Consumer(far.parts(&mut *store))];
            for (holder, memory) in holders.into_iter().zip([producer.memory, consumer.memory]) {
                look(Place { bytes: memory.data(&*store), holder, elsewhere: None });
            }
        }
    }
}
