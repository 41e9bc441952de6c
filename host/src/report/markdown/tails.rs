//! The section of single messages: the first one, and the tails.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::record::{CellRecord, Record};
use crate::report::escape::escaped;
use crate::report::units::time;

/// A table per message and task, of the cells that were timed message by message, and why the others were not.
pub fn tails(record: &Record) -> String {
    let timed: Vec<&CellRecord> = record.measured().filter(|cell| cell.tail_ns.is_some()).collect();
    let Some(clock) = record.clock.filter(|_| !timed.is_empty()) else { return String::new() };
    let mut text = format!(
        "Single messages, each a call of the host's: with one crossing and one reading of the clock ({:.0} ns; its smallest \
         step is {:.0} ns) in each. *first*: the first message after set-up.\n",
        clock.cost_ns, clock.resolution_ns
    );
    text.push_str(&without(record));
    let same_workload = |a: &&CellRecord, b: &&CellRecord| (&a.message(), &a.task()) == (&b.message(), &b.task());
    for workload in timed.chunk_by(same_workload) {
        let Some(first) = workload.first() else { continue };
        let _ = write!(
            text,
            "\n### {} {}\n\n| codec | transport | first | half | 90 % | 99 % | 99.9 % | slowest | messages |\n\
             |---|---|---:|---:|---:|---:|---:|---:|---:|\n",
            first.message(),
            first.task()
        );
        text.extend(workload.iter().filter_map(|cell| row(cell)));
    }
    text
}

/// How many cells have no tail, by the reason; empty where none says one.
fn without(record: &Record) -> String {
    let mut by_reason: BTreeMap<&str, usize> = BTreeMap::new();
    for reason in record.measured().filter_map(|cell| cell.tail_reason.as_deref()) {
        *by_reason.entry(reason).or_default() += 1;
    }
    let lines: String = by_reason.iter().map(|(reason, cells)| format!("- {cells}: {}\n", escaped(reason))).collect();
    if lines.is_empty() { lines } else { format!("\nCells without a tail, by the reason:\n\n{lines}") }
}

fn row(cell: &CellRecord) -> Option<String> {
    let tail = cell.tail_ns?;
    let first = cell.first_message_ns.map_or_else(String::new, |first| time(first.value));
    let [p50, p90, p99, p999, max] =
        [tail.p50.value, tail.p90.value, tail.p99.value, tail.p999.value, tail.max].map(time);
    let (codec, transport, samples) = (&cell.cell.codec, &cell.cell.transport, tail.samples);
    Some(format!("| {codec} | {transport} | {first} | {p50} | {p90} | {p99} | {p999} | {max} | {samples} |\n"))
}

#[cfg(test)]
mod tests {
    use super::tails;
    use crate::measure::Clock;
    use crate::record::{Tail, fixture};

    /// A cell that nobody timed singly is not said to be too short for it.
    #[test]
    fn cells_without_a_tail_are_counted_by_their_reason() {
        let mut record = fixture::record(&fixture::run());
        record.clock = Some(Clock { cost_ns: 20.0, resolution_ns: 1.0 });
        for (place, cell) in record.cells.iter_mut().filter(|cell| cell.latency_ns.is_some()).enumerate() {
            cell.tail_reason = match place {
                1 => Some("too|short".to_owned()),
                2 | 3 => Some("not timed singly".to_owned()),
                _ => None,
            };
            cell.tail_ns = cell.latency_ns.filter(|_| place == 0).map(|latency| {
                let [p50, p90, p99, p999] = [latency; 4];
                Tail { p50, p90, p99, p999, max: latency.high, samples: 9 }
            });
        }
        let text = tails(&record);
        let expected = "Cells without a tail, by the reason:\n\n- 2: not timed singly\n- 1: too\\|short\n\n### ";
        assert!(text.contains(expected), "{text}");
    }
}
