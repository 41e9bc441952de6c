//! `run.json`: everything that a run found out. Reports derive from it and from nothing else.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use weft_link::guest::Validation;
use weft_link::transport::Isolation;

use super::{Attacks, Environment, Resumption, Unfinished, figures};
use crate::cell::{Cell, Matrix};
use crate::exact::{CodecBuild, Counted, Exact, ExactFile};
use crate::measure::{Clock, RoundReading};
use crate::protocol::Engine;
use crate::verify::{Crossings, Verified};

/// The version of `run.json`'s schema that this library writes and reads.
pub const SCHEMA_VERSION: u32 = 4;

/// The content of `run.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Record {
    /// [`SCHEMA_VERSION`] of the library that wrote it.
    pub schema_version: u32,
    /// The run directory's name.
    pub run_id: String,
    /// `quick`, `core` or `full`.
    pub matrix: String,
    /// The messages that were measured in place of the matrix' own. Empty where those were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<String>,
    /// The filter of a filtered run.
    pub filter: Option<String>,
    /// Whether the run came to its end.
    pub complete: bool,
    /// How many whole rounds were made. None in a run that does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole_rounds: Option<usize>,
    /// When it was gone on with after an interruption. Empty where it was made in one go.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resumed: Vec<Resumption>,
    /// What is needed to judge the figures.
    pub environment: Environment,
    /// What hostile guests do over each transport. None in a run that does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attacks: Option<Attacks>,
    /// The hosts, by name.
    pub hosts: BTreeMap<String, HostRecord>,
    /// The boundary figures: name → nanoseconds.
    pub boundary: BTreeMap<String, Timed>,
    /// What a task costs on plain values inside wasm: `<message>/<task>` → nanoseconds.
    pub task_floor_ns: BTreeMap<String, Timed>,
    /// Pieces of native work that tell how fast the machine is: name → nanoseconds.
    pub calibrations: BTreeMap<String, Timed>,
    /// The figures that failed and are no cell's: name → why.
    pub failed: BTreeMap<String, String>,
    /// What reading the clock costs. None where nothing was timed message by message.
    pub clock: Option<Clock>,
    /// The cells, in the order in which they were measured.
    pub cells: Vec<CellRecord>,
    /// What the run can be gone on with. None where it is complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfinished: Option<Unfinished>,
}

impl Record {
    /// A record without figures.
    pub fn new(run_id: String, matrix: Matrix, filter: Option<String>, environment: Environment) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            run_id,
            matrix: matrix.name().to_owned(),
            messages: Vec::new(),
            filter,
            complete: false,
            whole_rounds: None,
            resumed: Vec::new(),
            environment,
            attacks: None,
            hosts: BTreeMap::new(),
            boundary: BTreeMap::new(),
            task_floor_ns: BTreeMap::new(),
            calibrations: BTreeMap::new(),
            failed: BTreeMap::new(),
            clock: None,
            cells: Vec::new(),
            unfinished: None,
        }
    }

    /// The exact figures of the run, each once. None where there are none, or they are not consistent.
    pub fn exact(&self) -> Option<ExactFile> {
        let codecs = self.environment.codecs.iter().map(|(name, codec)| {
            let (producer, consumer) = (codec.producer.clone(), codec.consumer.clone());
            (name.clone(), CodecBuild { packages: Vec::new(), producer, consumer, requester: None, replier: None })
        });
        let counted: Vec<Counted> = self.cells.iter().filter_map(CellRecord::counted).collect();
        let file = ExactFile::of(&self.environment.rustc, codecs.collect(), &counted).ok()?;
        (!file.encode.is_empty() || !file.request.is_empty()).then_some(file)
    }

    /// How a run ended that did not come to its end: `interrupted after 2 of 14 rounds`. None of one that did.
    pub fn interruption(&self) -> Option<String> {
        let planned = self.environment.rounds;
        (!self.complete).then(|| match self.whole_rounds {
            None => "interrupted".to_owned(),
            Some(made) if made < planned => format!("interrupted after {made} of {planned} rounds"),
            Some(_) => format!("interrupted after all {planned} rounds, while disturbed figures were measured again"),
        })
    }

    /// What a reader must know of a run that is not a whole one of its matrix: other messages, a filter, an interruption.
    pub fn caveats(&self) -> Vec<String> {
        let others = (!self.messages.is_empty())
            .then(|| format!("of {} in place of the {} matrix' own messages", self.messages.join(", "), self.matrix));
        let filtered = self.filter.as_ref().map(|filter| format!("filtered: only what matches `{filter}`"));
        others.into_iter().chain(filtered).chain(self.interruption()).collect()
    }

    /// How many rows were measured.
    pub fn rows(&self) -> usize {
        self.boundary.len() + self.task_floor_ns.len() + self.all_measured().count()
    }

    /// The cells of weft's own host that were measured.
    pub fn measured(&self) -> impl Iterator<Item = &CellRecord> {
        self.all_measured().filter(|cell| cell.cell.is_own())
    }

    /// The cells of all hosts that were measured.
    pub fn all_measured(&self) -> impl Iterator<Item = &CellRecord> {
        self.cells.iter().filter(|cell| cell.status == Status::Ok && cell.latency_ns.is_some())
    }

    /// Whether a codec is the floor. One that the environment does not know is not.
    pub fn is_floor(&self, codec: &str) -> bool {
        self.environment.codecs.get(codec).is_some_and(|codec| codec.traits.is_floor())
    }

    /// Whether a codec turns a value into bytes for each message. One that the environment does not
    /// know does.
    pub fn encodes(&self, codec: &str) -> bool {
        self.environment.codecs.get(codec).is_none_or(|codec| codec.traits.encodes != Some(false))
    }

    /// Whether a codec checks what it reads.
    pub fn validates(&self, codec: &str) -> bool {
        self.environment.codecs.get(codec).is_none_or(|codec| codec.traits.validates != Some(Validation::None))
    }
}

