//! Two memories in one store, and a small module between the guests that checks what is sent: what `adapter` and `pane`
//! share.

use std::sync::{Arc, OnceLock};

use wasmtime::{Caller, Func, Global, Instance, Memory, Val};

use crate::counters::Counters;
use crate::engine::{Held, Store};
use crate::guest::{Consumer, GuestError, GuestName, Producer, Region, memory};
use crate::meter::Counts;
use crate::pair::{Pair, PairSpec};
use crate::place::{Holder, Place};

/// The outbox and the inbox, each in its memory.
pub(super) type Regions = [(Memory, Region); 2];

/// The module between the guests.
///
/// It exports `send`, and as globals `outbox`, `inbox` and `capacity`, which are set once, and `messages`, which counts.
/// It imports, in this order: what [`Shim::memories`] says, the consumer's `receive`, and the host's `reject`, which never
/// returns.
pub(super) struct Shim {
    /// Its name in errors.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
    /// Whether it imports both guests' memories, the producer's first.
    pub memories: bool,
    /// How far into the inbox it puts or finds the outbox's first byte.
    pub inset: u32,
    /// How often it copies a message, and an answer.
    pub copies: u64,
    /// Lets an outbox and its inbox be what the transport needs, when they are known; returns the pages of the inbox that are the
    /// outbox's as well.
    pub settle: fn(&mut Store<Region>, Regions) -> Result<Option<Region>, GuestError>,
}

impl Shim {
    /// Joins the guests of `spec`, which send messages one way.
    pub fn join(&self, spec: &PairSpec<'_>) -> Result<Box<dyn Pair>, GuestError> {
        self.join_with(spec, self.text)
    }

    /// Joins the guests of `spec`, which answer: with a module of this text, which imports the host's `reject_answer` as well, and exports
    /// the globals `answer_outbox`, `answer_inbox` and `answers`.
    pub fn join_reply(&self, spec: &PairSpec<'_>, text: &str) -> Result<Box<dyn Pair>, GuestError> {
        self.join_with(spec, text)
    }

    fn join_with(&self, spec: &PairSpec<'_>, text: &str) -> Result<Box<dyn Pair>, GuestError> {
        let (near, far) = (&spec.guests.producer.0, &spec.guests.consumer.0);
        let mut store = spec.engine.store(Region::NOWHERE);
        let memories =
            [memory(&mut store, &near.name, near.memory_pages)?, memory(&mut store, &far.name, far.memory_pages)?];
        let consumer = Consumer::new(&mut store, spec, memories[1])?;
        let answers = Arc::new(OnceLock::new());
        let imports = self.imports(&mut store, spec, (memories, &consumer), Arc::clone(&answers));
        let shim = self.instantiate(&mut store, spec, text, &imports)?;
        let send = shim.get_func(&mut store, "send").ok_or_else(|| self.failed(&near.name, "it has no `send`"))?;
        let producer = Producer::new(&mut store, spec, memories[0], send)?;
        let outbox = producer.prepare(&mut store, spec)?;
        let inbox = consumer.inbox(&mut store, outbox.capacity)?;
        store.data_mut().data = outbox;
        let mut settings =
            vec![("outbox", outbox.start), ("inbox", inbox.start + self.inset), ("capacity", outbox.capacity)];
        let shared = (self.settle)(&mut store, [(memories[0], outbox), (memories[1], inbox)])?;
        let mut shared_back = None;
        if spec.replies() {
            let back = consumer.outbox(&mut store, outbox.capacity)?;
            let inbox = producer.inbox(&mut store, outbox.capacity)?;
            // It was not set before.
            let _ = answers.set(back);
            settings.extend([("answer_outbox", back.start), ("answer_inbox", inbox.start + self.inset)]);
            shared_back = (self.settle)(&mut store, [(memories[1], back), (memories[0], inbox)])?;
        }
        let counting = self.set_up(&mut store, &near.name, &shim, settings)?;
        Ok(Box::new(OneStore { store, producer, consumer, counting, shared, shared_back }))
    }

