//! Messages with one field, which is decoded as something else than what it is in a value.

use core::fmt;
use core::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use weft_schemas::Message;
use weft_schemas::shape::{self, BytesMessage, ListMessage};

/// The shapes of messages with one field.
pub trait Field<M> {
    /// The field's name.
    const NAME: &'static str;
}

impl<M: BytesMessage> Field<M> for shape::Bytes {
    const NAME: &'static str = M::FIELD;
}

impl<M: ListMessage> Field<M> for shape::List {
    const NAME: &'static str = M::FIELD;
}

/// A message `M` whose only field is decoded as a `V`.
pub struct Only<M, V>(V, PhantomData<fn() -> M>);

impl<M, V> Only<M, V> {
    /// The field.
    #[inline(always)]
    pub fn into_field(self) -> V {
        self.0
    }
}

impl<M: Message<Shape: Field<M>>, V> Only<M, V> {
    const FIELD: &'static str = <M::Shape as Field<M>>::NAME;
    const FIELDS: &'static [&'static str] = &[Self::FIELD];
}

/// As serde derives it for a struct with one field.
impl<'de, M: Message<Shape: Field<M>>, V: Deserialize<'de>> Deserialize<'de> for Only<M, V> {
    #[inline(always)]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct(M::NAME, Self::FIELDS, OnlyVisitor(PhantomData))
    }
}

struct OnlyVisitor<M, V>(PhantomData<fn() -> (M, V)>);

impl<'de, M: Message<Shape: Field<M>>, V: Deserialize<'de>> Visitor<'de> for OnlyVisitor<M, V> {
    type Value = Only<M, V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the message {}", M::NAME)
    }

    #[inline(always)]
    fn visit_seq<A: SeqAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        let field = fields.next_element()?.ok_or_else(|| A::Error::invalid_length(0, &self))?;
        Ok(Only(field, PhantomData))
    }

    #[inline(always)]
    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        let name = Only::<M, V>::FIELD;
        let mut field = None;
        while let Some(Key { is_field, .. }) = fields.next_key::<Key<M>>()? {
            if !is_field {
                fields.next_value::<IgnoredAny>()?;
            } else if field.is_some() {
                return Err(A::Error::duplicate_field(name));
            } else {
                field = Some(fields.next_value()?);
            }
        }
        Ok(Only(field.ok_or_else(|| A::Error::missing_field(name))?, PhantomData))
    }
}

/// A key of a map: the field's, or another.
struct Key<M> {
    is_field: bool,
    of: PhantomData<fn() -> M>,
}

impl<'de, M: Message<Shape: Field<M>>> Deserialize<'de> for Key<M> {
    #[inline(always)]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_identifier(KeyVisitor(PhantomData))
    }
}

struct KeyVisitor<M>(PhantomData<fn() -> M>);

impl<M: Message<Shape: Field<M>>> Visitor<'_> for KeyVisitor<M> {
    type Value = Key<M>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field's name or number")
    }

    #[inline(always)]
    fn visit_u64<E: Error>(self, number: u64) -> Result<Key<M>, E> {
        Ok(Key { is_field: number == 0, of: PhantomData })
    }

    #[inline(always)]
    fn visit_str<E: Error>(self, name: &str) -> Result<Key<M>, E> {
        self.visit_bytes(name.as_bytes())
    }

    #[inline(always)]
    fn visit_bytes<E: Error>(self, name: &[u8]) -> Result<Key<M>, E> {
        Ok(Key { is_field: name == <M::Shape as Field<M>>::NAME.as_bytes(), of: PhantomData })
    }
}