/// How a cell ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Verified and measured.
    Ok,
    /// Not there to be measured; `reason` says why.
    Unsupported,
    /// Trapped or erred while it was timed; `reason` says how.
    Failed,
}

/// A host of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct HostRecord {
    /// What runs the guests.
    pub engine: Engine,
    /// What the yardstick's work took at best, in nanoseconds.
    pub yardstick_ns: Option<f64>,
    /// How many times as long all cells took in each round than over all rounds, by number of the round. Empty where
    /// there are too few cells to tell.
    #[serde(default)]
    pub round_effects: Vec<f64>,
}

/// A time in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Latency {
    /// The trimmed mean over rounds, of logarithms, what all cells of a round share taken out.
    pub value: f64,
    /// The lower end of its 95 % interval. The value itself where only one round has a reading.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// A time and the readings that it is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Timed {
    /// The time.
    #[serde(flatten)]
    pub latency: Latency,
    /// The readings, in the order of the rounds. Empty where a run kept none.
    #[serde(default)]
    pub readings: Vec<RoundReading>,
}

/// A difference of times in nanoseconds, which may be negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Interval {
    /// The trimmed mean over rounds.
    pub value: f64,
    /// The lower end of its 95 % interval. The value itself where only one round has both.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// The same, where a value below 0 is the noise of one that is none.
    pub const fn at_least_0(self) -> Self {
        Self { value: self.value.max(0.0), low: self.low.max(0.0), high: self.high.max(0.0) }
    }
}

/// What the time of a message is spent on, in nanoseconds. The parts are measured apart from each other.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Attribution {
    /// The producer: from the value to bytes.
    pub encode: Interval,
    /// The way from the producer to the consumer.
    pub transport: Interval,
    /// The consumer: its task on bytes that are there.
    pub read: Interval,
    /// The cell's time minus these three, round by round.
    pub residual: Interval,
}

impl Attribution {
    /// Whether the parts do not explain the time: the residual is above 15 % of it and above 3 ns, either way.
    pub fn is_unexplained(&self, latency: &Latency) -> bool {
        let residual = self.residual.value.abs();
        residual > 3.0 && residual > 0.15 * latency.value
    }
}

/// The distribution of single messages, in nanoseconds. A percentile is that of all rounds together; its interval is
/// over rounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Tail {
    /// Half of the messages are at most this slow.
    pub p50: Latency,
    /// Nine in ten.
    pub p90: Latency,
    /// 99 in 100.
    pub p99: Latency,
    /// 999 in 1 000.
    pub p999: Latency,
    /// The slowest.
    pub max: f64,
    /// How many were timed.
    pub samples: u64,
}

