//! JSON that others have written, read so that an error says where: the line, the column and the keys that lead there.

use std::fmt;
use std::path::Path;
use std::{fs, io};

use serde::de::{DeserializeOwned, Error as _};
use serde_json::Value;
use serde_path_to_error::Path as Keys;

/// Why a text is not what it should be, and where.
#[derive(Debug)]
pub struct Misread {
    keys: Option<Keys>,
    error: serde_json::Error,
}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { keys, error } = self;
        match keys.as_ref().filter(|keys| keys.iter().len() > 0) {
            Some(keys) => write!(f, "{error}, in {keys}"),
            None => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Misread {}

impl From<serde_path_to_error::Error<serde_json::Error>> for Misread {
    fn from(error: serde_path_to_error::Error<serde_json::Error>) -> Self {
        let keys = Some(error.path().clone());
        Self { keys, error: error.into_inner() }
    }
}

impl From<serde_json::Error> for Misread {
    fn from(error: serde_json::Error) -> Self {
        Self { keys: None, error }
    }
}

/// What a text holds.
///
/// # Errors
/// Where it is no JSON, something else, or more.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Misread> {
    let mut from = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(&mut from)?;
    from.end()?;
    Ok(read)
}

/// What a value holds. Of a value nobody knows its line.
///
/// # Errors
/// Where it is something else.
pub fn of_value<T: DeserializeOwned>(value: Value) -> Result<T, Misread> {
    Ok(serde_path_to_error::deserialize(value)?)
}

/// An error that is about a text as a whole.
pub fn misread(what: impl fmt::Display) -> Misread {
    serde_json::Error::custom(what).into()
}

/// The text of a file.
///
/// # Errors
/// Where it cannot be read, or is no UTF-8: at which line and column.
pub fn text(path: &Path) -> io::Result<String> {
    String::from_utf8(fs::read(path)?).map_err(|error| {
        let end = error.utf8_error().valid_up_to();
        let before = error.as_bytes().get(..end).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
        io::Error::new(io::ErrorKind::InvalidData, format!("it is no UTF-8 at line {line} column {column}"))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;

    use super::{read, text};

    #[test]
    fn an_error_says_where() {
        type Lists = BTreeMap<String, Vec<u8>>;
        let of = |text: &str| read::<Lists>(text).expect_err(text).to_string();
        assert!(of("{\"a\":\n[1, -2]}").ends_with(" at line 2 column 6, in a[1]"), "{}", of("{\"a\":\n[1, -2]}"));
        assert_eq!(of("{\"a\": [1, 2"), "EOF while parsing a list at line 1 column 11, in a");
        assert_eq!(of("{} {}"), "trailing characters at line 1 column 4");
        assert!(of("7").ends_with("at line 1 column 1"));
        assert_eq!(read::<Lists>("{\"a\": [1]}").expect("lists")["a"], [1]);
    }

    #[test]
    fn a_text_that_is_none_says_where() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        fs::write(file.path(), b"{\n  \"a\": \"\xff\"").expect("a file");
        let error = text(file.path()).expect_err("no text").to_string();
        assert_eq!(error, "it is no UTF-8 at line 2 column 9");
    }
}
