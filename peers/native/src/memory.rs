//! A native guest's memory: as much as it may take, of which it touches what it needs.

use std::alloc::{Layout, alloc_zeroed, dealloc};

/// The alignment that the ABI asks for, in bytes: a page of WebAssembly.
pub const PAGE: usize = 65536;

/// Zeroed bytes that nobody else has. The platform's allocator maps a piece of that size and touches nothing of it.
pub struct Memory {
    /// What was allocated: the memory, and up to a page before and after it. An allocator that is asked for the alignment
    /// would write the zeros itself.
    whole: *mut u8,
    layout: Layout,
}

impl Memory {
    /// A memory of `len` bytes, if there is room for one.
    pub fn new(len: usize) -> Option<Self> {
        let layout = Layout::from_size_align(len.checked_add(PAGE)?, 1).ok()?;
        // SAFETY: the size is a page at least.
        let whole = unsafe { alloc_zeroed(layout) };
        (!whole.is_null()).then_some(Self { whole, layout })
    }

    /// Where it starts, at a multiple of [`PAGE`], and how long it is.
    pub fn range(&self) -> (*mut u8, usize) {
        // Less than a page, as the whole is longer by one.
        let head = self.whole.addr().wrapping_neg() % PAGE;
        (self.whole.wrapping_add(head), self.layout.size() - PAGE)
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: `new` allocated it with this layout; the guest that used it has been closed.
        unsafe { dealloc(self.whole, self.layout) };
    }
}

#[cfg(test)]
mod tests {
    use super::{Memory, PAGE};

    #[test]
    fn a_memory_is_aligned_and_zero_to_its_end() {
        let memory = Memory::new(3 * PAGE).expect("room");
        let (start, len) = memory.range();
        assert_eq!((start.addr() % PAGE, len), (0, 3 * PAGE));
        // SAFETY: the memory lies there, and nobody writes to it.
        assert!(unsafe { std::slice::from_raw_parts(start, len) }.iter().all(|byte| *byte == 0));
        assert!(start.addr() + len <= memory.whole.addr() + memory.layout.size());
    }

    #[test]
    fn a_memory_that_cannot_be_is_none() {
        assert!(Memory::new(usize::MAX).is_none());
        assert!(Memory::new(isize::MAX as usize - PAGE).is_none());
    }
}
