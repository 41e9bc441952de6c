//! What the rounds of a run found, and the rows that this makes.

use std::collections::BTreeMap;

use anyhow::Context;
use hdrhistogram::Histogram;
use weft_link::transport::Isolation;

use super::pass::Outcome;
use crate::cell::{Cell, Figure, Loop, MessageId};
use crate::exact::Exact;
use crate::measure::{Clock, Readings, RoundReading, minus};
use crate::record::{Attribution, CellRecord, Finding, Found, Latency, Status, Tail, Timed, figures};
use crate::verify::{Verified, payload_bytes};

/// A message must take this many times what a single timing is wrong by; otherwise its tail would be the clock's.
pub const CLOCKS: f64 = 20.0;

/// After so many failed rounds without a reading, a figure is not asked for any more.
const ENOUGH_FAILURES: usize = 3;

/// The slowest message that is told from slower ones, in nanoseconds.
const SLOWEST: u64 = 60_000_000_000;

impl Finding {
    /// Takes what came of a round; returns what failed.
    pub fn take(&mut self, round: usize, outcome: Outcome) -> Option<&str> {
        let why = match outcome {
            Outcome::Reading(reading) => {
                self.readings.push(round, reading);
                return None;
            }
            Outcome::Verified(_) | Outcome::Counted(..) => "it was not timed but something else".to_owned(),
            Outcome::Held(why) => {
                self.hopeless = true;
                why
            }
            Outcome::Wrong(why) => {
                self.hopeless = true;
                self.wrong.get_or_insert(why).clone()
            }
            Outcome::Failed(why) | Outcome::Unsupported(why) => why,
        };
        self.failures.push(why);
        self.failures.last().map(String::as_str)
    }

    /// Whether it is worth another round: fewer than `enough` were calm, and it can be measured at all.
    pub fn is_wanted(&self, enough: usize) -> bool {
        let hopeless = self.hopeless || self.readings.is_empty() && self.failures.len() >= ENOUGH_FAILURES;
        !hopeless && self.readings.calm() < enough
    }

    /// Why there is no figure: a digest was wrong, or all rounds failed.
    pub fn failed(&self) -> Option<&str> {
        let failed = || self.failures.first().filter(|_| self.readings.is_empty());
        self.wrong.as_ref().or_else(failed).map(String::as_str)
    }
}

/// A cell of a run before it is timed.
#[derive(Clone, Debug)]
pub struct Row {
    /// The cell.
    pub cell: Cell,
    /// What its transport isolates.
    pub isolation: Isolation,
    /// What was found out while it was verified, or why it is not timed.
    pub verified: Result<Verified, (Status, String)>,
    /// Its exact figures.
    pub exact: Option<Exact>,
    /// Whether its codec is the floor, of which there is nothing to split.
    pub floor: bool,
}

/// What the rounds found.
#[derive(Clone, Debug, Default)]
pub struct Findings(BTreeMap<Figure, Finding>);

impl From<Vec<Found>> for Findings {
    fn from(found: Vec<Found>) -> Self {
        Self(found.into_iter().map(|Found { figure, finding }| (figure, finding)).collect())
    }
}

impl Findings {
    /// What was found of a figure.
    pub fn of(&self, figure: &Figure) -> Option<&Finding> {
        self.0.get(figure)
    }

    /// The same, to add to.
    pub fn entry(&mut self, figure: &Figure) -> &mut Finding {
        self.0.entry(figure.clone()).or_default()
    }

    /// All that was found.
    pub fn all(&self) -> Vec<Found> {
        self.0.iter().map(|(figure, finding)| Found { figure: figure.clone(), finding: finding.clone() }).collect()
    }

    /// How many readings were made in the first `rounds` rounds, and how many in further ones.
    pub fn made(&self, rounds: usize) -> (usize, usize) {
        let all = || self.0.values().flat_map(|finding| finding.readings.kept());
        let further = all().filter(|reading| reading.round >= rounds).count();
        (all().count() - further, further)
    }

    /// How many readings without a calm moment are part of figures.
    pub fn disturbed(&self) -> usize {
        self.0.values().map(|finding| finding.readings.disturbed()).sum()
    }

    fn readings(&self, figure: &Figure) -> Option<&Readings> {
        self.0.get(figure).map(|finding| &finding.readings).filter(|readings| !readings.is_empty())
    }

