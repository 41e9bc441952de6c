//! The root of an archive that somebody vouches for.

use rkyv::access_unchecked;
use rkyv::string::ArchivedString;
use weft_guest::schemas::Status;
use weft_guest_rkyv::{Access, Archive};

/// Archives that nobody checks.
pub struct Unchecked;

impl Access for Unchecked {
    /// Bytes, so that `own` checks them.
    type Text<'a> = &'a [u8];

    #[inline(always)]
    fn access<T: Archive>(bytes: &[u8]) -> Result<&T, Status> {
        // SAFETY: the producer's promise, which is all that this codec has: its traits say that it validates nothing.
        Ok(unsafe { access_unchecked(bytes) })
    }

    #[inline(always)]
    fn text(text: &ArchivedString) -> &[u8] {
        text.as_bytes()
    }
}
