//! Messages built in the outbox, and what they need there.

use capnp::message::{Builder, SingleSegmentAllocator};
use capnp::private::layout::StructSize;
use capnp::traits::HasStructSize;
use weft_schemas::Status;

/// Bytes in Cap'n Proto's unit.
pub const WORD: usize = 8;

/// The words of the struct that `B` builds.
pub const fn struct_words<B: HasStructSize>() -> usize {
    let StructSize { data, pointers } = B::STRUCT_SIZE;
    data as usize + pointers as usize
}

/// The words of a message beside what its root's pointers lead to: the root and the pointer to it.
pub const fn root_words<B: HasStructSize>() -> usize {
    1 + struct_words::<B>()
}

/// The words of a list of `count` structs that `B` builds: a tag, and the structs.
pub const fn list_words<B: HasStructSize>(count: usize) -> usize {
    1 + count * struct_words::<B>()
}

/// A message that is being built, in the one segment that the outbox is.
pub type Message = Builder<SingleSegmentAllocator<'static>>;

/// The outbox and the message in it. A message that does not fit panics, so an outbox must hold
/// the words of the largest.
pub struct Outbox(Option<Message>);

impl Outbox {
    /// An outbox without a message.
    pub fn new(outbox: &'static mut [u8]) -> Self {
        Self(Some(Builder::new(SingleSegmentAllocator::new(outbox))))
    }

    /// Makes the message that `build` fills, in the place of the one before.
    ///
    /// A message is one `Builder`, and the bytes are there as long as it is: the library zeroes
    /// what a message used when its allocator goes on to the next. (Another root in the same
    /// `Builder` would be put behind the first.)
    ///
    /// # Errors
    /// Those of `build`.
    #[inline(always)]
    pub fn message(&mut self, build: impl FnOnce(&mut Message) -> Result<(), Status>) -> Result<&[u8], Status> {
        let allocator = self.0.take().ok_or(Status::NotPrepared)?.into_allocator();
        let message = self.0.insert(Builder::new(allocator));
        build(message)?;
        message.get_segments_for_output().first().copied().ok_or(Status::NotEncoded)
    }
}
