//! The crossovers of a run: of transports that carry one codec, and of codecs over one transport.

use super::cells::league;
use super::data::Crossover;
use super::names::Names;
use crate::report::crossover::{Point, crossovers};
use crate::run::{CellRecord, Record};
use crate::transport::Isolation;

/// Transports compete at equal isolation or stronger; codecs compete in their league. A crossover that
/// shows among the strongest is not repeated among the others.
const CLASSES: [(Isolation, &str); 3] = [
    (Isolation::Full, "with full isolation"),
    (Isolation::Window, "where a window may be shared"),
    (Isolation::None, "where everything may be shared"),
];
/// In the order of `League::ALL`.
const LEAGUES: [&str; 3] =
    ["of the codecs that encode and check", "of those that encode nothing", "of those that check nothing"];

/// The kind of a message: what stands before its size.
pub fn kind(message: &str) -> &str {
    message.split('@').next().unwrap_or(message)
}

/// Every crossover of a run.
pub fn all(record: &Record, names: &Names) -> Vec<Crossover> {
    let mut kinds: Vec<&str> = names.messages.iter().map(|message| kind(message)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut found = Vec::new();
    for kind in kinds {
        for (task, task_name) in names.tasks.iter().enumerate() {
            let of_both = |cell: &&CellRecord| self::kind(&cell.message) == kind && cell.task == *task_name;
            let cells: Vec<_> = record.measured().filter(of_both).collect();
            found.extend(of_transports(names, &cells).map(|found| Crossover { kind: kind.to_owned(), task, ..found }));
            found.extend(of_codecs(record, names, &cells).map(|found| Crossover {
                kind: kind.to_owned(),
                task,
                ..found
            }));
        }
    }
    found
}

/// The crossovers of transports, for each codec.
fn of_transports(names: &Names, cells: &[&CellRecord]) -> impl Iterator<Item = Crossover> {
    let mut found: Vec<Crossover> = Vec::new();
    for (of, codec) in names.codecs.iter().enumerate() {
        let lines: Vec<(Isolation, Vec<Point>)> =
            names.transports.iter().map(|(transport, isolation)| (*isolation, line(cells, codec, transport))).collect();
        for (weakest, among) in CLASSES {
            // The others stay, empty, so that places remain those of the transports.
            let compared: Vec<_> =
                lines.iter().map(|(class, line)| if *class <= weakest { line.clone() } else { Vec::new() }).collect();
            for crossing in crossovers(&compared) {
                let crossing = shown("transport", of, crossing, among);
                if !found.iter().any(|known| same(known, &crossing)) {
                    found.push(crossing);
                }
            }
        }
    }
    found.into_iter()
}

/// The crossovers of codecs, for each transport.
fn of_codecs(record: &Record, names: &Names, cells: &[&CellRecord]) -> impl Iterator<Item = Crossover> {
    let mut found = Vec::new();
    for (of, (transport, _)) in names.transports.iter().enumerate() {
        for (place, among) in LEAGUES.into_iter().enumerate() {
            let of_league = |codec: &String| match league(record, codec) == Some(place) {
                true => line(cells, codec, transport),
                false => Vec::new(),
            };
            let lines: Vec<_> = names.codecs.iter().map(of_league).collect();
            found.extend(crossovers(&lines).into_iter().map(|crossing| shown("codec", of, crossing, among)));
        }
    }
    found.into_iter()
}

fn shown(by: &'static str, of: usize, found: crate::report::crossover::Crossover, among: &'static str) -> Crossover {
    let crate::report::crossover::Crossover { bytes, ns, winner, loser } = found;
    Crossover { by, of, kind: String::new(), task: 0, winner, loser, bytes, ns, among }
}

fn same(a: &Crossover, b: &Crossover) -> bool {
    (a.of, a.winner, a.loser) == (b.of, b.winner, b.loser) && a.bytes == b.bytes
}

/// The latency of a codec over a transport by payload.
fn line(cells: &[&CellRecord], codec: &str, transport: &str) -> Vec<Point> {
    let of_both = cells.iter().filter(|cell| cell.codec == codec && cell.transport == transport);
    let mut points: Vec<Point> =
        of_both.filter_map(|cell| Some(Point { bytes: cell.payload_bytes?, latency: cell.latency_ns? })).collect();
    points.sort_by(|a, b| a.bytes.total_cmp(&b.bytes));
    points
}
