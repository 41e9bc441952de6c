//! `buffer-packed`, `buffer-scailable`: what most platforms do. The host asks the consumer for memory, copies the message there, calls,
//! asks where the result lies, reads it, and frees both, for each message.
//!
//! The consumer is the same module as under every transport. A shim before it has the functions that the platform's guests export, and
//! takes memory from the consumer's own allocator (docs/ABI.md, `weft_alloc`).

mod packed;
mod scailable;

use wasmtime::{Instance, Module, WasmParams, WasmResults};

use super::stores::{self, Link, State};
use crate::counters::Counters;
use crate::engine::Store;
use crate::guest::{Export, GuestError, GuestName, Isolated};
use crate::pair::{Pair, PairSpec};

pub(super) use packed::Packed;
pub(super) use scailable::Scailable;

/// What the shims need of a consumer.
const NEEDS: &[&str] = &["weft_alloc", "weft_dealloc"];

/// How a platform calls its guests.
trait Calls: Send + Sync + Sized + 'static {
    /// The shim's text. It imports the consumer's memory, its `receive`, `weft_alloc` and `weft_dealloc`, in this order.
    const SHIM: &'static str;

    /// Finds the platform's functions in the shim.
    fn find(shim: &mut Shim<'_>) -> Result<Self, GuestError>;

    /// Brings a message to the consumer; returns what its `receive` did.
    fn deliver(&self, far: &mut Far<'_>, message: &[u8]) -> Result<i64, GuestError>;
}

/// Joins the guests of `spec` by the calls of a platform.
fn join<C: Calls>(spec: &PairSpec<'_>) -> Result<Box<dyn Pair>, GuestError> {
    stores::join(
        spec,
        Before::<C>(None),
        |store, _| {
            let link = &mut store.data_mut().data;
            link.state = Before(Some(shim(spec, &mut link.far)?));
            Ok(())
        },
        |caller, memory, sent| {
            let (bytes, link) = memory.data_and_store_mut(caller);
            let Link { far: isolated, counters, state, .. } = &mut link.data;
            counters.wasm_to_host += 1;
            match &state.0 {
                Some(calls) => calls.deliver(&mut Far { isolated, counters }, sent.of(bytes)),
                None => Err(failed(isolated.consumer.name(), "it is not there yet")),
            }
        },
    )
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
    let instance = Module::new(spec.engine.wasmtime(), C::SHIM)
        .and_then(|module| Instance::new(&mut *store, &module, &imports))
        .map_err(|error| failed(&guest.name, error))?;
    C::find(&mut Shim { guest: &guest.name, instance, store })
}

fn failed(guest: &GuestName, error: impl std::fmt::Display) -> GuestError {
    GuestError::Instantiate { guest: guest.clone(), reason: format!("the shim before it: {error:#}") }
}

/// An instantiated shim.
struct Shim<'a> {
    guest: &'a GuestName,
    instance: Instance,
    store: &'a mut Store<()>,
}

impl Shim<'_> {
    /// A function of it; what fails in it is the consumer's fault.
    fn export<P: WasmParams, R: WasmResults>(&mut self, name: &str) -> Result<Export<P, R>, GuestError> {
        let found = self.instance.get_typed_func(&mut *self.store, name);
        Ok(Export::of(found.map_err(|error| failed(self.guest, error))?, self.guest, name))
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
    fn result(&self, start: u32, len: u32) -> Result<i64, GuestError> {
        let memory = self.isolated.consumer.memory.data(&self.isolated.store);
        let bytes = memory.get(start as usize..).and_then(|memory| memory.get(..len as usize));
        let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
        bytes.map(i64::from_le_bytes).ok_or_else(|| self.outside(start, len))
    }

    #[cold]
    fn outside(&self, start: u32, len: u32) -> GuestError {
        let Isolated { store, consumer, .. } = &*self.isolated;
        let (guest, memory) = (consumer.name().clone(), consumer.memory.data_size(store) as u64);
        GuestError::Buffer { guest, start, len, memory }
    }
}
