//! What every codec is tested for, natively: what it encodes it reads again, and broken messages do no harm.
//!
//! A codec names its wire types in [`promises!`], and has these tests. It needs this crate only as a
//! dev-dependency: no guest is built with it. All functions here panic where a codec breaks a promise.

mod changed;
mod evolution;
mod memory;
mod messages;
mod overhead;
mod promises;
mod strangers;
#[cfg(test)]
mod tests;

pub use changed::changed;
pub use evolution::{describes_itself, evolves, serde, values};
pub use memory::{encode_one, encoded, memory};
pub use messages::{enumerations, sets};
pub use overhead::{InRoom, LibraryCall, in_room, measured, same_values};
pub use promises::{Capacity, Tasks, breaks, round_trips};
pub use strangers::strangers;

/// Makes the tests of a codec: a module for each message, with one test for each promise.
///
/// `capacity` says which [`Capacity`] the codec asks for, `longer` how the codec's library encodes a ping with one more field:
/// `fn(&Ping) -> Vec<u8>`. What becomes of it `traits` say.
///
/// ```ignore
/// weft_testing::promises! {
///     capacity: Exact,
///     traits: TRAITS,
///     longer: longer,
///     ping: PingWire,
///     log: LogWire,
/// }
/// ```
#[macro_export]
macro_rules! promises {
    (capacity: $capacity:ident, traits: $traits:ident, longer: $longer:ident, $($message:ident: $wire:ident),+ $(,)?) => {
        #[test]
        fn unknown_fields_are_skipped_where_the_traits_say_so() {
            $crate::evolves(&ping::TASKS, $traits.evolution, $longer);
        }

        $crate::promises! { @each $capacity $traits $($message: $wire),+ }
    };
    (@each $capacity:ident $traits:ident $($message:ident: $wire:ident),+) => { $(
        mod $message {
            use super::{$traits, $wire};

            pub(super) const TASKS: $crate::Tasks<<$wire as ::weft_guest::Encode>::Message> =
                $crate::Tasks { peek: $wire::peek, scan: $wire::scan, own: $wire::own };

            #[test]
            fn round_trips() {
                $crate::round_trips::<$wire>(&TASKS, $crate::Capacity::$capacity);
            }

            #[test]
            fn broken_messages_do_no_harm() {
                $crate::breaks::<$wire>(&TASKS, $traits.validates);
            }

            #[test]
            #[ignore = "takes as long as STRANGER_SECONDS says"]
            fn bytes_of_strangers() {
                $crate::strangers::<$wire>(&TASKS, $traits.validates);
            }
        }
    )+ };
}

/// Makes the tests of `encode` beside the library's own call: that both encode the same values, and, for `cargo overhead`, how long both
/// take.
///
/// A format of weft-guest's whose library writes into a slice says how many bytes the call wrote:
///
/// ```ignore
/// #[cfg(test)]
/// weft_testing::overhead! { serde::Wire<Mine>: |message, room| library::to_slice(message, room) }
/// ```
///
/// Any other codec names a function for each message, which takes the messages and the room in bytes that the longest needs, and makes a
/// [`LibraryCall`]:
///
/// ```ignore
/// #[cfg(test)]
/// weft_testing::overhead! { log@100: LogWire = LogCall::new, mesh@1000: MeshWire = MeshCall::new }
/// ```
#[macro_export]
macro_rules! overhead {
    ($family:ident::Wire<$format:ty>: $call:expr $(,)?) => {
        mod overhead {
            use super::*;
            use ::weft_guest::schemas;

            type Log = ::weft_guest::$family::Wire<$format, schemas::Log>;
            type Mesh = ::weft_guest::$family::Wire<$format, schemas::Mesh>;
            type Players = ::weft_guest::$family::Wire<$format, schemas::Players>;

            ::weft_testing::overhead! {
                log@100: Log = |_, room| ::weft_testing::in_room::<schemas::Log, _, _>(room, $call),
                mesh@1000: Mesh = |_, room| ::weft_testing::in_room::<schemas::Mesh, _, _>(room, $call),
                player@100: Players = |_, room| ::weft_testing::in_room::<schemas::Players, _, _>(room, $call),
            }
        }
    };
    ($($message:ident@$size:literal: $wire:ty = $make:expr),+ $(,)?) => { $(
        mod $message {
            use super::*;

            #[test]
            fn the_library_alone_encodes_the_same_values() {
                $crate::same_values::<$wire, _>($size, <$wire>::scan, $make);
            }

            #[test]
            #[ignore = "a measurement, which `cargo overhead` makes"]
            fn overhead() {
                $crate::measured::<$wire, _>(env!("CARGO_PKG_NAME"), $size, $make);
            }
        }
    )+ };
}
