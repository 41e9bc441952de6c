//! The answer.
use crate::run::Record;
/// text
pub fn text(_: &Record) -> String { String::new() }
