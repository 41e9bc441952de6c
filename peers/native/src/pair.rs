//! A producer and a consumer, joined: the producer's `send` is the consumer's `receive` itself.

use weft::cell::MessageId;
use weft_link::guest::{GuestName, Region};
use weft_schemas::{Status, Task};

use crate::library::Library;
use crate::memory::PAGE;
use crate::{GuestFile, NativeError};

/// What to join.
#[derive(Clone, Copy)]
pub struct PairSpec<'a> {
    /// The codec's producer.
    pub producer: &'a GuestFile,
    /// The codec's consumer.
    pub consumer: &'a GuestFile,
    /// What is sent.
    pub message: MessageId,
    /// What the consumer does with it.
    pub task: Task,
    /// How many different messages rotate.
    pub rotation: u32,
    /// What they are generated from.
    pub seed: u64,
    /// How much memory each guest may take, in bytes. Those with the platform's allocator are not held to it.
    pub memory_bytes: usize,
}

type Prepare = unsafe extern "C" fn(u32, u32, u64) -> i64;
type Produce = unsafe extern "C" fn(u32, u32) -> i64;
type Allocate = unsafe extern "C" fn(usize) -> i64;
type Receive = unsafe extern "C" fn(*const u8, usize) -> i64;
type Connect = unsafe extern "C" fn(Receive);
type Release = unsafe extern "C" fn();

/// Two guests that no other pair has. When it is dropped, they are closed and what they took is freed.
pub struct Pair {
    produce: Produce,
    name: String,
    /// It sends to the consumer, and so goes first.
    producer: Loaded,
    consumer: Loaded,
}

/// A guest, and what it wants to have called before it is closed.
struct Loaded {
    library: Library,
    releases: Vec<Release>,
}

impl Drop for Loaded {
    fn drop(&mut self) {
        for release in &self.releases {
            // SAFETY: the library is still there; the releases stand in the ABI's order, and nothing is called after them.
            unsafe { release() };
        }
    }
}

impl Pair {
    /// Loads copies of both guests, joins them, and lets the producer generate its messages.
    ///
    /// # Errors
    /// Where a guest cannot be loaded, lacks an export, or returns a status.
    pub fn join(spec: &PairSpec<'_>) -> Result<Self, NativeError> {
        let (message, task) = (spec.message.kind.name, spec.task);
        let consumer = Loaded::new(spec.consumer, spec.memory_bytes)?;
        let mut producer = Loaded::new(spec.producer, spec.memory_bytes)?;
        let name = format!("produce_{message}");
        // SAFETY: the types are those of docs/ABI.md, Native guests.
        let (connect, receive, prepare, produce, release): (Connect, Receive, Prepare, Produce, Release) = unsafe {
            (
                producer.library.export("weft_connect")?,
                consumer.supported(&format!("receive_{message}_{task}"))?,
                producer.supported(&format!("prepare_{message}"))?,
                producer.supported(&name)?,
                producer.library.export(&format!("release_{message}"))?,
            )
        };
        producer.releases.insert(0, release);
        // SAFETY: `receive` is there as long as the producer is, which is closed before the consumer.
        unsafe { connect(receive) };
        // SAFETY: nothing but `weft_memory` and `weft_connect` has been called.
        let capacity = unsafe { prepare(spec.message.size, spec.rotation, spec.seed) };
        let capacity = value(producer.library.name(), &format!("prepare_{message}"), capacity)?;
        let capacity = usize::try_from(capacity).unwrap_or(usize::MAX);
        producer.region("outbox", capacity)?;
        // Nothing is ever put into the inbox; but with it the consumer's allocator is in the state that it has in wasm.
        consumer.region("inbox", capacity.saturating_add(Region::INSET as usize))?;
        Ok(Self { produce, name, producer, consumer })
    }

    /// Lets the producer send `count` messages, from number `first` of the rotation on; returns the sum of their digests
    /// modulo 2⁶³.
    ///
    /// # Errors
    /// Where a guest returns a status.
    #[inline(always)]
    pub fn produce(&mut self, first: u32, count: u32) -> Result<u64, NativeError> {
        // SAFETY: the producer was prepared and connected, and both libraries are there.
        let result = unsafe { (self.produce)(first, count) };
        u64::try_from(result).map_err(|_| self.failed(result))
    }

    /// The error that a status is. It names its origin, whichever way it came.
    #[cold]
    fn failed(&self, status: i64) -> NativeError {
        let guest = if Status::is_of_consumer(status) { &self.consumer } else { &self.producer };
        NativeError::Status { guest: guest.library.name().clone(), export: self.name.clone(), status }
    }
}

impl Loaded {
    /// Loads a guest.
    fn new(file: &GuestFile, memory_bytes: usize) -> Result<Self, NativeError> {
        let library = Library::load(file, memory_bytes)?;
        // SAFETY: the type is that of docs/ABI.md, Native guests.
        let release: Release = unsafe { library.export("weft_release")? };
        Ok(Self { library, releases: vec![release] })
    }

    /// An export that a codec may do without.
    ///
    /// # Safety
    /// As [`Library::export`].
    unsafe fn supported<F: Copy>(&self, export: &str) -> Result<F, NativeError> {
        // SAFETY: the caller's promise.
        unsafe { self.library.export(export) }.map_err(|error| match error {
            NativeError::MissingExport { guest, export } => NativeError::Unsupported { guest, export },
            other => other,
        })
    }

    /// Lets it allocate its outbox or inbox, of at least `capacity` bytes.
    fn region(&self, export: &str, capacity: usize) -> Result<(), NativeError> {
        // SAFETY: the type is that of docs/ABI.md.
        let allocate: Allocate = unsafe { self.library.export(export)? };
        // SAFETY: this is called once for each guest, a producer's after it has prepared.
        let address = unsafe { allocate(capacity.max(1).checked_next_multiple_of(PAGE).unwrap_or(usize::MAX)) };
        let address = value(self.library.name(), export, address)?;
        if address == 0 || !address.is_multiple_of(PAGE as u64) {
            let guest = self.library.name().clone();
            return Err(NativeError::Region { guest, export: export.to_owned(), address });
        }
        Ok(())
    }
}

/// What an export returned, where it is no status.
fn value(guest: &GuestName, export: &str, result: i64) -> Result<u64, NativeError> {
    u64::try_from(result).map_err(|_| NativeError::Status {
        guest: guest.clone(),
        export: export.to_owned(),
        status: result,
    })
}
