//! Structs of prost's as messages: filled and encoded, decoded and read.

use prost::DecodeError;
use weft_guest::schemas::{Message, Status};
use weft_guest::{Encode, Kept};

/// A struct of prost's that a value is encoded as.
pub trait Filled: prost::Message + Default {
    /// The value's type.
    type Value: Message;

    /// Makes it the struct of this value, whatever it was before. It keeps its memory.
    fn set(&mut self, value: &Self::Value);
}

/// A message's writer: the outbox, and the struct that all messages are encoded from.
pub struct Wire<P> {
    message: P,
    outbox: &'static mut [u8],
}

impl<P: Filled> Encode for Wire<P> {
    type Message = P::Value;

    fn capacity(messages: &[P::Value]) -> usize {
        let mut message = P::default();
        let len = |value| {
            message.set(value);
            message.encoded_len()
        };
        messages.iter().map(len).max().unwrap_or(0)
    }

    fn start(outbox: &'static mut [u8], _: &[P::Value]) -> Result<Self, Status> {
        Ok(Self { message: P::default(), outbox })
    }

    #[inline(always)]
    fn encode(&mut self, _: usize, value: &P::Value) -> Result<&[u8], Status> {
        self.message.set(value);
        let (room, mut rest) = (self.outbox.len(), &mut *self.outbox);
        self.message.encode(&mut rest).map_err(|_| Status::Capacity)?;
        let len = room - rest.len();
        self.outbox.get(..len).ok_or(Status::Capacity)
    }
}

/// Decodes `bytes` into a struct that is kept, and gives it to `read`.
///
/// # Errors
/// Those of prost, and of `read`.
#[inline(always)]
pub fn decode<P: prost::Message, R>(
    kept: &Kept<P>,
    bytes: &[u8],
    read: impl FnOnce(&mut P) -> Result<R, Status>,
) -> Result<R, Status> {
    kept.with(|message| {
        message.clear();
        message.merge(bytes).map_err(status)?;
        read(message)
    })
}

/// What prost says about a message, as a status. It says so in words only.
#[cold]
pub fn status(error: DecodeError) -> Status {
    let words = error.to_string();
    if words.ends_with("not UTF-8 encoded") {
        Status::InvalidText
    } else if words.ends_with("recursion limit reached") {
        Status::LimitReached
    } else {
        Status::Malformed
    }
}

/// The number of a field that has fewer bits than prost has numbers for.
///
/// # Errors
/// [`Status::Malformed`] where it does not fit.
#[inline(always)]
pub fn narrow<Wide, Narrow: TryFrom<Wide>>(number: Wide) -> Result<Narrow, Status> {
    Narrow::try_from(number).map_err(|_| Status::Malformed)
}
