//! Strings of formats with escapes.

use core::fmt;
use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use weft_schemas::{Status, Text};

/// A string that is borrowed where it lies in the message as it is, and owned where it had to be put together. (serde decodes a
/// plain `Cow` as an owned string.)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CowStr<'a>(pub Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for CowStr<'a> {
    #[inline(always)]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrowing;

        impl<'de> Visitor<'de> for Borrowing {
            type Value = CowStr<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            #[inline(always)]
            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<CowStr<'de>, E> {
                Ok(CowStr(Cow::Borrowed(text)))
            }

            #[inline(always)]
            fn visit_str<E: Error>(self, text: &str) -> Result<CowStr<'de>, E> {
                Ok(CowStr(Cow::Owned(text.to_owned())))
            }

            #[inline(always)]
            fn visit_string<E: Error>(self, text: String) -> Result<CowStr<'de>, E> {
                Ok(CowStr(Cow::Owned(text)))
            }
        }

        deserializer.deserialize_str(Borrowing)
    }
}

/// Checked already.
impl Text for CowStr<'_> {
    #[inline(always)]
    fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    #[inline(always)]
    fn owned(&self) -> Result<String, Status> {
        Ok(self.0.as_ref().to_owned())
    }

    #[inline(always)]
    fn into_owned(self) -> Result<String, Status> {
        Ok(self.0.into_owned())
    }
}
