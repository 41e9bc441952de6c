//! Who is best: comparisons at equal isolation, ties where per-round differences do not tell.

use super::told::{Told, can_tell, told};
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
    /// The cell with the smallest time.
    pub cell: &'a CellRecord,
    /// Its latency.
    pub latency: Latency,
    /// The others that are not told apart from it, of all that are compared with it.
    pub ties: Vec<&'a CellRecord>,
    /// Whether the run can tell cells apart at all; otherwise nothing is marked.
    pub is_sure: bool,
}

/// The fastest measured cell of some, which all are compared with.
fn best<'a>(cells: impl Iterator<Item = &'a CellRecord>, is_sure: bool) -> Option<Best<'a>> {
    let mut cells: Vec<_> = cells.filter_map(|cell| Some((cell, cell.latency_ns?))).collect();
    cells.sort_by(|(_, a), (_, b)| a.value.total_cmp(&b.value));
    let ((cell, latency), rest) = cells.split_first()?;
    let pairs: Vec<_> = rest.iter().map(|(other, _)| (&other.readings[..], &cell.readings[..])).collect();
    let tie = |told: Option<Told>| matches!(told, Some(Told::Alike | Told::Faster));
    let ties = rest.iter().zip(told(&pairs)).filter(|(_, told)| tie(*told)).map(|((other, _), _)| *other).collect();
    Some(Best { cell, latency: *latency, ties, is_sure })
}

impl Best<'_> {
    /// Whether a cell is marked: the best, or what ties with it.
    pub fn marks(&self, cell: &CellRecord) -> bool {
        self.is_sure && (self.cell.cell == cell.cell || self.ties.iter().any(|tie| tie.cell == cell.cell))
    }
}

/// The best of a message, task and isolation class in a league.
pub fn best_of<'a>(
    record: &'a Record,
    (message, task): (&str, &str),
    isolation: Isolation,
    league: League,
) -> Option<Best<'a>> {
    let cells = record.measured().filter(|cell| {
        cell.message() == message
            && cell.task() == task
            && cell.isolation == isolation
            && League::of(record, &cell.cell.codec) == Some(league)
    });
    best(cells, can_tell(record))
}
