//! What a message is, and the table of their kinds.

use core::fmt::{self, Debug};

use crate::{EDGES, Outcome, Status, Task, WATERMARKED, WILD, Watermark};

/// What a type must be to have a [`Kind`].
#[cfg(any(feature = "layout", feature = "tree"))]
pub trait Listed: Message + serde::Serialize + serde::de::DeserializeOwned {}

#[cfg(any(feature = "layout", feature = "tree"))]
impl<M: Message + serde::Serialize + serde::de::DeserializeOwned> Listed for M {}

/// What a type must be to have a [`Kind`].
#[cfg(not(any(feature = "layout", feature = "tree")))]
pub trait Listed: Message {}

#[cfg(not(any(feature = "layout", feature = "tree")))]
impl<M: Message> Listed for M {}

/// A type of value that weft sends. `size` is the N of `log@N`: how many elements a value has.
pub trait Message: Clone + Debug + PartialEq + Sized {
    /// The name before the `@`.
    const NAME: &'static str;
    /// The sizes that make sense, from the smallest to the largest.
    const SIZES: core::ops::RangeInclusive<u32>;
    /// How it is built, one of [`shape`](crate::shape): by it the codecs on serde and their like carry the message.
    type Shape;

    /// The sizes that the full matrix measures.
    const MEASURED: &'static [u32];
    /// The sizes that tests try.
    const TRIED: Tried;

    /// Value `index` of the set that `seed` stands for: the same on host and guest.
    fn generate(seed: u64, index: u32, size: u32) -> Self {
        match seed {
            WATERMARKED => Self::watermarked(&mut Watermark::new(index), size),
            EDGES => Self::edge(index, size),
            _ => Self::random(seed, index, size),
        }
    }

    /// The value for a seed like any other.
    fn random(seed: u64, index: u32, size: u32) -> Self;

    /// The value whose payload consists of the words of `mark`, as far as its fields can hold them.
    fn watermarked(mark: &mut Watermark, size: u32) -> Self;

    /// The value at edge number `index` of [`EDGES`]: a message without an element, with one, with an odd number, with `size` of them;
    /// texts that are empty, long, of more than one byte a character; numbers at their ends.
    fn edge(index: u32, size: u32) -> Self {
        Self::random(WILD | u64::from(index), index, size)
    }

    /// Values at the edge of what there is, which no seed makes. Tests encode each with a fresh encoder.
    fn edges() -> Vec<Self> {
        Vec::new()
    }

    /// The payload in bytes: scalars at their width, enums 1, strings and bytes their length, and of an option what it holds.
    fn payload_bytes(&self) -> u64;

    /// The value built once more, its strings checked: what the task `own` does beside reading.
    ///
    /// # Errors
    /// None for a value that exists; the signature is that of the codecs' `own`.
    fn rebuilt(&self) -> Result<Self, Status> {
        Ok(self.clone())
    }

    /// Changes the value as the task `reply` does, before it is sent back: what it changes stands at each message. The answer differs from
    /// the value wherever there is something to change.
    fn answer(&mut self);

    /// The digest that `task` must return for this value, without any codec; for `reply` that of an answer, which this value is.
    ///
    /// # Errors
    /// Where the value has nothing that the task reads: an empty list has no element to peek at.
    fn digest(&self, task: Task) -> Outcome;
}

/// The sizes of a message that tests try.
#[derive(Clone, Copy, Debug)]
pub struct Tried {
    /// Those whose values must come back as they were, the smallest first.
    pub whole: &'static [u32],
    /// Those whose encoded values are broken, bit by bit: they are small.
    pub broken: &'static [u32],
}

/// A [`Message`] type as data: what the host needs to know without knowing the type.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The name before the `@`.
    pub name: &'static str,
    /// The smallest and the largest size.
    pub sizes: (u32, u32),
    /// The sizes that the full matrix measures.
    pub measured: &'static [u32],
    /// The sizes that tests try.
    pub tried: Tried,
    /// The payload in bytes of value `index` of size `size` under `seed`: `(seed, index, size)`.
    pub payload_bytes: fn(u64, u32, u32) -> u64,
    /// How many words value `index` of size `size` consists of under [`WATERMARKED`]: `(index, size)`.
    pub watermarks: fn(u32, u32) -> u32,
    /// The digest of that value for a task, of a reply that of its answer: `(seed, index, size, task)`.
    pub digest: fn(u64, u32, u32, Task) -> Outcome,
    /// Writes that value as Rust would, a field a line: `(seed, index, size, out)`.
    pub write_text: fn(u64, u32, u32, &mut dyn fmt::Write) -> fmt::Result,
    /// Appends that value in the plain layout: `(seed, index, size, out)`.
    #[cfg(feature = "layout")]
    pub lay_out: fn(u64, u32, u32, &mut Vec<u8>),
    /// That value as a tree: `(seed, index, size)`.
    #[cfg(feature = "tree")]
    pub tree: fn(u64, u32, u32) -> crate::tree::Tree,
    /// The digest of the value that a tree is; none where it is none.
    #[cfg(feature = "tree")]
    pub tree_digest: fn(&crate::tree::Tree, Task) -> Option<Outcome>,
}

impl Kind {
    /// The kind of this message type.
    pub const fn of<M: Listed>() -> Self {
        Self {
            name: M::NAME,
            sizes: (*M::SIZES.start(), *M::SIZES.end()),
            measured: M::MEASURED,
            tried: M::TRIED,
            payload_bytes: |seed, index, size| M::generate(seed, index, size).payload_bytes(),
            watermarks: |index, size| {
                let mut mark = Watermark::new(index);
                M::watermarked(&mut mark, size);
                mark.words()
            },
            digest: |seed, index, size, task| digest_for(M::generate(seed, index, size), task),
            write_text: |seed, index, size, out| write!(out, "{:#?}", M::generate(seed, index, size)),
            #[cfg(feature = "layout")]
            lay_out: |seed, index, size, out| crate::layout::lay_out(&M::generate(seed, index, size), out),
            #[cfg(feature = "tree")]
            tree: |seed, index, size| crate::tree::of(&M::generate(seed, index, size)),
            #[cfg(feature = "tree")]
            tree_digest: crate::tree::digest::<M>,
        }
    }
}

/// What a task of this value returns: of a reply the digest of its answer.
pub(crate) fn digest_for<M: Message>(mut value: M, task: Task) -> Outcome {
    if task == Task::Reply {
        value.answer();
    }
    value.digest(task)
}

#[cfg(test)]
mod tests {
    use crate::{EDGES, KINDS, Task, WATERMARKED, WILD};

    /// Otherwise a guest that sends back what came would pass for one that answers.
    #[test]
    fn answers_differ_from_what_they_answer() {
        for kind in KINDS {
            for (seed, index) in [(1, 0), (7, 3), (WILD | 1, 0), (WILD | 5, 1), (EDGES, 1), (WATERMARKED, 2)] {
                let size = 5.clamp(kind.sizes.0, kind.sizes.1);
                let [own, reply] = [Task::Own, Task::Reply].map(|task| (kind.digest)(seed, index, size, task));
                assert_ne!(own, reply, "{} {seed:#x} {index}", kind.name);
            }
        }
    }
}
