//! Lists in fields: those that are there, and those that are read where they lie.

use crate::Status;

/// A list of `T` in a field.
pub trait Sequence<T> {
    /// Hands one after the other to `take`; returns how many there were.
    ///
    /// # Errors
    /// The first of the list, and those of `take`.
    fn each(&self, take: impl FnMut(&T) -> Result<(), Status>) -> Result<u64, Status>;

    /// The list of what `make` makes of each.
    ///
    /// # Errors
    /// The first of the list, and those of `make`.
    fn made<O>(self, make: impl FnMut(T) -> Result<O, Status>) -> Result<Vec<O>, Status>;
}

impl<T> Sequence<T> for Vec<T> {
    #[inline(always)]
    fn each(&self, take: impl FnMut(&T) -> Result<(), Status>) -> Result<u64, Status> {
        self.iter().try_for_each(take)?;
        Ok(self.len() as u64)
    }

    #[inline(always)]
    fn made<O>(self, mut make: impl FnMut(T) -> Result<O, Status>) -> Result<Vec<O>, Status> {
        let mut made = Vec::with_capacity(self.len());
        for element in self {
            made.push(make(element)?);
        }
        Ok(made)
    }
}

/// A list that is read element by element, each time that somebody goes through it. Its iterator does not claim more elements than
/// there is room for: that many are allocated.
#[derive(Clone, Copy, Debug)]
pub struct Lazy<I>(pub I);

impl<T, I: Iterator<Item = Result<T, Status>> + Clone> Sequence<T> for Lazy<I> {
    #[inline(always)]
    fn each(&self, mut take: impl FnMut(&T) -> Result<(), Status>) -> Result<u64, Status> {
        let mut count = 0;
        for element in self.0.clone() {
            take(&element?)?;
            count += 1;
        }
        Ok(count)
    }

    #[inline(always)]
    fn made<O>(self, mut make: impl FnMut(T) -> Result<O, Status>) -> Result<Vec<O>, Status> {
        let (least, most) = self.0.size_hint();
        let mut made = Vec::with_capacity(most.unwrap_or(least));
        for element in self.0 {
            made.push(make(element?)?);
        }
        Ok(made)
    }
}
