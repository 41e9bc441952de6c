//! The three sizes of a run, and the cells of each.

use std::env;
use std::fmt;
use std::str::FromStr;

use weft_schemas::Task;

use super::{Cell, MessageId};
use crate::guest::{Codec, Role};
use crate::transport::TRANSPORTS;

/// The floor's sizes in bytes: 16 B to 16 MiB in steps of 4.
pub const FLOOR_SIZES: [u32; 11] =
    [16, 64, 256, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20];

/// How much a run measures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matrix {
    /// At most 90 s: what a reader learns most from.
    #[default]
    Quick,
    /// At most 10 minutes: what the reference run holds.
    Core,
    /// Everything.
    Full,
}

const PEEK: &[Task] = &[Task::Peek];
const SCAN: &[Task] = &[Task::Scan];
const PEEK_OWN: &[Task] = &[Task::Peek, Task::Own];

impl Matrix {
    /// All sizes.
    pub const ALL: [Self; 3] = [Self::Quick, Self::Core, Self::Full];

    /// The matrix that `WEFT_MATRIX` asks for; quick where it is not set.
    ///
    /// # Errors
    /// Where it is set to something else.
    pub fn from_environment() -> Result<Self, String> {
        match env::var("WEFT_MATRIX") {
            Ok(name) => name.parse().map_err(|error| format!("WEFT_MATRIX: {error}")),
            Err(env::VarError::NotPresent) => Ok(Self::Quick),
            Err(error) => Err(format!("WEFT_MATRIX: {error}")),
        }
    }

    /// The word in the environment, in JSON and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quick => "quick",
            Self::Core => "core",
            Self::Full => "full",
        }
    }

    /// How many rounds a run makes through its cells, and so how many pairs a figure has.
    pub const fn rounds(self) -> usize {
        match self {
            Self::Quick => 7,
            Self::Core | Self::Full => 14,
        }
    }

    /// The floor's sizes in bytes.
    pub const fn floor_sizes(self) -> &'static [u32] {
        match self {
            Self::Quick => &[64, 64 << 10, 1 << 20],
            Self::Core | Self::Full => &FLOOR_SIZES,
        }
    }

    /// The codecs' messages with their tasks, in the order of what a reader learns most from.
    const fn messages(self) -> &'static [(&'static str, &'static [Task])] {
        match self {
            Self::Quick => &[("log@1", &Task::ALL), ("blob@65536", PEEK_OWN)],
            Self::Core => &[
                ("log@1", &Task::ALL),
                ("log@100", &Task::ALL),
                ("blob@65536", PEEK_OWN),
                ("mesh@1000", &Task::ALL),
                ("ping@1", SCAN),
            ],
            Self::Full => &[
                ("log@1", &Task::ALL),
                ("log@100", &Task::ALL),
                ("log@1000", &Task::ALL),
                ("blob@64", &Task::ALL),
                ("blob@65536", &Task::ALL),
                ("blob@1048576", &Task::ALL),
                ("mesh@10", &Task::ALL),
                ("mesh@1000", &Task::ALL),
                ("ping@1", &Task::ALL),
            ],
        }
    }

    /// The codecs' messages with their tasks.
    pub fn workloads(self) -> Vec<(MessageId, &'static [Task])> {
        self.messages().iter().filter_map(|(name, tasks)| Some((name.parse().ok()?, *tasks))).collect()
    }

    /// Every cell, the floor first; unsupported ones are among them.
    pub fn cells(self, codecs: &'static [Codec]) -> Vec<Cell> {
        let floor_tasks = if self == Self::Full { &Task::ALL[..] } else { PEEK };
        let floor = self.floor_sizes().iter().filter_map(|size| format!("blob@{size}").parse().ok());
        let floor = floor.flat_map(|message| cells(message, floor_tasks, codecs, Role::Floor));
        let rest = self.workloads().into_iter().flat_map(|(message, tasks)| cells(message, tasks, codecs, Role::Codec));
        floor.chain(rest).collect()
    }
}

fn cells(message: MessageId, tasks: &[Task], codecs: &'static [Codec], role: Role) -> Vec<Cell> {
    let mut cells = Vec::new();
    for &task in tasks {
        for codec in codecs.iter().filter(|codec| codec.traits.role == role) {
            cells.extend(TRANSPORTS.iter().map(|&transport| Cell { message, task, codec, transport }));
        }
    }
    cells
}

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Matrix {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|matrix| matrix.name() == name)
            .ok_or_else(|| format!("`{name}` is no matrix; there are quick, core and full"))
    }
}

#[cfg(test)]
mod tests {
    use super::Matrix;

    #[test]
    fn every_workload_of_every_matrix_parses() {
        for matrix in Matrix::ALL {
            assert_eq!(matrix.workloads().len(), matrix.messages().len());
        }
    }
}
