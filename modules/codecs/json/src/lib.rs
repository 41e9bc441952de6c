//! `json`: JSON through serde_json, what most plugin systems speak. Enumerations are their names.
//!
//! JSON has no bytes, so a blob is base64 in a string. serde_json's default is an array of numbers, which takes 3.6 times the bytes: it is
//! what those get who did not choose. Those who choose write base64: I-JSON (RFC 7493, section 4.4) recommends it, the JSON form of Protocol
//! Buffers is so, and plugin systems offer it (Extism's kits have a type for it). serde_json's place for the choice is the formatter.

use core::fmt;
use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Serializer;
use serde_json::ser::Formatter;
use weft_guest::schemas::Status;
use weft_guest::serde::{CowStr, Format};
use weft_guest::{Evolution, Release, Traits};

weft_guest::serde_codec! { format: Json, traits: Traits {
    about: "JSON through serde_json; bytes are base64 in a string",
    library: "serde_json",
    release: Some(Release { version: "1.0.154", month: "2026-10", maintained: true }),
    evolution: Evolution::Yes,
    self_describing: true,
    ..Traits::USUAL
} }

/// Compact JSON, in which bytes are base64.
pub struct Json;

impl Format for Json {
    type Text<'a> = CowStr<'a>;
    type Bytes<'a> = Base64;
    const NAMES_FIELDS: bool = true;

    #[inline(always)]
    fn encode<T: Serialize>(value: &T, outbox: &mut [u8]) -> Result<usize, Status> {
        let (room, mut rest) = (outbox.len(), outbox);
        let mut serializer = Serializer::with_formatter(&mut rest, Compact);
        value.serialize(&mut serializer).map_err(|error| match error.is_io() {
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

/// serde_json's own compact format, but for bytes.
struct Compact;

impl Formatter for Compact {
    fn write_byte_array<W: ?Sized + Write>(&mut self, writer: &mut W, bytes: &[u8]) -> io::Result<()> {
        // What base64's writers do, without what `EncoderWriter` does where the outbox is full: it tries again without end.
        let mut text = [0; 1024];
        writer.write_all(b"\"")?;
        for part in bytes.chunks(text.len() / 4 * 3) {
            let len = STANDARD.encode_slice(part, &mut text).map_err(io::Error::other)?;
            writer.write_all(text.get(..len).unwrap_or_default())?;
        }
        writer.write_all(b"\"")
    }
}

/// Bytes that were base64 in a string.
pub struct Base64(Vec<u8>);

impl AsRef<[u8]> for Base64 {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Base64> for Vec<u8> {
    fn from(Base64(bytes): Base64) -> Self {
        bytes
    }
}

impl<'de> Deserialize<'de> for Base64 {
    #[inline(always)]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Decoding;

        impl Visitor<'_> for Decoding {
            type Value = Base64;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("base64 in a string")
            }

            #[inline(always)]
            fn visit_str<E: Error>(self, text: &str) -> Result<Base64, E> {
                STANDARD.decode(text).map(Base64).map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Decoding)
    }
}

#[cfg(test)]
weft_testing::overhead! { serde::Wire<Json>: |message, mut room| {
    let len = room.len();
    serde_json::to_writer(&mut room, message).map(|()| len - room.len())
} }
