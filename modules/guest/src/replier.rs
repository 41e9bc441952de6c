//! The replier's half: a message becomes a value, and the changed value a message in its own outbox.

use core::cell::UnsafeCell;

use weft_schemas::{Message, Status};

use crate::{Encode, consumer, producer};

/// How a message is answered that is not built as a value: the floor's.
pub trait Replies {
    /// What is kept from answer to answer.
    type Kept;

    /// Takes the outbox over, before the first answer.
    ///
    /// # Errors
    /// A [`Status`].
    fn start(outbox: &'static mut [u8]) -> Result<Self::Kept, Status>;

    /// Makes the answer to the message `bytes`, and returns where in the outbox it lies.
    ///
    /// # Errors
    /// A consumer's [`Status`].
    fn answer<'a>(kept: &'a mut Self::Kept, bytes: &[u8]) -> Result<&'a [u8], Status>;
}

/// What answers one kind of message: a `static` behind the export of [`crate::codec!`]. It keeps an encoder, or what stands for one.
pub struct Replier<E>(UnsafeCell<Option<Kept<E>>>);

/// What is kept from answer to answer.
struct Kept<E> {
    encoder: E,
    /// The outbox's size in bytes.
    room: usize,
}

// SAFETY: as for `Global`.
unsafe impl<E> Sync for Replier<E> {}

/// What a replier keeps, which `start` makes the first time; returns a status where it cannot be made. A macro, because of a function there
/// would be more instructions than of what is written out.
macro_rules! kept {
    ($replier:ident, $start:ident) => {
        // SAFETY: one thread, and nothing here comes back into this function: a replier calls nobody.
        match unsafe { &mut *$replier.0.get() } {
            Some(kept) => kept,
            empty => {
                core::hint::cold_path();
                let region = producer::OUTBOX.0.take().ok_or(Status::NotAnswered)?;
                // SAFETY: the region was taken out of its cell, so this happens once.
                let outbox = unsafe { region.bytes() };
                let room = outbox.len();
                empty.insert(Kept { encoder: $start(outbox).map_err(|_| Status::NotAnswered)?, room })
            }
        }
    };
}

impl<E> Default for Replier<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E> Replier<E> {
    /// One that has not answered yet.
    pub const fn new() -> Self {
        Self(UnsafeCell::new(None))
    }

    /// `receive_<message>_reply`: checks where the message lies, lets `answer` make the answer, and returns its place or a status.
    /// `start` makes what `answer` works with, before the first; beside it `answer` is told the outbox's size in bytes.
    #[inline(always)]
    pub fn receive(
        &self,
        ptr: usize,
        len: usize,
        start: impl FnOnce(&'static mut [u8]) -> Result<E, Status>,
        answer: impl for<'a> FnOnce(&'a mut E, usize, &[u8]) -> Result<&'a [u8], Status>,
    ) -> i64 {
        consumer::receive(ptr, len, |bytes| {
            let Kept { encoder, room } = kept!(self, start);
            Ok(place(answer(encoder, *room, bytes)?))
        })
    }

    /// The same for typed messages: `answer` is given where the message's records begin, and returns the answer as [`Encode::encode`] returns
    /// a typed message: it begins where its records do, and has as many bytes as there are records.
    #[inline(always)]
    pub fn receive_list<T>(
        &self,
        ptr: usize,
        len: usize,
        start: impl FnOnce(&'static mut [u8]) -> Result<E, Status>,
        answer: impl for<'a> FnOnce(&'a mut E, *const T) -> Result<&'a [u8], Status>,
    ) -> i64 {
        consumer::receive_list(ptr, len, |records| {
            let Kept { encoder, .. } = kept!(self, start);
            Ok(place(answer(encoder, records)?))
        })
    }

    /// Lets `work` have what is kept, once an answer has been brought back; nothing where there was none.
    #[inline(always)]
    pub fn answered(&self, work: impl FnOnce(&mut E)) {
        // SAFETY: as in `kept!`.
        if let Some(kept) = unsafe { &mut *self.0.get() } {
            work(&mut kept.encoder);
        }
    }
}

/// The answer to a value, encoded into an outbox of `room` bytes; the value is dropped here.
///
/// # Errors
/// Why there is no value; [`Status::NotAnswered`] where it could not be encoded.
#[inline(always)]
pub fn encoded<E: Encode>(encoder: &mut E, room: usize, value: Result<E::Message, Status>) -> Result<&[u8], Status> {
    let mut value = value?;
    value.answer();
    if E::PANICS && E::capacity(core::slice::from_ref(&value)) > room {
        core::hint::cold_path();
        return Err(Status::NotAnswered);
    }
    encoder.encode(0, &value).map_err(|_| Status::NotAnswered)
}

/// Where an answer lies, as `receive_<message>_reply` returns it: its length in the upper 32 bits, its address in the lower ones. No region
/// is longer than 2³⁰ bytes, so that it is never negative.
#[inline(always)]
fn place(answer: &[u8]) -> u64 {
    (answer.len() as u64) << 32 | answer.as_ptr() as usize as u32 as u64
}
