//! `blob`: a length, then the bytes; `serde_bytes` keeps serde from going through them one by one.

use serde::Deserialize;
use weft_guest::Encode;
use weft_guest::schemas::{Blob, Outcome, Status, blob};

use crate::{decode_all, encode};

/// A blob's writer.
pub struct BlobWire(&'static mut [u8]);

/// A blob that borrows the message.
#[derive(Deserialize)]
struct BlobRef<'a> {
    data: &'a [u8],
}

impl Encode for BlobWire {
    type Message = Blob;

    fn capacity(messages: &[Blob]) -> usize {
        messages.iter().map(|blob| 9 + blob.data.len()).max().unwrap_or(0)
    }

    fn start(outbox: &'static mut [u8], _: &[Blob]) -> Result<Self, Status> {
        Ok(Self(outbox))
    }

    #[inline(always)]
    fn encode(&mut self, _: usize, blob: &Blob) -> Result<&[u8], Status> {
        encode(blob, self.0)
    }
}

impl BlobWire {
    /// Decodes without a copy; reads the length and both ends.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        Ok(blob::peek(decode_all::<BlobRef<'_>>(bytes)?.data))
    }

    /// Decodes without a copy; reads all bytes.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        Ok(blob::scan(decode_all::<BlobRef<'_>>(bytes)?.data))
    }

    /// Copies the bytes. (Decoding into a `Vec` would fill it with zeros first, as long as the message
    /// claims it to be.)
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Blob, Status> {
        Ok(Blob { data: decode_all::<BlobRef<'_>>(bytes)?.data.to_vec() })
    }
}
