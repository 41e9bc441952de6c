//! What libraries derive for the types of messages, said once for all of them.

/// Defines a type of a message, with the derives of every library whose feature is on: a line here for each, and a feature in
/// `schemas/Cargo.toml`. The type's own attributes follow, those that its fields need for a library among them, behind
/// `cfg_attr(feature = …)`.
macro_rules! message_type {
    ($($definition:tt)*) => {
        #[cfg_attr(feature = "bincode", derive(bincode::Encode, bincode::BorrowDecode))]
        #[cfg_attr(feature = "bitcode", derive(bitcode::Encode, bitcode::Decode))]
        #[cfg_attr(feature = "borsh", derive(borsh::BorshSerialize, borsh::BorshDeserialize))]
        #[cfg_attr(feature = "rkyv", derive(rkyv::Archive, rkyv::Serialize, rkyv::Deserialize))]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "wincode", derive(wincode::SchemaWrite, wincode::SchemaRead))]
        $($definition)*
    };
}

/// Defines as much of a message's type as a peek reads: fields that a library decodes by their names, beside those that it skips.
macro_rules! message_part {
    ($(#[$attribute:meta])* $visibility:vis struct $name:ident $(<$text:ident>)? { $($field:ident: $type:ty),+ $(,)? }) => {
        $(#[$attribute])*
        #[derive(Clone, Debug)]
        #[cfg_attr(feature = "serde", derive(serde::Deserialize))]
        $visibility struct $name $(<$text>)? { $($field: $type),+ }
    };
}

pub(crate) use {message_part, message_type};
