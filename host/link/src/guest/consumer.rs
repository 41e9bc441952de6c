//! The far half of a pair: an instantiated consumer.

use wasmtime::{AsContextMut, Func, Memory};
use weft_schemas::Status;

use super::export::{Export, instantiate};
use super::region::{Region, memory, region};
use super::{Compiled, GuestError, GuestName};
use crate::engine::Store;
use crate::meter::Meter;
use crate::pair::PairSpec;

/// An instantiated consumer.
pub struct Consumer {
    receive: Export<(u32, u32)>,
    inbox: Export<u32>,
    /// Where it answers.
    outbox: Option<Export<u32>>,
    rejected: Option<Export<()>>,
    trace: Option<Export<()>>,
    /// The memory that it imports.
    pub memory: Memory,
    /// Its counters, where it is metered.
    pub meter: Option<Meter>,
    function: Func,
    allocator: Option<[Func; 2]>,
}

impl Consumer {
    /// Instantiates the consumer of `spec` on `memory`.
    ///
    /// # Errors
    /// Where it cannot be instantiated or lacks an export.
    pub fn new(mut store: impl AsContextMut, spec: &PairSpec<'_>, memory: Memory) -> Result<Self, GuestError> {
        let Compiled { consumer, .. } = spec.guests;
        let instance = instantiate(&mut store, consumer, memory, None)?;
        let name = spec.receive();
        let allocator = ["weft_alloc", "weft_dealloc"].map(|name| instance.get_func(&mut store, name));
        let mut optional = |name| consumer.0.has(name).then(|| Export::find(&mut store, &instance, &consumer.0, name));
        let (rejected, trace) = (optional("rejected"), optional("weft_trace"));
        let outbox = spec.replies().then(|| Export::find(&mut store, &instance, &consumer.0, "outbox"));
        Ok(Self {
            outbox: outbox.transpose()?,
            receive: Export::find(&mut store, &instance, &consumer.0, &name)?,
            inbox: Export::find(&mut store, &instance, &consumer.0, "inbox")?,
            rejected: rejected.transpose()?,
            trace: trace.transpose()?,
            memory,
            meter: Meter::find(&mut store, &instance, &consumer.0),
            function: instance.get_func(&mut store, &name).ok_or_else(|| consumer.0.missing(&name))?,
            allocator: match allocator {
                [Some(alloc), Some(dealloc)] => Some([alloc, dealloc]),
                _ => None,
            },
        })
    }

    /// Lets it allocate its inbox, with room for [`Region::INSET`] and the outbox's `capacity`.
    ///
    /// # Errors
    /// Where it returns a status, traps, or gives a region that is none.
    pub fn inbox(&self, mut store: impl AsContextMut, capacity: u32) -> Result<Region, GuestError> {
        let inbox = region(&mut store, self.memory, &self.inbox, capacity.saturating_add(Region::INSET))?;
        self.messages_lie_in(store, inbox)?;
        Ok(inbox)
    }

    /// Lets it allocate the outbox for its answers.
    ///
    /// # Errors
    /// Where it does not answer, returns a status, traps, or gives a region that is none.
    pub fn outbox(&self, mut store: impl AsContextMut, capacity: u32) -> Result<Region, GuestError> {
        let allocate = self.outbox.as_ref().ok_or_else(|| self.receive.missing("outbox"))?;
        let outbox = region(&mut store, self.memory, allocate, capacity)?;
        self.answers_lie_in(store, outbox)?;
        Ok(outbox)
    }

    /// Tells its meter, where it has one, in which region its answers lie.
    ///
    /// # Errors
    /// Where its globals are not those of the meter.
    pub fn answers_lie_in(&self, store: impl AsContextMut, region: Region) -> Result<(), GuestError> {
        match &self.meter {
            Some(meter) => meter.answers_lie_in(store, self.guest(), region),
            None => Ok(()),
        }
    }

    /// Whose consumer it is.
    pub const fn guest(&self) -> &GuestName {
        &self.receive.guest
    }

