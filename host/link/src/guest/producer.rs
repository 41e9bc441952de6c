//! The near half of a pair: an instantiated producer.

use wasmtime::{AsContextMut, Func, Memory, Module};
use weft_schemas::Status;

use super::export::{Export, failed, happened_in, instantiate};
use super::prepare::Prepare;
use super::region::{Region, region};
use super::{Compiled, GuestError, GuestName};
use crate::meter::Meter;
use crate::pair::PairSpec;

/// An instantiated producer with its messages prepared.
pub struct Producer {
    produce: Export<(u32, u32)>,
    prepare: Prepare,
    outbox: Export<u32>,
    /// Where it finds answers.
    inbox: Option<Export<u32>>,
    /// The memory that it imports.
    pub memory: Memory,
    /// Its counters, where it is metered.
    pub meter: Option<Meter>,
    far: Far,
    #[cfg(feature = "async")]
    fibers: bool,
}

/// What an error says about the consumer where its trap ends a call of the producer.
struct Far {
    guest: GuestName,
    module: Module,
    receive: String,
}

impl Producer {
    /// Instantiates the producer of `spec` on `memory`, with its import linked to `send`.
    ///
    /// # Errors
    /// Where it cannot be instantiated or lacks an export.
    pub fn new(
        mut store: impl AsContextMut,
        spec: &PairSpec<'_>,
        memory: Memory,
        send: Func,
    ) -> Result<Self, GuestError> {
        let Compiled { producer, consumer: (consumer, module) } = spec.guests;
        let instance = instantiate(&mut store, producer, memory, Some(send))?;
        let message = spec.message;
        let far = Far { guest: consumer.name.clone(), module: module.clone(), receive: spec.receive() };
        let inbox = spec.replies().then(|| Export::find(&mut store, &instance, &producer.0, "inbox"));
        Ok(Self {
            inbox: inbox.transpose()?,
            produce: Export::find(&mut store, &instance, &producer.0, &spec.send())?,
            prepare: Prepare::find(&mut store, &instance, &producer.0, message)?,
            outbox: Export::find(&mut store, &instance, &producer.0, "outbox")?,
            memory,
            meter: Meter::find(&mut store, &instance, &producer.0),
            far,
            #[cfg(feature = "async")]
            fibers: spec.engine.setting().fibers,
        })
    }

    /// Lets it have its messages and allocate its outbox.
    ///
    /// # Errors
    /// Where it returns a status, traps, or gives a region that is none.
    pub fn prepare(&self, store: impl AsContextMut, spec: &PairSpec<'_>) -> Result<Region, GuestError> {
        self.prepare_in(store, spec, |asked| asked)
    }

    /// The same with an outbox of another capacity than what it asks for.
    ///
    /// # Errors
    /// As [`Self::prepare`].
    pub fn prepare_in(
        &self,
        mut store: impl AsContextMut,
        spec: &PairSpec<'_>,
        given: impl FnOnce(u32) -> u32,
    ) -> Result<Region, GuestError> {
        let capacity = self.prepare.run(&mut store, self.memory, spec)?;
        let outbox = region(&mut store, self.memory, &self.outbox, given(capacity))?;
        if let Some(meter) = &self.meter {
            meter.messages_lie_in(store, &self.outbox.guest, outbox)?;
        }
        Ok(outbox)
    }

    /// Lets it allocate its inbox for answers, with room for [`Region::INSET`] and the replier's outbox.
    ///
    /// # Errors
    /// Where it takes no answers, returns a status, traps, or gives a region that is none.
    pub fn inbox(&self, mut store: impl AsContextMut, capacity: u32) -> Result<Region, GuestError> {
        let allocate = self.inbox.as_ref().ok_or_else(|| self.produce.missing("inbox"))?;
        let inbox = region(&mut store, self.memory, allocate, capacity.saturating_add(Region::INSET))?;
        self.answers_lie_in(store, inbox)?;
        Ok(inbox)
    }

    /// Tells its meter, where it has one, in which region it finds answers.
    ///
    /// # Errors
    /// Where its globals are not those of the meter.
    pub fn answers_lie_in(&self, store: impl AsContextMut, region: Region) -> Result<(), GuestError> {
        match &self.meter {
            Some(meter) => meter.answers_lie_in(store, &self.outbox.guest, region),
            None => Ok(()),
        }
    }

    /// Lets it send `count` messages from number `first` on; a status is an error, for which
    /// `refused` may know where the refused message lay.
    ///
    /// # Errors
    /// Where either guest fails.
    pub fn produce<S: AsContextMut<Data: Send>>(
        &self,
        mut store: S,
        (first, count): (u32, u32),
        consumer: impl FnOnce(&mut S, i64) -> GuestError,
    ) -> Result<u64, GuestError> {
        let result = self.call(&mut store, (first, count)).map_err(|error| self.failed(error))?;
        u64::try_from(result).map_err(|_| {
            // A status names its origin, whichever way it came.
            if Status::is_of_consumer(result) { consumer(&mut store, result) } else { self.status(result) }
        })
    }

    #[cfg(not(feature = "async"))]
    fn call<S: AsContextMut<Data: Send>>(&self, store: &mut S, parameters: (u32, u32)) -> wasmtime::Result<i64> {
        self.produce.function.call(store, parameters)
    }

    /// Calls `produce` on a fiber, where the setting has them.
    #[cfg(feature = "async")]
    fn call<S: AsContextMut<Data: Send>>(&self, store: &mut S, parameters: (u32, u32)) -> wasmtime::Result<i64> {
        match self.fibers {
            true => crate::fiber::returned(self.produce.function.call_async(store, parameters)),
            false => self.produce.function.call(store, parameters),
        }
    }

    /// The error that ended a call of `produce`. Where one store holds both guests it may be the
    /// consumer's trap.
    #[cold]
    fn failed(&self, error: wasmtime::Error) -> GuestError {
        let Far { guest, module, receive } = &self.far;
        if happened_in(&error, module) { failed(error, guest, receive) } else { self.produce.failed(error) }
    }

    /// The error that a status of its `produce` is.
    pub fn status(&self, status: i64) -> GuestError {
        self.produce.status(status, None)
    }
}
