//! `bincode` 2 through serde, `config::standard()`: variable-length integers, no schema, the most common way to send a Rust value.
//! The crate is unmaintained (RUSTSEC-2025-0141); it is here because users have it. Nothing can be read in place.

use bincode::config::{Configuration, standard};
use bincode::error::{DecodeError, EncodeError};
use serde::{Deserialize, Serialize};
use weft_guest::schemas::Status;
use weft_guest::serde::Format;
use weft_guest::{Release, Traits};

weft_guest::serde_codec! { format: Bincode, traits: Traits {
    about: "bincode 2 through serde, config::standard(); unmaintained since 2025",
    library: "bincode",
    release: Some(Release { version: "2.0.1", month: "2025-03", maintained: false }),
    // serde's own limit, for a list in a field.
    trusts_lengths: 1 << 20,
    ..Traits::USUAL
} }

/// bincode's standard configuration.
pub struct Bincode;

impl Format for Bincode {
    type Text<'a> = &'a str;
    type Bytes<'a> = &'a [u8];
    const NAMES_FIELDS: bool = false;
    const ELEMENTS_FOLLOW: bool = true;

    #[inline(always)]
    fn encode<T: Serialize>(value: &T, outbox: &mut [u8]) -> Result<usize, Status> {
        bincode::serde::encode_into_slice(value, outbox, CONFIG).map_err(|error| match error {
            EncodeError::UnexpectedEnd => Status::Capacity,
            _ => Status::NotEncoded,
        })
    }

    #[inline(always)]
    fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<(T, &'a [u8]), Status> {
        let (value, len) = bincode::serde::borrow_decode_from_slice(bytes, CONFIG).map_err(|error| match error {
            DecodeError::Utf8 { .. } => Status::InvalidText,
            DecodeError::LimitExceeded => Status::LimitReached,
            _ => Status::Malformed,
        })?;
        Ok((value, bytes.get(len..).ok_or(Status::Malformed)?))
    }

    #[inline(always)]
    fn list(bytes: &[u8]) -> Result<(u64, &[u8]), Status> {
        Self::decode(bytes)
    }
}

const CONFIG: Configuration = standard();

#[cfg(test)]
weft_testing::overhead! { serde::Wire<Bincode>: |message, room| bincode::serde::encode_into_slice(message, room, standard()) }
