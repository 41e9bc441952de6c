//! Messages as a packed stream: the table of segments, then the segment, packed as one.

use capnp::message::{Builder, Reader, ReaderSegments, SingleSegmentAllocator};
use capnp::serialize_packed::{read_message_no_alloc, write_message};
use capnp::traits::Owned;
use capnp::{Error, ErrorKind};
use weft_guest::Kept;
use weft_guest_capnp::{Form, Message, WORD, limited, status};
use weft_schemas::Status;

use crate::buffer::Words;

/// The most that a word is packed to, in bytes: itself, the byte before it that says which of its bytes are not zero, and the number of
/// words after it that are copied.
const PACKED: usize = WORD + 2;

/// The table of a message of one segment, in words.
const TABLE: usize = 1;

/// The longest table that the library reads, in words: it takes fewer than 512 segments.
const LONGEST_TABLE: usize = 257;

/// How many words a message may have for each of its packed bytes. Two bytes can stand for 256 words of zeros; a message of weft's is at
/// most some ten times as long as it is packed.
const WORDS_PER_BYTE: usize = 8;

/// The outbox, and beside it the words that messages are built in. A message that does not fit there panics, so there must be room for
/// the largest.
pub struct Packed {
    outbox: &'static mut [u8],
    words: Words,
}

impl Form for Packed {
    fn capacity(words: usize) -> usize {
        PACKED * (TABLE + words)
    }

    fn words(room: usize) -> usize {
        (room / PACKED).saturating_sub(TABLE)
    }

    fn new(outbox: &'static mut [u8], words: usize) -> Self {
        let mut buffer = Words::new();
        buffer.grow(words);
        Self { outbox, words: buffer }
    }

    #[inline(always)]
    fn message(&mut self, build: impl FnOnce(&mut Message<'_>) -> Result<(), Status>) -> Result<&[u8], Status> {
        // The library zeroes what a message used when it is dropped.
        let mut message = Builder::new(SingleSegmentAllocator::new(self.words.bytes()));
        build(&mut message)?;
        let (room, mut rest) = (self.outbox.len(), &mut *self.outbox);
        write_message(&mut rest, &message).map_err(|_| Status::Capacity)?;
        let len = room - rest.len();
        self.outbox.get(..len).ok_or(Status::Capacity)
    }

    #[inline(always)]
    fn root<T: Owned, R>(
        bytes: &[u8],
        read: impl FnOnce(T::Reader<'_>, usize) -> Result<R, Status>,
    ) -> Result<R, Status> {
        BUFFER.with(|buffer| {
            buffer.with(|buffer| {
                let (segments, words) = unpack(bytes, buffer)?;
                let message = Reader::new(segments, limited(words));
                read(message.get_root::<T::Reader<'_>>().map_err(status)?, WORD * words)
            })
        })
    }
}

thread_local! {
    /// What messages are unpacked into.
    static BUFFER: Kept<Words> = const { Kept::new(Words::new()) };
}

/// Unpacks a message into the buffer, which grows where it must. Returns its segments and how many words they have.
#[inline(always)]
fn unpack<'b>(bytes: &[u8], buffer: &'b mut Words) -> Result<(impl ReaderSegments + 'b, usize), Status> {
    buffer.grow(LONGEST_TABLE);
    // The library reads the table and refuses to read more: it says how much that would be.
    let words = match read_message_no_alloc(&mut &*bytes, buffer.bytes(), limited(0)) {
        Ok(_) => 0,
        Err(Error { kind: ErrorKind::MessageTooLarge(words), .. }) => words,
        Err(error) => return Err(status(error)),
    };
    if words > WORDS_PER_BYTE * bytes.len() {
        return Err(Status::LimitReached);
    }
    buffer.grow(LONGEST_TABLE + words);
    let mut rest = bytes;
    let message = read_message_no_alloc(&mut rest, buffer.bytes(), limited(words)).map_err(status)?;
    if rest.is_empty() { Ok((message.into_segments(), words)) } else { Err(Status::Malformed) }
}
