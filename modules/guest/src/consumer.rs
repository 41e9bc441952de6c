//! The consumer's half: the inbox, and the checks before a codec reads.

use core::cell::Cell;

use weft_schemas::{Message, Outcome, Status, Task};

use crate::Region;
use crate::global::Global;
use crate::region::PAGE;

/// `inbox`: allocates the inbox; returns its address or a status. Once per instance.
pub fn inbox(capacity: usize) -> i64 {
    Region::allocate(capacity).map_or_else(Status::code, Region::address)
}

/// Checks that the message lies in this memory, 8-aligned, and hands its bytes to `read`.
///
/// Host transports and the adapter have checked the range already. Under `linked` nobody stands
/// between the guests, so the consumer checks, under every transport alike.
#[inline(always)]
pub fn receive(ptr: usize, len: usize, read: impl FnOnce(&[u8]) -> Outcome) -> i64 {
    // An empty message at 0 wraps around, and is out of range.
    let last_page = ((ptr as u64 + len as u64).wrapping_sub(1)) >> PAGE.trailing_zeros();
    if last_page >= memory_pages() || ptr == 0 {
        return reject(ptr, len, Status::OutOfRange);
    }
    if !ptr.is_multiple_of(8) {
        return reject(ptr, len, Status::Misaligned);
    }
    // SAFETY: the range lies in this memory, which never shrinks, and does not start at null. Nobody
    // writes to it before `receive` returns: the producer waits for the result.
    let bytes = unsafe { core::slice::from_raw_parts(ptr as *const u8, len) };
    match read(bytes) {
        Ok(digest) => digest as i64,
        Err(status) => {
            core::hint::cold_path();
            status.code()
        }
    }
}

/// Checks that `len` elements lie in this memory at `ptr`, aligned, and hands their start to `read`: what typed messages are.
///
/// Whether there are valid elements is for others to say: the engine's adapter, or whoever shares the memory.
#[inline(always)]
pub fn receive_list<T>(ptr: usize, len: usize, read: impl FnOnce(*const T) -> Outcome) -> i64 {
    let bytes = len as u64 * size_of::<T>() as u64;
    let last_page = ((ptr as u64 + bytes).wrapping_sub(1)) >> PAGE.trailing_zeros();
    if last_page >= memory_pages() || ptr == 0 {
        return reject(ptr, len, Status::OutOfRange);
    }
    if !ptr.is_multiple_of(align_of::<T>()) {
        return reject(ptr, len, Status::Misaligned);
    }
    match read(ptr as *const T) {
        Ok(digest) => digest as i64,
        Err(status) => {
            core::hint::cold_path();
            status.code()
        }
    }
}

/// Whether a range lies in this memory and does not start at null.
#[inline(always)]
pub(crate) fn lies_in_memory(ptr: usize, len: usize) -> bool {
    // An empty range at 0 wraps around, and is out of range.
    ptr != 0 && ((ptr as u64 + len as u64).wrapping_sub(1)) >> PAGE.trailing_zeros() < memory_pages()
}

/// The digest of an owned value, which is dropped here.
#[inline(always)]
pub fn own<M: Message>(value: Result<M, Status>) -> Outcome {
    value?.digest(Task::Own)
}

static REJECTED: Global<Cell<u64>> = Global(Cell::new(0));

/// Keeps where the message lay. Inlined: a function that calls none needs no check of its stack, and this
/// is the shortest path there is.
#[inline(always)]
fn reject(ptr: usize, len: usize, status: Status) -> i64 {
    core::hint::cold_path();
    REJECTED.0.set((ptr as u64) << 32 | len as u64);
    status.code()
}

/// `rejected`: the pointer (upper 32 bits) and length of the last message that `receive` refused for
/// where it lay, so that the host can name them under transports that pass it by.
pub fn rejected() -> u64 {
    REJECTED.0.get()
}

/// Under the feature `trace`: where the words lie that the last digest took (upper 32 bits), and how many they are.
#[cfg(all(target_arch = "wasm32", feature = "trace"))]
#[unsafe(no_mangle)]
extern "C" fn weft_trace() -> u64 {
    weft_schemas::trace::last(|words| (words.as_ptr() as u64) << 32 | words.len() as u64)
}

#[cfg(target_arch = "wasm32")]
#[inline(always)]
fn memory_pages() -> u64 {
    core::arch::wasm32::memory_size(0) as u64
}

/// Natively a memory has no end: what a producer sends lies in memory because it is a slice.
#[cfg(not(target_arch = "wasm32"))]
fn memory_pages() -> u64 {
    u64::MAX
}
