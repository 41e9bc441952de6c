//! The three sizes of a run, and the cells of each.

use std::fmt;
use std::str::FromStr;

use weft_link::transport::TRANSPORTS;
use weft_schemas::Task;

use super::{Cell, Figure, MessageId, Workload};
use crate::variables::{self, Misset};

/// A codec as far as it is a part of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodecId {
    /// Its name.
    pub name: String,
    /// Whether it is the floor.
    pub floor: bool,
}

/// What hosts other than weft's own are measured with: never the product of all that there is.
pub const SMALL_MATRIX: [&str; 3] = ["log@1", "log@100", "blob@65536"];

/// The codecs of the small matrix, as far as they are there: those of erickt's classic table, which native code can stand beside, and the
/// ends of what is possible.
pub const SMALL_CODECS: [&str; 10] = [
    "bytes",
    "bincode",
    "bincode-derive",
    "flatbuffers",
    "capnp",
    "capnp-packed",
    "inplace",
    "msgpack",
    "protobuf",
    "json",
];

/// The floor's sizes in bytes: 16 B to 16 MiB in steps of 4.
pub const FLOOR_SIZES: [u32; 11] =
    [16, 64, 256, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20];

/// How much a run measures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matrix {
    /// What a reader learns most from.
    #[default]
    Quick,
    /// What the reference run holds.
    Core,
    /// Everything.
    Full,
}

const PEEK: &[Task] = &[Task::Peek];
/// There and back.
const PEEK_REPLY: &[Task] = &[Task::Peek, Task::Reply];
const OWN: &[Task] = &[Task::Own];

/// The fastest transport of each isolation class: what the others take more, their floors say.
const FASTEST: [&str; 3] = ["adapter", "pane", "linked"];

/// What platforms do: an allocation, a copy and calls for each message, or the component model.
const PLATFORMS: [&str; 2] = ["buffer-packed", "component"];

/// The codecs that platforms speak, and what they are held against; `wit` is what the component model itself speaks.
const PLATFORM_CODECS: [&str; 6] = ["bytes", "bincode", "json", "msgpack", "protobuf", "wit"];

impl Matrix {
    /// All sizes.
    pub const ALL: [Self; 3] = [Self::Quick, Self::Core, Self::Full];

    /// The matrix that `WEFT_MATRIX` asks for. None where it is not set.
    ///
    /// # Errors
    /// Where it is set to something else.
    pub fn from_environment() -> Result<Option<Self>, Misset> {
        let misset = |error| Misset(format!("{}: {error}", variables::MATRIX.name));
        variables::MATRIX.text()?.map(|name| name.parse().map_err(misset)).transpose()
    }

