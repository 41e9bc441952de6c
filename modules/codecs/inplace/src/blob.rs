//! `blob`: the bytes. Before each send, the first eight are stored.

use weft_guest::Encode;
use weft_guest::schemas::{Blob, Outcome, Status, blob};

use crate::slots::{Slots, capacity};

/// The blobs in the outbox.
pub struct BlobWire(Slots);

impl Encode for BlobWire {
    type Message = Blob;

    fn capacity(messages: &[Blob]) -> usize {
        capacity(messages.iter().map(|blob| blob.data.len()))
    }

    fn start(outbox: &'static mut [u8], messages: &[Blob]) -> Result<Self, Status> {
        let build = |blob: &Blob, slot: &mut [u8]| {
            slot.copy_from_slice(&blob.data);
            Ok(())
        };
        Slots::build(outbox, messages, |blob| blob.data.len(), build).map(Self)
    }

    #[inline(always)]
    fn encode(&mut self, index: usize, blob: &Blob) -> Result<&[u8], Status> {
        let slot = self.0.get(index)?;
        if let (Some(first), Some(value)) = (slot.first_chunk_mut::<8>(), blob.data.first_chunk()) {
            *first = *value;
        }
        Ok(slot)
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

    /// Copies the bytes: that is what owning them means.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Blob, Status> {
        Ok(Blob { data: bytes.to_vec() })
    }
}
