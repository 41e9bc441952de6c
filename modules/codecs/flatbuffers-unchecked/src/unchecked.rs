//! The root of a message that somebody vouches for.

use flatbuffers::{Follow, Verifiable};
use weft_guest_flatbuffers::Root;
use weft_schemas::Status;

/// Messages that nobody verifies.
pub struct Unchecked;

impl Root for Unchecked {
    /// Bytes, so that `own` checks them.
    type Text<'a> = &'a [u8];

    #[inline(always)]
    fn root<'a, T: Follow<'a> + Verifiable + 'a>(bytes: &'a [u8]) -> Result<T::Inner, Status> {
        // SAFETY: the producer's promise, which is all that this codec has: its traits say that it validates nothing.
        Ok(unsafe { flatbuffers::root_unchecked::<T>(bytes) })
    }

    #[inline(always)]
    fn text(text: &str) -> &[u8] {
        text.as_bytes()
    }
}
