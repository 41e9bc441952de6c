//! Encoding: an archive is written into the outbox itself.

use core::marker::PhantomData;

use rkyv::Serialize;
use rkyv::api::low::{LowSerializer, to_bytes_in_with_alloc};
use rkyv::ser::allocator::{Arena, ArenaHandle};
use rkyv::ser::writer::Buffer;
use rkyv::ser::{Positional, Writer};
use weft_guest::Encode;
use weft_schemas::{Message, Status};

use crate::Refusal;

/// The wire type of a message, read as `A` says.
pub struct Wire<A, M> {
    outbox: &'static mut [u8],
    /// What is known of parts that are not written yet; kept for its memory.
    arena: Arena,
    of: PhantomData<fn() -> (A, M)>,
}

/// A message that rkyv writes.
pub trait Written:
    Message
    + for<'a> Serialize<LowSerializer<Buffer<'a>, ArenaHandle<'a>, Refusal>>
    + for<'a> Serialize<LowSerializer<Length, ArenaHandle<'a>, Refusal>>
{
}

impl<M> Written for M where
    M: Message
        + for<'a> Serialize<LowSerializer<Buffer<'a>, ArenaHandle<'a>, Refusal>>
        + for<'a> Serialize<LowSerializer<Length, ArenaHandle<'a>, Refusal>>
{
}

impl<A, M: Written> Encode for Wire<A, M> {
    type Message = M;

    fn capacity(messages: &[M]) -> usize {
        let mut arena = Arena::new();
        let mut len = |message| {
            let written = to_bytes_in_with_alloc::<_, _, Refusal>(message, Length(0), arena.acquire());
            written.map_or(0, |Length(len)| len)
        };
        messages.iter().map(&mut len).max().unwrap_or(0)
    }

    fn start(outbox: &'static mut [u8], _: &[M]) -> Result<Self, Status> {
        Ok(Self { outbox, arena: Arena::new(), of: PhantomData })
    }

    #[inline(always)]
    fn encode(&mut self, _: usize, message: &M) -> Result<&[u8], Status> {
        let written =
            to_bytes_in_with_alloc::<_, _, Refusal>(message, Buffer::from(&mut *self.outbox), self.arena.acquire());
        // Only a buffer that is full fails.
        let len = written.map_err(|_| Status::Capacity)?.len();
        self.outbox.get(..len).ok_or(Status::Capacity)
    }
}

/// Measures an archive.
pub struct Length(usize);

impl Positional for Length {
    fn pos(&self) -> usize {
        self.0
    }
}

impl<E> Writer<E> for Length {
    fn write(&mut self, bytes: &[u8]) -> Result<(), E> {
        self.0 += bytes.len();
        Ok(())
    }
}
