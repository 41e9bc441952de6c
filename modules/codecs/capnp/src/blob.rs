//! `blob`: Data.

use weft_guest::Encode;
use weft_schemas::{Blob, Outcome, Status, blob};
use weft_schemas_capnp::generated::weft_capnp as schema;

use crate::outbox::{Outbox, WORD, root_words};
use crate::reader::{root, status};

/// A blob as Cap'n Proto.
pub struct BlobWire(Outbox);

impl Encode for BlobWire {
    type Message = Blob;

    fn capacity(messages: &[Blob]) -> usize {
        let data = messages.iter().map(|message| message.data.len().div_ceil(WORD)).max().unwrap_or(0);
        WORD * (root_words::<schema::blob::Builder<'_>>() + data)
    }

    fn start(outbox: &'static mut [u8], _messages: &[Blob]) -> Result<Self, Status> {
        Ok(Self(Outbox::new(outbox)))
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
fn data<R>(bytes: &[u8], read: impl FnOnce(&[u8]) -> R) -> Result<R, Status> {
    root::<schema::blob::Owned, _>(bytes, |blob| Ok(read(blob.get_data().map_err(status)?)))
}

impl BlobWire {
    /// Reads the length and both ends.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        data(bytes, blob::peek)
    }

    /// Reads all bytes.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        data(bytes, blob::scan)
    }

    /// Copies all bytes out.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Blob, Status> {
        data(bytes, |data| Blob { data: data.to_vec() })
    }
}
