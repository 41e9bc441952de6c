//! `bincode` 2 through serde, `config::standard()`: variable-length integers, no schema, the most
//! common way to send a Rust value. The crate is unmaintained (RUSTSEC-2025-0141); it is here because users have
//! it.
//!
//! Nothing can be read in place: `peek` and `scan` use the borrowing decoder, record by record, so that
//! no list is built; `peek` stops at the record it wants.

mod blob;
mod log;
mod mesh;
mod ping;

pub use blob::BlobWire;
pub use log::LogWire;
pub use mesh::MeshWire;
pub use ping::PingWire;

use bincode::config::{Configuration, standard};
use bincode::error::{DecodeError, EncodeError};
use serde::{Deserialize, Serialize};
use weft_guest::schemas::Status;
use weft_guest::{Role, Traits, Validation};

/// What this codec is.
pub const TRAITS: Traits = Traits {
    about: "bincode 2 through serde, config::standard(); unmaintained since 2025",
    role: Role::Codec,
    library: "bincode",
    schema: false,
    encodes: true,
    in_place: false,
    validates: Validation::Lazily,
    scan_checks_utf8: true,
    reuses_buffers: true,
    unsupported: &[],
};

weft_guest::codec! {
    traits: TRAITS,
    ping: PingWire { peek, scan, own },
    log: LogWire { peek, scan, own },
    mesh: MeshWire { peek, scan, own },
    blob: BlobWire { peek, scan, own },
}

/// `config::standard()`.
const CONFIG: Configuration = standard();

/// Encodes a value into the outbox.
#[inline(always)]
fn encode<'a>(value: &impl Serialize, outbox: &'a mut [u8]) -> Result<&'a [u8], Status> {
    let len = bincode::serde::encode_into_slice(value, outbox, CONFIG).map_err(|error| match error {
        EncodeError::UnexpectedEnd => Status::Capacity,
        _ => Status::NotEncoded,
    })?;
    outbox.get(..len).ok_or(Status::Capacity)
}

/// Decodes a value that may borrow from the message; returns it and the bytes behind it.
#[inline(always)]
fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<(T, &'a [u8]), Status> {
    let (value, len) = bincode::serde::borrow_decode_from_slice(bytes, CONFIG).map_err(|error| match error {
        DecodeError::Utf8 { .. } => Status::InvalidText,
        DecodeError::LimitExceeded => Status::LimitReached,
        _ => Status::Malformed,
    })?;
    Ok((value, bytes.get(len..).ok_or(Status::Malformed)?))
}

/// Decodes a value that is the whole message.
#[inline(always)]
fn decode_all<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Status> {
    match decode(bytes)? {
        (value, []) => Ok(value),
        _ => Err(Status::Malformed),
    }
}

/// Decodes a list one element at a time, as its wire form has it: the number, then the elements.
struct List<'a, T> {
    left: u64,
    rest: &'a [u8],
    element: core::marker::PhantomData<T>,
}

impl<'a, T: Deserialize<'a>> List<'a, T> {
    /// The list that `bytes` begin with. An element has at least `smallest` bytes, so that nobody
    /// allocates for what is not there.
    #[inline(always)]
    fn of(bytes: &'a [u8], smallest: u64) -> Result<Self, Status> {
        let (left, rest) = decode::<u64>(bytes)?;
        if left > rest.len() as u64 / smallest {
            return Err(Status::Malformed);
        }
        Ok(Self { left, rest, element: core::marker::PhantomData })
    }

    /// The element in the middle.
    #[inline(always)]
    fn middle(mut self) -> Result<T, Status> {
        let middle = usize::try_from(self.left / 2).map_err(|_| Status::Malformed)?;
        self.nth(middle).ok_or(Status::Malformed)?
    }

    /// All elements, owned as `own` makes them.
    #[inline(always)]
    fn collect_owned<O>(self, own: impl Fn(T) -> Result<O, Status>) -> Result<Vec<O>, Status> {
        let mut owned = Vec::with_capacity(self.left as usize);
        for element in self {
            owned.push(own(element?)?);
        }
        Ok(owned)
    }
}

impl<'a, T: Deserialize<'a>> Iterator for List<'a, T> {
    type Item = Result<T, Status>;

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        if self.left == 0 {
            // What follows the last element belongs to nobody.
            let rest = core::mem::take(&mut self.rest);
            return (!rest.is_empty()).then_some(Err(Status::Malformed));
        }
        self.left -= 1;
        Some(decode(self.rest).map(|(element, rest)| {
            self.rest = rest;
            element
        }))
    }
}

#[cfg(test)]
mod tests;
