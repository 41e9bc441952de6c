//! `run.json`: everything that a run found out. Reports derive from it and from nothing else.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Cell, Environment, Facts, Matrix};
use crate::exact::{CodecBuild, Exact, ExactFile};
use crate::measure::Estimate;
use crate::transport::Isolation;

/// The version of `run.json`'s schema that this library writes and reads.
pub const SCHEMA_VERSION: u32 = 2;

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
    /// The filter of a filtered run.
    pub filter: Option<String>,
    /// Whether the run came to its end.
    pub complete: bool,
    /// What is needed to judge the figures.
    pub environment: Environment,
    /// The boundary figures: name → nanoseconds, median over pairs.
    pub boundary: BTreeMap<String, f64>,
    /// What a task costs on plain values inside wasm: `<message>/<task>` → nanoseconds.
    pub task_floor_ns: BTreeMap<String, f64>,
    /// What reading the clock costs. None where nothing was timed message by message.
    pub clock: Option<Clock>,
    /// How much the machine moved while the run was made. None in a run too short to say.
    pub drift: Option<Drift>,
    /// The cells, in the order in which they were measured.
    pub cells: Vec<CellRecord>,
}

impl Record {
    /// A record without figures.
    pub fn new(run_id: String, matrix: Matrix, filter: Option<String>, environment: Environment) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            run_id,
            matrix: matrix.name().to_owned(),
            filter,
            complete: false,
            environment,
            boundary: BTreeMap::new(),
            task_floor_ns: BTreeMap::new(),
            clock: None,
            drift: None,
            cells: Vec::new(),
        }
    }

    /// The exact figures of the run, each once. None where there are none, or they are not consistent.
    pub fn exact(&self) -> Option<ExactFile> {
        let codecs = self.environment.codecs.iter().map(|(name, codec)| {
            let (producer, consumer) = (codec.producer.clone(), codec.consumer.clone());
            (name.clone(), CodecBuild { packages: Vec::new(), producer, consumer })
        });
        let file = ExactFile::of(codecs.collect(), &self.cells).ok()?;
        (!file.encode.is_empty()).then_some(file)
    }

    /// How many rows were measured.
    pub fn rows(&self) -> usize {
        self.boundary.len() + self.task_floor_ns.len() + self.measured().count()
    }

    /// The cells that were measured.
    pub fn measured(&self) -> impl Iterator<Item = &CellRecord> {
        self.cells.iter().filter(|cell| cell.status == Status::Ok && cell.latency_ns.is_some())
    }

    /// Whether a codec is the floor. One that the environment does not know is not.
    pub fn is_floor(&self, codec: &str) -> bool {
        self.environment.codecs.get(codec).is_some_and(|codec| codec.traits.role == crate::guest::Role::Floor)
    }

    /// Whether a codec turns a value into bytes for each message. One that the environment does not
    /// know does.
    pub fn encodes(&self, codec: &str) -> bool {
        self.environment.codecs.get(codec).is_none_or(|codec| codec.traits.encodes)
    }

    /// Whether a codec checks what it reads.
    pub fn validates(&self, codec: &str) -> bool {
        self.environment.codecs.get(codec).is_none_or(|codec| codec.traits.validates != crate::guest::Validation::None)
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

/// Crossings per message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Crossings {
    /// Calls from the host into a guest.
    pub host_to_wasm: u64,
    /// Calls from a guest into the host.
    pub wasm_to_host: u64,
    /// Calls from one module into another without the host.
    pub wasm_to_wasm: u64,
}

/// The time of one message in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Latency {
    /// The median over pairs of each pair's median.
    pub median: f64,
    /// The lower end of its 95 % interval, over pairs.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Latency {
    /// Whether the two intervals overlap: then neither is called the faster.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }
}

impl From<Estimate> for Latency {
    fn from(Estimate { median, low, high, .. }: Estimate) -> Self {
        Self { median, low, high }
    }
}

/// What the time of a message is spent on, in nanoseconds. The parts are measured apart from each other.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Attribution {
    /// The producer: from the value to bytes.
    pub encode: f64,
    /// The way from the producer to the consumer.
    pub transport: f64,
    /// The consumer: its task on bytes that are there.
    pub read: f64,
    /// The cell's time minus these three.
    pub residual: f64,
}

