//! What the harness itself must reach: figures of a run beside limits made of other figures of it.

use super::floor::Floor;
use crate::record::{CellRecord, Record};
use weft_link::transport::Isolation;
use weft_schemas::Task;

/// A figure and its limit, both in nanoseconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// Which figure.
    pub what: String,
    /// What the limit is made of.
    pub formula: &'static str,
    /// The figure.
    pub measured: f64,
    /// Its limit.
    pub limit: f64,
}

impl Limit {
    /// Whether the figure is within its limit.
    pub fn met(&self) -> bool {
        self.measured <= self.limit
    }
}

/// The figures of a run that limits are made of; those that a filtered run lacks are none.
struct Figures<'a> {
    record: &'a Record,
}

impl Figures<'_> {
    fn boundary(&self, name: &str) -> Option<f64> {
        self.record.boundary.get(name).map(|figure| figure.latency.value)
    }

    /// Host and back: what a transport through the host cannot do without.
    fn round_trip(&self) -> Option<f64> {
        Some(self.boundary("wasm_to_host")? + self.boundary("host_to_wasm")?)
    }

    /// The floor's peeks over a transport, of one size where there is one given.
    fn floor(&self, transport: &str, size: Option<&str>) -> impl Iterator<Item = &CellRecord> {
        self.record.measured().filter(move |cell| {
            cell.cell.transport == transport
                && cell.task() == "peek"
                && size.is_none_or(|size| cell.message() == size)
                && self.record.is_floor(&cell.cell.codec)
        })
    }

    /// The floor over a transport, at its worst size, beside a limit.
    fn floor_limit(
        &self,
        (transport, size): (&str, Option<&str>),
        formula: &'static str,
        limit: Option<f64>,
    ) -> Option<Limit> {
        let limit = limit?;
        let cells = self.floor(transport, size).filter_map(|cell| Some((cell, cell.latency_ns?.value)));
        let (worst, measured) = cells.max_by(|(_, a), (_, b)| a.total_cmp(b))?;
        let note = if size.is_none() { " (its worst size)" } else { "" };
        Some(Limit { what: format!("{}{note}", worst.name()), formula, measured, limit })
    }
}

/// The limits of a run, as far as it has the figures.
pub fn limits(record: &Record) -> Vec<Limit> {
    let figures = Figures { record };
    let times = |factor: f64, figure: Option<f64>| figure.map(|figure| factor * figure);
    let (round_trip, wasm) = (figures.round_trip(), figures.boundary("wasm_to_wasm"));
    let (small, large) = (Some("blob@64"), Some("blob@1048576"));
    let memcpy = figures.boundary("memcpy_1048576");
    let mut limits: Vec<Limit> = [
        figures.floor_limit(("linked", None), "1.3 × wasm_to_wasm", times(1.3, wasm)),
        figures.floor_limit(("window", None), "1.4 × (wasm_to_host + host_to_wasm)", times(1.4, round_trip)),
        figures.floor_limit(("direct", small), "1.7 × (wasm_to_host + host_to_wasm)", times(1.7, round_trip)),
        figures.floor_limit(("relay", small), "1.9 × (wasm_to_host + host_to_wasm)", times(1.9, round_trip)),
        figures.floor_limit(("adapter", small), "5 × wasm_to_wasm", times(5.0, wasm)),
        figures.floor_limit(("component", small), "21 × wasm_to_wasm", times(21.0, wasm)),
        figures.floor_limit(("direct", large), "1.2 × memcpy_1048576", times(1.2, memcpy)),
        figures.floor_limit(("adapter", large), "1.2 × memcpy_1048576", times(1.2, memcpy)),
        figures.floor_limit(("relay", large), "2.3 × memcpy_1048576", times(2.3, memcpy)),
        hand_rolled(&figures),
        reply(record),
    ]
    .into_iter()
    .flatten()
    .collect();
    limits.extend(pane(&figures));
    limits.extend(["log@1", "log@100"].into_iter().filter_map(|message| typed(record, message)));
    limits.extend(resident(record));
    let setup = figures.boundary("setup_precompiled");
    limits.extend(setup.map(|measured| Limit {
        what: "setup_precompiled".to_owned(),
        formula: "1 ms",
        measured,
        limit: 1e6,
    }));
    limits
}

