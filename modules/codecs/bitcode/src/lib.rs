//! `bitcode`: each field of all elements in one column, packed as narrowly as their values allow. The library encodes into a buffer of its
//! own, from which the message is copied into the outbox, and it decodes a message as a whole: a peek builds the list too. It does not
//! say why it refuses a message, so text that is none is malformed like all else.
#![forbid(unsafe_code)]

#[cfg(test)]
mod alone;

use core::marker::PhantomData;

use bitcode::{Buffer, Decode};
use weft_guest::schemas::shape::{self, BytesMessage, Element, ListMessage, Peeked};
use weft_guest::schemas::{Message, Outcome, Status, Task, with_messages};
use weft_guest::shapes::Tasks;
use weft_guest::{Encode, Kept, Release, Traits};

/// What this codec is.
pub const TRAITS: Traits = Traits {
    about: "bitcode through its own derive: packed columns; decodes the whole message",
    library: "bitcode",
    release: Some(Release { version: "0.6.9", month: "2025-12", maintained: true }),
    ..Traits::USUAL
};

/// The wire type of a message.
pub struct Wire<M> {
    outbox: &'static mut [u8],
    buffer: Buffer,
    of: PhantomData<fn() -> M>,
}

impl<M: Message + bitcode::Encode> Encode for Wire<M> {
    type Message = M;

    fn capacity(messages: &[M]) -> usize {
        let mut buffer = Buffer::new();
        messages.iter().map(|message| buffer.encode(message).len()).max().unwrap_or(0)
    }

    fn start(outbox: &'static mut [u8], _: &[M]) -> Result<Self, Status> {
        Ok(Self { outbox, buffer: Buffer::new(), of: PhantomData })
    }

    #[inline(always)]
    fn encode(&mut self, _: usize, message: &M) -> Result<&[u8], Status> {
        let wire = self.buffer.encode(message);
        let place = self.outbox.get_mut(..wire.len()).ok_or(Status::Capacity)?;
        place.copy_from_slice(wire);
        Ok(place)
    }
}

/// Decodes a whole message. The decoder's columns are kept from message to message.
#[inline(always)]
fn decode<'a, T: Decode<'a>>(bytes: &'a [u8]) -> Result<T, Status> {
    thread_local! {
        static BUFFER: Kept<Buffer> = Kept::new(Buffer::new());
    }
    BUFFER.with(|kept| kept.with(|buffer| buffer.decode(bytes))).map_err(|_| Status::Malformed)
}

impl<M: Message + for<'a> Decode<'a>> Tasks<Wire<M>, M> for shape::Whole {
    #[inline(always)]
    fn peek(bytes: &[u8]) -> Outcome {
        decode::<M>(bytes)?.digest(Task::Peek)
    }

    #[inline(always)]
    fn scan(bytes: &[u8]) -> Outcome {
        decode::<M>(bytes)?.digest(Task::Scan)
    }

    #[inline(always)]
    fn own(bytes: &[u8]) -> Result<M, Status> {
        decode(bytes)
    }
}

/// The library borrows strings, but no bytes.
impl<M: BytesMessage> Tasks<Wire<M>, M> for shape::Bytes {
    #[inline(always)]
    fn peek(bytes: &[u8]) -> Outcome {
        Ok(M::peek(&decode::<Vec<u8>>(bytes)?))
    }

    #[inline(always)]
    fn scan(bytes: &[u8]) -> Outcome {
        Ok(M::scan(&decode::<Vec<u8>>(bytes)?))
    }

    #[inline(always)]
    fn own(bytes: &[u8]) -> Result<M, Status> {
        Ok(M::of(decode(bytes)?))
    }
}

/// All elements, their strings borrowed. A message that is a list has no bytes beside the list's.
#[inline(always)]
fn elements<'a, M: ListMessage<Element<&'a str>: Decode<'a>>>(
    bytes: &'a [u8],
) -> Result<Vec<M::Element<&'a str>>, Status> {
    decode(bytes)
}

impl<M> Tasks<Wire<M>, M> for shape::List
where
    M: ListMessage + for<'a> Decode<'a>,
    for<'a> M::Element<&'a str>: Decode<'a>,
{
    #[inline(always)]
    fn peek(bytes: &[u8]) -> Outcome {
        let elements = elements::<M>(bytes)?;
        Ok(elements.get(elements.len() / 2).ok_or(Status::Malformed)?.peek())
    }

    #[inline(always)]
    fn scan(bytes: &[u8]) -> Outcome {
        Element::scan(elements::<M>(bytes)?.into_iter().map(Ok))
    }

    #[inline(always)]
    fn own(bytes: &[u8]) -> Result<M, Status> {
        decode(bytes)
    }
}

impl<M: Message<Shape: Tasks<Self, M>>> Wire<M> {
    /// Decodes, and reads a few fields.
    ///
    /// # Errors
    /// [`Status::Malformed`], also where there is nothing to peek at.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        M::Shape::peek(bytes)
    }

    /// Decodes, and reads all fields.
    ///
    /// # Errors
    /// [`Status::Malformed`].
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        M::Shape::scan(bytes)
    }

    /// Decodes.
    ///
    /// # Errors
    /// [`Status::Malformed`].
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<M, Status> {
        M::Shape::own(bytes)
    }
}

/// The exports for all messages, and the tests.
macro_rules! all {
    ([$($name:ident: $type:ident),+]) => {
        weft_guest::codec! {
            traits: TRAITS,
            $($name: Wire<weft_guest::schemas::$type> { peek, scan, own }),+
        }

        #[cfg(test)]
        mod promises {
            use weft_guest::schemas;

            use super::{TRAITS, Wire};

            $(type $type = Wire<schemas::$type>;)+

            fn longer(ping: &schemas::Ping) -> Vec<u8> {
                bitcode::encode(&(*ping, 42_u32))
            }

            weft_testing::promises! { capacity: Exact, traits: TRAITS, longer: longer, $($name: $type),+ }
        }
    };
}

with_messages! { [all] }
