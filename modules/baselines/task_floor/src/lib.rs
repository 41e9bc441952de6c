//! What a task costs on plain values in this very memory, without codec or transport.
//!
//! For each message, `prepare_<message>` as in a producer, and for each task
//! `repeat_<message>_<task>(first, count)`, which does the task on `count` values in turn and
//! returns the sum of the digests modulo 2⁶³. `own` builds the value once more, its strings checked, and drops it: that is the task.

#[cfg(all(target_arch = "wasm32", feature = "producer"))]
mod exports {
    use core::cell::UnsafeCell;

    use weft_schemas::digest::MASK;
    use weft_schemas::{Message, Outcome, Status, Task};

    struct Values<M>(UnsafeCell<Vec<M>>);

    // SAFETY: this guest is compiled without the atomics feature and runs on one thread.
    unsafe impl<M> Sync for Values<M> {}

    impl<M: Message> Values<M> {
        fn prepare(&self, size: u32, messages: u32, seed: u64) -> i64 {
            let values = (0..messages).map(|index| M::generate(seed, index, size)).collect();
            // SAFETY: one thread, and no reference is alive between calls.
            unsafe { *self.0.get() = values };
            0
        }

        fn repeat(&self, first: u32, count: u32, task: impl Fn(&M) -> Outcome) -> i64 {
            // SAFETY: one thread, and nobody writes during this call.
            let values = unsafe { &*self.0.get() };
            let mut index = first as usize;
            let mut sum = 0_u64;
            for _ in 0..count {
                match values.get(index).ok_or(Status::Argument).and_then(&task) {
                    Ok(digest) => sum = sum.wrapping_add(digest),
                    Err(status) => return status.code(),
                }
                index = if index + 1 == values.len() { 0 } else { index + 1 };
            }
            (sum & MASK) as i64
        }
    }

    macro_rules! exports {
        ([$($name:ident: $message:ident),+]) => { $(
            const _: () = {
                static VALUES: Values<weft_schemas::$message> = Values(UnsafeCell::new(Vec::new()));

                #[unsafe(export_name = concat!("prepare_", stringify!($name)))]
                extern "C" fn prepare(size: u32, messages: u32, seed: u64) -> i64 {
                    VALUES.prepare(size, messages, seed)
                }

                #[unsafe(export_name = concat!("repeat_", stringify!($name), "_peek"))]
                extern "C" fn peek(first: u32, count: u32) -> i64 {
                    VALUES.repeat(first, count, |value| value.digest(Task::Peek))
                }

                #[unsafe(export_name = concat!("repeat_", stringify!($name), "_scan"))]
                extern "C" fn scan(first: u32, count: u32) -> i64 {
                    VALUES.repeat(first, count, |value| value.digest(Task::Scan))
                }

                #[unsafe(export_name = concat!("repeat_", stringify!($name), "_own"))]
                extern "C" fn own(first: u32, count: u32) -> i64 {
                    VALUES.repeat(first, count, |value| core::hint::black_box(value.rebuilt()?).digest(Task::Own))
                }
            };
        )+ };
    }

    weft_schemas::with_messages! { [exports] }
}