    /// Sets the shim's globals, and finds those that count.
    fn set_up(
        &self,
        store: &mut Store<Region>,
        near: &GuestName,
        shim: &Instance,
        settings: Vec<(&str, u32)>,
    ) -> Result<Counting, GuestError> {
        let missing = |name: &str| self.failed(near, format!("it has no global `{name}`"));
        for (name, value) in settings {
            let global = shim.get_global(&mut *store, name).ok_or_else(|| missing(name))?;
            global.set(&mut *store, Val::I32(value.cast_signed())).map_err(|error| self.failed(near, error))?;
        }
        let mut global = |name: &str| shim.get_global(&mut *store, name);
        let messages = global("messages").ok_or_else(|| missing("messages"))?;
        let (answers, copied_bytes) = (global("answers"), global("copied_bytes"));
        Ok(Counting { messages, answers, copied_bytes, copies: self.copies })
    }

    /// What the shim imports, in its order.
    fn imports(
        &self,
        store: &mut Store<Region>,
        spec: &PairSpec<'_>,
        (memories, consumer): ([Memory; 2], &Consumer),
        answers: Arc<OnceLock<Region>>,
    ) -> Vec<wasmtime::Extern> {
        let (sender, replier) = (spec.guests.producer.0.name.clone(), spec.guests.consumer.0.name.clone());
        let reject = Func::wrap(
            &mut *store,
            move |caller: Caller<'_, Held<Region>>, ptr: u32, len: u32| -> wasmtime::Result<i64> {
                Err(wasmtime::Error::new(caller.data().data.bad_send(&sender, ptr, len)))
            },
        );
        let mut imports: Vec<wasmtime::Extern> = Vec::new();
        if self.memories {
            imports.extend(memories.map(wasmtime::Extern::from));
        }
        imports.extend([consumer.function().into(), reject.into()]);
        if spec.replies() {
            let reject = Func::wrap(store, move |ptr: u32, len: u32| -> wasmtime::Result<i64> {
                let outbox = answers.get().copied().unwrap_or(Region::NOWHERE);
                Err(wasmtime::Error::new(outbox.bad_answer(&replier, ptr, len)))
            });
            imports.push(reject.into());
        }
        imports
    }

    fn instantiate(
        &self,
        store: &mut Store<Region>,
        spec: &PairSpec<'_>,
        text: &str,
        imports: &[wasmtime::Extern],
    ) -> Result<Instance, GuestError> {
        spec.engine
            .shim(text)
            .and_then(|module| Instance::new(store, &module, imports))
            .map_err(|error| self.failed(&spec.guests.producer.0.name, format!("{error:#}")))
    }

    fn failed(&self, guest: &GuestName, error: impl std::fmt::Display) -> GuestError {
        GuestError::Instantiate { guest: guest.clone(), reason: format!("the {} before it: {error}", self.name) }
    }
}

/// What the shim counts.
struct Counting {
    messages: Global,
    answers: Option<Global>,
    copied_bytes: Option<Global>,
    copies: u64,
}

struct OneStore {
    store: Store<Region>,
    producer: Producer,
    consumer: Consumer,
    counting: Counting,
    /// The pages of the consumer's inbox that are the producer's outbox as well.
    shared: Option<Region>,
    /// The pages of the requester's inbox that are the replier's outbox as well.
    shared_back: Option<Region>,
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
        let messages = self.read(self.counting.messages);
        let copied_bytes = self.counting.copied_bytes.map_or(0, |counter| self.read(counter));
        let answers = self.counting.answers.map_or(0, |counter| self.read(counter));
        // A message is a call from the producer, and one of the consumer.
        let copies = self.counting.copies * (messages + answers);
        Counters { copies, copied_bytes, wasm_to_wasm: 2 * messages, ..Counters::default() }
    }

    fn meters(&mut self) -> Option<[Counts; 2]> {
        super::meters(&mut self.store, &self.producer, &self.consumer)
    }

    fn places(&mut self, look: &mut dyn FnMut(Place<'_>)) {
        let Self { store, producer, consumer, shared, shared_back, .. } = self;
        if let (Some(near), Some(far)) = (&producer.meter, &consumer.meter) {
            let near = Holder::Producer(near.parts(&mut *store));
            look(Place { bytes: producer.memory.data(&*store), holder: near, elsewhere: *shared_back });
            let far = Holder::Consumer(far.parts(&mut *store));
            look(Place { bytes: consumer.memory.data(&*store), holder: far, elsewhere: *shared });
        }
    }
}
