//! `blob`: Data.

use weft_guest::Encode;
use weft_schemas::{Blob, Outcome, Status, blob};
use weft_schemas_capnp::generated::weft_capnp as schema;

use crate::Form;
use crate::read::status;
use crate::size::{WORD, root_words};

/// A blob as Cap'n Proto.
pub struct BlobWire<F>(F);

/// The words of the longest of `messages`.
fn words(messages: &[Blob]) -> usize {
    let data = messages.iter().map(|message| message.data.len().div_ceil(WORD)).max().unwrap_or(0);
    root_words::<schema::blob::Builder<'_>>() + data
}

impl<F: Form> Encode for BlobWire<F> {
    type Message = Blob;
    const PANICS: bool = true;

    fn capacity(messages: &[Blob]) -> usize {
        F::capacity(words(messages))
    }

    fn start(outbox: &'static mut [u8], messages: &[Blob]) -> Result<Self, Status> {
        Ok(Self(F::new(outbox, words(messages))))
    }

    fn start_answers(outbox: &'static mut [u8]) -> Result<Self, Status> {
        let words = F::words(outbox.len());
        Ok(Self(F::new(outbox, words)))
    }

    #[inline(always)]
    fn encode(&mut self, _index: usize, message: &Blob) -> Result<&[u8], Status> {
        self.0.message(|builder| {
            builder.init_root::<schema::blob::Builder<'_>>().set_data(&message.data);
            Ok(())
        })
    }
}

/// Gives the bytes to `read`, where they lie.
#[inline(always)]
fn data<F: Form, R>(bytes: &[u8], read: impl FnOnce(&[u8]) -> R) -> Result<R, Status> {
    F::root::<schema::blob::Owned, _>(bytes, |blob, _| Ok(read(blob.get_data().map_err(status)?)))
}

impl<F: Form> BlobWire<F> {
    /// Reads the length and both ends.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        data::<F, _>(bytes, blob::peek)
    }

    /// Reads all bytes.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        data::<F, _>(bytes, blob::scan)
    }

    /// Copies all bytes out.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Blob, Status> {
        data::<F, _>(bytes, |data| Blob { data: data.to_vec() })
    }
}