/// What `pane` may take: up to 4 MiB what two bare calls and a check take, above that what `linked` takes and half of it.
fn pane(figures: &Figures<'_>) -> Vec<Limit> {
    let wasm = figures.boundary("wasm_to_wasm");
    let of = |cell: &CellRecord| {
        let measured = cell.latency_ns?.value;
        if cell.cell.message.size <= 4 << 20 {
            let (formula, limit) = ("3 × wasm_to_wasm", 3.0 * wasm?);
            return Some(Limit { what: cell.name(), formula, measured, limit });
        }
        let message = cell.message();
        let linked = figures.floor("linked", Some(&message)).next()?.latency_ns?.value;
        Some(Limit { what: cell.name(), formula: "1.5 × linked", measured, limit: 1.5 * linked })
    };
    let mut limits: Vec<Limit> = figures.floor("pane", None).filter_map(of).collect();
    // Of each formula the worst.
    limits.sort_by(|a, b| (b.measured / b.limit).total_cmp(&(a.measured / a.limit)));
    let mut seen: Vec<&str> = Vec::new();
    limits.retain(|limit| {
        let first = !seen.contains(&limit.formula);
        seen.push(limit.formula);
        first
    });
    limits
}

/// What a hand-rolled layout must make possible. The goal names this one cell.
fn hand_rolled(figures: &Figures<'_>) -> Option<Limit> {
    let cell = figures.record.measured().find(|cell| cell.name() == "log@1/peek/bytes/linked")?;
    Some(Limit {
        what: cell.name(),
        formula: "6 × host_to_wasm",
        measured: cell.latency_ns?.value,
        limit: 6.0 * figures.boundary("host_to_wasm")?,
    })
}

/// The fastest codec's reply to `log@1` at full isolation, and its time in nanoseconds.
pub fn best_reply(record: &Record) -> Option<(&CellRecord, f64)> {
    let replies = record.measured().filter(|cell| {
        let is_codec = !record.is_floor(&cell.cell.codec) && cell.isolation == Isolation::Full;
        is_codec && cell.message() == "log@1" && cell.task() == Task::Reply.name()
    });
    let timed = replies.filter_map(|cell| Some((cell, cell.latency_ns?.value)));
    timed.min_by(|(_, a), (_, b)| a.total_cmp(b))
}

/// That reply: there and back must cost what both ways cost one by one, each with its encoding.
fn reply(record: &Record) -> Option<Limit> {
    let (best, measured) = best_reply(record)?;
    let one_way = |task: &str| {
        let is = |cell: &&CellRecord| {
            let (one, other) = (&cell.cell, &best.cell);
            cell.task() == task
                && (&one.message, &one.codec, &one.transport) == (&other.message, &other.codec, &other.transport)
        };
        Some(record.measured().find(is)?.latency_ns?.value)
    };
    let limit = 1.15 * (one_way("own")? + one_way("scan")?);
    Some(Limit { what: best.name(), formula: "1.15 × (own + scan)", measured, limit })
}

/// Owning typed records of a message over components: no dearer than hand-rolled bytes over the fastest transport that isolates as well.
fn typed(record: &Record, message: &str) -> Option<Limit> {
    let of = |codec: &str, transport: &str| {
        let name = format!("{message}/own/{codec}/{transport}");
        let cell = record.measured().find(|cell| cell.name() == name)?;
        Some((name, cell.latency_ns?.value))
    };
    let ((what, measured), (_, bytes)) = (of("wit", "component")?, of("bytes", "adapter")?);
    Some(Limit { what, formula: "1.05 × bytes over adapter", measured, limit: 1.05 * bytes })
}

/// Cells of codecs that encode nothing, over transports that copy nothing: they must cost what the
/// transport and the task cost.
fn resident(record: &Record) -> impl Iterator<Item = Limit> {
    let cells = record.measured().filter(|cell| {
        cell.isolation != Isolation::Full && !record.is_floor(&cell.cell.codec) && !record.encodes(&cell.cell.codec)
    });
    cells.filter_map(|cell| {
        let floor = Floor::of(record, &cell.cell.transport, cell.task()).at(cell.wire_bytes?)?;
        let task = record.task_floor_ns.get(&format!("{}/{}", cell.message(), cell.task()))?;
        Some(Limit {
            what: cell.name(),
            formula: "1.3 × (floor + task_floor_ns)",
            measured: cell.latency_ns?.value,
            limit: 1.3 * (floor + task.latency.value),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{Task, reply};
    use crate::record::fixture;

    #[test]
    fn the_best_reply_is_held_against_both_ways() {
        let mut record = fixture::record(&fixture::run());
        assert_eq!(reply(&record), None, "the fixture has no replies of codecs");
        let find = |name: &str| record.cells.iter().find(|cell| cell.name() == name).expect("a cell").clone();
        let [own, scan, slow] = ["own/bytes", "scan/bytes", "own/capnp"].map(|it| find(&format!("log@1/{it}/adapter")));
        for mut cell in [own.clone(), slow] {
            cell.cell.task = Task::Reply;
            record.cells.push(cell);
        }
        let limit = reply(&record).expect("a limit");
        let [own, scan] = [own, scan].map(|cell| cell.latency_ns.expect("a time").value);
        assert_eq!((limit.what.as_str(), limit.measured), ("log@1/reply/bytes/adapter", own));
        assert!((limit.limit - 1.15 * (own + scan)).abs() < 1e-6, "{limit:?}");
    }
}
