//! The guest side of weft's ABI, written once for all codecs.
//!
//! A codec says with [`codec!`] what it is ([`Traits`]) and which messages it carries. For each
//! message it has a *wire* type that implements [`Encode`] and has a function for each task:
//!
//! ```text
//! fn peek(bytes: &[u8]) -> Outcome
//! fn scan(bytes: &[u8]) -> Outcome
//! fn own(bytes: &[u8]) -> Result<Value, Status>
//! ```
//!
//! From that the macro makes the exports of `docs/ABI.md`: those of the producer under the crate's
//! feature `producer`, those of the consumer under `consumer`. A message or task that is not
//! named has no export, and is unsupported.
//!
//! With the feature `reply` beside these it makes the guests of that task instead: a requester, which reads answers with `scan`, and a
//! replier, which builds the value with `own` and encodes its answer. They are modules of their own, so that the others are what they would
//! be without.
//!
//! Compiled for wasm32, a codec has these exports. Compiled for the machine it is a crate as any other, unless its feature
//! `native` asks for them too: then it is a guest for hosts of native code (`docs/ABI.md`, "Native guests").

#[cfg(any(target_arch = "wasm32", feature = "native"))]
pub mod allocator;
pub mod consumer;
mod global;
#[cfg(all(feature = "native", not(target_arch = "wasm32")))]
pub mod heap;
mod kept;
mod list;
#[cfg(all(feature = "native", not(target_arch = "wasm32")))]
pub mod native;
#[cfg(not(feature = "reply"))]
mod one_way;
pub mod producer;
mod region;
pub mod replier;
#[cfg(feature = "reply")]
mod reply;
mod requester;
#[cfg(feature = "serde")]
pub mod serde;
pub mod shapes;
mod traits;
pub mod values;

pub use kept::Kept;
pub use list::Decodes;
pub use producer::Encode;
pub use region::Region;
pub use replier::Replies;
pub use traits::{Evolution, Release, Role, Traits, Validation, section};
/// The messages and their digests, for the codecs.
pub use weft_schemas as schemas;

/// Exports a codec's guests. See the crate's documentation.
///
/// ```ignore
/// weft_guest::codec! {
///     traits: TRAITS,
///     ping: PingWire { peek, scan, own },
///     blob: BlobWire { peek, scan },
/// }
/// ```
#[macro_export]
macro_rules! codec {
    (traits: $traits:expr, $($message:ident: $wire:ty { $($task:ident),* $(,)? }),+ $(,)?) => {
        #[cfg(any(target_arch = "wasm32", all(feature = "native", not(test))))]
        const _: () = {
            #[cfg(target_arch = "wasm32")]
            #[unsafe(link_section = "weft.traits")]
            static SECTION: [u8; 2048] = $crate::section(&$traits);
        };
        $crate::guests! { regions }
        #[cfg(all(feature = "native", not(target_arch = "wasm32"), not(test)))]
        $crate::codec!(@native);
        $(
            $crate::guests! { sends $message $wire }
            $($crate::guests! { $task $message $wire })*
        )+
    };
    (@native) => {
        const _: () = {
            #[cfg(not(feature = "platform_allocator"))]
            #[global_allocator]
            static ALLOCATOR: $crate::allocator::Named = $crate::allocator::Named;

            #[cfg(not(feature = "platform_allocator"))]
            #[unsafe(no_mangle)]
            unsafe extern "C" fn weft_memory(start: *mut u8, len: usize) {
                // SAFETY: the caller's promise.
                unsafe { $crate::heap::memory(start, len) }
            }

            #[cfg(feature = "producer")]
            #[unsafe(no_mangle)]
            extern "C" fn weft_connect(send: $crate::native::Send) {
                $crate::native::connect(send);
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn weft_release() {
                // SAFETY: the caller's promise.
                unsafe { $crate::native::release() }
            }
        };
    };
}

#[cfg(all(test, feature = "native", not(target_arch = "wasm32")))]
mod tests;
