//! `borsh`: fixed-width integers in a canonical form, what NEAR's contracts speak. Nothing is borrowed: each string is copied, in every task.
//!
//! For a string the library takes the room that its length says, up to 1 MiB, before it looks whether the bytes are there. It reads through
//! a reader that knows no end, and has no setting for it, so no bounded reader helps: a few malformed bytes cost 1 MiB of zeros.

use borsh::io::ErrorKind;
use borsh::{BorshDeserialize, BorshSerialize, object_length};
use weft_guest::schemas::Status;
use weft_guest::values::{Encodes, Format};
use weft_guest::{Decodes, Release, Traits};

weft_guest::values_codec! { format: Borsh, capacity: Exact, traits: Traits {
    about: "borsh through its own derive; strings are always copied",
    library: "borsh",
    release: Some(Release { version: "1.8.1", month: "2026-08", maintained: true }),
    trusts_lengths: 1 << 20,
    ..Traits::USUAL
} }

/// Borsh's one format.
pub struct Borsh;

impl Format for Borsh {
    type Text<'a> = String;
    type Bytes<'a> = Vec<u8>;

    #[inline(always)]
    fn list(bytes: &[u8]) -> Result<(u64, &[u8]), Status> {
        let (len, rest) = Self::decode(bytes)?;
        Ok((u32::into(len), rest))
    }
}

impl<T: BorshSerialize> Encodes<T> for Borsh {
    fn capacity(value: &T) -> usize {
        object_length(value).unwrap_or(0)
    }

    #[inline(always)]
    fn encode(value: &T, outbox: &mut [u8]) -> Result<usize, Status> {
        let (room, mut rest) = (outbox.len(), outbox);
        value.serialize(&mut rest).map_err(|error| match error.kind() {
            ErrorKind::WriteZero => Status::Capacity,
            _ => Status::NotEncoded,
        })?;
        Ok(room - rest.len())
    }
}

impl<T: BorshDeserialize> Decodes<'_, T> for Borsh {
    #[inline(always)]
    fn decode(bytes: &[u8]) -> Result<(T, &[u8]), Status> {
        let mut rest = bytes;
        // An error's words are all that it has.
        let value = T::deserialize(&mut rest).map_err(|error| match error.to_string().contains("utf-8") {
            true => Status::InvalidText,
            false => Status::Malformed,
        })?;
        Ok((value, rest))
    }
}

#[cfg(test)]
weft_testing::overhead! { values::Wire<Borsh>: |message, mut room| {
    let len = room.len();
    borsh::to_writer(&mut room, message).map(|()| len - room.len())
} }
