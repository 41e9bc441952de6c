//! A codec's producer and consumer as plugins of Extism, made with its own kit for Rust.
//!
//! What is exported is what the kit's attribute `plugin_fn` makes of a function: it takes its input from the kernel, puts its
//! output there, and returns 0. The attribute takes a function's name as it is written, and here the names are made of the
//! messages'; so the same steps stand in [`answer`].
//!
//! The kit is used without detours: the message goes from the outbox into the kernel's memory, and from there into a vector
//! that the codec reads. A function of the attribute that takes a `Vec<u8>` copies it once more.

use std::fmt::Display;

use extism_pdk::{Error, Memory, ToMemory, extism, input, input_bytes};
use weft_plugin_guest::schemas::{Outcome, Status};
pub use weft_plugin_guest::{Encode, Kept, Line, Replier, own, schemas, serde};

/// The kit's way to say that a call failed.
const FAILED: i32 = -1;

/// Answers a call: the output is this, or the call has failed with this error.
pub fn answer(output: Result<Memory, impl Display>) -> i32 {
    match output {
        Ok(memory) => {
            memory.set_output();
            0
        }
        Err(error) => {
            // Without room for the reason, the call fails without one.
            if let Ok(reason) = Memory::from_bytes(error.to_string()) {
                // SAFETY: the reason was put into the kernel's memory just above.
                unsafe { extism::error_set(reason.offset()) };
            }
            FAILED
        }
    }
}

/// A producer's `prepare_<message>`: the input says which values ([`Line::prepare`]), the output is a number.
pub fn prepare<E: Encode>(line: &mut Line<E>) -> i32 {
    answer(line.prepare(&input_bytes()).to_memory())
}

/// A producer's `prepare_<message>_reply`: the same for values that are answered.
pub fn prepare_requests<E: Encode>(line: &mut Line<E>) -> i32 {
    answer(line.prepare_requests(&input_bytes()).to_memory())
}

/// A producer's `produce_<message>`: the input is the message's number, the output the message.
#[inline(always)]
pub fn produce<E: Encode>(line: &mut Line<E>) -> i32 {
    let encoded = |number| line.encode(number).map_err(said).and_then(Memory::from_bytes);
    answer(input::<u32>().and_then(encoded))
}

/// A consumer's `receive_<message>_<task>`: the input is the message, the output what the task returns.
#[inline(always)]
pub fn receive(task: impl FnOnce(&[u8]) -> Outcome) -> i32 {
    answer(weft_plugin_guest::result(task(&input_bytes())).to_memory())
}

/// A consumer's `prepare_<message>`: the input is the size of the outbox for answers, the output a number.
pub fn prepare_answers<E: Encode>(replier: &mut Replier<E>) -> i32 {
    answer(replier.prepare(&input_bytes()).to_memory())
}

/// A consumer's `receive_<message>_reply`: the input is the message, the output its answer.
#[inline(always)]
pub fn reply<E: Encode>(replier: &mut Replier<E>, own: impl FnOnce(&[u8]) -> Result<E::Message, Status>) -> i32 {
    answer(replier.answer(own(&input_bytes())).map_err(said).and_then(Memory::from_bytes))
}

/// A status as an error of the kit's.
fn said(status: Status) -> Error {
    Error::msg(status.to_string())
}

/// Exports a codec's producer: for each message its wire type.
#[macro_export]
macro_rules! producer {
    ($($message:ident: $wire:ty),+ $(,)?) => {
        $(const _: () = {
            ::std::thread_local! {
                static LINE: $crate::Kept<$crate::Line<$wire>> = const { $crate::Kept::new($crate::Line::new()) };
            }

            #[unsafe(export_name = concat!("prepare_", stringify!($message)))]
            extern "C" fn prepare() -> i32 {
                LINE.with(|line| line.with($crate::prepare))
            }

            #[unsafe(export_name = concat!("produce_", stringify!($message)))]
            extern "C" fn produce() -> i32 {
                LINE.with(|line| line.with($crate::produce))
            }

            #[unsafe(export_name = concat!("prepare_", stringify!($message), "_reply"))]
            extern "C" fn prepare_requests() -> i32 {
                LINE.with(|line| line.with($crate::prepare_requests))
            }

            #[unsafe(export_name = concat!("read_", stringify!($message)))]
            extern "C" fn read() -> i32 {
                $crate::receive(<$wire>::scan)
            }
        };)+
    };
}

/// Exports a codec's consumer: for each message its wire type.
#[macro_export]
macro_rules! consumer {
    ($($message:ident: $wire:ty),+ $(,)?) => {
        $(const _: () = {
            #[unsafe(export_name = concat!("receive_", stringify!($message), "_peek"))]
            extern "C" fn peek() -> i32 {
                $crate::receive(<$wire>::peek)
            }

            #[unsafe(export_name = concat!("receive_", stringify!($message), "_scan"))]
            extern "C" fn scan() -> i32 {
                $crate::receive(<$wire>::scan)
            }

            #[unsafe(export_name = concat!("receive_", stringify!($message), "_own"))]
            extern "C" fn own() -> i32 {
                $crate::receive(|bytes| $crate::own(<$wire>::own(bytes)))
            }

            ::std::thread_local! {
                static REPLIER: $crate::Kept<$crate::Replier<$wire>> =
                    const { $crate::Kept::new($crate::Replier::new()) };
            }

            #[unsafe(export_name = concat!("prepare_", stringify!($message)))]
            extern "C" fn prepare() -> i32 {
                REPLIER.with(|replier| replier.with($crate::prepare_answers))
            }

            #[unsafe(export_name = concat!("receive_", stringify!($message), "_reply"))]
            extern "C" fn reply() -> i32 {
                REPLIER.with(|replier| replier.with(|replier| $crate::reply(replier, <$wire>::own)))
            }
        };)+
    };
}

/// Exports the producer of a codec on serde, for all messages.
#[macro_export]
macro_rules! serde_producer {
    ([$($message:ident: $type:ident),+] $format:ty) => {
        $crate::producer! { $($message: $crate::serde::Wire<$format, $crate::schemas::$type>),+ }
    };
}

/// Exports the consumer of a codec on serde, for all messages.
#[macro_export]
macro_rules! serde_consumer {
    ([$($message:ident: $type:ident),+] $format:ty) => {
        $crate::consumer! { $($message: $crate::serde::Wire<$format, $crate::schemas::$type>),+ }
    };
}
