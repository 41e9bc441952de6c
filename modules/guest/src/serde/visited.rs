//! Lists that serde's visitors go through: what each task makes of one.

use core::fmt;
use core::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use weft_schemas::Status;
use weft_schemas::shape::Element;

/// The bytes that a list takes at most before its first element is there: what a message says of its length is not to be
/// believed. (serde's own limit for a `Vec` is twice that.)
const AT_ONCE: usize = 512 << 10;

/// Something that is made of a list, one element after the other.
trait Made<'de>: Sized {
    fn of<A: SeqAccess<'de>>(list: A) -> Result<Self, A::Error>;
}

struct Visiting<V>(PhantomData<fn() -> V>);

impl<'de, V: Made<'de>> Visitor<'de> for Visiting<V> {
    type Value = V;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    #[inline(always)]
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<V, A::Error> {
        V::of(list)
    }
}

#[inline(always)]
fn visit<'de, V: Made<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<V, D::Error> {
    deserializer.deserialize_seq(Visiting(PhantomData))
}

/// The digest of all elements. No list of them is built.
pub struct Scanned<T>(pub u64, PhantomData<fn() -> T>);

impl<'de, T: Element + Deserialize<'de>> Deserialize<'de> for Scanned<T> {
    #[inline(always)]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        visit(deserializer)
    }
}

impl<'de, T: Element + Deserialize<'de>> Made<'de> for Scanned<T> {
    #[inline(always)]
    fn of<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut error = None;
        let elements = core::iter::from_fn(|| match list.next_element::<T>() {
            Ok(element) => element.map(Ok),
            Err(found) => {
                error = Some(found);
                Some(Err(Status::Malformed))
            }
        });
        let digest = T::scan(elements);
        digest
            .map(|digest| Self(digest, PhantomData))
            .map_err(|status| error.unwrap_or_else(|| A::Error::custom(status)))
    }
}

/// The element in the middle. Where the format says how many there are, the others are decoded as `Skipped`.
pub struct Middle<T, Skipped>(pub Option<T>, PhantomData<fn() -> Skipped>);

impl<'de, T: Deserialize<'de>, Skipped: Deserialize<'de>> Deserialize<'de> for Middle<T, Skipped> {
    #[inline(always)]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        visit(deserializer)
    }
}

impl<'de, T: Deserialize<'de>, Skipped: Deserialize<'de>> Made<'de> for Middle<T, Skipped> {
    #[inline(always)]
    fn of<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        if let Some(len) = list.size_hint() {
            for _ in 0..len / 2 {
                list.next_element::<Skipped>()?;
            }
            let middle = list.next_element()?;
            while list.next_element::<Skipped>()?.is_some() {}
            return Ok(Self(middle, PhantomData));
        }
        let mut all = Vec::new();
        while let Some(element) = list.next_element()? {
            all.push(element);
        }
        let middle = all.len() / 2;
        Ok(Self((middle < all.len()).then(|| all.swap_remove(middle)), PhantomData))
    }
}

/// All elements, owned as `own` makes them.
pub struct Collected<T: Element>(pub Vec<T::Owned>);

impl<'de, T: Element + Deserialize<'de>> Deserialize<'de> for Collected<T> {
    #[inline(always)]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        visit(deserializer)
    }
}

impl<'de, T: Element + Deserialize<'de>> Made<'de> for Collected<T> {
    #[inline(always)]
    fn of<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let most = AT_ONCE / size_of::<T::Owned>();
        let mut all = Vec::with_capacity(list.size_hint().unwrap_or(0).min(most));
        while let Some(element) = list.next_element::<T>()? {
            all.push(element.owned().map_err(A::Error::custom)?);
        }
        Ok(Self(all))
    }
}
