//! A cell: codec × transport × message × task.

use std::fmt;

use weft_schemas::Task;

use super::MessageId;
use crate::guest::{Codec, Role};
use crate::transport::{self, Transport};

/// One combination that can be measured.
#[derive(Clone, Copy)]
pub struct Cell {
    /// What is sent.
    pub message: MessageId,
    /// What the consumer does with it.
    pub task: Task,
    /// How it is turned into bytes.
    pub codec: &'static Codec,
    /// How the bytes get there.
    pub transport: &'static dyn Transport,
}

/// Whether a cell can run; otherwise why not.
pub type Supported = Result<(), String>;

impl Cell {
    /// The cell with this name, which [`Display`](fmt::Display) makes, of one of these codecs.
    ///
    /// # Errors
    /// Which part of the name is not known.
    pub fn named(name: &str, codecs: &'static [Codec]) -> Result<Self, String> {
        let parts: Vec<&str> = name.split('/').collect();
        let [message, task, codec, transport] = parts.as_slice() else {
            return Err(format!("`{name}` is no cell; a cell is <message>/<task>/<codec>/<transport>"));
        };
        Ok(Self {
            message: message.parse()?,
            task: task.parse()?,
            codec: codecs
                .iter()
                .find(|other| other.name == *codec)
                .ok_or_else(|| format!("`{codec}` is no codec; `cargo weft list` prints them"))?,
            transport: transport::by_name(transport)
                .ok_or_else(|| format!("`{transport}` is no transport; `cargo weft list` prints them"))?,
        })
    }

    /// Whether both the codec and the system support it.
    pub fn supported(&self) -> Supported {
        self.codec.supports(self.message.kind.name, self.task.name())?;
        self.transport.supported()
    }

    /// Whether it is a cell of the floor.
    pub fn is_floor(&self) -> bool {
        self.codec.traits.role == Role::Floor
    }
}

/// `<message>/<task>/<codec>/<transport>`.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}/{}", self.message, self.task, self.codec.name, self.transport.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Cell;
    use crate::guest::catalog;

    #[test]
    fn names_go_there_and_back() {
        let codecs = catalog().expect("guests");
        for name in ["log@1/own/bytes/relay", "blob@4096/peek/null/linked"] {
            assert_eq!(Cell::named(name, codecs).map(|cell| cell.to_string()).as_deref(), Ok(name));
        }
        for (name, why) in [
            ("log@1/own/bytes", "is no cell"),
            ("log@0/own/bytes/relay", "is no size"),
            ("log@1/read/bytes/relay", "is no task"),
            ("log@1/own/xml/relay", "is no codec"),
            ("log@1/own/bytes/pigeon", "is no transport"),
        ] {
            assert!(Cell::named(name, codecs).is_err_and(|error| error.contains(why)), "{name}");
        }
    }
}
