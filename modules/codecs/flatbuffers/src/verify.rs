//! The root of a message whose bytes nobody vouches for.

use flatbuffers::{Follow, InvalidFlatbuffer, Verifiable, VerifierOptions};
use weft_guest_flatbuffers::Root;
use weft_schemas::Status;

/// What an element of `weft.fbs` costs the verifier is less than three times its bytes, because the verifier reads shared vtables
/// again for each table: a record of a log of nothing but defaults and empty strings has 148 bytes, of which it looks at 230; a
/// player has 140, and looks at more than twice as many.
const APPARENT_PER_BYTE: usize = 3;

/// No table is smaller, with the strings that it has: a player's item of nothing but defaults.
const BYTES_PER_TABLE: usize = 20;

/// The limits for a message of `len` bytes: any message in which no two offsets lead to the same
/// place passes, and the work on any other is proportional to its length.
#[inline(always)]
const fn limits(len: usize) -> VerifierOptions {
    VerifierOptions {
        // Players, a player, its vehicle, the creature that it is: four tables deep.
        max_depth: 4,
        max_tables: 1 + len / BYTES_PER_TABLE,
        // The verifier adds what it looks at before it compares: leave room for that.
        max_apparent_size: match len.saturating_mul(APPARENT_PER_BYTE).checked_add(64) {
            Some(limit) if limit < usize::MAX - len => limit,
            _ => usize::MAX - len,
        },
        ignore_missing_null_terminator: false,
    }
}

/// Messages that are verified before the first field is read.
pub struct Verified;

impl Root for Verified {
    type Text<'a> = &'a str;

    #[inline(always)]
    fn root<'a, T: Follow<'a> + Verifiable + 'a>(bytes: &'a [u8]) -> Result<T::Inner, Status> {
        flatbuffers::root_with_opts::<T>(&limits(bytes.len()), bytes).map_err(status)
    }

    #[inline(always)]
    fn text(text: &str) -> &str {
        text
    }
}

#[cold]
fn status(error: InvalidFlatbuffer) -> Status {
    use InvalidFlatbuffer::{ApparentSizeTooLarge, DepthLimitReached, TooManyTables, Utf8Error};
    match error {
        Utf8Error { .. } => Status::InvalidText,
        TooManyTables | ApparentSizeTooLarge | DepthLimitReached => Status::LimitReached,
        _ => Status::Malformed,
    }
}
