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

#[cfg(test)]
mod tests {
    use weft_link::transport::Isolation;

    use super::{Best, League, best_of};
    use crate::measure::RoundReading;
    use crate::record::{Record, fixture};

    /// The fixture's run, in which each of these cells has these readings.
    fn run(cells: &[(&str, &[f64])]) -> Record {
        let mut record = fixture::record(&fixture::run());
        for cell in &mut record.cells {
            let Some((_, all)) = cells.iter().find(|(name, _)| *name == cell.name()) else { continue };
            cell.take(all.iter().enumerate().map(|(round, ns)| RoundReading::bare(round, *ns)).collect(), &[]);
        }
        record.cells.retain(|cell| cells.iter().any(|(name, _)| *name == cell.name()));
        record
    }

    fn ties(best: &Best<'_>) -> Vec<String> {
        best.ties.iter().map(|tie| tie.cell.codec.clone()).collect()
    }

    /// `bytes` and `bincode` scatter by 20 % together, 2 % apart in every round; `capnp` is as slow as `bincode` and scatters
    /// on its own.
    const CELLS: [(&str, &[f64]); 3] = [
        ("log@1/own/bytes/direct", &[100.0, 120.0, 80.0, 110.0, 90.0, 105.0, 95.0]),
        ("log@1/own/bincode/direct", &[102.0, 122.5, 81.5, 112.3, 91.8, 107.0, 97.0]),
        ("log@1/own/capnp/direct", &[112.0, 92.0, 107.5, 97.0, 122.0, 102.0, 81.0]),
    ];

    #[test]
    fn a_tie_is_what_rounds_do_not_tell_apart() {
        let record = run(&CELLS);
        let best = best_of(&record, ("log@1", "own"), Isolation::Full, League::Encoding).expect("cells");
        assert_eq!((best.cell.cell.codec.as_str(), ties(&best)), ("bytes", vec!["capnp".to_owned()]));
        let marked: Vec<bool> = record.cells.iter().map(|cell| best.marks(cell)).collect();
        assert_eq!(marked.iter().filter(|marked| **marked).count(), 2);
    }

    #[test]
    fn of_one_round_nothing_is_marked() {
        let one = CELLS.map(|(name, all)| (name, &all[..1]));
        let record = run(&one);
        let best = best_of(&record, ("log@1", "own"), Isolation::Full, League::Encoding).expect("cells");
        assert_eq!((best.cell.cell.codec.as_str(), ties(&best)), ("bytes", vec![]));
        assert!(!record.cells.iter().any(|cell| best.marks(cell)));
    }
}
