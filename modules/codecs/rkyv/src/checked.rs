//! The root of an archive that nobody vouches for.

use rkyv::api::low::access;
use rkyv::string::ArchivedString;
use weft_guest::schemas::Status;
use weft_guest_rkyv::{Access, Archive, Refusal};

/// Archives that are checked, their strings too.
pub struct Checked;

impl Access for Checked {
    type Text<'a> = &'a str;

    #[inline(always)]
    fn access<T: Archive>(bytes: &[u8]) -> Result<&T, Status> {
        access::<T, Refusal>(bytes).map_err(|Refusal(status)| status)
    }

    #[inline(always)]
    fn text(text: &ArchivedString) -> &str {
        text
    }
}
