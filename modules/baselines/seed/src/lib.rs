//! The set-up that was measured in 2021: one module hands a short string to another, which
//! upper-cases it and hands it back; with logging, it also writes a line to a named sink of the host.
//!
//! The producer exports `buffer() -> i32`, where the host puts the answer, and `call(count) -> i64`.
//! The consumer exports `buffer() -> i32`, where the host puts the question, and `upper(len)` and
//! `upper_logged(len)`, which return the answer's address (upper 32 bits) and length.

#[cfg(target_arch = "wasm32")]
mod buffer {
    use core::cell::UnsafeCell;

    pub const LEN: usize = 256;

    pub struct Buffer(UnsafeCell<[u8; LEN]>);

    // SAFETY: this guest is compiled without the atomics feature and runs on one thread.
    unsafe impl Sync for Buffer {}

    impl Buffer {
        /// The first `len` bytes that the host has put here.
        pub fn get(&self, len: usize) -> &[u8] {
            // SAFETY: one thread; the host writes only while the guest is not running or waits for it.
            let bytes: &[u8] = unsafe { &*self.0.get() };
            &bytes[..len.min(LEN)]
        }
    }

    pub static BUFFER: Buffer = Buffer(UnsafeCell::new([0; LEN]));

    #[unsafe(export_name = "buffer")]
    extern "C" fn buffer() -> *mut u8 {
        BUFFER.0.get().cast()
    }
}

#[cfg(all(target_arch = "wasm32", feature = "producer"))]
mod producer {
    use super::buffer::BUFFER;

    #[link(wasm_import_module = "seed")]
    unsafe extern "C" {
        /// Hands a string over; returns the length of the answer, which lies in the buffer.
        safe fn exchange(ptr: *const u8, len: usize) -> i64;
    }

    /// Hands over `count` strings; returns how many came back in upper case.
    #[unsafe(no_mangle)]
    extern "C" fn call(count: u32) -> i64 {
        const QUESTION: &str = "the quick brown fox";
        let mut right = 0;
        for _ in 0..count {
            let len = exchange(QUESTION.as_ptr(), QUESTION.len());
            right += i64::from(BUFFER.get(len as usize) == b"THE QUICK BROWN FOX");
        }
        right
    }
}

#[cfg(all(target_arch = "wasm32", feature = "consumer"))]
mod consumer {
    use std::cell::RefCell;

    use super::buffer::BUFFER;

    #[link(wasm_import_module = "seed")]
    unsafe extern "C" {
        safe fn log(sink: *const u8, sink_len: usize, line: *const u8, line_len: usize);
    }

    thread_local! {
        static ANSWER: RefCell<String> = const { RefCell::new(String::new()) };
    }

    #[unsafe(no_mangle)]
    extern "C" fn upper(len: usize) -> u64 {
        let Ok(question) = core::str::from_utf8(BUFFER.get(len)) else { return 0 };
        ANSWER.with_borrow_mut(|answer| {
            *answer = question.to_uppercase();
            (answer.as_ptr() as u64) << 32 | answer.len() as u64
        })
    }

    #[unsafe(no_mangle)]
    extern "C" fn upper_logged(len: usize) -> u64 {
        let line = format!("upper-casing {len} bytes");
        log("seed".as_ptr(), "seed".len(), line.as_ptr(), line.len());
        upper(len)
    }
}
