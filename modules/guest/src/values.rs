//! Codecs of libraries that derive their own traits for the messages' types, and whose lists are a head and then the elements. Such a
//! codec is what [`Format`], [`Encodes`] and [`Decodes`] ask for, and its traits; [`values_codec!`](crate::values_codec) makes the rest.

use core::marker::PhantomData;

use weft_schemas::{Blob, Log, LogRecord, Mesh, Message, Outcome, Ping, Status, Text, Triangle, blob, ping};

use crate::elements::Element;
use crate::list::{List, whole};
use crate::{Decodes, Encode};

/// A format of values.
pub trait Format: Sized {
    /// What a string is decoded as: `&'a str` where the library borrows, otherwise `String`.
    type Text<'a>: Text;

    /// What a blob is decoded as, of which its bytes are the only field: `&'a [u8]` where the library borrows, otherwise `Vec<u8>`.
    type Bytes<'a>: AsRef<[u8]> + Into<Vec<u8>>;

    /// The owned record: itself, or a copy where it borrows.
    ///
    /// # Errors
    /// [`Status::InvalidText`] where nobody has checked a string yet.
    fn owned(record: LogRecord<Self::Text<'_>>) -> Result<LogRecord, Status>;

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

impl<F: for<'a> Decodes<'a, Ping>> Wire<F, Ping> {
    /// Decodes, and reads three fields.
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        let Ping { sequence, source, flags, .. } = Self::own(bytes)?;
        Ok(ping::peek(sequence, source, flags))
    }

    /// Decodes, and reads all fields.
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        Ok(ping::scan(&Self::own(bytes)?))
    }

    /// Decodes.
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Ping, Status> {
        whole::<F, _>(bytes)
    }
}

/// The elements of a message that is a list, of which it is the only field.
#[inline(always)]
fn list<'a, F: Format + Decodes<'a, T>, T: Element>(bytes: &'a [u8]) -> Result<List<'a, F, T>, Status> {
    List::of(F::list(bytes)?, T::SMALLEST)
}

impl<F: Format + for<'a> Decodes<'a, LogRecord<F::Text<'a>>>> Wire<F, Log> {
    /// Decodes up to the record in the middle; reads three fields of it.
    ///
    /// # Errors
    /// Those of the format; [`Status::Malformed`] where there is no record.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        list::<F, LogRecord<F::Text<'_>>>(bytes)?.peek::<LogRecord<F::Text<'_>>>()
    }

    /// Decodes and reads one record after the other.
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        list::<F, LogRecord<F::Text<'_>>>(bytes)?.scan()
    }

    /// Builds the list of records.
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Log, Status> {
        Ok(Log { records: list::<F, LogRecord<F::Text<'_>>>(bytes)?.all(F::owned)? })
    }
}

impl<F: Format + for<'a> Decodes<'a, Triangle>> Wire<F, Mesh> {
    /// Decodes up to the triangle in the middle; reads three floats of it.
    ///
    /// # Errors
    /// Those of the format; [`Status::Malformed`] where there is no triangle.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        list::<F, Triangle>(bytes)?.peek::<Triangle>()
    }

    /// Decodes and reads one triangle after the other.
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        list::<F, Triangle>(bytes)?.scan()
    }

    /// Builds the list of triangles.
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Mesh, Status> {
        Ok(Mesh { triangles: list::<F, Triangle>(bytes)?.all(Ok)? })
    }
}

impl<F: Format + for<'a> Decodes<'a, F::Bytes<'a>>> Wire<F, Blob> {
    /// Decodes; reads the length and both ends.
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        Ok(blob::peek(Self::data(bytes)?.as_ref()))
    }

    /// Decodes; reads all bytes.
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        Ok(blob::scan(Self::data(bytes)?.as_ref()))
    }

    /// Copies the bytes, where decoding has not done so.
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Blob, Status> {
        Ok(Blob { data: Self::data(bytes)?.into() })
    }

    #[inline(always)]
    fn data(bytes: &[u8]) -> Result<F::Bytes<'_>, Status> {
        whole::<F, _>(bytes)
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

/// A codec whose wire types are `weft_guest::<module>::Wire<format, message>`.
#[doc(hidden)]
#[macro_export]
macro_rules! wires {
    ($module:ident, format: $format:ty, capacity: $capacity:ident, traits: $traits:expr) => {
        /// What this codec is.
        pub const TRAITS: $crate::Traits = $traits;

        $crate::codec! {
            traits: TRAITS,
            ping: $crate::$module::Wire<$format, $crate::schemas::Ping> { peek, scan, own },
            log: $crate::$module::Wire<$format, $crate::schemas::Log> { peek, scan, own },
            mesh: $crate::$module::Wire<$format, $crate::schemas::Mesh> { peek, scan, own },
            blob: $crate::$module::Wire<$format, $crate::schemas::Blob> { peek, scan, own },
        }

        #[cfg(test)]
        mod promises {
            use super::*;

            type Ping = $crate::$module::Wire<$format, $crate::schemas::Ping>;
            type Log = $crate::$module::Wire<$format, $crate::schemas::Log>;
            type Mesh = $crate::$module::Wire<$format, $crate::schemas::Mesh>;
            type Blob = $crate::$module::Wire<$format, $crate::schemas::Blob>;

            fn longer(ping: &$crate::schemas::Ping) -> Vec<u8> {
                ::weft_testing::$module::<$format>(ping)
            }

            ::weft_testing::promises! { capacity: $capacity, traits: TRAITS, longer: longer, ping: Ping, log: Log, mesh: Mesh, blob: Blob }
        }
    };
}
