//! `blob`: the bytes and nothing else; the transport says how many they are.

use weft_guest::Encode;
use weft_guest::schemas::{Blob, Outcome, Status, blob};

use crate::wire::Writer;

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
        let mut out = Writer::new(self.0);
        out.bytes(&blob.data)?;
        out.finish()
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

    /// Copies the bytes.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Blob, Status> {
        Ok(Blob { data: bytes.to_vec() })
    }
}