    /// The word in the environment, in JSON and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quick => "quick",
            Self::Core => "core",
            Self::Full => "full",
        }
    }

    /// The next larger one. None of the largest.
    pub const fn larger(self) -> Option<Self> {
        match self {
            Self::Quick => Some(Self::Core),
            Self::Core => Some(Self::Full),
            Self::Full => None,
        }
    }

    /// How many rounds a run makes through its cells, and so how many pairs a figure has.
    pub const fn rounds(self) -> usize {
        match self {
            Self::Quick => 14,
            Self::Core => 19,
            // It is long enough with fewer.
            Self::Full => 6,
        }
    }

    /// In one of how many rounds boundary figures are read: they take longer than cells, and fewer readings tell enough of them. Parts
    /// of cells are read in one of twice as many.
    pub const fn period_of_boundary(self) -> usize {
        match self {
            Self::Quick | Self::Core => 2,
            Self::Full => 1,
        }
    }

    /// How many placements a reading of a cell is the mean of, where nobody says another number. Many rounds of few placements say more
    /// than as many placements in few rounds: those of a round are of one process and one moment.
    pub const fn placements(self) -> u32 {
        match self {
            Self::Quick | Self::Core => 2,
            // A full run is long enough with one.
            Self::Full => 1,
        }
    }

    /// The floor's sizes in bytes.
    pub const fn floor_sizes(self) -> &'static [u32] {
        match self {
            Self::Quick => &[64, 64 << 10, 1 << 20],
            Self::Core | Self::Full => &FLOOR_SIZES,
        }
    }

    /// The codecs' messages with their tasks, in the order of what a reader learns most from. None of the full matrix, which has what
    /// each message names.
    const fn messages(self) -> &'static [(&'static str, &'static [Task])] {
        match self {
            Self::Quick => &[("log@1", &Task::ALL), ("blob@65536", OWN)],
            Self::Core => &[
                ("log@1", &Task::ALL),
                ("log@100", &Task::ALL),
                ("player@1", &Task::ALL),
                ("blob@65536", OWN),
                ("mesh@1000", OWN),
            ],
            Self::Full => &[],
        }
    }

    /// The transports that codecs are measured over. The floor is measured over all.
    fn transports(self) -> Vec<&'static str> {
        let all = TRANSPORTS.iter().map(|transport| transport.name());
        all.filter(|name| self == Self::Full || FASTEST.contains(name)).collect()
    }

    /// The codecs' messages with their tasks.
    pub fn workloads(self) -> Vec<Workload> {
        let chosen = self.messages().iter().filter_map(|(name, tasks)| Some((name.parse().ok()?, *tasks)));
        let measured = MessageId::measured().filter(|_| self == Self::Full);
        chosen.chain(measured.map(|message| (message, &Task::ALL[..]))).collect()
    }

    /// Every cell of weft's own host, the floor first; unsupported ones are among them.
    pub fn cells(self, codecs: &[CodecId]) -> Vec<Cell> {
        self.cells_of(&self.workloads(), codecs)
    }

    /// The same with these workloads in place of its own. The floor stays as it is.
    pub fn cells_of(self, workloads: &[Workload], codecs: &[CodecId]) -> Vec<Cell> {
        let floor_tasks = |message: MessageId| match self {
            Self::Full => &Task::ALL[..],
            Self::Quick if message.size > 64 => PEEK,
            _ if Self::Quick.floor_sizes().contains(&message.size) => PEEK_REPLY,
            _ => PEEK,
        };
        let floor = self.floor_sizes().iter().filter_map(|size| MessageId::blob(*size).ok());
        let transports = [self.transports(), Self::Full.transports()];
        let cells = |message, tasks, floor: bool| {
            let codecs = codecs.iter().filter(move |id| id.floor == floor);
            cells(message, tasks, codecs, &transports[usize::from(floor)])
        };
        let floor = floor.flat_map(|message| cells(message, floor_tasks(message), true));
        let rest = workloads.iter().flat_map(|(message, tasks)| cells(*message, *tasks, false));
        let all = floor.chain(rest).chain(self.platform_cells(workloads, codecs));
        all.filter(|cell| self != Self::Quick || is_quick(cell)).collect()
    }

    /// The cells of the codecs that platforms speak, over what platforms do: those tasks that need the whole message. None of the full
    /// matrix, which has them among all.
    fn platform_cells(self, workloads: &[Workload], codecs: &[CodecId]) -> Vec<Cell> {
        let spoken = |id: &&CodecId| !id.floor && PLATFORM_CODECS.contains(&id.name.as_str());
        let of = |(message, tasks): &Workload| {
            let tasks: Vec<Task> = tasks.iter().copied().filter(|task| *task != Task::Peek).collect();
            cells(*message, &tasks, codecs.iter().filter(spoken), &PLATFORMS)
        };
        if self == Self::Full { Vec::new() } else { workloads.iter().flat_map(of).collect() }
    }

    /// Whether a codec of this name, be it the floor or not, can have a cell with these workloads that is selected.
    pub fn may_have(self, workloads: &[Workload], codec: &str, selects: &dyn Fn(&Cell) -> bool) -> bool {
        let either = [true, false].map(|floor| CodecId { name: codec.to_owned(), floor });
        either.iter().any(|id| self.cells_of(workloads, std::slice::from_ref(id)).iter().any(selects))
    }

    /// The names of the boundary figures, in the order of reports.
    pub fn boundary(self) -> Vec<Figure> {
        let crossings = ["host_to_wasm", "wasm_to_host", "wasm_to_wasm", "seed_log"].map(str::to_owned);
        let copies = self.floor_sizes().iter().map(|size| format!("memcpy_{size}"));
        let setup = ["compile", "setup_cold", "setup_precompiled", "fresh_instance"].map(str::to_owned);
        crossings.into_iter().chain(copies).chain(setup).map(Figure::Boundary).collect()
    }
}

/// Whether a quick run has a cell: replies are those of the floor and of what platforms speak, and platforms' own ways have whole values.
fn is_quick(cell: &Cell) -> bool {
    let is_spoken = || PLATFORM_CODECS.contains(&cell.codec.as_str());
    match cell.task {
        Task::Reply => cell.message.kind.name == "blob" || is_spoken() && FASTEST.contains(&cell.transport.as_str()),
        Task::Scan => FASTEST.contains(&cell.transport.as_str()) || !is_spoken(),
        _ => true,
    }
}

