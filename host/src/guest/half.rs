//! The two halves of a pair: an instantiated producer, an instantiated consumer, and their regions.

use wasmtime::{
    AsContextMut, Extern, Func, Instance, Memory, MemoryType, Module, Store, TypedFunc, WasmBacktrace, WasmParams,
    WasmTy,
};

use super::{Compiled, Guest, GuestError, GuestName};
use crate::transport::PairSpec;

/// The size and alignment of a region is a multiple of this, in bytes.
pub const PAGE: u32 = 65536;

/// The largest region, in bytes.
const LARGEST_REGION: u32 = 1 << 30;

/// An outbox or inbox: a part of a guest's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// Its address in the guest's memory.
    pub start: u32,
    /// Its size in bytes, a multiple of 65 536.
    pub capacity: u32,
}

impl Region {
    /// How far into an inbox a message is put, in bytes: not on the page's start, where large
    /// allocations of the consumer lie as well. Copies between places whose addresses agree in the lower
    /// twelve bits are several times slower on some processors (docs/METHODOLOGY.md, Placement).
    pub const INSET: u32 = 2624;

    /// The region of a guest that has not allocated one yet: no message lies in it, not even an empty
    /// one, because its start is not 8-aligned.
    pub const NOWHERE: Self = Self { start: u32::MAX, capacity: 0 };

    /// Whether a message of `len` bytes at `ptr` lies in the region, 8-aligned.
    #[inline(always)]
    pub const fn contains(self, ptr: u32, len: u32) -> bool {
        let offset = ptr.wrapping_sub(self.start);
        offset <= self.capacity && len <= self.capacity - offset && ptr.is_multiple_of(8)
    }

    /// The error of a producer that sent what does not lie so in this outbox.
    #[cold]
    pub fn bad_send(self, guest: &GuestName, ptr: u32, len: u32) -> GuestError {
        let Self { start, capacity } = self;
        let end = u64::from(start) + u64::from(capacity);
        GuestError::Send { guest: guest.clone(), ptr, len, start, end, capacity }
    }
}

/// A memory with at least `pages` pages.
///
/// # Errors
/// Where the host has no room for it.
pub fn memory(mut store: impl AsContextMut, guest: &GuestName, pages: u64) -> Result<Memory, GuestError> {
    let too_large = |reason: String| GuestError::Instantiate { guest: guest.clone(), reason };
    let pages = u32::try_from(pages).map_err(|_| too_large(format!("a memory of {pages} pages does not exist")))?;
    Memory::new(&mut store, MemoryType::new(pages, None)).map_err(|error| too_large(format!("{error:#}")))
}

/// Instantiates a guest on `memory`; `send` is what a producer's one import is linked to.
fn instantiate(
    mut store: impl AsContextMut,
    (guest, module): &(Guest, Module),
    memory: Memory,
    send: Option<Func>,
) -> Result<Instance, GuestError> {
    let imports: Vec<Extern> = module
        .imports()
        .filter_map(|import| match import.ty() {
            wasmtime::ExternType::Memory(_) => Some(memory.into()),
            _ => send.map(Extern::Func),
        })
        .collect();
    Instance::new(&mut store, module, &imports).map_err(|error| {
        classify(error, &guest.name, "start", |reason| GuestError::Instantiate { guest: guest.name.clone(), reason })
    })
}

/// The error inside wasmtime's: one of our own that travelled through a guest, or what `otherwise`
/// makes of it; a trap, where there is a trap, in `export`.
pub fn classify(
    error: wasmtime::Error,
    guest: &GuestName,
    export: &str,
    otherwise: impl FnOnce(String) -> GuestError,
) -> GuestError {
    match error.downcast::<GuestError>() {
        Ok(ours) => ours,
        Err(error) if error.is::<wasmtime::Trap>() => {
            GuestError::Trap { guest: guest.clone(), export: export.to_owned(), trace: trace(&error) }
        }
        Err(error) => otherwise(format!("{error:#}")),
    }
}

