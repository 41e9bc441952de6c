//! The section of single messages: the first one, and the tails.

use std::fmt::Write as _;

use crate::record::{CellRecord, Record};
use crate::report::units::time;

/// A table per message and task, of the cells that are slow enough to be timed message by message.
pub fn tails(record: &Record) -> String {
    let timed: Vec<&CellRecord> = record.measured().filter(|cell| cell.tail_ns.is_some()).collect();
    let Some(clock) = record.clock.filter(|_| !timed.is_empty()) else { return String::new() };
    let others = record.measured().filter(|cell| cell.tail_reason.is_some()).count();
    let mut text = format!(
        "Single messages, each a call of the host's: with one crossing and one reading of the clock ({:.0} ns; its smallest \
         step is {:.0} ns) in each. *first*: the first message after set-up. {others} more cells take less than twenty \
         readings of the clock.\n",
        clock.cost_ns, clock.resolution_ns
    );
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

fn row(cell: &CellRecord) -> Option<String> {
    let tail = cell.tail_ns?;
    let first = cell.first_message_ns.map_or_else(String::new, |first| time(first.value));
    let [p50, p90, p99, p999, max] =
        [tail.p50.value, tail.p90.value, tail.p99.value, tail.p999.value, tail.max].map(time);
    let (codec, transport, samples) = (&cell.cell.codec, &cell.cell.transport, tail.samples);
    Some(format!("| {codec} | {transport} | {first} | {p50} | {p90} | {p99} | {p999} | {max} | {samples} |\n"))
}
