//! Statics of a guest, which runs on one thread.

/// A value that only one thread sees: WebAssembly without threads, or a dynamic library that one thread calls.
pub struct Global<T>(pub T);

// SAFETY: guests of WebAssembly are compiled without the atomics feature and run on one thread; a host of native guests
// calls each library from one thread (docs/ABI.md, "Native guests").
unsafe impl<T> Sync for Global<T> {}