/// The error that ended a call of `export`.
fn failed(error: wasmtime::Error, guest: &GuestName, export: &str) -> GuestError {
    let trap = |trace| GuestError::Trap { guest: guest.clone(), export: export.to_owned(), trace };
    classify(error, guest, export, trap)
}

/// What a trap was, and the functions in which it happened. (wasmtime's own text begins with the
/// functions, and with `RUST_BACKTRACE` ends with those of the host.)
fn trace(error: &wasmtime::Error) -> String {
    let Some(backtrace) = error.downcast_ref::<WasmBacktrace>() else { return format!("{error:#}") };
    // The backtrace is the outermost context; what follows goes from the circumstances to the trap.
    let mut causes: Vec<_> = error.chain().skip(1).map(|cause| cause.to_string()).collect();
    causes.reverse();
    format!("{}; {backtrace}", causes.join(", "))
}

/// Whether the function in which a trap happened is one of `module`.
fn happened_in(error: &wasmtime::Error, module: &Module) -> bool {
    let innermost = error.downcast_ref::<WasmBacktrace>().and_then(|backtrace| backtrace.frames().first());
    innermost.is_some_and(|frame| frame.module().image_range() == module.image_range())
}

/// A typed export that reports its guest and name when it fails.
pub struct Export<P> {
    function: TypedFunc<P, i64>,
    guest: GuestName,
    name: String,
}

impl<P: WasmParams> Export<P> {
    /// Finds an export.
    ///
    /// # Errors
    /// Where it is missing or has another type.
    pub fn find(
        mut store: impl AsContextMut,
        instance: &Instance,
        guest: &Guest,
        name: &str,
    ) -> Result<Self, GuestError> {
        let found = instance.get_func(&mut store, name).ok_or_else(|| guest.missing(name))?;
        let function = found.typed(&store).map_err(|_| GuestError::ExportType {
            guest: guest.name.clone(),
            export: name.to_owned(),
            found: found.ty(&store).to_string(),
            expected: "the type that docs/ABI.md names".to_owned(),
        })?;
        Ok(Self { function, guest: guest.name.clone(), name: name.to_owned() })
    }

    /// Calls the export; a trap is an error, a status is a value.
    ///
    /// # Errors
    /// Where the guest traps, or an error of ours travelled through it.
    #[inline(always)]
    pub fn call(&self, store: impl AsContextMut, parameters: P) -> Result<i64, GuestError> {
        self.function.call(store, parameters).map_err(|error| self.failed(error))
    }

    /// Calls the export; a status is an error as well.
    ///
    /// # Errors
    /// Also where the guest returns a status.
    pub fn value(&self, store: impl AsContextMut, parameters: P) -> Result<u64, GuestError> {
        let result = self.call(store, parameters)?;
        u64::try_from(result).map_err(|_| self.status(result, None))
    }

    /// The error that a status of this export is.
    pub fn status(&self, status: i64, refused: Option<(u32, u32)>) -> GuestError {
        GuestError::Status { guest: self.guest.clone(), export: self.name.clone(), status, refused }
    }

    #[cold]
    fn failed(&self, error: wasmtime::Error) -> GuestError {
        failed(error, &self.guest, &self.name)
    }
}

/// Asks a guest for a region and checks what it answers.
fn region<P>(
    mut store: impl AsContextMut,
    memory: Memory,
    allocate: &Export<P>,
    capacity: u32,
) -> Result<Region, GuestError>
where
    P: WasmParams + WasmTy + From<u32>,
{
    let capacity = capacity.max(1).next_multiple_of(PAGE);
    let address = allocate.value(&mut store, capacity.into())?;
    let memory = memory.data_size(&store) as u64;
    let start = u32::try_from(address)
        .ok()
        .filter(|start| *start != 0 && start.is_multiple_of(PAGE) && u64::from(*start) + u64::from(capacity) <= memory);
    start.map(|start| Region { start, capacity }).ok_or_else(|| GuestError::Region {
        guest: allocate.guest.clone(),
        export: allocate.name.clone(),
        address: address as i64,
        capacity,
        memory,
    })
}

