//! `msgpack`: MessagePack through rmp-serde as it stands: structs are arrays, enumerations their names, and a blob is `bin`.

use rmp_serde::decode::{Deserializer, Error};
use rmp_serde::encode;
use serde::{Deserialize, Serialize};
use weft_guest::schemas::Status;
use weft_guest::serde::Format;
use weft_guest::{Release, Traits};

weft_guest::serde_codec! { format: MessagePack, traits: Traits {
    about: "MessagePack through rmp-serde; structs are arrays",
    library: "rmp-serde",
    release: Some(Release { version: "1.3.1", month: "2025-12", maintained: true }),
    self_describing: true,
    // serde's own limit, for a list in a field.
    trusts_lengths: 1 << 20,
    ..Traits::USUAL
} }

/// MessagePack with structs as arrays.
pub struct MessagePack;

impl Format for MessagePack {
    type Text<'a> = &'a str;
    type Bytes<'a> = &'a [u8];
    const NAMES_FIELDS: bool = false;

    #[inline(always)]
    fn encode<T: Serialize>(value: &T, outbox: &mut [u8]) -> Result<usize, Status> {
        let (room, mut rest) = (outbox.len(), outbox);
        encode::write(&mut rest, value).map_err(|error| match error {
            encode::Error::InvalidValueWrite(_) => Status::Capacity,
            _ => Status::NotEncoded,
        })?;
        Ok(room - rest.len())
    }

    #[inline(always)]
    fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<(T, &'a [u8]), Status> {
        let mut decoder = Deserializer::from_read_ref(bytes);
        let value = T::deserialize(&mut decoder).map_err(|error| match error {
            Error::Utf8Error(_) => Status::InvalidText,
            Error::DepthLimitExceeded => Status::LimitReached,
            _ => Status::Malformed,
        })?;
        // The library does not say where it stands. It is the whole message where there is no more to read.
        match bool::deserialize(&mut decoder) {
            Err(Error::InvalidMarkerRead(_)) => Ok((value, &[])),
            _ => Err(Status::Malformed),
        }
    }
}

#[cfg(test)]
weft_testing::overhead! { serde::Wire<MessagePack>: |message, mut room| {
    let len = room.len();
    encode::write(&mut room, message).map(|()| len - room.len())
} }
