//! The plain layout: how a host hands values over to a guest that does not generate them (`docs/ABI.md`, "Values from the host").
//!
//! It is that of bincode 1, because it needs no more than a few lines to be read in any language, and holds for any message that serde
//! can write. Numbers are little-endian at their width, `bool` is a byte, an enumeration its number in four bytes, a string or a list its length in
//! eight bytes and then its bytes or elements, an option a byte and then the value where there is one. The fields of a structure follow
//! one another, as do those of tuples and arrays.

use core::fmt::{self, Display};

use serde::ser::{
    Error, Impossible, Serialize, SerializeSeq, SerializeStruct, SerializeTuple, SerializeTupleStruct, Serializer,
};

/// Appends a value. Messages consist of what the layout has; what it has not is left out.
pub(crate) fn lay_out(value: &impl Serialize, out: &mut Vec<u8>) {
    let written = value.serialize(Writer(out));
    debug_assert!(written.is_ok(), "{written:?}");
}

/// Why a value has no plain layout.
#[derive(Debug)]
pub(crate) struct NoLayout(String);

impl Display for NoLayout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::error::Error for NoLayout {}

impl Error for NoLayout {
    fn custom<T: Display>(why: T) -> Self {
        Self(why.to_string())
    }
}

fn none(what: &str) -> NoLayout {
    NoLayout(format!("{what} have no plain layout"))
}

/// Where values are appended.
struct Writer<'o>(&'o mut Vec<u8>);

impl Writer<'_> {
    fn put(self, bytes: &[u8]) -> Result<(), NoLayout> {
        self.0.extend(bytes);
        Ok(())
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NoLayout> {
        value.serialize(Writer(&mut *self.0))
    }
}

/// The numbers, little-endian.
macro_rules! numbers {
    ($($name:ident: $type:ty),+) => { $(
        fn $name(self, number: $type) -> Result<(), NoLayout> {
            self.put(&number.to_le_bytes())
        }
    )+ };
}

impl<'o> Serializer for Writer<'o> {
    type Ok = ();
    type Error = NoLayout;
    type SerializeSeq = Writer<'o>;
    type SerializeTuple = Writer<'o>;
    type SerializeTupleStruct = Writer<'o>;
    type SerializeTupleVariant = Impossible<(), NoLayout>;
    type SerializeMap = Impossible<(), NoLayout>;
    type SerializeStruct = Writer<'o>;
    type SerializeStructVariant = Impossible<(), NoLayout>;

    numbers! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
        serialize_f32: f32, serialize_f64: f64
    }

    fn serialize_bool(self, value: bool) -> Result<(), NoLayout> {
        self.put(&[u8::from(value)])
    }

    fn serialize_char(self, _: char) -> Result<(), NoLayout> {
        Err(none("characters"))
    }

    fn serialize_str(self, text: &str) -> Result<(), NoLayout> {
        self.serialize_bytes(text.as_bytes())
    }

    fn serialize_bytes(mut self, bytes: &[u8]) -> Result<(), NoLayout> {
        self.element(&(bytes.len() as u64))?;
        self.put(bytes)
    }

    fn serialize_none(self) -> Result<(), NoLayout> {
        self.put(&[0])
    }

    fn serialize_some<T: Serialize + ?Sized>(mut self, value: &T) -> Result<(), NoLayout> {
        self.element(&1_u8)?;
        self.element(value)
    }

    fn serialize_unit(self) -> Result<(), NoLayout> {
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), NoLayout> {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, number: u32, _: &'static str) -> Result<(), NoLayout> {
        self.serialize_u32(number)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), NoLayout> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), NoLayout> {
        Err(none("enumerations with values"))
    }

    fn serialize_seq(mut self, len: Option<usize>) -> Result<Self, NoLayout> {
        let len = len.ok_or_else(|| none("lists of unknown length"))?;
        self.element(&(len as u64))?;
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, NoLayout> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, NoLayout> {
        Ok(self)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, NoLayout> {
        Err(none("enumerations with values"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, NoLayout> {
        Err(none("maps"))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, NoLayout> {
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, NoLayout> {
        Err(none("enumerations with values"))
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

/// What consists of values that follow one another.
macro_rules! parts {
    ($($trait:ident::$part:ident),+) => { $(
        impl $trait for Writer<'_> {
            type Ok = ();
            type Error = NoLayout;

            fn $part<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NoLayout> {
                self.element(value)
            }

            fn end(self) -> Result<(), NoLayout> {
                Ok(())
            }
        }
    )+ };
}

parts! { SerializeSeq::serialize_element, SerializeTuple::serialize_element, SerializeTupleStruct::serialize_field }

impl SerializeStruct for Writer<'_> {
    type Ok = ();
    type Error = NoLayout;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, _: &'static str, value: &T) -> Result<(), NoLayout> {
        self.element(value)
    }

    fn end(self) -> Result<(), NoLayout> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::lay_out;
    use crate::{KINDS, Message, Ping, WILD};

    fn laid_out(value: &impl Serialize) -> Vec<u8> {
        let mut out = Vec::new();
        lay_out(value, &mut out);
        out
    }

    #[test]
    fn a_ping_is_its_sixteen_bytes() {
        let ping = Ping { sequence: 0x0807_0605_0403_0201, source: 0x0C0B_0A09, kind: 0x0E0D, flags: 0x100F };
        assert_eq!(laid_out(&ping), (1..=16).collect::<Vec<u8>>());
    }

    #[test]
    fn lengths_take_eight_bytes_and_options_one_more() {
        assert_eq!(laid_out(&"ab"), [2, 0, 0, 0, 0, 0, 0, 0, b'a', b'b']);
        assert_eq!(laid_out(&vec![1_u16, 2]), [2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 0]);
        assert_eq!(laid_out(&(Some(true), None::<u8>, [-1_i8; 2])), [1, 1, 0, 255, 255]);
    }

    #[test]
    fn every_kind_has_a_layout_of_its_own_for_each_value() {
        for kind in KINDS {
            let of = |seed, index| {
                let mut out = Vec::new();
                (kind.lay_out)(seed, index, kind.sizes.1.min(5), &mut out);
                out
            };
            assert!(!of(1, 0).is_empty() && of(1, 0) != of(1, 1) && !of(WILD | 1, 1).is_empty(), "{}", kind.name);
        }
        let mut out = vec![9];
        (KINDS[0].lay_out)(1, 0, 1, &mut out);
        assert_eq!(out[1..], laid_out(&Ping::generate(1, 0, 1)), "it appends");
    }
}
