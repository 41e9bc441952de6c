//! The floor by transport and size: what a cell costs without its codec, and what it costs above that.

use std::collections::HashMap;

use super::told::{Told, told};
use crate::cell::Cell;
use crate::measure::RoundReading;
use crate::record::{CellRecord, Record};
use weft_schemas::Task;

/// The floor of one transport: its `peek` by wire size, or its `reply`, which is also the way back.
#[derive(Clone, Debug, Default)]
pub struct Floor<'a> {
    /// Ascending by size.
    points: Vec<Point<'a>>,
}

/// The floor at a size that was measured.
#[derive(Clone, Copy, Debug)]
struct Point<'a> {
    /// The size on the wire, in bytes.
    bytes: f64,
    /// The time, in nanoseconds.
    ns: f64,
    readings: &'a [RoundReading],
}

impl<'a> Floor<'a> {
    /// The floor of a transport in a run, for cells of a task.
    pub fn of(record: &'a Record, transport: &str, task: &str) -> Self {
        let task = floor_task(task);
        let cells =
            record.measured().filter(|cell| cell.cell.transport == transport && record.is_floor(&cell.cell.codec));
        let mut points: Vec<_> = cells
            .filter(|cell| cell.task() == task)
            .filter_map(|cell| {
                Some(Point { bytes: cell.wire_bytes?, ns: cell.latency_ns?.value, readings: &cell.readings })
            })
            .collect();
        points.sort_by(|a, b| a.bytes.total_cmp(&b.bytes));
        Self { points }
    }

    /// The floor at a wire size in bytes, in nanoseconds: linear between the two sizes around it and beyond the
    /// largest two; that of the smallest below it. None without a measured size.
    pub fn at(&self, bytes: f64) -> Option<f64> {
        let (left, right, along) = self.around(bytes)?;
        Some(left.ns + (right.ns - left.ns) * along)
    }

    /// The same in each round that has a reading of the sizes around it.
    fn readings_at(&self, bytes: f64) -> Vec<RoundReading> {
        let Some((left, right, along)) = self.around(bytes) else { return Vec::new() };
        let between = |a: &RoundReading| {
            let b = right.readings.iter().find(|b| b.round == a.round)?;
            Some(RoundReading { calm: a.calm && b.calm, ..RoundReading::bare(a.round, a.ns + (b.ns - a.ns) * along) })
        };
        // Beyond the largest size a line through two readings may go below any time.
        left.readings.iter().filter_map(between).filter(|reading| reading.ns > 0.0).collect()
    }

    /// The two sizes around a size, or next to it, and how far it is from the first to the second.
    fn around(&self, bytes: f64) -> Option<(Point<'a>, Point<'a>, f64)> {
        let smallest = *self.points.first()?;
        if bytes <= smallest.bytes || self.points.len() == 1 {
            return Some((smallest, smallest, 0.0));
        }
        let after = self.points.iter().position(|point| point.bytes >= bytes).unwrap_or(self.points.len() - 1);
        let (left, right) = (*self.points.get(after.checked_sub(1)?)?, *self.points.get(after)?);
        Some((left, right, (bytes - left.bytes) / (right.bytes - left.bytes)))
    }
}

/// The floor's task that stands for a task of codecs.
fn floor_task(task: &str) -> &'static str {
    if task == Task::Reply.name() { Task::Reply.name() } else { Task::Peek.name() }
}

/// A cell beside the floor of its transport at its wire size.
struct Beside<'a> {
    cell: &'a CellRecord,
    /// What it costs above the floor, in nanoseconds.
    ns: f64,
    /// The floor by round.
    floor: Vec<RoundReading>,
}