    /// The row of a cell, as far as it is known by now, with its readings; [`figures::settle`] makes its time of them. None
    /// where nobody has asked for it yet.
    pub fn row(&self, row: &Row) -> Option<CellRecord> {
        let Row { cell, isolation, verified, exact, .. } = row;
        let without =
            |status, why: &str| Some(CellRecord::without_figures(cell.clone(), *isolation, status, why.to_owned()));
        let verified = match verified {
            Ok(verified) => *verified,
            Err((status, why)) => return without(*status, why),
        };
        let finding = self.of(&Figure::Cell(cell.clone()))?;
        if let Some(why) = finding.failed().or(finding.readings.is_empty().then_some("it was never timed")) {
            return without(Status::Failed, why);
        }
        let mut record = CellRecord::verified(cell.clone(), *isolation, payload_bytes(cell.message), verified);
        record.exact.clone_from(exact);
        record.failed_rounds = finding.failures.len();
        record.first_message_ns = figures::latency(finding.readings.firsts(), &[]);
        record.readings = finding.readings.kept().to_vec();
        // The parts are those of weft's own host.
        let has_parts = !row.floor && cell.is_own();
        record.attribution_ns = if !has_parts { None } else { self.attribution(cell, verified.wire_bytes) };
        Some(record)
    }

    /// Adds to the row of a cell that has its time how its single messages are distributed, or why that is not known.
    pub fn add_tail(&self, record: &mut CellRecord, clock: Clock) {
        let readings = self.readings(&Figure::Cell(record.cell.clone()));
        if let Some((readings, time)) = readings.zip(record.latency_ns) {
            (record.tail_ns, record.tail_reason) = tail(readings, time.value, clock);
        }
    }

    /// What a cell's time is spent on. None where its parts were not measured.
    fn attribution(&self, cell: &Cell, wire_bytes: Option<f64>) -> Option<Attribution> {
        let (codec, message, task) = (cell.codec.clone(), cell.message, cell.task);
        let kept = |figure: &Figure| self.readings(figure).map(Readings::kept);
        let part = |figure: Figure, around| Some(minus(kept(&figure)?, &[kept(&Figure::Empty(around))?]));
        let encode = part(Figure::Encode { codec: codec.clone(), message }, Loop::Encode)?;
        let transport = part(way(cell, wire_bytes?)?, Loop::Way)?;
        let read = part(Figure::Read { codec, message, task }, Loop::Read)?;
        let residual = minus(kept(&Figure::Cell(cell.clone()))?, &[&encode, &transport, &read]);
        let interval = |readings: &[RoundReading]| figures::difference(readings);
        Some(Attribution {
            encode: interval(&encode)?.at_least_0(),
            transport: interval(&transport)?.at_least_0(),
            read: interval(&read)?.at_least_0(),
            residual: interval(&residual)?,
        })
    }

    /// The time of a figure that is no cell's, what rounds share still in it.
    pub fn time(&self, figure: &Figure) -> Option<Timed> {
        let readings = self.readings(figure)?.kept().to_vec();
        Some(Timed { latency: figures::latency(&readings, &[])?, readings })
    }
}

/// The floor's message of the size that a cell has on the wire. None where the floor has none so large.
pub fn way(cell: &Cell, wire_bytes: f64) -> Option<Figure> {
    let bytes = (wire_bytes.round() as u32).max(1);
    MessageId::blob(bytes).ok().map(|_| Figure::Way { transport: cell.transport.clone(), bytes })
}

/// The distribution of a cell's single messages, or why there is none.
fn tail(readings: &Readings, time: f64, clock: Clock) -> (Option<Tail>, Option<String>) {
    let error_ns = clock.error_ns();
    if time < CLOCKS * error_ns {
        let what = if clock.cost_ns < error_ns { "steps" } else { "readings" };
        let why = format!(
            "a message takes less than {CLOCKS} {what} of the clock ({error_ns:.0} ns each): that would be measured"
        );
        return (None, Some(why));
    }
    match distribution(readings) {
        Ok(tail) => (Some(tail), None),
        Err(why) => (None, Some(why.to_string())),
    }
}

fn distribution(readings: &Readings) -> anyhow::Result<Tail> {
    let mut all = histogram()?;
    let mut rounds = Vec::new();
    for singles in readings.singles() {
        let mut one = histogram()?;
        for (nanoseconds, count) in singles {
            one.saturating_record_n(*nanoseconds, *count);
        }
        all.add(&one)?;
        rounds.push(one);
    }
    anyhow::ensure!(!all.is_empty(), "single messages are timed for `own`, in core and full runs");
    let percentile = |quantile: f64| {
        let each = rounds.iter().enumerate();
        let each: Vec<RoundReading> =
            each.map(|(round, one)| RoundReading::bare(round, one.value_at_quantile(quantile) as f64)).collect();
        let over_rounds = figures::latency(&each, &[]).context("no round")?;
        let value = all.value_at_quantile(quantile) as f64;
        // Of all rounds together, so it may lie beside what single rounds say.
        Ok::<_, anyhow::Error>(Latency { value, low: over_rounds.low.min(value), high: over_rounds.high.max(value) })
    };
    Ok(Tail {
        p50: percentile(0.5)?,
        p90: percentile(0.9)?,
        p99: percentile(0.99)?,
        p999: percentile(0.999)?,
        max: all.max() as f64,
        samples: all.len(),
    })
}

fn histogram() -> anyhow::Result<Histogram<u64>> {
    Histogram::new_with_bounds(1, SLOWEST, 3).context("the histogram's bounds")
}
