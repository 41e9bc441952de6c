//! A codec's producer and consumer as plugins of waPC, made with its own kit for Rust.
//!
//! A plugin registers its functions in `wapc_init`, by name. The kit gives a function the request as bytes, and takes a `Vec`
//! as its answer: so the message is copied out of the outbox once.

use wapc_guest::CallResult;
pub use wapc_guest::register_function;
use weft_plugin_guest::schemas::{Outcome, Status};
pub use weft_plugin_guest::{Encode, Kept, Line, Replier, own, schemas, serde};

/// A producer's `prepare_<message>`: the request says which values ([`Line::prepare`]), the answer is a number.
///
/// # Errors
/// None.
pub fn prepare<E: Encode>(line: &mut Line<E>, values: &[u8]) -> CallResult {
    Ok(line.prepare(values).to_le_bytes().into())
}

/// A producer's `prepare_<message>_reply`: the same for values that are answered.
///
/// # Errors
/// None.
pub fn prepare_requests<E: Encode>(line: &mut Line<E>, values: &[u8]) -> CallResult {
    Ok(line.prepare_requests(values).to_le_bytes().into())
}

/// A producer's `produce_<message>`: the request is the message's number, the answer the message.
///
/// # Errors
/// A producer's status.
#[inline(always)]
pub fn produce<E: Encode>(line: &mut Line<E>, number: &[u8]) -> CallResult {
    let number = number.try_into().map(u32::from_le_bytes).map_err(|_| Status::Argument.to_string())?;
    Ok(line.encode(number).map_err(|status| status.to_string())?.to_vec())
}

/// A consumer's `receive_<message>_<task>`: the request is the message, the answer what the task returns.
///
/// # Errors
/// None.
#[inline(always)]
pub fn receive(outcome: Outcome) -> CallResult {
    Ok(weft_plugin_guest::result(outcome).to_le_bytes().into())
}

/// A consumer's `prepare_<message>`: the request is the size of the outbox for answers, the answer a number.
///
/// # Errors
/// None.
pub fn prepare_answers<E: Encode>(replier: &mut Replier<E>, capacity: &[u8]) -> CallResult {
    Ok(replier.prepare(capacity).to_le_bytes().into())
}

/// A consumer's `receive_<message>_reply`: the request is the message, the answer that to its value.
///
/// # Errors
/// A consumer's status.
#[inline(always)]
pub fn reply<E: Encode>(replier: &mut Replier<E>, value: Result<E::Message, Status>) -> CallResult {
    Ok(replier.answer(value).map_err(|status| status.to_string())?.to_vec())
}

/// Registers a codec's producer: for each message its wire type.
#[macro_export]
macro_rules! producer {
    ($($message:ident: $wire:ty),+ $(,)?) => {
        #[unsafe(no_mangle)]
        extern "C" fn wapc_init() {
            $({
                ::std::thread_local! {
                    static LINE: $crate::Kept<$crate::Line<$wire>> = const { $crate::Kept::new($crate::Line::new()) };
                }
                $crate::register_function(concat!("prepare_", stringify!($message)), |values| {
                    LINE.with(|line| line.with(|line| $crate::prepare(line, values)))
                });
                $crate::register_function(concat!("produce_", stringify!($message)), |number| {
                    LINE.with(|line| line.with(|line| $crate::produce(line, number)))
                });
                $crate::register_function(concat!("prepare_", stringify!($message), "_reply"), |values| {
                    LINE.with(|line| line.with(|line| $crate::prepare_requests(line, values)))
                });
                $crate::register_function(concat!("read_", stringify!($message)), |bytes| {
                    $crate::receive(<$wire>::scan(bytes))
                });
            })+
        }
    };
}

/// Registers a codec's consumer: for each message its wire type.
#[macro_export]
macro_rules! consumer {
    ($($message:ident: $wire:ty),+ $(,)?) => {
        #[unsafe(no_mangle)]
        extern "C" fn wapc_init() {
            $({
                ::std::thread_local! {
                    static REPLIER: $crate::Kept<$crate::Replier<$wire>> =
                        const { $crate::Kept::new($crate::Replier::new()) };
                }
                $crate::register_function(concat!("receive_", stringify!($message), "_peek"), |bytes| {
                    $crate::receive(<$wire>::peek(bytes))
                });
                $crate::register_function(concat!("receive_", stringify!($message), "_scan"), |bytes| {
                    $crate::receive(<$wire>::scan(bytes))
                });
                $crate::register_function(concat!("receive_", stringify!($message), "_own"), |bytes| {
                    $crate::receive($crate::own(<$wire>::own(bytes)))
                });
                $crate::register_function(concat!("prepare_", stringify!($message)), |capacity| {
                    REPLIER.with(|replier| replier.with(|replier| $crate::prepare_answers(replier, capacity)))
                });
                $crate::register_function(concat!("receive_", stringify!($message), "_reply"), |bytes| {
                    REPLIER.with(|replier| replier.with(|replier| $crate::reply(replier, <$wire>::own(bytes))))
                });
            })+
        }
    };
}

/// Registers the producer of a codec on serde, for all messages.
#[macro_export]
macro_rules! serde_producer {
    ([$($message:ident: $type:ident),+] $format:ty) => {
        $crate::producer! { $($message: $crate::serde::Wire<$format, $crate::schemas::$type>),+ }
    };
}

/// Registers the consumer of a codec on serde, for all messages.
#[macro_export]
macro_rules! serde_consumer {
    ([$($message:ident: $type:ident),+] $format:ty) => {
        $crate::consumer! { $($message: $crate::serde::Wire<$format, $crate::schemas::$type>),+ }
    };
}
