//! Codecs on serde: such a codec is its two calls, which [`Format`] asks for, and its traits. [`serde_codec!`](crate::serde_codec) makes the
//! rest: the exports for every message and task, and the tests of what every codec promises.

mod field;
mod measured;
mod message;
mod text;
mod visited;

use core::marker::PhantomData;

use serde::{Deserialize, Serialize};
use weft_schemas::{Message, Status, Text};

use crate::Encode;
use crate::list::Decodes;
use measured::Apart;
pub use text::CowStr;

/// A format of serde's: what is particular about a codec on serde.
pub trait Format: Sized {
    /// What a string is decoded as: `&'a str` where each lies in the message as it is; [`CowStr`] where some do and some do not, because
    /// the format has escapes; `String` where none does.
    type Text<'a>: Text + Deserialize<'a>;

    /// What a blob's bytes are decoded as: `&'a [u8]` where they lie in the message as they are, otherwise a type that
    /// owns them: `Vec<u8>` where they are a list of numbers, one of the codec's own where they are text.
    type Bytes<'a>: AsRef<[u8]> + Into<Vec<u8>> + Deserialize<'a>;

    /// Whether messages name their fields: then `peek` decodes those that it reads, and serde skips the others.
    const NAMES_FIELDS: bool;

    /// Whether the elements of a list simply follow its head, which [`Self::list`] reads. They are then decoded one by one: `peek`
    /// reads no further than to the one in the middle, and `own` makes a list of the right size at once. Otherwise serde's visitors
    /// go through the whole message.
    const ELEMENTS_FOLLOW: bool = false;

    /// Encodes a value to the start of `outbox`; returns its length in bytes.
    ///
    /// # Errors
    /// [`Status::Capacity`] where `outbox` is too short for it, otherwise [`Status::NotEncoded`].
    fn encode<T: Serialize>(value: &T, outbox: &mut [u8]) -> Result<usize, Status>;

    /// Decodes the value that `bytes` begin with; returns it and the bytes behind it.
    ///
    /// # Errors
    /// [`Status::InvalidText`] where the library says so, [`Status::LimitReached`] where the library has one, otherwise
    /// [`Status::Malformed`].
    fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<(T, &'a [u8]), Status>;

    /// Reads the head of a message that is a list: returns how many elements it says there are, and the bytes that they begin with.
    ///
    /// # Errors
    /// [`Status::Malformed`] where the bytes do not begin so.
    fn list(bytes: &[u8]) -> Result<(u64, &[u8]), Status> {
        let _ = bytes;
        Err(Status::Malformed)
    }

    /// The same where messages name their fields: that of the list must be called `field`.
    ///
    /// # Errors
    /// As [`Self::list`].
    #[inline(always)]
    fn named_list<'a>(bytes: &'a [u8], field: &str) -> Result<(u64, &'a [u8]), Status> {
        let _ = field;
        Self::list(bytes)
    }

    /// An upper bound of the encoded length of any of `messages`, in bytes: [`Encode::capacity`]. As it stands, each is encoded
    /// once.
    fn capacity<M: Message + Serialize>(messages: &[M]) -> usize {
        let mut scratch = Vec::new();
        messages.iter().map(|message| encoded_len::<Self, M>(message, &mut scratch)).max().unwrap_or(0)
    }
}

/// The length of a message, encoded into `scratch`, which grows where it must. 0 for a message that the library does not encode,
/// which `produce` will report.
fn encoded_len<F: Format, M: Message + Serialize>(message: &M, scratch: &mut Vec<u8>) -> usize {
    loop {
        match F::encode(&Apart(message), scratch) {
            Ok(len) => return len,
            // No outbox is larger than this.
            Err(Status::Capacity) if scratch.len() <= i32::MAX as usize => {
                let larger = (2 * scratch.len()).max(message.payload_bytes() as usize + 4096);
                // The old one goes before the new one comes.
                *scratch = Vec::new();
                scratch.resize(larger, 0);
            }
            Err(Status::Capacity) => return usize::MAX,
            Err(_) => return 0,
        }
    }
}

/// The wire type of a message in a format.
pub struct Wire<F, M> {
    outbox: &'static mut [u8],
    of: PhantomData<fn() -> (F, M)>,
}

impl<F: Format, M: Message + Serialize> Encode for Wire<F, M> {
    type Message = M;

    fn capacity(messages: &[M]) -> usize {
        F::capacity(messages)
    }

    fn start(outbox: &'static mut [u8], _: &[M]) -> Result<Self, Status> {
        Ok(Self { outbox, of: PhantomData })
    }

    #[inline(always)]
    fn encode(&mut self, _: usize, message: &M) -> Result<&[u8], Status> {
        let len = F::encode(message, self.outbox)?;
        self.outbox.get(..len).ok_or(Status::Capacity)
    }
}

impl<'a, F: Format, T: Deserialize<'a>> Decodes<'a, T> for F {
    #[inline(always)]
    fn decode(bytes: &'a [u8]) -> Result<(T, &'a [u8]), Status> {
        <Self as Format>::decode(bytes)
    }
}

/// Exports the two guests of a codec on serde, for all messages and tasks, and tests its promises.
///
/// ```text
/// weft_guest::serde_codec! { format: Mine, traits: Traits { … } }
/// ```
///
/// A format with a `capacity` of its own that is not exact says so: `format: Mine, capacity: Bound, traits: …`.
#[macro_export]
macro_rules! serde_codec {
    (format: $format:ty, traits: $traits:expr $(,)?) => {
        $crate::serde_codec! { format: $format, capacity: Exact, traits: $traits }
    };
    (format: $format:ty, capacity: $capacity:ident, traits: $traits:expr $(,)?) => {
        $crate::wires! { serde, format: $format, capacity: $capacity, traits: $traits }

        #[cfg(test)]
        #[test]
        fn it_describes_itself_where_its_traits_say_so() {
            assert_eq!(::weft_testing::describes_itself::<$format>(), TRAITS.self_describing);
        }
    };
}
