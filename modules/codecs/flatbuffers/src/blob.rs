//! `blob`: a vector of bytes.

use weft_guest::Encode;
use weft_schemas::{Blob, Outcome, Status, blob};
use weft_schemas_flatbuffers::generated::weft_generated as fb;

use crate::outbox::{Builder, OVERHEAD};
use crate::verify::root;

/// A blob as FlatBuffers.
pub struct BlobWire(Builder);

impl Encode for BlobWire {
    type Message = Blob;

    fn capacity(messages: &[Blob]) -> usize {
        messages.iter().map(|message| OVERHEAD + message.data.len()).max().unwrap_or(0)
    }

    fn start(outbox: &'static mut [u8], _messages: &[Blob]) -> Result<Self, Status> {
        Ok(Self(Builder::new(outbox)))
    }

    #[inline(always)]
    fn encode(&mut self, _index: usize, message: &Blob) -> Result<&[u8], Status> {
        Ok(self.0.message(|builder| {
            let data = Some(builder.create_vector(&message.data));
            fb::Blob::create(builder, &fb::BlobArgs { data })
        }))
    }
}

#[inline(always)]
fn read(bytes: &[u8]) -> Result<&[u8], Status> {
    Ok(root::<fb::Blob>(bytes)?.data().bytes())
}

impl BlobWire {
    /// Verifies, then reads the length and both ends.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        Ok(blob::peek(read(bytes)?))
    }

    /// Verifies, then reads all bytes where they lie.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        Ok(blob::scan(read(bytes)?))
    }

    /// Verifies, then copies all bytes out.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Blob, Status> {
        Ok(Blob { data: read(bytes)?.to_vec() })
    }
}