/// One cell of the run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CellRecord {
    /// Which cell it is.
    #[serde(flatten)]
    pub cell: Cell,
    /// The transport's isolation class.
    pub isolation: Isolation,
    /// How it ended.
    pub status: Status,
    /// Why it was not measured.
    pub reason: Option<String>,
    /// The payload of a message in bytes, mean over the rotation.
    pub payload_bytes: Option<f64>,
    /// What the codec makes of it in bytes, mean over the rotation.
    pub wire_bytes: Option<f64>,
    /// Payload copies made between the two guests, per message.
    pub transport_copies: Option<u64>,
    /// Crossings per message.
    pub crossings: Option<Crossings>,
    /// The time of one message.
    pub latency_ns: Option<Latency>,
    /// The reading of each round, in the order of the rounds: what cells and runs are compared by. Empty where a run kept none.
    #[serde(default)]
    pub readings: Vec<RoundReading>,
    /// Payload per time, in 10⁶ bytes per second.
    pub throughput_mb_s: Option<f64>,
    /// What is counted instead of timed.
    pub exact: Option<Exact>,
    /// What the time is spent on.
    pub attribution_ns: Option<Attribution>,
    /// How single messages are distributed.
    pub tail_ns: Option<Tail>,
    /// Why there is no `tail_ns`.
    pub tail_reason: Option<String>,
    /// The time of the first message after set-up, before anything is warm.
    pub first_message_ns: Option<Latency>,
    /// How many rounds failed, where others did not.
    #[serde(default)]
    pub failed_rounds: usize,
}

impl CellRecord {
    /// A cell without figures.
    pub const fn without_figures(cell: Cell, isolation: Isolation, status: Status, reason: String) -> Self {
        Self {
            cell,
            isolation,
            status,
            reason: Some(reason),
            payload_bytes: None,
            wire_bytes: None,
            transport_copies: None,
            crossings: None,
            latency_ns: None,
            readings: Vec::new(),
            throughput_mb_s: None,
            exact: None,
            attribution_ns: None,
            tail_ns: None,
            tail_reason: None,
            first_message_ns: None,
            failed_rounds: 0,
        }
    }

    /// A verified cell, with its payload in bytes.
    pub fn verified(cell: Cell, isolation: Isolation, payload_bytes: f64, verified: Verified) -> Self {
        Self {
            reason: None,
            payload_bytes: Some(payload_bytes),
            wire_bytes: verified.wire_bytes,
            transport_copies: verified.copies,
            crossings: verified.crossings,
            ..Self::without_figures(cell, isolation, Status::Ok, String::new())
        }
    }

    /// Takes readings, in place of those that it has; `effects` are the logarithms of what all cells of its host share, by
    /// round.
    pub fn take(&mut self, readings: Vec<RoundReading>, effects: &[f64]) {
        self.latency_ns = figures::latency(&readings, effects);
        let time = self.latency_ns.map(|latency| latency.value);
        self.throughput_mb_s = self.payload_bytes.zip(time).map(|(payload, time)| payload / time * 1e3);
        self.readings = readings;
    }

    /// The cell as a row of exact figures, where it has any.
    fn counted(&self) -> Option<Counted> {
        let (wire_bytes, copies, crossings) = (self.wire_bytes, self.transport_copies, self.crossings);
        Some(Counted {
            cell: self.cell.clone(),
            payload_bytes: self.payload_bytes?,
            verified: Verified { wire_bytes, copies, crossings },
            exact: self.exact.clone()?,
        })
    }

    /// Bytes that both guests and the transport read and write for a byte of payload.
    pub fn moved_per_payload_byte(&self) -> Option<f64> {
        Some(self.exact.as_ref()?.moved_bytes() / self.payload_bytes?)
    }

    /// Its message, as it is spelled.
    pub fn message(&self) -> String {
        self.cell.message.to_string()
    }

    /// Its task's name.
    pub const fn task(&self) -> &'static str {
        self.cell.task.name()
    }

    /// How it is spelled.
    pub fn name(&self) -> String {
        self.cell.to_string()
    }
}
