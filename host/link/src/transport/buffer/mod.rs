//! `buffer-packed`, `buffer-scailable`: what most platforms do. The host asks the consumer for memory, copies the message there, calls,
//! asks where the result lies, reads it, and frees both, for each message.
//!
//! The consumer is the same module as under every transport. A shim before it has the functions that the platform's guests export, and
//! takes memory from the consumer's own allocator (docs/ABI.md, `weft_alloc`).

mod packed;
mod scailable;

use std::marker::PhantomData;

use wasmtime::{Caller, Instance, Memory, Val, WasmParams, WasmResults};

use super::stores::{self, Link, Sent, State};
use super::{Isolation, Transport};
use crate::counters::Counters;
use crate::engine::{Held, Store};
use crate::guest::{Export, GuestError, GuestName, Isolated, Traits, packed};
use crate::pair::{Pair, PairSpec};

/// Pointer and length of the result in one i64.
pub(super) static PACKED: Buffer<packed::Functions> = Buffer(PhantomData);

/// The functions of Scailable's guests.
pub(super) static SCAILABLE: Buffer<scailable::Functions> = Buffer(PhantomData);

/// The transport that a platform's calls are.
pub(super) struct Buffer<C>(PhantomData<fn() -> C>);

/// What the shims need of a consumer.
const NEEDS: &[&str] = &["weft_alloc", "weft_dealloc"];

/// How a platform calls its guests.
trait Calls: Send + Sync + Sized + 'static {
    /// The transport's name.
    const NAME: &'static str;

    /// A line about it.
    const ABOUT: &'static str;

    /// The shim's text. It imports the consumer's memory, its `receive`, `weft_alloc` and `weft_dealloc`, in this order.
    const SHIM: &'static str;

    /// Finds the platform's functions in the shim.
    fn find(shim: &mut Shim<'_>) -> Result<Self, GuestError>;

    /// Brings a message to the consumer.
    fn call(&self, far: &mut Far<'_>, message: &[u8]) -> Result<Called, GuestError>;

    /// Gives back what the call has left in the consumer's memory.
    fn free(&self, far: &mut Far<'_>, called: Called) -> Result<(), GuestError>;
}

/// Where a call's input and output lie in the consumer's memory: address and length.
#[derive(Clone, Copy)]
struct Called {
    input: (u32, u32),
    output: (u32, u32),
}

impl<C: Calls> Transport for Buffer<C> {
    fn name(&self) -> &'static str {
        C::NAME
    }

    fn isolation(&self) -> Isolation {
        Isolation::Full
    }

    fn about(&self) -> &'static str {
        C::ABOUT
    }

    fn replies(&self) -> Result<(), String> {
        Ok(())
    }

    fn needs(&self) -> &'static [&'static str] {
        NEEDS
    }

    fn takes_memory(&self, _: &Traits) -> bool {
        true
    }

    fn join(&self, spec: &PairSpec<'_>) -> Result<Box<dyn Pair>, GuestError> {
        let settle = |store: &mut Store<Link<Before<C>>>, _| {
            let link = &mut store.data_mut().data;
            link.state = Before(Some(shim(spec, &mut link.far)?));
            Ok(())
        };
        match spec.replies() {
            true => stores::join(spec, Before::<C>(None), settle, ask),
            false => stores::join(spec, Before::<C>(None), settle, deliver),
        }
    }
}

type Near<'a, C> = Caller<'a, Held<Link<Before<C>>>>;

/// Brings a message to the consumer, and its result, which is eight bytes, back.
#[inline(always)]
fn deliver<C: Calls>(caller: &mut Near<'_, C>, memory: Memory, sent: Sent) -> Result<i64, GuestError> {
    let (bytes, link) = memory.data_and_store_mut(caller);
    let Link { far: isolated, counters, state, .. } = &mut link.data;
    counters.wasm_to_host += 1;
    let calls = state.0.as_ref().ok_or_else(|| failed(isolated.consumer.guest(), "it is not there yet"))?;
    let mut far = Far { isolated, counters };
    let called = calls.call(&mut far, sent.of(bytes))?;
    let result = far.result(called.output)?;
    calls.free(&mut far, called)?;
    Ok(result)
}

/// The same where the result is an answer, which is copied into the requester's inbox. What is no answer is a status of eight bytes.
fn ask<C: Calls>(caller: &mut Near<'_, C>, memory: Memory, sent: Sent) -> Result<i64, GuestError> {
    let (bytes, link) = memory.data_and_store_mut(caller);
    let Link { far: isolated, counters, state, back, .. } = &mut link.data;
    counters.wasm_to_host += 1;
    let calls = state.0.as_ref().ok_or_else(|| failed(isolated.consumer.guest(), "it is not there yet"))?;
    let mut far = Far { isolated, counters };
    let called = calls.call(&mut far, sent.of(bytes))?;
    let (at, len) = called.output;
    let came = match back.answer(packed(at, len), &far.isolated.consumer) {
        Ok(Some(answer)) => {
            let answered = answer.of(far.isolated.consumer.memory.data(&far.isolated.store));
            far.counters.copy(answered, back.placed(bytes, answer));
            packed(back.place(), answer.len)
        }
        Ok(None) => packed(at, len),
        Err(outside) => far.result(called.output).ok().filter(|status| *status < 0).ok_or(outside)?,
    };
    calls.free(&mut far, called)?;
    Ok(came)
}

