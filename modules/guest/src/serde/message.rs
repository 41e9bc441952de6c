//! The tasks of each shape of message.

use serde::de::{Deserialize, DeserializeOwned, IgnoredAny};
use weft_schemas::shape::{self, BytesMessage, Element, ListMessage, Peeked};
use weft_schemas::{Message, Outcome, Status, Task};

use super::field::Only;
use super::visited::{Collected, Middle, Scanned};
use super::{Format, Wire};
use crate::list::{List, whole};
use crate::shapes::Tasks;

impl<F: Format, M: Message + DeserializeOwned> Tasks<Wire<F, M>, M> for shape::Whole {
    #[inline(always)]
    fn peek(bytes: &[u8]) -> Outcome {
        whole::<F, M>(bytes)?.digest(Task::Peek)
    }

    #[inline(always)]
    fn scan(bytes: &[u8]) -> Outcome {
        whole::<F, M>(bytes)?.digest(Task::Scan)
    }

    #[inline(always)]
    fn own(bytes: &[u8]) -> Result<M, Status> {
        whole::<F, M>(bytes)
    }
}

/// A blob's bytes as the format hands them out.
#[inline(always)]
fn data<F: Format, M: BytesMessage>(bytes: &[u8]) -> Result<F::Bytes<'_>, Status> {
    Ok(whole::<F, Only<M, F::Bytes<'_>>>(bytes)?.into_field())
}

impl<F: Format, M: BytesMessage> Tasks<Wire<F, M>, M> for shape::Bytes {
    #[inline(always)]
    fn peek(bytes: &[u8]) -> Outcome {
        Ok(M::peek(data::<F, M>(bytes)?.as_ref()))
    }

    #[inline(always)]
    fn scan(bytes: &[u8]) -> Outcome {
        Ok(M::scan(data::<F, M>(bytes)?.as_ref()))
    }

    /// Copies the bytes, where decoding has not done so. (Decoding into a `Vec` at once would in some formats fill it with zeros
    /// first, as long as the message claims it to be.)
    #[inline(always)]
    fn own(bytes: &[u8]) -> Result<M, Status> {
        Ok(M::of(data::<F, M>(bytes)?.into()))
    }
}

/// A peek at the element in the middle, or at as much of it as `T` has; those beside it are decoded as `Skipped`.
#[inline(always)]
fn peek<'a, F: Format, M, Skipped, T>(bytes: &'a [u8], smallest: u64) -> Outcome
where
    M: ListMessage,
    Skipped: Deserialize<'a>,
    T: Peeked + Deserialize<'a>,
{
    if F::ELEMENTS_FOLLOW {
        List::<F, T>::of(F::named_list(bytes, M::FIELD)?, smallest)?.peek::<Skipped>()
    } else {
        let middle = whole::<F, Only<M, Middle<T, Skipped>>>(bytes)?.into_field().0;
        Ok(middle.ok_or(Status::Malformed)?.peek())
    }
}

impl<F: Format, M: ListMessage> Tasks<Wire<F, M>, M> for shape::List
where
    for<'a> M::Element<F::Text<'a>>: Deserialize<'a>,
    for<'a> M::Part<F::Text<'a>>: Deserialize<'a>,
{
    #[inline(always)]
    fn peek(bytes: &[u8]) -> Outcome {
        let smallest = M::Element::<F::Text<'_>>::SMALLEST;
        if F::NAMES_FIELDS {
            peek::<F, M, IgnoredAny, M::Part<F::Text<'_>>>(bytes, smallest)
        } else {
            peek::<F, M, M::Element<F::Text<'_>>, M::Element<F::Text<'_>>>(bytes, smallest)
        }
    }

    /// No list of the elements is built.
    #[inline(always)]
    fn scan(bytes: &[u8]) -> Outcome {
        if F::ELEMENTS_FOLLOW {
            List::<F, M::Element<F::Text<'_>>>::elements(F::named_list(bytes, M::FIELD)?)?.scan()
        } else {
            Ok(whole::<F, Only<M, Scanned<M::Element<F::Text<'_>>>>>(bytes)?.into_field().0)
        }
    }

    /// Strings are decoded as borrowed ones and copied once: some formats would decode owned ones into room that they fill with
    /// zeros first.
    #[inline(always)]
    fn own(bytes: &[u8]) -> Result<M, Status> {
        let elements = if F::ELEMENTS_FOLLOW {
            List::<F, M::Element<F::Text<'_>>>::elements(F::named_list(bytes, M::FIELD)?)?.owned()?
        } else {
            whole::<F, Only<M, Collected<M::Element<F::Text<'_>>>>>(bytes)?.into_field().0
        };
        Ok(M::of(elements))
    }
}

impl<F: Format, M: Message<Shape: Tasks<Wire<F, M>, M>>> Wire<F, M> {
    /// Reads a few fields.
    ///
    /// # Errors
    /// Those of the format; [`Status::Malformed`] where there is nothing to peek at.
    #[inline(always)]
    pub fn peek(bytes: &[u8]) -> Outcome {
        M::Shape::peek(bytes)
    }

    /// Reads all fields.
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn scan(bytes: &[u8]) -> Outcome {
        M::Shape::scan(bytes)
    }

    /// Builds the value.
    ///
    /// # Errors
    /// Those of the format.
    #[inline(always)]
    pub fn own(bytes: &[u8]) -> Result<M, Status> {
        M::Shape::own(bytes)
    }
}
