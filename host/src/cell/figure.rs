//! What can be timed: a cell, and what its time is held against.

use std::fmt;

use serde::{Deserialize, Serialize};
use weft_schemas::Task;

use super::{Cell, MessageId, spelled};

/// Something that takes time. `docs/HOSTS.md` says what one iteration of each is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// A message over a cell.
    Cell(Cell),
    /// A cost of the engine or the machine, by name.
    Boundary(String),
    /// A piece of native work that tells how fast the machine is, by name.
    Calibration(String),
    /// A task on plain values inside wasm.
    TaskFloor {
        /// The message.
        #[serde(with = "spelled")]
        #[cfg_attr(test, schemars(with = "String"))]
        message: MessageId,
        /// The task.
        #[serde(with = "spelled")]
        #[cfg_attr(test, schemars(with = "String"))]
        task: Task,
    },
    /// A codec's producer alone.
    Encode {
        /// The codec.
        codec: String,
        /// The message.
        #[serde(with = "spelled")]
        #[cfg_attr(test, schemars(with = "String"))]
        message: MessageId,
    },
    /// A transport alone: the floor's message of a size.
    Way {
        /// The transport.
        transport: String,
        /// The size on the wire, in bytes.
        bytes: u32,
    },
    /// A codec's consumer alone.
    Read {
        /// The codec.
        codec: String,
        /// The message.
        #[serde(with = "spelled")]
        #[cfg_attr(test, schemars(with = "String"))]
        message: MessageId,
        /// The task.
        #[serde(with = "spelled")]
        #[cfg_attr(test, schemars(with = "String"))]
        task: Task,
    },
    /// The loop around one of these parts, without its content.
    Empty(Loop),
}

/// The calibrations: arithmetic, copies that fit into the three levels of a cache, and a codec.
pub const CALIBRATIONS: [&str; 5] = ["arithmetic", "copy_4096", "copy_65536", "copy_1048576", "json_log"];

/// Which part's loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Loop {
    /// A producer that encodes nothing, whose `send` returns at once.
    Encode,
    /// A loop that calls nothing.
    Way,
    /// The loop over a consumer that reads nothing.
    Read,
}

impl Figure {
    /// The word for its kind, as in a greeting's `figures`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Cell(_) => "cell",
            Self::Boundary(_) => "boundary",
            Self::Calibration(_) => "calibration",
            Self::TaskFloor { .. } => "task_floor",
            Self::Encode { .. } => "encode",
            Self::Way { .. } => "way",
            Self::Read { .. } => "read",
            Self::Empty(_) => "empty",
        }
    }
}

/// As rows of the bench are called, and for what is no row as people would say it.
impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cell(cell) => write!(f, "exchange/{cell}"),
            Self::Boundary(name) => write!(f, "boundary/{name}"),
            Self::Calibration(name) => write!(f, "calibration/{name}"),
            Self::TaskFloor { message, task } => write!(f, "boundary/task_floor/{message}/{task}"),
            Self::Encode { codec, message } => write!(f, "encode/{message}/{codec}"),
            Self::Way { transport, bytes } => write!(f, "way/{transport}/{bytes}"),
            Self::Read { codec, message, task } => write!(f, "read/{message}/{task}/{codec}"),
            Self::Empty(part) => write!(f, "empty/{part:?}"),
        }
    }
}
