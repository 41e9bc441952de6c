//! `wincode`: bincode 1's layout (fixed-width integers, lengths of eight bytes) by a library that writes values in place. bincode's own
//! farewell names it as a successor.

use weft_guest::schemas::Status;
use weft_guest::values::{Encodes, Format};
use weft_guest::{Decodes, Release, Traits};
use wincode::config::Configuration;
use wincode::io::{Reader, Writer};
use wincode::{ReadError, SchemaRead, SchemaWrite, WriteError, config};

weft_guest::values_codec! { format: Wincode, capacity: Exact, traits: Traits {
    about: "wincode in its default configuration, which is bincode 1's layout",
    library: "wincode",
    release: Some(Release { version: "0.6.3", month: "2026-10", maintained: true }),
    ..Traits::USUAL
} }

/// wincode's default configuration. Its limit for lists would refuse blobs of more than 4 MiB; nothing is decoded here that allocates.
type Config = Configuration<true, { config::PREALLOCATION_SIZE_LIMIT_DISABLED }>;

const CONFIG: Config = Configuration::default().disable_preallocation_size_limit();

/// wincode's format.
pub struct Wincode;

impl Format for Wincode {
    type Text<'a> = &'a str;
    type Bytes<'a> = &'a [u8];

    #[inline(always)]
    fn list(bytes: &[u8]) -> Result<(u64, &[u8]), Status> {
        Self::decode(bytes)
    }
}

impl<T: SchemaWrite<Config, Src = T>> Encodes<T> for Wincode {
    fn capacity(value: &T) -> usize {
        config::serialized_size(value, CONFIG).map_or(0, |len| len as usize)
    }

    #[inline(always)]
    fn encode(value: &T, outbox: &mut [u8]) -> Result<usize, Status> {
        let (room, mut rest) = (outbox.len(), outbox);
        config::serialize_into(Writer::by_ref(&mut rest), value, CONFIG).map_err(|error| match error {
            WriteError::Io(_) => Status::Capacity,
            _ => Status::NotEncoded,
        })?;
        Ok(room - rest.len())
    }
}

impl<'a, T: SchemaRead<'a, Config, Dst = T>> Decodes<'a, T> for Wincode {
    #[inline(always)]
    fn decode(bytes: &'a [u8]) -> Result<(T, &'a [u8]), Status> {
        let mut rest = bytes;
        let value = T::get(Reader::by_ref(&mut rest)).map_err(|error| match error {
            ReadError::InvalidUtf8Encoding(_) => Status::InvalidText,
            _ => Status::Malformed,
        })?;
        Ok((value, rest))
    }
}
