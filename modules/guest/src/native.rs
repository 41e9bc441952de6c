//! What a guest of WebAssembly gets from its engine, and a native one by exports of its own: its import, and an end.

use core::cell::Cell;

use weft_schemas::Status;

use crate::Region;
use crate::global::Global;

/// What a producer's `send` is: the consumer's `receive_<message>_<task>`, or the host's own.
///
/// # Safety
/// `ptr` and `len` must be those of a readable slice.
pub type Send = unsafe extern "C" fn(ptr: *const u8, len: usize) -> i64;

static SEND: Global<Cell<Send>> = Global(Cell::new(unconnected));

/// What `send` is before it is connected: there is nobody to send to.
unsafe extern "C" fn unconnected(_ptr: *const u8, _len: usize) -> i64 {
    Status::NotPrepared.code()
}

/// `weft_connect`: from here on messages are sent to `send`.
pub fn connect(send: Send) {
    SEND.0.set(send);
}

/// Hands a message over.
#[inline(always)]
pub(crate) fn send(wire: &[u8]) -> i64 {
    // SAFETY: a slice is readable.
    unsafe { SEND.0.get()(wire.as_ptr(), wire.len()) }
}

/// The outbox, or the inbox: a library is one guest and has one region.
static REGION: Global<Cell<Option<Region>>> = Global(Cell::new(None));

/// Keeps the guest's region for [`release`].
pub(crate) fn keep(region: Region) {
    REGION.0.set(Some(region));
}

/// `weft_release`: gives the outbox or inbox back, as the last thing before the library is closed.
///
/// # Safety
/// Nothing may use the region any more: a producer's encoder must have been dropped.
pub unsafe fn release() {
    if let Some(region) = REGION.0.take() {
        // SAFETY: the caller's promise; the region was taken out, so this happens once.
        unsafe { region.free() };
    }
}
