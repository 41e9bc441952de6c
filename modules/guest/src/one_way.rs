//! The exports of a producer and a consumer: what [`codec!`](crate::codec) makes without the feature `reply`.

/// Exports what a codec's guests have together, what a producer has for a message, or what a consumer has for a task of one.
#[doc(hidden)]
#[macro_export]
macro_rules! guests {
    (regions) => {
        #[cfg(any(target_arch = "wasm32", all(feature = "native", not(test))))]
        const _: () = {
            #[cfg(feature = "producer")]
            #[unsafe(no_mangle)]
            extern "C" fn outbox(capacity: usize) -> i64 {
                $crate::producer::outbox(capacity)
            }

            #[cfg(feature = "consumer")]
            #[unsafe(no_mangle)]
            extern "C" fn inbox(capacity: usize) -> i64 {
                $crate::consumer::inbox(capacity)
            }

            #[cfg(all(target_arch = "wasm32", feature = "consumer"))]
            #[unsafe(no_mangle)]
            extern "C" fn rejected() -> u64 {
                $crate::consumer::rejected()
            }
        };
    };
    (sends $message:ident $wire:ty) => {
        #[cfg(all(any(target_arch = "wasm32", all(feature = "native", not(test))), feature = "producer"))]
        const _: () = {
            static LINE: $crate::producer::Line<$wire> = $crate::producer::Line::new(stringify!($message));

            #[unsafe(export_name = concat!("prepare_", stringify!($message)))]
            extern "C" fn prepare(size: u32, messages: u32, seed: u64) -> i64 {
                LINE.prepare(size, messages, seed)
            }

            #[unsafe(export_name = concat!("produce_", stringify!($message)))]
            extern "C" fn produce(first: u32, count: u32) -> i64 {
                LINE.produce(first, count)
            }

            #[cfg(not(target_arch = "wasm32"))]
            #[unsafe(export_name = concat!("release_", stringify!($message)))]
            extern "C" fn release() {
                LINE.release();
            }
        };
    };
    (peek $message:ident $wire:ty) => {
        $crate::guests! { @receive "_peek" $message <$wire>::peek }
    };
    (scan $message:ident $wire:ty) => {
        $crate::guests! { @receive "_scan" $message <$wire>::scan }
    };
    (own $message:ident $wire:ty) => {
        $crate::guests! { @receive "_own" $message |bytes: &[u8]| $crate::consumer::own(<$wire>::own(bytes)) }
    };
    (reply $message:ident $wire:ty) => {};
    (@receive $task:literal $message:ident $read:expr) => {
        #[cfg(all(any(target_arch = "wasm32", all(feature = "native", not(test))), feature = "consumer"))]
        const _: () = {
            #[unsafe(export_name = concat!("receive_", stringify!($message), $task))]
            extern "C" fn receive(ptr: usize, len: usize) -> i64 {
                $crate::consumer::receive(ptr, len, $read)
            }
        };
    };
}