/// An instantiated producer with its messages prepared.
pub struct Producer {
    produce: Export<(u32, u32)>,
    prepare: Export<(u32, u32, u64)>,
    outbox: Export<u32>,
    memory: Memory,
    far: Far,
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
        let message = spec.message.kind.name;
        let far = Far { guest: consumer.name.clone(), module: module.clone(), receive: spec.receive() };
        Ok(Self {
            produce: Export::find(&mut store, &instance, &producer.0, &format!("produce_{message}"))?,
            prepare: Export::find(&mut store, &instance, &producer.0, &format!("prepare_{message}"))?,
            outbox: Export::find(&mut store, &instance, &producer.0, "outbox")?,
            memory,
            far,
        })
    }

    /// Lets it generate its messages and allocate its outbox.
    ///
    /// # Errors
    /// Where it returns a status, traps, or gives a region that is none.
    pub fn prepare(&self, mut store: impl AsContextMut, spec: &PairSpec<'_>) -> Result<Region, GuestError> {
        let capacity = self.prepare.value(&mut store, (spec.message.size, spec.rotation, spec.seed))?;
        let capacity =
            u32::try_from(capacity).ok().filter(|capacity| *capacity <= LARGEST_REGION).ok_or_else(|| {
                let (guest, export) = (self.prepare.guest.clone(), self.prepare.name.clone());
                GuestError::TooLarge { guest, export, capacity: capacity as i64, limit: LARGEST_REGION }
            })?;
        region(store, self.memory, &self.outbox, capacity)
    }

    /// Lets it send `count` messages from number `first` on; a status is an error, for which
    /// `refused` may know where the refused message lay.
    ///
    /// # Errors
    /// Where either guest fails.
    pub fn produce<S: AsContextMut>(
        &self,
        mut store: S,
        (first, count): (u32, u32),
        consumer: impl FnOnce(&mut S, i64) -> GuestError,
    ) -> Result<u64, GuestError> {
        let result = self.produce.function.call(&mut store, (first, count)).map_err(|error| self.failed(error))?;
        u64::try_from(result).map_err(|_| {
            // Statuses above −16 are the consumer's, whichever way they came.
            if result > -16 { consumer(&mut store, result) } else { self.status(result) }
        })
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

/// An instantiated consumer.
pub struct Consumer {
    receive: Export<(u32, u32)>,
    inbox: Export<u32>,
    rejected: Option<Export<()>>,
    /// The memory that it imports.
    pub memory: Memory,
    function: Func,
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
        let rejected = consumer.0.has("rejected").then(|| Export::find(&mut store, &instance, &consumer.0, "rejected"));
        Ok(Self {
            receive: Export::find(&mut store, &instance, &consumer.0, &name)?,
            inbox: Export::find(&mut store, &instance, &consumer.0, "inbox")?,
            rejected: rejected.transpose()?,
            memory,
            function: instance.get_func(&mut store, &name).ok_or_else(|| consumer.0.missing(&name))?,
        })
    }

    /// Lets it allocate its inbox, with room for [`Region::INSET`] and the outbox's `capacity`.
    ///
    /// # Errors
    /// Where it returns a status, traps, or gives a region that is none.
    pub fn inbox(&self, store: impl AsContextMut, capacity: u32) -> Result<Region, GuestError> {
        region(store, self.memory, &self.inbox, capacity.saturating_add(Region::INSET))
    }

    /// Hands it the message at `ptr`; a status is a value.
    ///
    /// # Errors
    /// Where it traps.
    #[inline(always)]
    pub fn receive(&self, store: impl AsContextMut, ptr: u32, len: u32) -> Result<i64, GuestError> {
        self.receive.call(store, (ptr, len))
    }

    /// The function itself, for a producer or adapter to import.
    pub const fn function(&self) -> Func {
        self.function
    }

    /// The error that a status of its `receive` is, with where the refused message lay.
    #[cold]
    pub fn status(&self, store: impl AsContextMut, status: i64) -> GuestError {
        let lay = matches!(status, -3 | -5);
        let refused = self.rejected.as_ref().filter(|_| lay).and_then(|rejected| rejected.call(store, ()).ok());
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
        let mut store = Store::new(spec.engine, ());
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
