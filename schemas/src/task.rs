//! What a consumer does with a message.

use core::fmt;
use core::str::FromStr;

/// What the consumer does with a message it received.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Task {
    /// Reads a few named fields; about constant time where the codec allows it.
    Peek,
    /// Reads every field where it lies.
    Scan,
    /// Builds the owned Rust value with checked strings, reads every field, drops it.
    Own,
    /// Builds the owned value, changes it ([`Message::answer`](crate::Message::answer)) and encodes it into its own outbox; who asked reads
    /// every field of that.
    Reply,
}

impl Task {
    /// All tasks, from the least work to the most.
    pub const ALL: [Self; 4] = [Self::Peek, Self::Scan, Self::Own, Self::Reply];

    /// Those that go one way: the consumer reads, and returns a digest.
    pub const ONE_WAY: [Self; 3] = [Self::Peek, Self::Scan, Self::Own];

    /// The task's name in cells, exports and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Peek => "peek",
            Self::Scan => "scan",
            Self::Own => "own",
            Self::Reply => "reply",
        }
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Task {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|task| task.name() == name)
            .ok_or_else(|| format!("`{name}` is no task; the tasks are peek, scan, own and reply"))
    }
}
