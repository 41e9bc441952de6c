//! The cells of the page, with what lies above the floor. Ranks are the script's: they follow what is shown.

use super::data::{Cell, Exact};
use super::names::{Names, place};
use super::rounds::{logs, made, placements, times};
use crate::record::{CellRecord, Record, Status};
use crate::report::floor::above_floor;
use crate::report::ranking::League;
use crate::report::rounds::tells_calm;

/// The cells of weft's own host, in the order of the record.
pub fn cells(record: &Record, names: &mut Names) -> Vec<Cell> {
    let (above, tells) = (above_floor(record), tells_calm(record));
    let own = record.cells.iter().filter(|cell| cell.cell.is_own());
    let shown = own.map(|cell| {
        let is_ranked = League::of(record, &cell.cell.codec).is_some();
        let above = above.get(&cell.cell).copied().map(rounded);
        let made = cell.latency_ns.and_then(|_| made(&cell.readings, tells));
        Cell {
            above,
            made,
            logs: if is_ranked { logs(&cell.readings) } else { Vec::new() },
            placed: if is_ranked { placements(&cell.readings) } else { Vec::new() },
            ..one(names, cell)
        }
    });
    shown.collect()
}

/// The place of a codec's league; none of the floor.
pub fn league(record: &Record, codec: &str) -> Option<usize> {
    let league = League::of(record, codec)?;
    League::ALL.iter().position(|other| *other == league)
}

fn one(names: &mut Names, cell: &CellRecord) -> Cell {
    let transport = names.transport(&cell.cell.transport);
    let latency = cell.latency_ns.filter(|_| cell.status == Status::Ok);
    Cell {
        codec: place(&mut names.codecs, &cell.cell.codec),
        transport,
        message: place(&mut names.messages, &cell.message()),
        task: place(&mut names.tasks, cell.task()),
        status: match cell.status {
            Status::Ok => None,
            Status::Unsupported => Some("unsupported"),
            Status::Failed => Some("failed"),
        },
        reason: cell.reason.as_deref().filter(|reason| !reason.is_empty()).map(|reason| names.reason(reason)),
        wire: cell.wire_bytes,
        copies: cell.transport_copies,
        crossings: cell.crossings.map(|by| [by.host_to_wasm, by.wasm_to_host, by.wasm_to_wasm]),
        latency: latency.map(|latency| times(&latency, &cell.readings)),
        exact: cell.exact.as_ref().map(|exact| counted(exact, names)),
        parts: cell
            .attribution_ns
            .map(|parts| [parts.encode, parts.transport, parts.read, parts.residual].map(|part| part.value)),
        part_ranges: cell.attribution_ns.map(|parts| {
            [parts.encode, parts.transport, parts.read, parts.residual].map(|part| [part.low, part.high].map(rounded))
        }),
        unexplained: cell.attribution_ns.zip(latency).is_some_and(|(parts, latency)| parts.is_unexplained(&latency)),
        tail: cell.tail_ns.map(|tail| [tail.p50.value, tail.p90.value, tail.p99.value, tail.p999.value, tail.max]),
        tail_samples: cell.tail_ns.map(|tail| tail.samples),
        tail_reason: cell.tail_reason.as_deref().map(|reason| names.reason(reason)),
        first: cell.first_message_ns.map(|first| first.value),
        ..Cell::default()
    }
}

fn counted(exact: &crate::exact::Exact, names: &mut Names) -> Exact {
    let (producer, consumer) = (&exact.producer, &exact.consumer);
    Exact {
        copies: exact.copies,
        copies_unknown: exact.copies_unknown.as_deref().map(|reason| names.reason(reason)),
        found: exact.payload_found_in.iter().flatten().map(|(place, count)| (place.clone(), *count)).collect(),
        moved: rounded(exact.moved_bytes()),
        overhead: rounded(exact.wire_overhead),
        instructions: [rounded(producer.instructions), rounded(consumer.instructions)],
        allocations: [producer.allocations.map(rounded), consumer.allocations.map(rounded)],
    }
}

/// Six significant digits: what is derived needs no more, and the page stays small.
pub fn rounded(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn six_digits() {
        assert_eq!([123_456_789.0, 0.123_456_78, -1.5, 0.0].map(rounded), [123_457_000.0, 0.123_457, -1.5, 0.0]);
    }
}
