//! What answers one kind of message.

use weft_guest::schemas::Status;
use weft_guest::{Encode, replier};

use crate::line::outbox;

/// An encoder for answers, with an outbox of its own.
pub struct Replier<E: Encode>(Option<Kept<E>>);

struct Kept<E> {
    encoder: E,
    /// The outbox's size in bytes.
    room: usize,
}

impl<E: Encode> Replier<E> {
    /// One that has no outbox.
    pub const fn new() -> Self {
        Self(None)
    }

    /// Takes an outbox of a size in bytes, which `capacity` says in 8 bytes, little-endian; returns 0, or the negative code of a
    /// status. Once per instance.
    pub fn prepare(&mut self, capacity: &[u8]) -> i64 {
        self.start(capacity).map_or_else(Status::code, |()| 0)
    }

    fn start(&mut self, capacity: &[u8]) -> Result<(), Status> {
        let capacity = capacity.try_into().map(u64::from_le_bytes).map_err(|_| Status::Argument)?;
        if self.0.is_some() {
            return Err(Status::Argument);
        }
        let outbox = outbox(usize::try_from(capacity).map_err(|_| Status::Capacity)?)?;
        let room = outbox.len();
        self.0 = Some(Kept { encoder: E::start_answers(outbox)?, room });
        Ok(())
    }

    /// The answer to a value, or why there is no value; the value is dropped here.
    ///
    /// # Errors
    /// A consumer's [`Status`].
    #[inline(always)]
    pub fn answer(&mut self, value: Result<E::Message, Status>) -> Result<&[u8], Status> {
        let Kept { encoder, room } = self.0.as_mut().ok_or(Status::NotAnswered)?;
        replier::encoded(encoder, *room, value)
    }
}

impl<E: Encode> Default for Replier<E> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use weft_guest::Encode;
    use weft_guest::schemas::{Message, Ping, Status};

    use super::Replier;

    /// Writes a ping's sequence.
    struct Sequence(&'static mut [u8]);

    impl Encode for Sequence {
        type Message = Ping;

        fn capacity(_: &[Ping]) -> usize {
            8
        }

        fn start(outbox: &'static mut [u8], _: &[Ping]) -> Result<Self, Status> {
            Ok(Self(outbox))
        }

        fn encode(&mut self, _: usize, message: &Ping) -> Result<&[u8], Status> {
            self.0[..8].copy_from_slice(&message.sequence.to_le_bytes());
            Ok(&self.0[..8])
        }
    }

    #[test]
    fn a_value_is_answered_once_there_is_an_outbox() {
        let value = Ping::generate(1, 0, 1);
        let mut answered = value;
        answered.answer();
        let mut replier = Replier::<Sequence>::new();
        assert_eq!(replier.answer(Ok(value)), Err(Status::NotAnswered));
        assert_eq!(replier.prepare(&[1, 2, 3]), Status::Argument.code());
        assert_eq!(replier.prepare(&4096_u64.to_le_bytes()), 0);
        assert_eq!(replier.prepare(&4096_u64.to_le_bytes()), Status::Argument.code());
        assert_eq!(replier.answer(Ok(value)), Ok(&answered.sequence.to_le_bytes()[..]));
        assert_eq!(replier.answer(Err(Status::Malformed)), Err(Status::Malformed));
    }
}
