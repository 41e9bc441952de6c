//! The producer of one kind of message.

use weft_guest::schemas::{Message, Status};
use weft_guest::{Encode, Region};

/// Values of one kind of message, and the encoder that they are given to.
pub struct Line<E: Encode>(Option<Prepared<E>>);

struct Prepared<E: Encode> {
    messages: Vec<E::Message>,
    encoder: E,
}

impl<E: Encode> Line<E> {
    /// A line with nothing prepared.
    pub const fn new() -> Self {
        Self(None)
    }

    /// Generates the values and starts the encoder; returns the outbox's capacity in bytes, or the negative code of a status.
    /// Once per instance. `values` says what is generated, in 16 bytes, little-endian: the size of a message and how many
    /// there are, in 4 bytes each, then the seed, in 8.
    pub fn prepare(&mut self, values: &[u8]) -> i64 {
        self.start(values, E::capacity).unwrap_or_else(Status::code)
    }

    /// The same for values that are answered: what it returns is enough for the answers as well.
    pub fn prepare_requests(&mut self, values: &[u8]) -> i64 {
        let needed = |messages: &[E::Message]| {
            let mut answers = messages.to_vec();
            answers.iter_mut().for_each(Message::answer);
            E::capacity(messages).max(E::capacity(&answers))
        };
        self.start(values, needed).unwrap_or_else(Status::code)
    }

    fn start(&mut self, values: &[u8], needed: impl FnOnce(&[E::Message]) -> usize) -> Result<i64, Status> {
        let ([size, count], seed) = read(values).ok_or(Status::Argument)?;
        if !E::Message::SIZES.contains(&size) || count == 0 || self.0.is_some() {
            return Err(Status::Argument);
        }
        let messages: Vec<_> = (0..count).map(|index| E::Message::generate(seed, index, size)).collect();
        let capacity = needed(&messages).saturating_add(Region::MARGIN);
        let encoder = E::start(outbox(capacity)?, &messages)?;
        self.0 = Some(Prepared { messages, encoder });
        i64::try_from(capacity).map_err(|_| Status::Capacity)
    }

    /// Encodes message `number` of those that were prepared.
    ///
    /// # Errors
    /// A producer's [`Status`].
    #[inline(always)]
    pub fn encode(&mut self, number: u32) -> Result<&[u8], Status> {
        let Prepared { messages, encoder } = self.0.as_mut().ok_or(Status::NotPrepared)?;
        let number = number as usize;
        encoder.encode(number, messages.get(number).ok_or(Status::Argument)?)
    }
}

impl<E: Encode> Default for Line<E> {
    fn default() -> Self {
        Self::new()
    }
}

/// An outbox of its own for each line and replier: as weft's own guests have it, some way into whole pages.
pub(crate) fn outbox(capacity: usize) -> Result<&'static mut [u8], Status> {
    let region = Region::allocate(capacity)?;
    // SAFETY: the region is this function's own, and its bytes are taken once.
    Ok(unsafe { region.bytes() })
}

/// The size and the count, and the seed.
fn read(values: &[u8]) -> Option<([u32; 2], u64)> {
    let (size, rest) = values.split_first_chunk()?;
    let (count, rest) = rest.split_first_chunk()?;
    let seed = u64::from_le_bytes(rest.try_into().ok()?);
    Some(([u32::from_le_bytes(*size), u32::from_le_bytes(*count)], seed))
}

#[cfg(test)]
mod tests {
    use weft_guest::Encode;
    use weft_guest::schemas::{Message, Ping, Status};

    use super::Line;

    const SEED: u64 = 0x57454654;

    /// Writes a ping's sequence, and how often it has encoded.
    struct Sequence {
        outbox: &'static mut [u8],
        encoded: u8,
    }

    impl Encode for Sequence {
        type Message = Ping;

        fn capacity(messages: &[Ping]) -> usize {
            messages.len()
        }

        fn start(outbox: &'static mut [u8], _: &[Ping]) -> Result<Self, Status> {
            Ok(Self { outbox, encoded: 0 })
        }

        fn encode(&mut self, index: usize, message: &Ping) -> Result<&[u8], Status> {
            self.encoded += 1;
            self.outbox[..8].copy_from_slice(&message.sequence.to_le_bytes());
            self.outbox[8..10].copy_from_slice(&[index as u8, self.encoded]);
            Ok(&self.outbox[..10])
        }
    }

    fn values(size: u32, count: u32) -> Vec<u8> {
        [&size.to_le_bytes()[..], &count.to_le_bytes(), &SEED.to_le_bytes()].concat()
    }

    #[test]
    fn a_line_sends_the_values_of_its_seed_with_one_encoder() {
        let mut line = Line::<Sequence>::new();
        assert_eq!(line.encode(0), Err(Status::NotPrepared));
        assert_eq!(line.prepare(&values(1, 3)), 3 + 4096);
        for (number, encoded) in [(2, 1), (0, 2)] {
            let sequence = Ping::generate(SEED, number, 1).sequence.to_le_bytes();
            let expected = [&sequence[..], &[number as u8, encoded]].concat();
            assert_eq!(line.encode(number), Ok(expected.as_slice()));
        }
        assert_eq!(line.encode(3), Err(Status::Argument));
    }

    #[test]
    fn a_line_is_prepared_once_and_for_what_there_is() {
        for wrong in [values(1, 0), values(2, 1), values(1, 1)[..15].to_vec(), Vec::new()] {
            assert_eq!(Line::<Sequence>::new().prepare(&wrong), Status::Argument.code(), "{wrong:?}");
        }
        let mut line = Line::<Sequence>::new();
        assert!(line.prepare(&values(1, 1)) > 0);
        assert_eq!(line.prepare(&values(1, 1)), Status::Argument.code());
    }
}
