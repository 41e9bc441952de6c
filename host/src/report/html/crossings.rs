//! The crossovers of a run: of transports that carry one codec, and of codecs over one transport. Which of them
//! are a choice depends on what is shown: the script says so (`assets/sizes.js`).

use super::cells::league;
use super::data::Crossover;
use super::names::Names;
use crate::record::{CellRecord, Record};
use crate::report::crossover::{self, Lines, Point, crossovers};
use crate::report::ranking::League;

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
            let of_both = |cell: &&CellRecord| self::kind(&cell.message()) == kind && cell.task() == *task_name;
            let cells: Vec<_> = record.measured().filter(of_both).collect();
            let shown = |(by, of, found): (&'static str, usize, crossover::Crossover)| {
                let crossover::Crossover { bytes, ns, winner, loser, faster } = found;
                Crossover { by, of, kind: kind.to_owned(), task, winner, loser, bytes, ns, faster }
            };
            found.extend(of_transports(names, &cells).map(shown));
            found.extend(of_codecs(record, names, &cells).map(shown));
        }
    }
    found
}

/// The crossovers of transports, for each codec. Places are those of the transports.
fn of_transports(
    names: &Names,
    cells: &[&CellRecord],
) -> impl Iterator<Item = (&'static str, usize, crossover::Crossover)> {
    names.codecs.iter().enumerate().flat_map(|(of, codec)| {
        let lines: Lines<'_> = names.transports.iter().map(|(transport, _)| line(cells, codec, transport)).collect();
        crossovers(&[lines]).into_iter().map(move |found| ("transport", of, found))
    })
}

/// The crossovers of the codecs of each league, for each transport. Places are those of the codecs.
fn of_codecs(
    record: &Record,
    names: &Names,
    cells: &[&CellRecord],
) -> impl Iterator<Item = (&'static str, usize, crossover::Crossover)> {
    names.transports.iter().enumerate().flat_map(move |(of, (transport, _))| {
        // The codecs of other leagues stay, empty, so that places remain those of all codecs.
        let of_league = |place: usize| {
            let line = |codec: &String| match league(record, codec) == Some(place) {
                true => line(cells, codec, transport),
                false => Vec::new(),
            };
            names.codecs.iter().map(line).collect::<Lines<'_>>()
        };
        let chart: Vec<Lines<'_>> = (0..League::ALL.len()).map(of_league).collect();
        crossovers(&chart).into_iter().map(move |found| ("codec", of, found))
    })
}

/// The latency of a codec over a transport by payload.
fn line<'a>(cells: &[&'a CellRecord], codec: &str, transport: &str) -> Vec<Point<'a>> {
    let of_both = cells.iter().filter(|cell| cell.cell.codec == codec && cell.cell.transport == transport);
    let point = |cell: &&'a CellRecord| {
        Some(Point { bytes: cell.payload_bytes?, ns: cell.latency_ns?.value, readings: &cell.readings })
    };
    let mut points: Vec<Point<'_>> = of_both.filter_map(point).collect();
    points.sort_by(|a, b| a.bytes.total_cmp(&b.bytes));
    points
}