impl Attribution {
    /// Whether the parts do not explain the time: the residual is above 15 % of it and above 3 ns, either way.
    pub fn is_unexplained(&self, latency: &Latency) -> bool {
        self.residual.abs() > 3.0 && self.residual.abs() > 0.15 * latency.median
    }
}

/// The distribution of single messages, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Tail {
    /// Half of the messages are at most this slow.
    pub p50: f64,
    /// Nine in ten.
    pub p90: f64,
    /// 99 in 100.
    pub p99: f64,
    /// 999 in 1 000.
    pub p999: f64,
    /// The slowest.
    pub max: f64,
    /// How many were timed.
    pub samples: u64,
}

/// What reading the clock costs, which every single timing includes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Clock {
    /// One reading, in nanoseconds.
    pub cost_ns: f64,
    /// The smallest step between two readings, in nanoseconds.
    pub resolution_ns: f64,
}

/// How much one cell moved over the run, measured again and again between the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Drift {
    /// The cell's name.
    pub cell: String,
    /// Its latency each time, in nanoseconds, in the order of the run.
    pub medians_ns: Vec<f64>,
    /// The spread: half the distance from the smallest to the largest, as a part of their median.
    pub spread: f64,
}

/// One cell of the run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CellRecord {
    /// The codec's name.
    pub codec: String,
    /// The transport's name.
    pub transport: String,
    /// The message, such as `log@100`.
    pub message: String,
    /// `peek`, `scan` or `own`.
    pub task: String,
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
    /// The median of each pair in nanoseconds, in the order of the pairs: what two runs are compared by.
    pub pair_medians_ns: Option<Vec<f64>>,
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
    /// The time of the first message after set-up, before anything is warm, in nanoseconds.
    pub first_message_ns: Option<f64>,
}

impl CellRecord {
    /// A cell without figures.
    pub fn without_figures(cell: &Cell, status: Status, reason: String) -> Self {
        Self {
            codec: cell.codec.name.clone(),
            transport: cell.transport.name().to_owned(),
            message: cell.message.to_string(),
            task: cell.task.to_string(),
            isolation: cell.transport.isolation(),
            status,
            reason: Some(reason),
            payload_bytes: None,
            wire_bytes: None,
            transport_copies: None,
            crossings: None,
            latency_ns: None,
            pair_medians_ns: None,
            throughput_mb_s: None,
            exact: None,
            attribution_ns: None,
            tail_ns: None,
            tail_reason: None,
            first_message_ns: None,
        }
    }

    /// A verified cell.
    pub fn verified(cell: &Cell, facts: &Facts) -> Self {
        Self {
            status: Status::Ok,
            reason: None,
            payload_bytes: Some(facts.payload_bytes),
            wire_bytes: Some(facts.wire_bytes),
            transport_copies: Some(facts.transport_copies),
            crossings: Some(facts.crossings),
            ..Self::without_figures(cell, Status::Ok, String::new())
        }
    }

    /// A measured cell.
    pub fn measured(cell: &Cell, facts: &Facts, estimate: Estimate) -> Self {
        let mut measured = Self::verified(cell, facts);
        measured.take(estimate);
        measured
    }

    /// Takes a time, in place of one that it has. Its parts stay, and leave another residual.
    pub fn take(&mut self, estimate: Estimate) {
        if let Some(parts) = &mut self.attribution_ns {
            parts.residual = estimate.median - parts.encode - parts.transport - parts.read;
        }
        self.throughput_mb_s = self.payload_bytes.map(|payload| payload / estimate.median * 1e3);
        self.pair_medians_ns = Some(estimate.pairs.clone());
        self.latency_ns = Some(estimate.into());
    }

    /// Bytes that both guests and the transport read and write for a byte of payload.
    pub fn moved_per_payload_byte(&self) -> Option<f64> {
        Some(self.exact.as_ref()?.moved_bytes() / self.payload_bytes?)
    }

    /// `<message>/<task>/<codec>/<transport>`.
    pub fn name(&self) -> String {
        format!("{}/{}/{}/{}", self.message, self.task, self.codec, self.transport)
    }
}