/// The task floors of workloads, in their order.
pub fn task_floors(workloads: &[Workload]) -> Vec<Figure> {
    let floors = |(message, tasks): &Workload| {
        let message = *message;
        // A reply reads two values: there is no one floor for it.
        let one_way = tasks.iter().filter(|task| **task != Task::Reply);
        one_way.map(move |&task| Figure::TaskFloor { message, task })
    };
    workloads.iter().flat_map(floors).collect()
}

/// What other hosts are not measured over: what differs little from the transports that are, whatever the engine.
const LEFT_OUT: [&str; 4] = ["relay", "buffer-scailable", "buffer-packed", "window"];

/// The cells of the small matrix over those of these transports that tell most, on a host; with these messages in place of its own, where there
/// are any. The first message goes there and back as well, with the codecs that platforms speak.
pub fn small_cells(messages: Option<&[MessageId]>, codecs: &[CodecId], transports: &[&str], host: &str) -> Vec<Cell> {
    let small = |id: &&CodecId| !id.floor && SMALL_CODECS.contains(&id.name.as_str());
    let own = || SMALL_MATRIX.iter().filter_map(|name| name.parse().ok()).collect();
    let messages: Vec<MessageId> = messages.map_or_else(own, <[MessageId]>::to_vec);
    let transports: Vec<_> = transports.iter().copied().filter(|name| !LEFT_OUT.contains(name)).collect();
    let spoken = |id: &&CodecId| small(id) && PLATFORM_CODECS.contains(&id.name.as_str());
    let of = |message, task, codecs: Vec<&CodecId>| cells(message, &[task], codecs.into_iter(), &transports);
    let replies = messages.first().map(|first| of(*first, Task::Reply, codecs.iter().filter(spoken).collect()));
    let own = messages.iter().flat_map(|message| of(*message, Task::Own, codecs.iter().filter(small).collect()));
    let cells = own.chain(replies.into_iter().flatten());
    cells.map(|cell| cell.on(host)).collect()
}

fn cells<'a>(
    message: MessageId,
    tasks: &[Task],
    codecs: impl Iterator<Item = &'a CodecId>,
    transports: &[&str],
) -> Vec<Cell> {
    let codecs: Vec<_> = codecs.collect();
    let pairs = tasks.iter().flat_map(|&task| codecs.iter().map(move |codec| (task, codec)));
    let cell = |(task, codec): (Task, &&CodecId), transport: &&str| Cell::new(message, task, &codec.name, transport);
    pairs.flat_map(|pair| transports.iter().map(move |transport| cell(pair, transport))).collect()
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
    use weft_schemas::KINDS;

    use super::{CodecId, Matrix, SMALL_MATRIX, Workload, small_cells};
    use crate::cell::Filter;

    #[test]
    fn a_codec_is_wanted_where_one_of_its_cells_may_be_selected() {
        let may = |matrix: Matrix, codec, text| {
            let filter = Filter::pattern(text).expect("a pattern");
            matrix.may_have(&matrix.workloads(), codec, &|cell| filter.selects_cell(cell))
        };
        assert!(may(Matrix::Full, "bytes", "bytes"));
        assert!(!may(Matrix::Full, "bytes", "capnp"));
        assert!(may(Matrix::Quick, "anything", "/linked"));
        assert!(!may(Matrix::Quick, "bytes", "boundary"));
    }

    #[test]
    fn the_small_matrix_is_small() {
        let codecs =
            ["bytes", "bincode", "null", "other"].map(|name| CodecId { name: name.to_owned(), floor: name == "null" });
        let cells = small_cells(None, &codecs, &["relay", "direct", "linked"], "node");
        assert_eq!(cells.len(), (SMALL_MATRIX.len() + 1) * 2 * 2);
        assert!(cells.iter().all(|cell| cell.host == "node"));
        let others = ["log@7".parse().expect("a message")];
        let cells = small_cells(Some(&others), &codecs, &["relay", "direct"], "node");
        let names: Vec<String> = cells.iter().map(ToString::to_string).collect();
        let tasks = ["own", "reply"];
        let expected = tasks.map(|task| ["bytes", "bincode"].map(|codec| format!("log@7/{task}/{codec}/direct@node")));
        assert_eq!(names, expected.concat());
    }

    #[test]
    fn every_workload_of_every_matrix_parses() {
        for matrix in [Matrix::Quick, Matrix::Core] {
            assert_eq!(matrix.workloads().len(), matrix.messages().len());
        }
    }

    #[test]
    fn every_kind_is_in_the_full_matrix() {
        let full = Matrix::Full.workloads();
        assert!(KINDS.iter().all(|kind| full.iter().any(|(message, _)| message.kind.name == kind.name)));
        let sizes = |(message, _): &Workload| (message.kind.sizes.0..=message.kind.sizes.1).contains(&message.size);
        assert!(full.iter().all(sizes));
    }
}
