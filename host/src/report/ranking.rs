//! Who is best: comparisons at equal isolation, ties where intervals overlap.

use crate::record::{CellRecord, Latency, Record};
use weft_link::transport::Isolation;

/// Codecs that are ranked among themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum League {
    /// Encode a plain value, and check what they read.
    Encoding,
    /// Encode nothing: the producer keeps its value in the outbox, in the codec's representation.
    Resident,
    /// Do not check what they read.
    Unchecked,
}

impl League {
    /// All leagues, in the order of reports.
    pub const ALL: [Self; 3] = [Self::Encoding, Self::Resident, Self::Unchecked];

    /// The league of a codec; none of the floor.
    pub fn of(record: &Record, codec: &str) -> Option<Self> {
        if record.is_floor(codec) {
            None
        } else if !record.validates(codec) {
            Some(Self::Unchecked)
        } else if record.encodes(codec) {
            Some(Self::Encoding)
        } else {
            Some(Self::Resident)
        }
    }

    /// What to say beside a codec that is ranked apart.
    pub const fn note(self) -> &'static str {
        match self {
            Self::Encoding => "",
            Self::Resident => " †",
            Self::Unchecked => " ‡",
        }
    }
}

/// The fastest of some cells, and those that tie with it.
#[derive(Clone, Debug)]
pub struct Best<'a> {
    /// The cell with the smallest median.
    pub cell: &'a CellRecord,
    /// Its latency.
    pub latency: Latency,
    /// The others whose intervals overlap with its.
    pub ties: Vec<&'a CellRecord>,
}

/// The fastest measured cell of some.
pub fn best<'a>(cells: impl Iterator<Item = &'a CellRecord>) -> Option<Best<'a>> {
    let mut cells: Vec<_> = cells.filter_map(|cell| Some((cell, cell.latency_ns?))).collect();
    cells.sort_by(|(_, a), (_, b)| a.value.total_cmp(&b.value));
    let ((cell, latency), rest) = cells.split_first()?;
    let ties = rest.iter().filter(|(_, other)| other.overlaps(latency)).map(|(cell, _)| *cell).collect();
    Some(Best { cell, latency: *latency, ties })
}

impl Best<'_> {
    /// Whether a cell is the best or ties with it.
    pub fn includes(&self, cell: &CellRecord) -> bool {
        self.cell.name() == cell.name() || self.ties.iter().any(|tie| tie.name() == cell.name())
    }
}

/// The best of a message, task and isolation class in a league.
pub fn best_of<'a>(
    record: &'a Record,
    (message, task): (&str, &str),
    isolation: Isolation,
    league: League,
) -> Option<Best<'a>> {
    best(record.measured().filter(|cell| {
        cell.message() == message
            && cell.task() == task
            && cell.isolation == isolation
            && League::of(record, &cell.cell.codec) == Some(league)
    }))
}
