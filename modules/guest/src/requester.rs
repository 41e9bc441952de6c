//! The requester's half: the loop that sends messages and reads the answers.

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
        // SAFETY: as in `produce`.
        let Some(prepared) = (unsafe { &mut *self.state.get() }) else { return Status::NotPrepared.code() };
        let asked = prepared.encoder(first as usize).and_then(|encoder| {
            let (encoder, result) = ask_all(encoder, &prepared.messages, first as usize, count, read);
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
    read: impl Fn(&[u8]) -> Outcome,
) -> (E, Result<i64, Status>) {
    let mut sum = 0_u64;
    let (mut start, mut left) = (first, count as usize);
    while left > 0 {
        let run = messages.len().saturating_sub(start).min(left);
        for (index, message) in (start..).zip(&messages[start..start + run]) {
            let result = match encoder.encode(index, message) {
                Ok(wire) => digest(send(wire), &read),
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

/// The digest of the answer at a place, or a status: the one that came in place of an answer, or what is wrong with the answer.
#[inline(always)]
fn digest(place: i64, read: &impl Fn(&[u8]) -> Outcome) -> i64 {
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
    read(bytes).map_or_else(Status::code, |digest| digest as i64)
}
