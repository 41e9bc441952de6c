//! `postcard` through serde: variable-length integers, no schema, made for small devices.

use postcard::Error;
use serde::{Deserialize, Serialize};
use weft_guest::schemas::Status;
use weft_guest::serde::Format;
use weft_guest::{Release, Traits};

weft_guest::serde_codec! { format: Postcard, traits: Traits {
    about: "postcard through serde",
    library: "postcard",
    release: Some(Release { version: "1.1.3", month: "2025-07", maintained: true }),
    ..Traits::USUAL
} }

/// Postcard's one format.
pub struct Postcard;

impl Format for Postcard {
    type Text<'a> = &'a str;
    type Bytes<'a> = &'a [u8];
    const NAMES_FIELDS: bool = false;
    const ELEMENTS_FOLLOW: bool = true;

    #[inline(always)]
    fn encode<T: Serialize>(value: &T, outbox: &mut [u8]) -> Result<usize, Status> {
        let wire = postcard::to_slice(value, outbox).map_err(|error| match error {
            Error::SerializeBufferFull => Status::Capacity,
            _ => Status::NotEncoded,
        })?;
        Ok(wire.len())
    }

    #[inline(always)]
    fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<(T, &'a [u8]), Status> {
        postcard::take_from_bytes(bytes).map_err(|error| match error {
            Error::DeserializeBadUtf8 => Status::InvalidText,
            _ => Status::Malformed,
        })
    }

    #[inline(always)]
    fn list(bytes: &[u8]) -> Result<(u64, &[u8]), Status> {
        Self::decode(bytes)
    }
}

#[cfg(test)]
weft_testing::overhead! { serde::Wire<Postcard>: |message, room| postcard::to_slice(message, room).map(|wire| wire.len()) }
