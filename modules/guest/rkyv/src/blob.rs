//! `blob`: a list of bytes.

use rkyv::Archived;
use weft_schemas::{Blob, Outcome, Status, blob};

use crate::{Access, Wire};

impl<A: Access> Wire<A, Blob> {
    /// Reads the length and both ends.
    ///
    /// # Errors
    /// Those of [`Access::access`].
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        Ok(blob::peek(&A::access::<Archived<Blob>>(bytes)?.data))
    }

    /// Reads all bytes where they lie.
    ///
    /// # Errors
    /// Those of [`Access::access`].
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        Ok(blob::scan(&A::access::<Archived<Blob>>(bytes)?.data))
    }

    /// Copies all bytes out.
    ///
    /// # Errors
    /// Those of [`Access::access`].
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<Blob, Status> {
        Ok(Blob { data: A::access::<Archived<Blob>>(bytes)?.data.to_vec() })
    }
}
