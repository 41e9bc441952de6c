//! The exports of a requester and a replier: what [`codec!`](crate::codec) makes with the feature `reply`. There are none natively.

/// Exports what both guests have, or what they have for a message that can be answered: one with `own`, or with a `reply` of its own.
#[doc(hidden)]
#[macro_export]
macro_rules! guests {
    (regions) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            #[unsafe(no_mangle)]
            extern "C" fn outbox(capacity: usize) -> i64 {
                $crate::producer::outbox(capacity)
            }

            #[unsafe(no_mangle)]
            extern "C" fn inbox(capacity: usize) -> i64 {
                $crate::consumer::inbox(capacity)
            }

            #[cfg(feature = "consumer")]
            #[unsafe(no_mangle)]
            extern "C" fn rejected() -> u64 {
                $crate::consumer::rejected()
            }
        };
    };
    (sends $message:ident $wire:ty) => {};
    (peek $message:ident $wire:ty) => {};
    (scan $message:ident $wire:ty) => {};
    (own $message:ident $wire:ty) => {
        $crate::guests! { @exchange $message $wire, <$wire>::scan, $wire,
            <$wire as $crate::Encode>::start_answers,
            |encoder, room, bytes| $crate::replier::encoded(encoder, room, <$wire>::own(bytes))
        }
    };
    (reply $message:ident $wire:ty) => {
        $crate::guests! { @exchange $message $wire, <$wire>::peek, <$wire as $crate::Replies>::Kept,
            <$wire as $crate::Replies>::start,
            |kept, _, bytes| <$wire as $crate::Replies>::answer(kept, bytes)
        }
    };
    (@exchange $message:ident $wire:ty, $read:expr, $kept:ty, $start:expr, $answer:expr) => {
        #[cfg(all(target_arch = "wasm32", feature = "producer"))]
        const _: () = {
            static LINE: $crate::producer::Line<$wire> = $crate::producer::Line::new(stringify!($message));

            #[unsafe(export_name = concat!("prepare_", stringify!($message)))]
            extern "C" fn prepare(size: u32, messages: u32, seed: u64) -> i64 {
                LINE.prepare_requests(size, messages, seed)
            }

            #[unsafe(export_name = concat!("request_", stringify!($message)))]
            extern "C" fn request(first: u32, count: u32) -> i64 {
                LINE.request(first, count, $read)
            }
        };

        #[cfg(all(target_arch = "wasm32", feature = "consumer"))]
        const _: () = {
            static REPLIER: $crate::replier::Replier<$kept> = $crate::replier::Replier::new();

            #[unsafe(export_name = concat!("receive_", stringify!($message), "_reply"))]
            extern "C" fn receive(ptr: usize, len: usize) -> i64 {
                REPLIER.receive(ptr, len, $start, $answer)
            }
        };
    };
}
