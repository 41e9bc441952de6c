//! `bincode-derive`: bincode 2 through its own derive, `config::standard()`: the layout of `bincode`, without serde between. A blob is copied
//! in one piece. The crate is unmaintained (RUSTSEC-2025-0141); it is here because users have it.

use bincode::config::{Config, Configuration, standard};
use bincode::enc::write::SizeWriter;
use bincode::error::{DecodeError, EncodeError};
use bincode::{BorrowDecode, Encode};
use weft_guest::schemas::Status;
use weft_guest::values::{Encodes, Format};
use weft_guest::{Decodes, Release, Traits};

weft_guest::values_codec! { format: Bincode, capacity: Exact, traits: Traits {
    about: "bincode 2 through its own derive, config::standard()",
    library: "bincode",
    release: Some(Release { version: "2.0.1", month: "2025-03", maintained: false }),
    trusts_lengths: LIMIT as u32,
    ..Traits::USUAL
} }

const CONFIG: Configuration = standard();

/// The library's limit: how many bytes a decoded element may take. What a message says of a list's length is not to be believed, and
/// the library allocates all of it at once.
const LIMIT: usize = 256 << 10;

/// bincode's standard configuration.
pub struct Bincode;

impl Format for Bincode {
    type Text<'a> = &'a str;
    type Bytes<'a> = Borrowed<'a>;

    #[inline(always)]
    fn list(bytes: &[u8]) -> Result<(u64, &[u8]), Status> {
        Self::decode(bytes)
    }
}

impl<T: Encode> Encodes<T> for Bincode {
    fn capacity(value: &T) -> usize {
        let mut size = SizeWriter::default();
        bincode::encode_into_writer(value, &mut size, CONFIG).map_or(0, |()| size.bytes_written)
    }

    #[inline(always)]
    fn encode(value: &T, outbox: &mut [u8]) -> Result<usize, Status> {
        bincode::encode_into_slice(value, outbox, CONFIG).map_err(|error| match error {
            EncodeError::UnexpectedEnd => Status::Capacity,
            _ => Status::NotEncoded,
        })
    }
}

/// Decodes what the bytes begin with, under a configuration.
#[inline(always)]
fn decode<'a, T: BorrowDecode<'a, ()>>(bytes: &'a [u8], config: impl Config) -> Result<(T, &'a [u8]), Status> {
    let (value, len) = bincode::borrow_decode_from_slice(bytes, config).map_err(|error| match error {
        DecodeError::Utf8 { .. } => Status::InvalidText,
        DecodeError::LimitExceeded => Status::LimitReached,
        _ => Status::Malformed,
    })?;
    Ok((value, bytes.get(len..).ok_or(Status::Malformed)?))
}

impl<'a, T: BorrowDecode<'a, ()>> Decodes<'a, T> for Bincode {
    #[inline(always)]
    fn decode(bytes: &'a [u8]) -> Result<(T, &'a [u8]), Status> {
        decode(bytes, CONFIG.with_limit::<LIMIT>())
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

impl<'a> Decodes<'a, Borrowed<'a>> for Bincode {
    #[inline(always)]
    fn decode(bytes: &'a [u8]) -> Result<(Borrowed<'a>, &'a [u8]), Status> {
        let (data, rest) = decode(bytes, CONFIG)?;
        Ok((Borrowed(data), rest))
    }
}

#[cfg(test)]
weft_testing::overhead! { values::Wire<Bincode>: |message, room| bincode::encode_into_slice(message, room, standard()) }
