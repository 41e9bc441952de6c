//! Codecs of libraries that derive their own traits for the messages' types, and whose lists are a head and then the elements. Such a
//! codec is what [`Format`], [`Encodes`] and [`Decodes`] ask for, and its traits; [`values_codec!`](crate::values_codec) makes the rest.

use core::marker::PhantomData;

use weft_schemas::shape::{self, BytesMessage, ListMessage};
use weft_schemas::{Message, Outcome, Status, Task, Text};

use crate::list::{List, whole};
use crate::shapes::Tasks;
use crate::{Decodes, Encode};

/// A format of values.
pub trait Format: Sized {
    /// What a string is decoded as: `&'a str` where the library borrows, otherwise `String`.
    type Text<'a>: Text;

    /// What a blob is decoded as, of which its bytes are the only field: `&'a [u8]` where the library borrows, otherwise `Vec<u8>`.
    type Bytes<'a>: AsRef<[u8]> + Into<Vec<u8>>;

    /// Reads the head of a list: returns how many elements it says there are, and the bytes that they begin with.
    ///
    /// # Errors
    /// [`Status::Malformed`] where the bytes do not begin so.
    fn list(bytes: &[u8]) -> Result<(u64, &[u8]), Status>;
}

/// A format that encodes values of a type.
pub trait Encodes<T> {
    /// An upper bound of the encoded length, in bytes.
    fn capacity(value: &T) -> usize;

    /// Encodes a value to the start of `outbox`; returns its length in bytes.
    ///
    /// # Errors
    /// [`Status::Capacity`] where `outbox` is too short for it, otherwise [`Status::NotEncoded`].
    fn encode(value: &T, outbox: &mut [u8]) -> Result<usize, Status>;
}

/// The wire type of a message in a format.
pub struct Wire<F, M> {
    outbox: &'static mut [u8],
    of: PhantomData<fn() -> (F, M)>,
}

impl<F: Encodes<M>, M: Message> Encode for Wire<F, M> {
    type Message = M;

    fn capacity(messages: &[M]) -> usize {
        messages.iter().map(F::capacity).max().unwrap_or(0)
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

impl<F: for<'a> Decodes<'a, M>, M: Message> Tasks<Wire<F, M>, M> for shape::Whole {
    #[inline(always)]
    fn peek(bytes: &[u8]) -> Outcome {
        whole::<F, M>(bytes)?.digest(Task::Peek)
    }

    #[inline(always)]
    fn scan(bytes: &[u8]) -> Outcome {
        whole::<F, M>(bytes)?.digest(Task::Scan)
    }

    #[inline(always)]
    fn own(bytes: &[u8]) -> Result<M, Status> {
        whole::<F, M>(bytes)
    }
}

impl<F: Format + for<'a> Decodes<'a, F::Bytes<'a>>, M: BytesMessage> Tasks<Wire<F, M>, M> for shape::Bytes {
    #[inline(always)]
    fn peek(bytes: &[u8]) -> Outcome {
        Ok(M::peek(whole::<F, F::Bytes<'_>>(bytes)?.as_ref()))
    }

    #[inline(always)]
    fn scan(bytes: &[u8]) -> Outcome {
        Ok(M::scan(whole::<F, F::Bytes<'_>>(bytes)?.as_ref()))
    }

    /// Copies the bytes, where decoding has not done so.
    #[inline(always)]
    fn own(bytes: &[u8]) -> Result<M, Status> {
        Ok(M::of(whole::<F, F::Bytes<'_>>(bytes)?.into()))
    }
}

/// The elements of a list, which is the message's only field.
type Elements<'a, F, M> = List<'a, F, <M as ListMessage>::Element<<F as Format>::Text<'a>>>;

impl<F, M: ListMessage> Tasks<Wire<F, M>, M> for shape::List
where
    F: Format + for<'a> Decodes<'a, M::Element<F::Text<'a>>>,
{
    /// Decodes up to the element in the middle.
    #[inline(always)]
    fn peek(bytes: &[u8]) -> Outcome {
        Elements::<F, M>::elements(F::list(bytes)?)?.peek::<M::Element<F::Text<'_>>>()
    }

    /// Decodes and reads one element after the other.
    #[inline(always)]
    fn scan(bytes: &[u8]) -> Outcome {
        Elements::<F, M>::elements(F::list(bytes)?)?.scan()
    }

    #[inline(always)]
    fn own(bytes: &[u8]) -> Result<M, Status> {
        Ok(M::of(Elements::<F, M>::elements(F::list(bytes)?)?.owned()?))
    }
}

impl<F, M: Message<Shape: Tasks<Wire<F, M>, M>>> Wire<F, M> {
    /// Reads a few fields.
    ///
    /// # Errors
    /// Those of the format; [`Status::Malformed`] where there is nothing to peek at.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        M::Shape::peek(bytes)
    }

    /// Reads all fields.
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        M::Shape::scan(bytes)
    }

    /// Builds the value.
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<M, Status> {
        M::Shape::own(bytes)
    }
}

/// Exports the two guests of a codec of values, for all messages and tasks, and tests its promises.
///
/// ```ignore
/// weft_guest::values_codec! { format: Mine, capacity: Exact, traits: TRAITS }
/// ```
#[macro_export]
macro_rules! values_codec {
    (format: $format:ty, capacity: $capacity:ident, traits: $traits:expr $(,)?) => {
        $crate::wires! { values, format: $format, capacity: $capacity, traits: $traits }
    };
}
