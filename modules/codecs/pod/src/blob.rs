//! `blob`: bytes are what they are, and need no library: the message's length says how many there are.

use weft_guest::Encode;
use weft_guest::schemas::{Blob, Outcome, Status, blob};
use zerocopy::IntoBytes;

/// A blob's writer.
pub struct BlobWire(&'static mut [u8]);

impl Encode for BlobWire {
    type Message = Blob;

    fn capacity(messages: &[Blob]) -> usize {
        messages.iter().map(|blob| blob.data.len()).max().unwrap_or(0)
    }

    fn start(outbox: &'static mut [u8], _: &[Blob]) -> Result<Self, Status> {
        Ok(Self(outbox))
    }

    #[inline(always)]
    fn encode(&mut self, _: usize, blob: &Blob) -> Result<&[u8], Status> {
        blob.data.write_to_prefix(self.0).map_err(|_| Status::Capacity)?;
        self.0.get(..blob.data.len()).ok_or(Status::Capacity)
    }
}

impl BlobWire {
    /// Reads the length and both ends.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        Ok(blob::peek(bytes))
    }

    /// Reads all bytes.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        Ok(blob::scan(bytes))
    }

    /// Copies all bytes out.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Blob, Status> {
        Ok(Blob { data: bytes.to_vec() })
    }
}
