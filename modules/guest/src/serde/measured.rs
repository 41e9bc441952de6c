//! Encoding for its length, by code that is not the timed one.
//!
//! A function that two others call is compiled otherwise than one that is called once. Through [`Apart`] the compiler makes
//! functions of their own for measuring, so that those which encode and send are what they are without it.

use core::fmt::Display;

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

/// A value, or what it is serialised with: hands everything on to it.
pub struct Apart<T>(pub T);

impl<T: Serialize + ?Sized> Serialize for Apart<&T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(Apart(serializer))
    }
}

/// Methods that take plain values.
macro_rules! hand_on {
    ($($method:ident($($value:ident: $type:ty),*) $(-> $part:ident)?;)*) => { $(
        fn $method(self, $($value: $type),*) -> Result<hand_on!(@ok $($part)?), S::Error> {
            hand_on!(@map self.0.$method($($value),*), $($part)?)
        }
    )* };
    (@ok) => { S::Ok };
    (@ok $part:ident) => { Self::$part };
    (@map $result:expr,) => { $result };
    (@map $result:expr, $part:ident) => { $result.map(Apart) };
}

impl<S: Serializer> Serializer for Apart<S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Apart<S::SerializeSeq>;
    type SerializeTuple = Apart<S::SerializeTuple>;
    type SerializeTupleStruct = Apart<S::SerializeTupleStruct>;
    type SerializeTupleVariant = Apart<S::SerializeTupleVariant>;
    type SerializeMap = Apart<S::SerializeMap>;
    type SerializeStruct = Apart<S::SerializeStruct>;
    type SerializeStructVariant = Apart<S::SerializeStructVariant>;

    hand_on! {
        serialize_bool(value: bool);
        serialize_i8(value: i8);
        serialize_i16(value: i16);
        serialize_i32(value: i32);
        serialize_i64(value: i64);
        serialize_u8(value: u8);
        serialize_u16(value: u16);
        serialize_u32(value: u32);
        serialize_u64(value: u64);
        serialize_f32(value: f32);
        serialize_f64(value: f64);
        serialize_char(value: char);
        serialize_str(value: &str);
        serialize_bytes(value: &[u8]);
        serialize_none();
        serialize_unit();
        serialize_unit_struct(name: &'static str);
        serialize_unit_variant(name: &'static str, index: u32, variant: &'static str);
        serialize_seq(len: Option<usize>) -> SerializeSeq;
        serialize_tuple(len: usize) -> SerializeTuple;
        serialize_tuple_struct(name: &'static str, len: usize) -> SerializeTupleStruct;
        serialize_tuple_variant(name: &'static str, index: u32, variant: &'static str, len: usize) -> SerializeTupleVariant;
        serialize_map(len: Option<usize>) -> SerializeMap;
        serialize_struct(name: &'static str, len: usize) -> SerializeStruct;
        serialize_struct_variant(name: &'static str, index: u32, variant: &'static str, len: usize) -> SerializeStructVariant;
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.0.serialize_some(&Apart(value))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<S::Ok, S::Error> {
        self.0.serialize_newtype_struct(name, &Apart(value))
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        self.0.serialize_newtype_variant(name, index, variant, &Apart(value))
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.0.collect_str(value)
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }
}

/// Parts of a value: `add` takes one, after `name` where the part has one.
macro_rules! parts {
    ($($part:ident { $($add:ident($($name:ident: $type:ty)?);)+ })*) => { $(
        impl<S: $part> $part for Apart<S> {
            type Ok = S::Ok;
            type Error = S::Error;

            $(fn $add<T: Serialize + ?Sized>(&mut self, $($name: $type,)? value: &T) -> Result<(), S::Error> {
                self.0.$add($($name,)? &Apart(value))
            })+

            fn end(self) -> Result<S::Ok, S::Error> {
                self.0.end()
            }
        }
    )* };
}

parts! {
    SerializeSeq { serialize_element(); }
    SerializeTuple { serialize_element(); }
    SerializeTupleStruct { serialize_field(); }
    SerializeTupleVariant { serialize_field(); }
    SerializeMap { serialize_key(); serialize_value(); }
    SerializeStruct { serialize_field(name: &'static str); }
    SerializeStructVariant { serialize_field(name: &'static str); }
}
