//! The heap of native guests: the allocator that std has on wasm32, on one piece of memory that the host gave.
//!
//! It takes 64 KiB pages, one after the other, and never gives one back, as with `memory.grow`. There is no lock, because there
//! is none in WebAssembly without threads.

use core::cell::{Cell, UnsafeCell};
use core::ptr::null_mut;
use std::alloc::{GlobalAlloc, Layout};

use dlmalloc::{Allocator, Dlmalloc};

use crate::global::Global;
use crate::region::PAGE;

/// What is left of the host's memory: where it starts, and how long it is.
static MEMORY: Global<Cell<(*mut u8, usize)>> = Global(Cell::new((null_mut(), 0)));

static HEAP: Global<UnsafeCell<Dlmalloc<Pages>>> = Global(UnsafeCell::new(Dlmalloc::new_with_allocator(Pages)));

/// `weft_memory`: gives the guest its memory, before anything else is called. Without any, allocations fail.
///
/// # Safety
/// The `len` bytes at `start` must be zero, start at a multiple of 65 536, and be the guest's own until it is closed.
pub unsafe fn memory(start: *mut u8, len: usize) {
    MEMORY.0.set((start, len));
}

/// The host's memory as what `memory.grow` is to the allocator on wasm32.
struct Pages;

// SAFETY: what `alloc` returns lies in the host's memory, is zero, and is given once.
unsafe impl Allocator for Pages {
    fn alloc(&self, size: usize) -> (*mut u8, usize, u32) {
        let (start, left) = MEMORY.0.get();
        match size.checked_next_multiple_of(PAGE) {
            Some(size) if size <= left => {
                MEMORY.0.set((start.wrapping_add(size), left - size));
                (start, size, 0)
            }
            _ => (null_mut(), 0, 0),
        }
    }

    fn remap(&self, _: *mut u8, _: usize, _: usize, _: bool) -> *mut u8 {
        null_mut()
    }

    fn free_part(&self, _: *mut u8, _: usize, _: usize) -> bool {
        false
    }

    fn free(&self, _: *mut u8, _: usize) -> bool {
        false
    }

    fn can_release_part(&self, _: u32) -> bool {
        false
    }

    fn allocates_zeros(&self) -> bool {
        true
    }

    fn page_size(&self) -> usize {
        PAGE
    }
}

/// The allocator, as std's `System` is on wasm32.
pub struct Heap;

// SAFETY: dlmalloc is an allocator; one thread calls a guest, and no call of the allocator begins within another.
unsafe impl GlobalAlloc for Heap {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise, and the one above.
        unsafe { (*HEAP.0.get()).malloc(layout.size(), layout.align()) }
    }

    #[inline]
    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: as in `alloc`.
        unsafe { (*HEAP.0.get()).free(ptr, layout.size(), layout.align()) }
    }

    #[inline]
    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: as in `alloc`.
        unsafe { (*HEAP.0.get()).realloc(ptr, layout.size(), layout.align(), new_size) }
    }
}
