//! `null`, the floor: bytes that already lie in the outbox are sent as they are. What its cells cost
//! is what the transport alone costs.

use weft_guest::schemas::blob::{Blob, floor_answer, floor_peek, floor_scan};
use weft_guest::schemas::{Outcome, Status};
use weft_guest::{Encode, Evolution, Replies, Role, Traits, Validation};

/// What this codec is.
pub const TRAITS: Traits = Traits {
    about: "the floor: bytes that already lie in the outbox, nothing encoded",
    role: Role::Floor,
    library: "",
    release: None,
    schema: false,
    evolution: Evolution::No,
    self_describing: false,
    encodes: false,
    typed: false,
    in_place: true,
    validates: Validation::None,
    scan_checks_utf8: false,
    trailing_bytes: false,
    reuses_buffers: true,
    trusts_lengths: 0,
    unsupported: &[
        ("*", "the floor moves bytes and has no fields; blob stands for every message of its size"),
        ("own", "the floor builds no value"),
    ],
};

/// The blobs as they lie in the outbox.
pub struct BlobWire(Vec<&'static [u8]>);

/// The distance from one message to the next. The 64 bytes beyond the message's own size let the
/// messages begin in different sets of the cache, as messages in use would.
const fn slot(len: usize) -> usize {
    len.next_multiple_of(64) + 64
}

impl Encode for BlobWire {
    type Message = Blob;

    fn capacity(messages: &[Blob]) -> usize {
        messages.iter().map(|message| slot(message.data.len())).sum()
    }

    fn start(outbox: &'static mut [u8], messages: &[Blob]) -> Result<Self, Status> {
        let mut slots = Vec::with_capacity(messages.len());
        let mut free = outbox;
        for Blob { data } in messages {
            let (place, rest) = free.split_at_mut_checked(slot(data.len())).ok_or(Status::Capacity)?;
            let (place, _) = place.split_at_mut(data.len());
            place.copy_from_slice(data);
            slots.push(&*place);
            free = rest;
        }
        Ok(Self(slots))
    }

    #[inline(always)]
    fn encode(&mut self, index: usize, _message: &Blob) -> Result<&[u8], Status> {
        self.0.get(index).copied().ok_or(Status::Argument)
    }
}

impl BlobWire {
    /// Reads the first and the last byte.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        floor_peek(bytes)
    }

    /// Sums every 8-byte word.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        Ok(floor_scan(bytes))
    }
}

/// Answers with as many bytes as came, which already lie in the outbox; the first and the last of them are those of the message with all
/// their bits turned, by which an answer is known to be the one to its message.
impl Replies for BlobWire {
    type Kept = &'static mut [u8];

    fn start(outbox: &'static mut [u8]) -> Result<Self::Kept, Status> {
        Ok(outbox)
    }

    #[inline(always)]
    fn answer<'a>(outbox: &'a mut Self::Kept, bytes: &[u8]) -> Result<&'a [u8], Status> {
        let [first, last] = (floor_answer(floor_peek(bytes)?) as u16).to_le_bytes();
        let answer = outbox.get_mut(..bytes.len()).ok_or(Status::NotAnswered)?;
        if let Some(place) = answer.first_mut() {
            *place = first;
        }
        if let Some(place) = answer.last_mut() {
            *place = last;
        }
        Ok(answer)
    }
}

weft_guest::codec! {
    traits: TRAITS,
    blob: BlobWire { peek, scan, reply },
}
