//! Messages that nobody vouches for, read where they lie.

use capnp::message::ReaderOptions;
use capnp::traits::OwnedStruct;
use capnp::{Error, ErrorKind, NotInSchema, struct_list::Reader as List};
use weft_schemas::Status;

use crate::size::{WORD, struct_words};

/// The options for a message of `words` words.
///
/// Whoever reads each part of a message once, as every task does, reads no more words than it has. That is the limit: any message passes in
/// which no two pointers lead to the same place, and the work on any other is proportional to its length.
pub fn limited(words: usize) -> ReaderOptions {
    ReaderOptions { traversal_limit_in_words: Some(words), ..ReaderOptions::new() }
}

/// Checks that a message of `bytes` bytes has room for the structs of `list`.
///
/// Cap'n Proto takes smaller elements, down to a byte, for the structs of an older schema. Here
/// there is none, and as an owned value a byte's worth of record would be a hundred times as long.
///
/// # Errors
/// [`Status::Malformed`] where it has none.
#[inline(always)]
pub(crate) fn bounded<T: OwnedStruct>(list: List<'_, T>, bytes: usize) -> Result<List<'_, T>, Status> {
    let element = struct_words::<T::Builder<'_>>() * WORD;
    if list.len() as usize > bytes / element { Err(Status::Malformed) } else { Ok(list) }
}

/// The byte of an enumeration's value.
///
/// # Errors
/// [`Status::Malformed`] where the schema has no such value.
#[inline(always)]
pub(crate) fn byte(value: Result<impl Into<u16>, NotInSchema>) -> Result<u8, Status> {
    let value = value.map_err(|_| Status::Malformed)?.into();
    u8::try_from(value).map_err(|_| Status::Malformed)
}

/// What the library says about a message, as a status.
#[cold]
pub fn status(error: Error) -> Status {
    match error.kind {
        ErrorKind::ReadLimitExceeded
        | ErrorKind::NestingLimitExceeded
        | ErrorKind::MessageIsTooDeeplyNested
        | ErrorKind::MessageIsTooDeeplyNestedOrContainsCycles => Status::LimitReached,
        ErrorKind::TextContainsNonUtf8Data(_) => Status::InvalidText,
        ErrorKind::UnalignedSegment => Status::Misaligned,
        _ => Status::Malformed,
    }
}
