//! How `run.json` is spelled: each key of a cell on a line of its own, and what is deeper on that line.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{Formatter, PrettyFormatter};

/// How deep lines are broken: the run, its cells, and the keys of a cell.
const DEPTH: usize = 3;

/// A value as JSON, with a line break at the end.
///
/// # Errors
/// Where it is no JSON, such as a map whose keys are lists.
pub fn readable(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut text = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut text, Shallow::default()))?;
    text.push(b'\n');
    Ok(text)
}

/// Indents what lies at most [`DEPTH`] deep, and puts the rest on one line.
#[derive(Default)]
struct Shallow {
    pretty: PrettyFormatter<'static>,
    depth: usize,
}

impl Shallow {
    const fn is_broken(&self) -> bool {
        self.depth <= DEPTH
    }

    fn separate<W: ?Sized + Write>(writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }
}

impl Formatter for Shallow {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        if self.is_broken() { self.pretty.begin_array(writer) } else { writer.write_all(b"[") }
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if self.is_broken() { self.pretty.begin_array_value(writer, first) } else { Self::separate(writer, first) }
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.is_broken() { self.pretty.end_array_value(writer) } else { Ok(()) }
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth -= 1;
        if self.depth < DEPTH { self.pretty.end_array(writer) } else { writer.write_all(b"]") }
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        if self.is_broken() { self.pretty.begin_object(writer) } else { writer.write_all(b"{") }
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if self.is_broken() { self.pretty.begin_object_key(writer, first) } else { Self::separate(writer, first) }
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.is_broken() { self.pretty.end_object_value(writer) } else { Ok(()) }
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth -= 1;
        if self.depth < DEPTH { self.pretty.end_object(writer) } else { writer.write_all(b"}") }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::readable;
    use crate::record::fixture;

    #[test]
    fn lines_are_broken_down_to_the_keys_of_a_cell() {
        let run = json!({
            "cells": [{ "name": "a", "readings": [{ "ns": 1.5, "placements": [1, 2] }, {}], "none": [] }, {}],
            "empty": [],
            "environment": { "codecs": { "bytes": { "traits": { "abi": 1 } } }, "features": ["a", "b"] },
            "schema_version": 4,
        });
        let expected = r#"{
  "cells": [
    {
      "name": "a",
      "none": [],
      "readings": [{"ns": 1.5, "placements": [1, 2]}, {}]
    },
    {}
  ],
  "empty": [],
  "environment": {
    "codecs": {
      "bytes": {"traits": {"abi": 1}}
    },
    "features": [
      "a",
      "b"
    ]
  },
  "schema_version": 4
}
"#;
        assert_eq!(String::from_utf8(readable(&run).expect("JSON")).expect("UTF-8"), expected);
    }

    #[test]
    fn a_run_is_what_it_was() {
        let run = fixture::run();
        let text = readable(&fixture::record(&run)).expect("JSON");
        let pretty = serde_json::to_vec_pretty(&run).expect("JSON");
        assert_eq!(
            serde_json::from_slice::<Value>(&text).expect("JSON"),
            serde_json::from_slice::<Value>(&pretty).expect("JSON")
        );
        let lines = |text: &[u8]| text.iter().filter(|byte| **byte == b'\n').count();
        let keys = run["cells"]
            .as_array()
            .map_or(0, |cells| cells.iter().filter_map(Value::as_object).map(|cell| cell.len() + 2).sum());
        assert!(lines(&text) < keys + 1000 && lines(&pretty) > 10 * lines(&text), "{}", lines(&text));
    }
}
