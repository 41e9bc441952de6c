//! Outboxes and inboxes: page-aligned parts of a guest's memory, allocated once and kept.

use std::alloc::{Layout, alloc_zeroed};

use weft_schemas::Status;

/// The size and alignment of a WebAssembly page, and so of every region, in bytes.
pub const PAGE: usize = 65536;

/// A region: it is never freed, moved or grown, because another module may see it.
#[derive(Clone, Copy, Debug)]
pub struct Region {
    start: *mut u8,
    len: usize,
}

impl Region {
    /// Allocates a zeroed region of at least `capacity` bytes, in whole pages.
    ///
    /// # Errors
    /// [`Status::Capacity`] where there is no such memory.
    pub fn allocate(capacity: usize) -> Result<Self, Status> {
        let len = capacity.max(1).checked_next_multiple_of(PAGE).ok_or(Status::Capacity)?;
        let layout = Layout::from_size_align(len, PAGE).map_err(|_| Status::Capacity)?;
        // SAFETY: the layout's size is not 0.
        let start = unsafe { alloc_zeroed(layout) };
        let region = if start.is_null() { Err(Status::Capacity) } else { Ok(Self { start, len }) };
        #[cfg(all(feature = "native", not(target_arch = "wasm32")))]
        region.iter().copied().for_each(crate::native::keep);
        region
    }

    /// Gives the memory back: only natively, where the guest is closed and the process goes on.
    ///
    /// # Safety
    /// Once, and nothing may use the region any more.
    #[cfg(all(feature = "native", not(target_arch = "wasm32")))]
    pub(crate) unsafe fn free(self) {
        // SAFETY: `allocate` had this layout; the rest is the caller's promise.
        unsafe { std::alloc::dealloc(self.start, Layout::from_size_align_unchecked(self.len, PAGE)) };
    }

    /// What a region has beyond what its user asked for, in bytes.
    pub const MARGIN: usize = 4096;

    /// How far the usable part lies inside the region, at both ends. Regions begin on a page, and so
    /// do large allocations; a copy between two places whose addresses agree in the lower twelve bits, or
    /// nearly so, is several times slower on some processors (`rep movsb` on AMD Zen 3 and 4), which
    /// would be a figure about page numbers and not about codecs.
    const INSET: (usize, usize) = (1472, 704);

    /// The region's address, as an export returns it.
    pub fn address(self) -> i64 {
        self.start as usize as i64
    }

    /// The region's usable bytes. They begin and end at a multiple of 64.
    ///
    /// # Safety
    /// The caller takes them once: no two slices of one region may be alive.
    pub unsafe fn bytes(self) -> &'static mut [u8] {
        // SAFETY: the region is allocated, initialised and never freed; the caller takes it once.
        let bytes = unsafe { core::slice::from_raw_parts_mut(self.start, self.len) };
        let (head, tail) = Self::INSET;
        &mut bytes[head..self.len - tail]
    }
}
