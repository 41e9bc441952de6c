//! What every codec is tested for, natively: what it encodes it reads again, and broken messages do no harm.
//!
//! A codec names its wire types in [`promises!`], and has these tests. It needs this crate only as a
//! dev-dependency: no guest is built with it. All functions here panic where a codec breaks a promise.

mod evolution;
mod memory;
mod messages;
mod promises;
#[cfg(test)]
mod tests;

pub use evolution::{describes_itself, evolves, serde, values};
pub use memory::{encode_one, encoded, memory};
pub use messages::{enumerations, sets};
pub use promises::{Capacity, Tasks, breaks, round_trips};

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
        }
    )+ };
}