    /// Tells its meter, where it has one, in which region it finds its messages.
    ///
    /// # Errors
    /// Where its globals are not those of the meter.
    pub fn messages_lie_in(&self, store: impl AsContextMut, region: Region) -> Result<(), GuestError> {
        match &self.meter {
            Some(meter) => meter.messages_lie_in(store, &self.inbox.guest, region),
            None => Ok(()),
        }
    }

    /// Hands it the message at `ptr`; a status is a value.
    ///
    /// # Errors
    /// Where it traps.
    #[inline(always)]
    pub fn receive(&self, store: impl AsContextMut, ptr: u32, len: u32) -> Result<i64, GuestError> {
        self.receive.call(store, (ptr, len))
    }

    /// The words that its last digest took, where it was built to record them.
    pub fn trace(&self, mut store: impl AsContextMut) -> Option<Vec<u64>> {
        let packed = self.trace.as_ref()?.call(&mut store, ()).ok()?.cast_unsigned();
        let (start, words) = ((packed >> 32) as usize, packed as u32 as usize);
        let bytes = self.memory.data(&store).get(start..)?.get(..words.checked_mul(8)?)?;
        Some(bytes.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word)).collect())
    }

    /// Its `weft_alloc` and `weft_dealloc`, where it exports both.
    pub const fn allocator(&self) -> Option<[Func; 2]> {
        self.allocator
    }

    /// The function itself, for a producer or adapter to import.
    pub const fn function(&self) -> Func {
        self.function
    }

    /// The error that a status of its `receive` is, with where the refused message lay.
    #[cold]
    pub fn status(&self, store: impl AsContextMut, status: i64) -> GuestError {
        let about_place = Status::is_about_place(status);
        let refused = self.rejected.as_ref().filter(|_| about_place).and_then(|rejected| rejected.call(store, ()).ok());
        self.receive.status(status, refused.map(|packed| ((packed as u64 >> 32) as u32, packed as u32)))
    }
}

/// A consumer alone in a store of its own: the far side of the transports with two stores.
pub struct Isolated {
    /// The store that only it lives in.
    pub store: Store<()>,
    /// The consumer.
    pub consumer: Consumer,
    /// Where messages are put.
    pub inbox: Region,
}

impl Isolated {
    /// Instantiates the consumer of `spec` in a new store; it has no inbox yet.
    ///
    /// # Errors
    /// Where it cannot be instantiated or lacks an export.
    pub fn new(spec: &PairSpec<'_>) -> Result<Self, GuestError> {
        let mut store = spec.engine.store(());
        let guest = &spec.guests.consumer.0;
        let memory = memory(&mut store, &guest.name, guest.memory_pages)?;
        let consumer = Consumer::new(&mut store, spec, memory)?;
        Ok(Self { store, consumer, inbox: Region::NOWHERE })
    }

    /// Lets it allocate its inbox.
    ///
    /// # Errors
    /// As [`Consumer::inbox`].
    pub fn allocate(&mut self, capacity: u32) -> Result<(), GuestError> {
        self.inbox = self.consumer.inbox(&mut self.store, capacity)?;
        Ok(())
    }

    /// The place in its inbox for a message of `len` bytes, which fits into the outbox.
    #[inline(always)]
    pub fn place(&mut self, len: u32) -> &mut [u8] {
        let start = self.inbox.start + Region::INSET;
        // The inbox was checked against a memory that never shrinks, and is larger than the outbox.
        &mut self.consumer.memory.data_mut(&mut self.store)[start as usize..][..len as usize]
    }

    /// Hands it the message that was put in that place.
    ///
    /// # Errors
    /// Where it traps.
    #[inline(always)]
    pub fn receive_placed(&mut self, len: u32) -> Result<i64, GuestError> {
        self.receive(Region::INSET, len)
    }

    /// Hands it the message that lies `offset` bytes into its inbox.
    ///
    /// # Errors
    /// Where it traps.
    #[inline(always)]
    pub fn receive(&mut self, offset: u32, len: u32) -> Result<i64, GuestError> {
        self.consumer.receive(&mut self.store, self.inbox.start + offset, len)
    }
}
