//! What a consumer keeps from message to message: a buffer, or a value that is decoded into again.

use core::cell::RefCell;
use core::mem::ManuallyDrop;

/// A value that is never dropped: a native guest's memory goes before its thread does. It stands in a `thread_local!`, which is a plain
/// static in a guest of WebAssembly.
pub struct Kept<T>(RefCell<ManuallyDrop<T>>);

impl<T> Kept<T> {
    /// Keeps this.
    pub const fn new(value: T) -> Self {
        Self(RefCell::new(ManuallyDrop::new(value)))
    }

    /// Gives it to `f`, which does not ask for it again.
    #[inline(always)]
    pub fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.0.borrow_mut())
    }
}
