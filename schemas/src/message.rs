//! What a message is, and the table of their kinds.

use core::fmt::Debug;

use crate::{Outcome, Status, Task, WATERMARKED, Watermark};

/// A type of value that weft sends. `size` is the N of `log@N`: how many elements a value has.
pub trait Message: Clone + Debug + PartialEq + Sized {
    /// The name before the `@`.
    const NAME: &'static str;
    /// The sizes that make sense, from the smallest to the largest.
    const SIZES: core::ops::RangeInclusive<u32>;

    /// Value `index` of the set that `seed` stands for: the same on host and guest.
    fn generate(seed: u64, index: u32, size: u32) -> Self {
        if seed == WATERMARKED {
            Self::watermarked(&mut Watermark::new(index), size)
        } else {
            Self::random(seed, index, size)
        }
    }

    /// The value for a seed like any other.
    fn random(seed: u64, index: u32, size: u32) -> Self;

    /// The value whose payload consists of the words of `mark`, as far as its fields can hold them.
    fn watermarked(mark: &mut Watermark, size: u32) -> Self;

    /// The payload in bytes: scalars at their width, enums 1, strings and bytes their length.
    fn payload_bytes(&self) -> u64;

    /// The value built once more, its strings checked: what the task `own` does beside reading.
    ///
    /// # Errors
    /// None for a value that exists; the signature is that of the codecs' `own`.
    fn rebuilt(&self) -> Result<Self, Status> {
        Ok(self.clone())
    }

    /// The digest that `task` must return for this value, without any codec.
    ///
    /// # Errors
    /// Where the value has nothing that the task reads: an empty list has no element to peek at.
    fn digest(&self, task: Task) -> Outcome;
}

/// A [`Message`] type as data: what the host needs to know without knowing the type.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The name before the `@`.
    pub name: &'static str,
    /// The smallest and the largest size.
    pub sizes: (u32, u32),
    /// The payload in bytes of value `index` of size `size` under `seed`: `(seed, index, size)`.
    pub payload_bytes: fn(u64, u32, u32) -> u64,
    /// How many words value `index` of size `size` consists of under [`WATERMARKED`]: `(index, size)`.
    pub watermarks: fn(u32, u32) -> u32,
    /// The digest of that value for a task: `(seed, index, size, task)`.
    pub digest: fn(u64, u32, u32, Task) -> Outcome,
}

impl Kind {
    /// The kind of this message type.
    pub const fn of<M: Message>() -> Self {
        Self {
            name: M::NAME,
            sizes: (*M::SIZES.start(), *M::SIZES.end()),
            payload_bytes: |seed, index, size| M::generate(seed, index, size).payload_bytes(),
            watermarks: |index, size| {
                let mut mark = Watermark::new(index);
                M::watermarked(&mut mark, size);
                mark.words()
            },
            digest: |seed, index, size, task| M::generate(seed, index, size).digest(task),
        }
    }
}
