//! Identity: what can be measured, and how it is spelled.

mod figure;
mod filter;
mod matrix;
mod message;
pub mod spelled;
mod workloads;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use weft_schemas::Task;

pub use figure::{CALIBRATIONS, Figure, Loop};
pub use filter::{EXACT, Filter};
pub use matrix::{CodecId, FLOOR_SIZES, Matrix, SMALL_CODECS, SMALL_MATRIX, small_cells, task_floors};
pub use message::{MessageId, ROTATION};
pub use workloads::{Workload, counted_messages, messages_from_environment, workloads};

/// What every message of the bench is generated from.
pub const SEED: u64 = 0x5745_4654;

/// The name of weft's own host under its default setting. Cells on it are spelled without a host.
pub const OWN_HOST: &str = "wasmtime";

/// One combination that can be measured.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Cell {
    /// What is sent, such as `log@100`.
    #[serde(with = "spelled")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub message: MessageId,
    /// What the consumer does with it: `peek`, `scan` or `own`.
    #[serde(with = "spelled")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub task: Task,
    /// How it is turned into bytes: the codec's name.
    pub codec: String,
    /// How the bytes get there: the transport's name.
    pub transport: String,
    /// In which host.
    #[serde(default = "own_host")]
    pub host: String,
}

fn own_host() -> String {
    OWN_HOST.to_owned()
}

/// Whether something can run; otherwise why not.
pub type Supported = Result<(), String>;

impl Cell {
    /// A cell on weft's own host.
    pub fn new(message: MessageId, task: Task, codec: &str, transport: &str) -> Self {
        let (codec, transport) = (codec.to_owned(), transport.to_owned());
        Self { message, task, codec, transport, host: own_host() }
    }

    /// The same on another host.
    pub fn on(&self, host: &str) -> Self {
        Self { host: host.to_owned(), ..self.clone() }
    }

    /// Whether it is a cell of weft's own host under its default setting.
    pub fn is_own(&self) -> bool {
        self.host == OWN_HOST
    }
}

/// `<message>/<task>/<codec>/<transport>`, and `@<host>` on any host but weft's own.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { message, task, codec, transport, host } = self;
        let at = if self.is_own() { String::new() } else { format!("@{host}") };
        f.pad(&format!("{message}/{task}/{codec}/{transport}{at}"))
    }
}

impl FromStr for Cell {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split('/').collect();
        let [message, task, codec, transport] = parts.as_slice() else {
            return Err(format!("`{text}` is no cell; a cell is <message>/<task>/<codec>/<transport>[@<host>]"));
        };
        let (transport, host) = transport.split_once('@').unwrap_or((transport, OWN_HOST));
        let named = |what, name: &str| match is_name(name) {
            true => Ok(name.to_owned()),
            false => Err(format!("`{name}` is no name of a {what}")),
        };
        Ok(Self {
            message: message.parse()?,
            task: task.parse()?,
            codec: named("codec", codec)?,
            transport: named("transport", transport)?,
            host: named("host", host)?,
        })
    }
}

/// Whether a codec, a transport or a host can be called so: its name is a part of a cell's spelling.
pub fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+'))
}

#[cfg(test)]
mod tests {
    use super::Cell;

    #[test]
    fn spellings_go_there_and_back() {
        for name in ["log@1/own/bytes/relay", "blob@4096/peek/null/linked", "log@1/own/bytes/linked@native+glibc"] {
            let cell = name.parse::<Cell>().expect(name);
            assert_eq!(cell.to_string(), name);
            let json = serde_json::to_string(&cell).expect("JSON");
            assert_eq!(serde_json::from_str::<Cell>(&json).expect(&json), cell);
        }
    }

    #[test]
    fn weft_s_own_host_goes_without_saying() {
        let json = r#"{"message":"log@1","task":"own","codec":"bytes","transport":"relay"}"#;
        let cell: Cell = serde_json::from_str(json).expect("a cell");
        assert!(cell.is_own());
        assert_eq!(cell.on("node").to_string(), "log@1/own/bytes/relay@node");
    }

    #[test]
    fn bad_spellings_say_what_is_wrong() {
        for (name, why) in [
            ("log@1/own/bytes", "is no cell"),
            ("log@0/own/bytes/relay", "is no size"),
            ("log@1/read/bytes/relay", "is no task"),
            ("log@1/own//relay", "is no name of a codec"),
            ("log@1/own/bytes/relay@", "is no name of a host"),
            ("log@1/own/bytes/a b", "is no name of a transport"),
        ] {
            assert!(name.parse::<Cell>().is_err_and(|error| error.contains(why)), "{name}");
        }
    }
}
