//! The guests' allocator: std's own, behind three functions with fixed names, so that the host's meter can
//! count allocations and their bytes without any work in the modules that are timed.
//!
//! Native guests have the same one behind the same calls; there nobody counts, and the functions need no names.

#[cfg(target_arch = "wasm32")]
use std::alloc::System;
use std::alloc::{GlobalAlloc, Layout};

#[cfg(not(target_arch = "wasm32"))]
use crate::heap::Heap as System;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: Named = Named;

/// The allocator. Natively [`crate::codec!`] makes it that of the library.
pub struct Named;

// SAFETY: every function passes its arguments on to std's allocator, and returns what that returns.
unsafe impl GlobalAlloc for Named {
    #[inline(always)]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        weft_alloc(layout.size(), layout.align())
    }

    #[inline(always)]
    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { weft_dealloc(ptr, layout.size(), layout.align()) }
    }

    #[inline(always)]
    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { weft_realloc(ptr, layout.size(), layout.align(), new_size) }
    }
}

/// The layout that std's allocator is given: sizes and alignments come from a `Layout`.
#[inline(always)]
const fn layout(size: usize, align: usize) -> Layout {
    // SAFETY: the only callers take both from a `Layout`.
    unsafe { Layout::from_size_align_unchecked(size, align) }
}

// Not inlined: an allocation is a call of these, or it is not counted.

#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
#[inline(never)]
extern "C" fn weft_alloc(size: usize, align: usize) -> *mut u8 {
    // SAFETY: `GlobalAlloc::alloc` is never asked for no bytes.
    unsafe { System.alloc(layout(size, align)) }
}

#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
#[inline(never)]
unsafe extern "C" fn weft_realloc(ptr: *mut u8, old_size: usize, align: usize, new_size: usize) -> *mut u8 {
    // SAFETY: the caller's promise.
    unsafe { System.realloc(ptr, layout(old_size, align), new_size) }
}

#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
#[inline(never)]
unsafe extern "C" fn weft_dealloc(ptr: *mut u8, size: usize, align: usize) {
    // SAFETY: the caller's promise.
    unsafe { System.dealloc(ptr, layout(size, align)) }
}
