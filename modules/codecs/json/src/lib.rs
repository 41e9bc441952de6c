//! `json`: JSON through serde_json, what most plugin systems speak. Enumerations are their names; bytes are an array of numbers, as
//! serde_json writes them: JSON has no bytes.

use serde::{Deserialize, Serialize};
use weft_guest::Traits;
use weft_guest::schemas::Status;
use weft_guest::serde::{CowStr, Format};

weft_guest::serde_codec! { format: Json, traits: Traits {
    about: "JSON through serde_json; bytes are an array of numbers",
    library: "serde_json",
    ..Traits::USUAL
} }

/// Compact JSON.
pub struct Json;

impl Format for Json {
    type Text<'a> = CowStr<'a>;
    type Bytes<'a> = Vec<u8>;
    const NAMES_FIELDS: bool = true;

    #[inline(always)]
    fn encode<T: Serialize>(value: &T, outbox: &mut [u8]) -> Result<usize, Status> {
        let (room, mut rest) = (outbox.len(), outbox);
        serde_json::to_writer(&mut rest, value).map_err(|error| match error.is_io() {
            true => Status::Capacity,
            false => Status::NotEncoded,
        })?;
        Ok(room - rest.len())
    }

    #[inline(always)]
    fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<(T, &'a [u8]), Status> {
        // It is the whole message: what follows a value is an error of serde_json's.
        let value = serde_json::from_slice(bytes).map_err(|_| match core::str::from_utf8(bytes) {
            Ok(_) => Status::Malformed,
            Err(_) => Status::InvalidText,
        })?;
        Ok((value, &[]))
    }
}
