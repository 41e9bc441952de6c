//! What a family of codecs does with messages of a shape.

use weft_schemas::{Outcome, Status};

/// The tasks of messages `M` of a shape, which implements this, with the wire type `W`.
pub trait Tasks<W, M> {
    /// Reads a few fields.
    ///
    /// # Errors
    /// Those of the format; [`Status::Malformed`] where there is nothing to peek at.
    fn peek(bytes: &[u8]) -> Outcome;

    /// Reads all fields.
    ///
    /// # Errors
    /// Those of the format.
    fn scan(bytes: &[u8]) -> Outcome;

    /// Builds the value.
    ///
    /// # Errors
    /// Those of the format.
    fn own(bytes: &[u8]) -> Result<M, Status>;
}

/// A codec whose wire types are `weft_guest::<module>::Wire<format, message>`, for all messages.
#[doc(hidden)]
#[macro_export]
macro_rules! wires {
    ($module:ident, format: $format:ty, capacity: $capacity:ident, traits: $traits:expr) => {
        /// What this codec is.
        pub const TRAITS: $crate::Traits = $traits;

        $crate::schemas::with_messages! { [$crate::wires] $module, $format, $capacity }
    };
    ([$($name:ident: $type:ident),+] $module:ident, $format:ty, $capacity:ident) => {
        $crate::codec! {
            traits: TRAITS,
            $($name: $crate::$module::Wire<$format, $crate::schemas::$type> { peek, scan, own }),+
        }

        #[cfg(test)]
        mod promises {
            use super::*;

            $(type $type = $crate::$module::Wire<$format, $crate::schemas::$type>;)+

            fn longer(ping: &$crate::schemas::Ping) -> Vec<u8> {
                ::weft_testing::$module::<$format>(ping)
            }

            ::weft_testing::promises! { capacity: $capacity, traits: TRAITS, longer: longer, $($name: $type),+ }
        }
    };
}
