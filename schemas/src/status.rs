//! What a guest reports instead of a digest: the status codes of the ABI.

use core::fmt;

/// Why a guest could not do what it was asked for.
///
/// `send`, `receive_*`, `produce_*`, `prepare_*`, `outbox` and `inbox` return `i64`: a value of 0
/// or more on success, one of these codes on failure. Codes above −16 come from consumers, the
/// others from producers, so that a status names its origin whichever way it travelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum Status {
    /// Consumer: the bytes are not a message of this codec.
    Malformed = -1,
    /// Consumer: a string is not UTF-8.
    InvalidText = -2,
    /// Consumer: `ptr` and `len` do not lie within its memory.
    OutOfRange = -3,
    /// Consumer: a limit of the codec's library on depth, size or work was reached.
    LimitReached = -4,
    /// Consumer: the message's start is not 8-aligned.
    Misaligned = -5,
    /// Consumer: its answer could not be encoded, or does not fit into its outbox.
    NotAnswered = -6,
    /// Producer: `produce` before `prepare` and `outbox`.
    NotPrepared = -16,
    /// Producer or consumer: the region is too small, or could not be allocated.
    Capacity = -17,
    /// Producer: the codec's library could not encode the value.
    NotEncoded = -18,
    /// Producer: an argument of `prepare` or `produce` is out of its range.
    Argument = -19,
    /// Producer: the answer that came does not lie in its memory.
    Misplaced = -20,
}

impl Status {
    /// Every status of the ABI, in the order of its table.
    pub const ALL: [Self; 11] = [
        Self::Malformed,
        Self::InvalidText,
        Self::OutOfRange,
        Self::LimitReached,
        Self::Misaligned,
        Self::NotAnswered,
        Self::NotPrepared,
        Self::Capacity,
        Self::NotEncoded,
        Self::Argument,
        Self::Misplaced,
    ];

    /// The code that crosses the boundary.
    pub const fn code(self) -> i64 {
        self as i64
    }

    /// Whether a code is a consumer's; the others are a producer's.
    pub const fn is_of_consumer(code: i64) -> bool {
        code > Self::NotPrepared.code()
    }

    /// Whether a code says that the message does not lie where it must.
    pub const fn is_about_place(code: i64) -> bool {
        code == Self::OutOfRange.code() || code == Self::Misaligned.code()
    }

    /// The status with this code, if the ABI has one.
    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// What it means, in a few words.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Malformed => "malformed: the bytes are not a message of this codec",
            Self::InvalidText => "invalid text: a string is not UTF-8",
            Self::OutOfRange => "out of range: the message does not lie in the consumer's memory",
            Self::LimitReached => "limit reached: the library refused the depth, size or work of this message",
            Self::Misaligned => "misaligned: the message does not start at a multiple of 8",
            Self::NotAnswered => "not answered: the answer could not be encoded, or does not fit into the outbox",
            Self::NotPrepared => "not prepared: produce was called before prepare and outbox",
            Self::Capacity => "capacity: the region is too small or could not be allocated",
            Self::NotEncoded => "not encoded: the library could not encode the value",
            Self::Argument => "argument: outside its range",
            Self::Misplaced => "misplaced: the answer that came does not lie in its memory, 8-aligned",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "status {} ({})", self.code(), self.meaning())
    }
}

impl std::error::Error for Status {}

/// A digest (63 bits: a larger value would be taken for a status), or why there is none.
pub type Outcome = Result<u64, Status>;

#[cfg(test)]
mod tests {
    use super::Status;

    #[test]
    fn codes_are_distinct_and_found_again() {
        for status in Status::ALL {
            assert!(status.code() < 0);
            assert_eq!(Status::from_code(status.code()), Some(status));
        }
        assert!(
            Status::is_of_consumer(Status::Misaligned.code()) && !Status::is_of_consumer(Status::NotPrepared.code())
        );
        assert_eq!(Status::from_code(-77), None);
        assert_eq!(Status::from_code(0), None);
    }
}
