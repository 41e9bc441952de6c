//! `blob`: a vector of bytes.

use core::marker::PhantomData;

use weft_guest::Encode;
use weft_schemas::{Blob, Outcome, Status, blob};
use weft_schemas_flatbuffers::generated::weft_generated as fb;

use crate::Root;
use crate::outbox::{Builder, OVERHEAD};

/// A blob as FlatBuffers.
pub struct BlobWire<V> {
    builder: Builder,
    of: PhantomData<fn() -> V>,
}

impl<V: Root> Encode for BlobWire<V> {
    type Message = Blob;
    const PANICS: bool = true;

    fn capacity(messages: &[Blob]) -> usize {
        messages.iter().map(|message| OVERHEAD + message.data.len()).max().unwrap_or(0)
    }

    fn start(outbox: &'static mut [u8], _messages: &[Blob]) -> Result<Self, Status> {
        Ok(Self { builder: Builder::new(outbox), of: PhantomData })
    }

    #[inline(always)]
    fn encode(&mut self, _index: usize, message: &Blob) -> Result<&[u8], Status> {
        Ok(self.builder.message(|builder| {
            let data = Some(builder.create_vector(&message.data));
            fb::Blob::create(builder, &fb::BlobArgs { data })
        }))
    }
}

#[inline(always)]
fn read<V: Root>(bytes: &[u8]) -> Result<&[u8], Status> {
    Ok(V::root::<fb::Blob>(bytes)?.data().bytes())
}

impl<V: Root> BlobWire<V> {
    /// Reads the length and both ends.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        Ok(blob::peek(read::<V>(bytes)?))
    }

    /// Reads all bytes where they lie.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        Ok(blob::scan(read::<V>(bytes)?))
    }

    /// Copies all bytes out.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Blob, Status> {
        Ok(Blob { data: read::<V>(bytes)?.to_vec() })
    }
}