/// What each measured cell of weft's own host costs above the floor of its transport at its wire size, in nanoseconds. 0
/// where it is not told from the floor: Holm's correction goes over the cells of a message and task. Cells without a
/// floor are not in it.
pub fn above_floor(record: &Record) -> HashMap<&Cell, f64> {
    let mut floors: HashMap<(&str, &str), Floor<'_>> = HashMap::new();
    let mut workloads: HashMap<(String, &str), Vec<Beside<'_>>> = HashMap::new();
    for cell in record.measured() {
        let transport = cell.cell.transport.as_str();
        let task = floor_task(cell.task());
        let floor = floors.entry((transport, task)).or_insert_with(|| Floor::of(record, transport, task));
        let (Some(latency), Some(bytes)) = (cell.latency_ns, cell.wire_bytes) else { continue };
        let Some(ns) = floor.at(bytes) else { continue };
        let beside = Beside { cell, ns: latency.value - ns, floor: floor.readings_at(bytes) };
        workloads.entry((cell.message(), cell.task())).or_default().push(beside);
    }
    workloads.values().flat_map(|cells| of_workload(cells)).collect()
}

/// The same of the cells of one message and task.
fn of_workload<'a>(cells: &[Beside<'a>]) -> Vec<(&'a Cell, f64)> {
    let pairs: Vec<_> = cells.iter().map(|beside| (&beside.cell.readings[..], &beside.floor[..])).collect();
    let above = cells.iter().zip(told(&pairs)).map(|(beside, told)| match told {
        Some(Told::Alike | Told::Faster) => (&beside.cell.cell, 0.0),
        Some(Told::Slower) | None => (&beside.cell.cell, beside.ns),
    });
    above.collect()
}

#[cfg(test)]
mod tests {
    use super::{Floor, Point, above_floor};
    use crate::measure::RoundReading;
    use crate::record::fixture;

    #[test]
    fn interpolates_by_size() {
        let readings = [10.0, 20.0, 220.0].map(|ns| [RoundReading::bare(0, ns), RoundReading::bare(3, ns + 2.0)]);
        let point = |bytes, ns, place: usize| Point { bytes, ns, readings: &readings[place] };
        let floor = Floor { points: vec![point(16.0, 10.0, 0), point(116.0, 20.0, 1), point(1116.0, 220.0, 2)] };
        let by_round =
            |bytes| floor.readings_at(bytes).iter().map(|reading| (reading.round, reading.ns)).collect::<Vec<_>>();
        assert_eq!([1.0, 66.0, 616.0, 2116.0].map(|bytes| floor.at(bytes)), [10.0, 15.0, 120.0, 420.0].map(Some));
        assert_eq!(by_round(1.0), [(0, 10.0), (3, 12.0)]);
        assert_eq!(by_round(66.0), [(0, 15.0), (3, 17.0)]);
        assert_eq!(by_round(2116.0), [(0, 420.0), (3, 422.0)]);
        assert_eq!(Floor::default().at(5.0), None);
        assert!(Floor::default().readings_at(5.0).is_empty());
    }

    /// In the fixture `null` is the floor, and `inplace` encodes in 2 ns what takes 50 to peek at.
    #[test]
    fn what_rounds_do_not_tell_from_the_floor_costs_nothing() {
        let mut record = fixture::record(&fixture::run());
        let (name, floor) = ("blob@65536/peek/inplace/window", "blob@65536/peek/null/window");
        let above = |record: &crate::record::Record| {
            let above = above_floor(record);
            let cell = above.keys().find(|cell| cell.to_string() == name).copied().expect("the cell");
            above[cell]
        };
        assert!((above(&record) - 50.0).abs() < 5.0, "{}", above(&record));
        // As long as the floor, but for what each round scatters.
        let times = record.cells.iter().find(|cell| cell.name() == floor).expect("the floor").readings.clone();
        let cell = record.cells.iter_mut().find(|cell| cell.name() == name).expect("the cell");
        cell.wire_bytes = Some(65_536.0);
        cell.take(times, &[]);
        cell.readings.iter_mut().for_each(|reading| reading.ns *= if reading.round % 2 == 0 { 1.01 } else { 0.99 });
        assert!(above(&record).abs() < f64::EPSILON, "{}", above(&record));
    }
}
