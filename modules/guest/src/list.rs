//! A message that is a list, decoded one element at a time from its bytes.

use core::marker::PhantomData;

use weft_schemas::shape::{Element, Peeked};
use weft_schemas::{Outcome, Status};

/// A format that decodes values of a type.
pub trait Decodes<'a, T> {
    /// Decodes the value that `bytes` begin with; returns it and the bytes behind it.
    ///
    /// # Errors
    /// [`Status::InvalidText`] where the library says so, [`Status::LimitReached`] where the library has one, otherwise
    /// [`Status::Malformed`].
    fn decode(bytes: &'a [u8]) -> Result<(T, &'a [u8]), Status>;
}

/// Decodes a value that is the whole message.
#[inline(always)]
pub(crate) fn whole<'a, F: Decodes<'a, T>, T>(bytes: &'a [u8]) -> Result<T, Status> {
    match F::decode(bytes)? {
        (value, []) => Ok(value),
        _ => Err(Status::Malformed),
    }
}

/// The elements of a list whose head has been read.
pub struct List<'a, F, T> {
    left: u64,
    rest: &'a [u8],
    of: PhantomData<fn() -> (F, T)>,
}

impl<'a, F: Decodes<'a, T>, T> List<'a, F, T> {
    /// A list of `left` elements that `rest` begins with, each of at least `smallest` bytes, so that nobody allocates for what is
    /// not there.
    ///
    /// # Errors
    /// [`Status::Malformed`] where there is no room for so many.
    #[inline(always)]
    pub fn of((left, rest): (u64, &'a [u8]), smallest: u64) -> Result<Self, Status> {
        if left > rest.len() as u64 / smallest {
            return Err(Status::Malformed);
        }
        Ok(Self { left, rest, of: PhantomData })
    }

    /// A list of whole elements, as [`Self::of`] makes it.
    ///
    /// # Errors
    /// Those of [`Self::of`].
    #[inline(always)]
    pub fn elements(head: (u64, &'a [u8])) -> Result<Self, Status>
    where
        T: Element,
    {
        Self::of(head, T::SMALLEST)
    }

    /// A peek at the element in the middle; those before it are decoded as `Skipped`.
    ///
    /// # Errors
    /// [`Status::Malformed`] where there is none; those of the format.
    #[inline(always)]
    pub fn peek<Skipped>(self) -> Outcome
    where
        F: Decodes<'a, Skipped>,
        T: Peeked,
    {
        if self.left == 0 {
            return Err(Status::Malformed);
        }
        let mut rest = self.rest;
        for _ in 0..self.left / 2 {
            rest = <F as Decodes<'a, Skipped>>::decode(rest)?.1;
        }
        Ok(<F as Decodes<'a, T>>::decode(rest)?.0.peek())
    }

    /// The digest of all elements.
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn scan(self) -> Outcome
    where
        T: Element,
    {
        T::scan(self)
    }

    /// All elements as they are in a value.
    ///
    /// # Errors
    /// Those of the format; [`Status::InvalidText`] where nobody has checked a string yet, and it is not UTF-8.
    #[inline(always)]
    pub fn owned(self) -> Result<Vec<T::Owned>, Status>
    where
        T: Element,
    {
        let mut all = Vec::with_capacity(self.left as usize);
        for element in self {
            all.push(element?.owned()?);
        }
        Ok(all)
    }
}

impl<'a, F: Decodes<'a, T>, T> Iterator for List<'a, F, T> {
    type Item = Result<T, Status>;

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        if self.left == 0 {
            // What follows the last element belongs to nobody.
            let rest = core::mem::take(&mut self.rest);
            return (!rest.is_empty()).then_some(Err(Status::Malformed));
        }
        self.left -= 1;
        Some(F::decode(self.rest).map(|(element, rest)| {
            self.rest = rest;
            element
        }))
    }
}
