//! The shapes of messages: what code must know that reads any message with any library.
//!
//! A codec that writes each message by hand needs none of it. A whole family of codecs, such as those on serde, reads
//! a message by its shape, and so carries one that it has never heard of.

use crate::{Message, Outcome, Status, Text};

/// A message that is decoded as a whole, for every task. Nothing else must be said about it.
#[derive(Clone, Copy, Debug)]
pub enum Whole {}

/// A message that is one string of bytes: a [`BytesMessage`].
#[derive(Clone, Copy, Debug)]
pub enum Bytes {}

/// A message that is one list of elements: a [`ListMessage`].
#[derive(Clone, Copy, Debug)]
pub enum List {}

/// A message whose only field is a string of bytes.
pub trait BytesMessage: Message<Shape = Bytes> {
    /// The field's name.
    const FIELD: &'static str;

    /// The message with these bytes.
    fn of(data: Vec<u8>) -> Self;

    /// The digest of a peek.
    fn peek(data: &[u8]) -> u64;

    /// The digest of all bytes.
    fn scan(data: &[u8]) -> u64;
}

/// A message whose only field is a list.
pub trait ListMessage: Message<Shape = List> {
    /// The field's name.
    const FIELD: &'static str;

    /// An element of a value.
    type Owned;

    /// An element whose strings are decoded as `S`: borrowed where a library can.
    type Element<S: Text>: Element<Owned = Self::Owned>;

    /// As much of an element as a peek reads, with fields of the same names: what is decoded of a format that names its fields.
    type Part<S: Text>: Peeked;

    /// The message with these elements.
    fn of(elements: Vec<Self::Owned>) -> Self;
}

/// An element of a list, or as much of one as a peek reads.
pub trait Peeked {
    /// The digest of a peek at it.
    fn peek(&self) -> u64;
}

/// An element of a list.
pub trait Element: Peeked + Sized {
    /// What the element is in a value.
    type Owned;

    /// The fewest bytes that one has in a format whose numbers take at least a byte.
    const SMALLEST: u64;

    /// The digest of all elements.
    ///
    /// # Errors
    /// The first of the iterator.
    fn scan(elements: impl Iterator<Item = Result<Self, Status>>) -> Outcome;

    /// The element as it is in a value: its strings checked, and copied where they are borrowed.
    ///
    /// # Errors
    /// [`Status::InvalidText`] where a string is not UTF-8.
    fn owned(self) -> Result<Self::Owned, Status>;
}
