//! `blob`: bytes.

use prost::Message;
use prost::bytes::Bytes;
use weft_guest::schemas::{self, Outcome, Status, blob};

use crate::wire::{Filled, Wire, status};

/// A blob as a producer has it: refilled, it keeps its memory.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Written {
    #[prost(bytes = "vec", tag = "1")]
    data: Vec<u8>,
}

/// A blob as a consumer has it: prost decodes bytes from a slice into `Bytes`, and would copy them again into a `Vec`.
#[derive(Clone, PartialEq, prost::Message)]
struct Read {
    #[prost(bytes = "bytes", tag = "1")]
    data: Bytes,
}

/// A blob's writer and reader.
pub type BlobWire = Wire<Written>;

impl Filled for Written {
    type Value = schemas::Blob;

    #[inline(always)]
    fn set(&mut self, blob: &schemas::Blob) {
        self.data.clone_from(&blob.data);
    }
}

#[inline(always)]
fn data(bytes: &[u8]) -> Result<Bytes, Status> {
    Ok(Read::decode(bytes).map_err(status)?.data)
}

impl BlobWire {
    /// Decodes; reads the length and both ends.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        Ok(blob::peek(&data(bytes)?))
    }

    /// Decodes; reads all bytes.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        Ok(blob::scan(&data(bytes)?))
    }

    /// Decodes; the bytes become the value's without a copy.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<schemas::Blob, Status> {
        Ok(schemas::Blob { data: data(bytes)?.into() })
    }
}
