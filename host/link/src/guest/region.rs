//! Memories, and the outboxes and inboxes in them.

use wasmtime::{AsContextMut, Memory, MemoryType, WasmParams, WasmTy};

use super::export::Export;
use super::{GuestError, GuestName};
use crate::engine::Store;

/// The size and alignment of a region is a multiple of this, in bytes.
pub const PAGE: u32 = 65536;

/// The largest region, in bytes.
pub(super) const LARGEST_REGION: u32 = 1 << 30;

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
    /// twelve bits are several times slower on some processors (docs/METHODOLOGY.md, Where messages lie).
    pub const INSET: u32 = 2624;

    /// The region of a guest that has not allocated one yet: no message lies in it, not even an empty
    /// one, because its start is not 8-aligned.
    pub const NOWHERE: Self = Self { start: u32::MAX, capacity: 0 };

    /// The capacity of a region that holds so many bytes.
    pub(crate) const fn rounded(bytes: u32) -> u32 {
        if bytes == 0 { PAGE } else { bytes.next_multiple_of(PAGE) }
    }

    /// The region at an address that a guest gave, where it is one: whole pages of its memory, which has `memory` bytes.
    pub(crate) fn checked(address: u64, capacity: u32, memory: u64) -> Option<Self> {
        let start = u32::try_from(address).ok()?;
        let lies_within = u64::from(start) + u64::from(capacity) <= memory;
        (start != 0 && start.is_multiple_of(PAGE) && lies_within).then_some(Self { start, capacity })
    }

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

    /// The error of a replier whose answer does not lie so in this outbox.
    #[cold]
    pub fn bad_answer(self, guest: &GuestName, ptr: u32, len: u32) -> GuestError {
        let Self { start, capacity } = self;
        let end = u64::from(start) + u64::from(capacity);
        GuestError::Answer { guest: guest.clone(), ptr, len, start, end, capacity }
    }
}

/// A memory with at least `pages` pages, for a guest to import.
///
/// # Errors
/// Where the host has no room for it.
pub fn memory<T>(store: &mut Store<T>, guest: &GuestName, pages: u64) -> Result<Memory, GuestError> {
    let too_large = |reason: String| GuestError::Instantiate { guest: guest.clone(), reason };
    let pages = u32::try_from(pages).map_err(|_| too_large(format!("a memory of {pages} pages does not exist")))?;
    let memory =
        Memory::new(&mut *store, MemoryType::new(pages, None)).map_err(|error| too_large(format!("{error:#}")))?;
    store.data_mut().memories.push(memory);
    Ok(memory)
}

/// Asks a guest for a region and checks what it answers.
pub(super) fn region<P>(
    mut store: impl AsContextMut,
    memory: Memory,
    allocate: &Export<P>,
    capacity: u32,
) -> Result<Region, GuestError>
where
    P: WasmParams + WasmTy + From<u32>,
{
    let capacity = Region::rounded(capacity);
    let address = allocate.value(&mut store, capacity.into())?;
    let memory = memory.data_size(&store) as u64;
    Region::checked(address, capacity, memory).ok_or_else(|| GuestError::Region {
        guest: allocate.guest.clone(),
        export: allocate.name.clone(),
        address: address as i64,
        capacity,
        memory,
    })
}
