//! A cell: codec × transport × message × task.

use std::fmt;

use weft_schemas::Task;

use super::MessageId;
use crate::guest::{Codec, Role};
use crate::transport::Transport;

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
