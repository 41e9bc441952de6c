//! `wincode`: bincode 1's layout (fixed-width integers, lengths of eight bytes) by a library that writes values in place. bincode's own
//! farewell names it as a successor.

use core::mem::MaybeUninit;

use weft_guest::schemas::Status;
use weft_guest::values::{Encodes, Format};
use weft_guest::{Decodes, Release, Traits};
use wincode::config::ConfigCore;
use wincode::config::Configuration;
use wincode::io::{Reader, Writer};
use wincode::{ReadError, ReadResult, SchemaRead, SchemaWrite, WriteError, config};

weft_guest::values_codec! { format: Wincode, capacity: Exact, traits: Traits {
    about: "wincode in its default configuration, which is bincode 1's layout",
    library: "wincode",
    release: Some(Release { version: "0.6.3", month: "2026-10", maintained: true }),
    trusts_lengths: LIMIT as u32,
    ..Traits::USUAL
} }

/// wincode's default configuration, without its limit for lists, which would refuse blobs of more than 4 MiB.
type Config = Configuration<true, { config::PREALLOCATION_SIZE_LIMIT_DISABLED }>;

const CONFIG: Config = Configuration::default().disable_preallocation_size_limit();

/// The same for what allocates when it is decoded: lists within elements, of at most this many bytes in memory. What a message says of
/// a list's length is not to be believed, and the library allocates all of it at once.
type Limited = Configuration<true, LIMIT>;

const LIMIT: usize = 256 << 10;

/// wincode's format.
pub struct Wincode;

impl Format for Wincode {
    type Text<'a> = &'a str;
    type Bytes<'a> = Borrowed<'a>;

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

impl<'a, T: SchemaRead<'a, Limited, Dst = T>> Decodes<'a, T> for Wincode {
    #[inline(always)]
    fn decode(bytes: &'a [u8]) -> Result<(T, &'a [u8]), Status> {
        let mut rest = bytes;
        let value = T::get(Reader::by_ref(&mut rest)).map_err(|error| match error {
            ReadError::InvalidUtf8Encoding(_) => Status::InvalidText,
            ReadError::PreallocationSizeLimit { .. } => Status::LimitReached,
            _ => Status::Malformed,
        })?;
        Ok((value, rest))
    }
}

/// A blob's bytes where they lie. Nothing is allocated for them, so that there is no limit.
pub struct Borrowed<'a>(&'a [u8]);

impl AsRef<[u8]> for Borrowed<'_> {
    #[inline(always)]
    fn as_ref(&self) -> &[u8] {
        self.0
    }
}

impl From<Borrowed<'_>> for Vec<u8> {
    #[inline(always)]
    fn from(bytes: Borrowed<'_>) -> Self {
        bytes.0.to_vec()
    }
}

// SAFETY: `read` returns `Ok` only once it has written all of `dst`.
unsafe impl<'a, C: ConfigCore> SchemaRead<'a, C> for Borrowed<'a> {
    type Dst = Self;

    #[inline(always)]
    fn read(reader: impl Reader<'a>, dst: &mut MaybeUninit<Self>) -> ReadResult<()> {
        dst.write(Self(<&[u8] as SchemaRead<'a, Config>>::get(reader)?));
        Ok(())
    }
}

#[cfg(test)]
weft_testing::overhead! { values::Wire<Wincode>: |message, mut room| {
    let len = room.len();
    wincode::serialize_into(&mut room, message).map(|()| len - room.len())
} }
