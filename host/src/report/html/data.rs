//! What the page knows of a run: compact, and only what it shows. The script (`assets/run.js`) reads it.
//!
//! Cells name codecs, transports, messages, tasks and reasons by their place in the lists beside them.

use serde::Serialize;

use super::hosts::Hosts;
use super::rounds::{MadeOf, Placed, Rounds};
use weft_link::transport::Isolation;

/// The page's data.
#[derive(Serialize)]
pub struct Page {
    pub run: Run,
    /// What a reader must know before the figures: a filter, an interruption, failed cells.
    pub notes: Vec<String>,
    /// Whether cells can be told apart; otherwise nothing is marked.
    pub tells: bool,
    pub answer: Answer,
    pub codecs: Vec<Codec>,
    pub transports: Vec<Transport>,
    pub messages: Vec<Message>,
    pub tasks: Vec<String>,
    pub cells: Vec<Cell>,
    pub reasons: Vec<String>,
    /// What failed beside whole cells: figures that are no cell's, and cells in some rounds; each with why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<(String, String)>,
    pub crossovers: Vec<Crossover>,
    pub boundary: Vec<Boundary>,
    pub limits: Vec<Limit>,
    pub task_floor: Vec<TaskFloor>,
    /// What is needed to judge the figures: label and text.
    pub environment: Vec<(&'static str, String)>,
    pub rounds: Rounds,
    /// The other hosts; none in a run without them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hosts: Option<Hosts>,
}

/// Which run it is.
#[derive(Serialize)]
pub struct Run {
    pub id: String,
    /// The command that makes the page again.
    pub report: String,
    pub command: String,
    /// Whether it did not come to its end.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub interrupted: bool,
    /// What one reading of the clock costs, in nanoseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_ns: Option<f64>,
}

/// The best choice by isolation class and workload.
#[derive(Serialize)]
pub struct Answer {
    pub title: String,
    pub task: &'static str,
    pub workloads: Vec<Workload>,
    pub rows: Vec<AnswerRow>,
    /// What people use today.
    pub today: Vec<TodayRow>,
    /// What the ways of plugin systems cost, in sentences.
    pub ways: Vec<String>,
}

/// A way of today.
#[derive(Serialize)]
pub struct TodayRow {
    pub what: &'static str,
    /// For each workload a time in nanoseconds, and how many times the best at full isolation that is.
    pub times: Vec<Option<(f64, Option<f64>)>>,
}

/// A column of the answer.
#[derive(Serialize)]
pub struct Workload {
    pub what: String,
    pub message: String,
}

/// A row of the answer.
#[derive(Serialize)]
pub struct AnswerRow {
    pub isolation: Isolation,
    pub what: String,
    /// One for each workload; none where the run has nothing of it.
    pub choices: Vec<Option<Choice>>,
}

/// The best choice of a class and workload.
#[derive(Serialize)]
pub struct Choice {
    pub codecs: String,
    pub transport: String,
    pub ns: f64,
    /// How many times as long as the same codec with nothing isolated.
    pub cost: Option<f64>,
    /// A codec that encodes nothing and is faster, and its time.
    pub resident: Option<(String, String)>,
}

/// A codec with its traits.
#[derive(Serialize)]
pub struct Codec {
    pub name: String,
    /// Who it is ranked with: the place in the leagues; none of the floor.
    pub league: Option<usize>,
    /// The mark of its league.
    pub note: &'static str,
    pub floor: bool,
    /// None where the run does not know the codec.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traits: Option<Traits>,
}

/// What a codec says about itself.
#[derive(Serialize)]
pub struct Traits {
    pub about: String,
    pub library: String,
    pub release: String,
    pub schema: Option<bool>,
    pub evolution: &'static str,
    pub self_describing: Option<bool>,
    pub encodes: Option<bool>,
    pub in_place: Option<bool>,
    pub validates: &'static str,
    pub scan_checks_utf8: Option<bool>,
    /// Sizes of the two modules in bytes: producer and consumer.
    pub wasm: [usize; 2],
    /// The code of both, in bytes of WebAssembly.
    pub code: Option<u64>,
}

/// A transport.
#[derive(Serialize)]
pub struct Transport {
    pub name: String,
    pub isolation: Isolation,
}

/// A message.
#[derive(Serialize)]
pub struct Message {
    pub name: String,
    /// What stands before its size.
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<f64>,
    /// Whether only the floor has it.
    pub floor: bool,
}

/// A cell. Times are in nanoseconds, sizes in bytes.
#[derive(Default, Serialize)]
pub struct Cell {
    pub codec: usize,
    pub transport: usize,
    pub message: usize,
    pub task: usize,
    /// `unsupported` or `failed`; none of a cell that was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wire: Option<f64>,
    /// Copies of the transport.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copies: Option<u64>,
    /// Crossings: host to wasm, wasm to host, wasm to wasm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crossings: Option<[u64; 3]>,
    /// The time and the ends of its interval; the time alone where it is of one round.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency: Option<Vec<f64>>,
    /// What cells are told apart by: the logarithm of each round's reading, × 10⁷. Empty of those that are not ranked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub logs: Vec<Option<i64>>,
    /// The placements of these readings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub placed: Vec<Option<Placed>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made: Option<MadeOf>,
    /// The time minus the floor; 0 where it is not told from the floor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub above: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<Exact>,
    /// Encode, transport, read, residual.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parts: Option<[f64; 4]>,
    /// The ends of their intervals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_ranges: Option<[[f64; 2]; 4]>,
    /// Whether the parts do not explain the time.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unexplained: bool,
    /// p50, p90, p99, p99.9, the slowest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tail: Option<[f64; 5]>,
    /// How many messages the tail is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tail_samples: Option<u64>,
    /// Why there is none: a reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tail_reason: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<f64>,
}

/// Exact figures of a cell, per message.
#[derive(Serialize)]
pub struct Exact {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copies: Option<u64>,
    /// Why there is no number of copies: a reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copies_unknown: Option<usize>,
    /// Where the copies were found: place and number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<(String, u64)>,
    /// All bytes read and written, by both guests and the transport.
    pub moved: f64,
    /// Wire bytes ÷ payload bytes.
    pub overhead: f64,
    /// Operators executed: producer, consumer.
    pub instructions: [f64; 2],
    /// Allocations: producer, consumer.
    pub allocations: [Option<f64>; 2],
}

/// From which size on one line is faster than another. The script shows those where no line of `faster` is shown.
#[derive(Serialize)]
pub struct Crossover {
    /// `transport`: lines are transports of one codec; `codec`: codecs over one transport.
    pub by: &'static str,
    /// The codec or transport that all lines share.
    pub of: usize,
    pub kind: String,
    pub task: usize,
    pub winner: usize,
    pub loser: usize,
    pub bytes: f64,
    pub ns: f64,
    /// The other lines that are faster at that size.
    pub faster: Vec<usize>,
}

/// A boundary figure.
#[derive(Serialize)]
pub struct Boundary {
    pub name: String,
    pub what: String,
    #[serde(flatten)]
    pub time: Time,
}

/// A time with its interval, in nanoseconds.
#[derive(Serialize)]
pub struct Time {
    pub ns: f64,
    /// None where it is of one round.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made: Option<MadeOf>,
}

/// A figure and its limit.
#[derive(Serialize)]
pub struct Limit {
    pub what: String,
    pub formula: &'static str,
    pub measured: f64,
    pub limit: f64,
}

/// What a task costs on plain values.
#[derive(Serialize)]
pub struct TaskFloor {
    pub name: String,
    #[serde(flatten)]
    pub time: Time,
}