/// The shim's functions, once it is there. Before that, nothing lies in the outbox.
struct Before<C>(Option<C>);

impl<C: Send + 'static> State for Before<C> {}

/// Puts the shim before the consumer.
fn shim<C: Calls>(spec: &PairSpec<'_>, far: &mut Isolated) -> Result<C, GuestError> {
    let (guest, _) = &spec.guests.consumer;
    let Isolated { store, consumer, .. } = far;
    let [alloc, dealloc] = consumer.allocator().ok_or_else(|| guest.missing("weft_alloc"))?;
    let imports = [consumer.memory.into(), consumer.function().into(), alloc.into(), dealloc.into()];
    let instance = spec
        .engine
        .shim(C::SHIM)
        .and_then(|module| Instance::new(&mut *store, &module, &imports))
        .map_err(|error| failed(&guest.name, error))?;
    if let (true, Some(answers)) = (spec.replies(), instance.get_global(&mut *store, "answers")) {
        answers.set(&mut *store, Val::I32(1)).map_err(|error| failed(&guest.name, error))?;
    }
    C::find(&mut Shim { guest: &guest.name, receive: spec.receive(), instance, store })
}

fn failed(guest: &GuestName, error: impl std::fmt::Display) -> GuestError {
    GuestError::Instantiate { guest: guest.clone(), reason: format!("the shim before it: {error:#}") }
}

/// An instantiated shim.
struct Shim<'a> {
    guest: &'a GuestName,
    /// The consumer's own export.
    receive: String,
    instance: Instance,
    store: &'a mut Store<()>,
}

impl Shim<'_> {
    /// The function of it that calls the consumer's `receive`, in whose name it fails.
    fn receive<P: WasmParams, R: WasmResults>(&mut self, name: &str) -> Result<Export<P, R>, GuestError> {
        let receive = self.receive.clone();
        self.named(name, &receive)
    }

    /// Another function of it; what fails in it is the consumer's fault.
    fn export<P: WasmParams, R: WasmResults>(&mut self, name: &str) -> Result<Export<P, R>, GuestError> {
        self.named(name, name)
    }

    fn named<P: WasmParams, R: WasmResults>(&mut self, name: &str, shown: &str) -> Result<Export<P, R>, GuestError> {
        let found = self.instance.get_typed_func(&mut *self.store, name);
        Ok(Export::of(found.map_err(|error| failed(self.guest, error))?, self.guest, shown))
    }
}

/// The consumer, and what is counted on the way to it.
struct Far<'a> {
    isolated: &'a mut Isolated,
    counters: &'a mut Counters,
}

impl Far<'_> {
    /// Calls a function of the shim.
    #[inline(always)]
    fn call<P: WasmParams, R: WasmResults>(&mut self, export: &Export<P, R>, parameters: P) -> Result<R, GuestError> {
        self.counters.host_to_wasm += 1;
        export.call(&mut self.isolated.store, parameters)
    }

    /// Copies a message to where the consumer has given room for it.
    #[inline(always)]
    fn put(&mut self, message: &[u8], start: u32) -> Result<(), GuestError> {
        if start == 0 {
            return Err(self.no_room(message.len() as u32));
        }
        let Isolated { store, consumer, .. } = &mut *self.isolated;
        let memory = consumer.memory.data_mut(store);
        match memory.get_mut(start as usize..).and_then(|memory| memory.get_mut(..message.len())) {
            Some(room) => self.counters.copy(message, room),
            None => return Err(self.outside(start, message.len() as u32)),
        }
        Ok(())
    }

    /// The result, which is eight bytes of the consumer's memory.
    #[inline(always)]
    fn result(&self, (start, len): (u32, u32)) -> Result<i64, GuestError> {
        if start == 0 {
            return Err(self.no_room(len));
        }
        let memory = self.isolated.consumer.memory.data(&self.isolated.store);
        let bytes = memory.get(start as usize..).and_then(|memory| memory.get(..len as usize));
        let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
        bytes.map(i64::from_le_bytes).ok_or_else(|| self.outside(start, len))
    }

    /// The error that the consumer's allocator had nothing to give.
    #[cold]
    fn no_room(&self, len: u32) -> GuestError {
        GuestError::NoRoom { guest: self.isolated.consumer.guest().clone(), len }
    }

    #[cold]
    fn outside(&self, start: u32, len: u32) -> GuestError {
        let Isolated { store, consumer, .. } = &*self.isolated;
        let (guest, memory) = (consumer.guest().clone(), consumer.memory.data_size(store) as u64);
        GuestError::Buffer { guest, start, len, memory }
    }
}
