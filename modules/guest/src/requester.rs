//! The requester's half: the loop that sends messages and reads the answers.

use core::marker::PhantomData;

use weft_schemas::digest::MASK;
use weft_schemas::{Message, Outcome, Status};

use crate::producer::{Line, OUTBOX, Prepared, send};
use crate::{Encode, consumer};

impl<E: Encode> Line<E> {
    /// `prepare_<message>` of a requester: as that of a producer, but the capacity is enough for the answers as well.
    pub fn prepare_requests(&self, size: u32, messages: u32, seed: u64) -> i64 {
        self.prepare_with(size, messages, seed, |messages: &[E::Message]| {
            let mut answers = messages.to_vec();
            answers.iter_mut().for_each(Message::answer);
            E::capacity(messages).max(E::capacity(&answers))
        })
    }

    /// `request_<message>`: encodes and sends `count` messages, as `produce` does, and lets `read` read each answer; returns the sum of the
    /// digests modulo 2⁶³, or the first status.
    #[inline(always)]
    pub fn request(&self, first: u32, count: u32, read: impl Fn(&[u8]) -> Outcome) -> i64 {
        self.ask(first, count, Bytes(read))
    }

    /// The same for typed messages: `read` is given where the answer's records begin, and how many there are. They and what they point at
    /// are this guest's from then on.
    #[inline(always)]
    pub fn request_list<T>(&self, first: u32, count: u32, read: impl Fn(*const T, usize) -> Outcome) -> i64 {
        self.ask(first, count, Records(read, PhantomData))
    }

    #[inline(always)]
    fn ask(&self, first: u32, count: u32, answer: impl Answer) -> i64 {
        // SAFETY: as in `produce`.
        let Some(prepared) = (unsafe { &mut *self.state.get() }) else { return Status::NotPrepared.code() };
        let asked = prepared.encoder(first as usize).and_then(|encoder| {
            let (encoder, result) = ask_all(encoder, &prepared.messages, first as usize, count, answer);
            prepared.encoder = Some(encoder);
            result
        });
        asked.unwrap_or_else(Status::code)
    }
}

impl<E: Encode> Prepared<E> {
    /// The encoder, which is made the first time, where there is a message number `first`.
    fn encoder(&mut self, first: usize) -> Result<E, Status> {
        if first >= self.messages.len() {
            return Err(Status::Argument);
        }
        match self.encoder.take() {
            Some(encoder) => Ok(encoder),
            None => {
                let region = OUTBOX.0.take().ok_or(Status::NotPrepared)?;
                // SAFETY: the region was taken out of its cell, so this happens once.
                let outbox = unsafe { region.bytes() };
                if outbox.len() < self.capacity {
                    return Err(Status::Capacity);
                }
                E::start(outbox, &self.messages)
            }
        }
    }
}

/// The timed loop; as that of a producer.
#[inline(never)]
fn ask_all<E: Encode>(
    mut encoder: E,
    messages: &[E::Message],
    first: usize,
    count: u32,
    answer: impl Answer,
) -> (E, Result<i64, Status>) {
    let mut sum = 0_u64;
    let (mut start, mut left) = (first, count as usize);
    while left > 0 {
        let run = messages.len().saturating_sub(start).min(left);
        for (index, message) in (start..).zip(&messages[start..start + run]) {
            let result = match encoder.encode(index, message) {
                Ok(wire) => answer.digest(send(wire)),
                Err(status) => status.code(),
            };
            if result < 0 {
                core::hint::cold_path();
                return (encoder, Ok(result));
            }
            sum = sum.wrapping_add(result as u64);
        }
        left -= run;
        start = 0;
    }
    (encoder, Ok((sum & MASK) as i64))
}

/// How an answer is read. (A trait, because a closure cannot be told to be inlined.)
trait Answer {
    /// The digest of the answer at a place, or a status: the one that came in place of an answer, or what is wrong with the answer.
    fn digest(&self, place: i64) -> i64;
}

/// An answer of bytes.
struct Bytes<R>(R);

impl<R: Fn(&[u8]) -> Outcome> Answer for Bytes<R> {
    #[inline(always)]
    fn digest(&self, place: i64) -> i64 {
        if place < 0 {
            core::hint::cold_path();
            return place;
        }
        let (ptr, len) = (place as u32 as usize, (place >> 32) as usize);
        if !ptr.is_multiple_of(8) || !consumer::lies_in_memory(ptr, len) {
            core::hint::cold_path();
            return Status::Misplaced.code();
        }
        // SAFETY: the range lies in this memory, which never shrinks, and does not start at null. Nobody writes to it before the next `send`.
        let bytes = unsafe { core::slice::from_raw_parts(ptr as *const u8, len) };
        (self.0)(bytes).map_or_else(Status::code, |digest| digest as i64)
    }
}

/// An answer that is a list of records. Whether there are valid ones is for the engine's adapter to say.
struct Records<T, R>(R, PhantomData<fn() -> T>);

impl<T, R: Fn(*const T, usize) -> Outcome> Answer for Records<T, R> {
    #[inline(always)]
    fn digest(&self, place: i64) -> i64 {
        if place < 0 {
            core::hint::cold_path();
            return place;
        }
        let (ptr, len) = (place as u32 as usize, (place >> 32) as usize);
        let bytes = len.checked_mul(size_of::<T>());
        if !ptr.is_multiple_of(align_of::<T>()) || !bytes.is_some_and(|bytes| consumer::lies_in_memory(ptr, bytes)) {
            core::hint::cold_path();
            return Status::Misplaced.code();
        }
        (self.0)(ptr as *const T, len).map_or_else(Status::code, |digest| digest as i64)
    }
}
