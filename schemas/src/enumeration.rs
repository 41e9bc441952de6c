//! Enumerations of one byte.

/// Defines an enumeration of a message. Its values are one byte, numbered from 0 in the order given, in every codec and schema.
macro_rules! wire_enum {
    ($(#[$doc:meta])* $name:ident { $($variant:ident),* $(,)? }) => {
        $crate::derives::message_type! {
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            #[repr(u8)]
            #[allow(missing_docs, reason = "the values speak for themselves")]
            pub enum $name { $($variant),* }
        }

        impl $name {
            /// Every value, in the order of their bytes.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The value's byte.
            #[inline(always)]
            pub const fn byte(self) -> u8 {
                self as u8
            }

            /// The value with this byte.
            ///
            /// # Errors
            /// [`Status::Malformed`](crate::Status::Malformed) where no value has it.
            #[inline(always)]
            pub const fn from_byte(byte: u8) -> Result<Self, $crate::Status> {
                // Compiles to a comparison; a lookup in `ALL` would be a load as well.
                match byte {
                    $(byte if byte == Self::$variant as u8 => Ok(Self::$variant),)*
                    _ => Err($crate::Status::Malformed),
                }
            }
        }
    };
}

pub(crate) use wire_enum;
