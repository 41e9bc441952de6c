//! What lists consist of.

use weft_schemas::log::{self, LogRecord};
use weft_schemas::mesh::{self, Triangle};
use weft_schemas::{Outcome, Status, Text};

/// An element of a list, or as much of one as a peek reads.
pub trait Peeked {
    /// The digest of a peek at it.
    fn peek(&self) -> u64;
}

/// An element of a list.
pub trait Element: Peeked + Sized {
    /// The fewest bytes that one has in a format whose numbers take at least a byte.
    const SMALLEST: u64;

    /// The digest of all elements.
    ///
    /// # Errors
    /// The first of the iterator.
    fn scan(elements: impl Iterator<Item = Result<Self, Status>>) -> Outcome;
}

impl<S: Text> Peeked for LogRecord<S> {
    #[inline(always)]
    fn peek(&self) -> u64 {
        log::peek(self.timestamp, self.http.status, self.ray_id.bytes())
    }
}

impl<S: Text> Element for LogRecord<S> {
    /// A byte for each field.
    const SMALLEST: u64 = 23;

    #[inline(always)]
    fn scan(elements: impl Iterator<Item = Result<Self, Status>>) -> Outcome {
        log::scan(elements)
    }
}

impl Peeked for Triangle {
    #[inline(always)]
    fn peek(&self) -> u64 {
        mesh::peek(self.v0.x, self.v2.y, self.normal.z)
    }
}

impl Element for Triangle {
    /// Twelve floats.
    const SMALLEST: u64 = 48;

    #[inline(always)]
    fn scan(elements: impl Iterator<Item = Result<Self, Status>>) -> Outcome {
        mesh::scan(elements)
    }
}
