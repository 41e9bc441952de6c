//! Messages without framing: one segment, built and read where it lies.

use capnp::message::{Builder, Reader, SegmentArray, SingleSegmentAllocator};
use capnp::traits::Owned;
use weft_guest_capnp::{Form, Message, WORD, limited, status};
use weft_schemas::Status;

/// The outbox and the message in it. A message that does not fit panics, so an outbox must hold
/// the words of the largest.
pub struct Segment(Option<Message<'static>>);

impl Form for Segment {
    fn capacity(words: usize) -> usize {
        WORD * words
    }

    fn words(room: usize) -> usize {
        room / WORD
    }

    fn new(outbox: &'static mut [u8], _words: usize) -> Self {
        Self(Some(Builder::new(SingleSegmentAllocator::new(outbox))))
    }

    /// A message is one `Builder`, and the bytes are there as long as it is: the library zeroes
    /// what a message used when its allocator goes on to the next. (Another root in the same
    /// `Builder` would be put behind the first.)
    #[inline(always)]
    fn message(&mut self, build: impl FnOnce(&mut Message<'_>) -> Result<(), Status>) -> Result<&[u8], Status> {
        let allocator = self.0.take().ok_or(Status::NotPrepared)?.into_allocator();
        let message = self.0.insert(Builder::new(allocator));
        build(message)?;
        message.get_segments_for_output().first().copied().ok_or(Status::NotEncoded)
    }

    #[inline(always)]
    fn root<T: Owned, R>(
        bytes: &[u8],
        read: impl FnOnce(T::Reader<'_>, usize) -> Result<R, Status>,
    ) -> Result<R, Status> {
        let segments = [bytes];
        let message = Reader::new(SegmentArray::new(&segments), limited(bytes.len() / WORD));
        read(message.get_root::<T::Reader<'_>>().map_err(status)?, bytes.len())
    }
}
