//! The consumer's half: the inbox, and the checks before a codec reads.

use core::cell::Cell;

use weft_schemas::{Message, Outcome, Status, Task};

use crate::Region;
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
    // This stands in the shortest path there is, so it is two comparisons. An empty message at 0 would
    // wrap around, and be refused with all others at 0.
    let last_page = ((ptr as u64 + len as u64).wrapping_sub(1)) >> PAGE.trailing_zeros();
    if last_page >= memory_pages() || !is_place(ptr) {
        return reject(ptr, len);
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

/// Whether a message may begin here: at a multiple of 8, and not at 0. The rotation brings the lower
/// bits to the top, and the subtraction 0 to the end of what is left.
#[inline(always)]
const fn is_place(ptr: usize) -> bool {
    ptr.wrapping_sub(8).rotate_right(3) < usize::MAX >> 3
}

/// The digest of an owned value, which is dropped here.
#[inline(always)]
pub fn own<M: Message>(value: Result<M, Status>) -> Outcome {
    value?.digest(Task::Own)
}

struct Global<T>(T);

// SAFETY: these guests are compiled without the atomics feature and run on one thread.
unsafe impl<T> Sync for Global<T> {}

static REJECTED: Global<Cell<u64>> = Global(Cell::new(0));

/// Keeps where the message lay, and says what is wrong with that. Inlined: a function that calls none
/// needs no check of its stack.
#[inline(always)]
fn reject(ptr: usize, len: usize) -> i64 {
    core::hint::cold_path();
    REJECTED.0.set((ptr as u64) << 32 | len as u64);
    let misaligned = !ptr.is_multiple_of(8);
    if misaligned { Status::Misaligned.code() } else { Status::OutOfRange.code() }
}

/// `rejected`: the pointer (upper 32 bits) and length of the last message that `receive` refused for
/// where it lay, so that the host can name them under transports that pass it by.
pub fn rejected() -> u64 {
    REJECTED.0.get()
}

#[cfg(target_arch = "wasm32")]
#[inline(always)]
fn memory_pages() -> u64 {
    core::arch::wasm32::memory_size(0) as u64
}

/// Natively every slice lies in memory; codecs are compiled natively only to be checked.
#[cfg(not(target_arch = "wasm32"))]
fn memory_pages() -> u64 {
    u64::MAX
}

#[cfg(test)]
mod tests {
    use super::is_place;

    #[test]
    fn places_are_multiples_of_8_but_0() {
        for ptr in 0..100 {
            assert_eq!(is_place(ptr), ptr != 0 && ptr % 8 == 0, "{ptr}");
        }
        assert!(is_place(usize::MAX - 7));
        assert!(!is_place(usize::MAX));
    }
}
