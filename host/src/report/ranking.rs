//! Who is best: comparisons at equal isolation, ties where per-round differences do not tell.

use super::told::{Told, can_tell, told};
use crate::record::figures::logarithms;
use crate::record::{CellRecord, Latency, Record};

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

/// The fastest of an isolation class and league, and those that tie with it.
#[derive(Clone, Debug)]
pub struct Best<'a> {
    /// The cell with the smallest time, of those with readings of two rounds where there are any.
    pub cell: &'a CellRecord,
    /// Its latency.
    pub latency: Latency,
    /// The league that it is the fastest of; the isolation class is that of the cell.
    pub league: League,
    /// The others of its class and league that are not told apart from it.
    pub ties: Vec<&'a CellRecord>,
    /// Whether the run can tell cells apart at all; otherwise nothing is marked.
    pub is_sure: bool,
}

impl Best<'_> {
    /// Whether a cell is marked: the best, or what ties with it.
    pub fn marks(&self, cell: &CellRecord) -> bool {
        self.is_sure && (self.cell.cell == cell.cell || self.ties.iter().any(|tie| tie.cell == cell.cell))
    }
}

/// The best of each isolation class and league that a message and task has cells of. Every cell is compared with the best of
/// its own, and Holm's correction goes over all of these comparisons, because one table shows them.
pub fn bests<'a>(record: &'a Record, workload: (&str, &str)) -> Vec<Best<'a>> {
    bests_among(record, workload, |_| true)
}

/// The same among some codecs.
pub fn bests_among<'a>(
    record: &'a Record,
    (message, task): (&str, &str),
    among: impl Fn(&str) -> bool,
) -> Vec<Best<'a>> {
    let cells = record.measured().filter(|cell| cell.message() == message && cell.task() == task);
    let groups: Vec<Group<'a>> = groups(cells.filter(|cell| among(&cell.cell.codec)), record);
    let pair = |best: &'a CellRecord| move |other: &&'a CellRecord| (&other.readings[..], &best.readings[..]);
    let pairs: Vec<_> = groups.iter().flat_map(|group| group.others.iter().map(pair(group.best))).collect();
    let mut verdicts = told(&pairs).into_iter();
    let is_sure = can_tell(record);
    let best = |Group { league, best: cell, latency, others }: Group<'a>| {
        // What is not told apart is a tie, also where the two share too few rounds to tell.
        let is_tie = |told: &Option<Told>| is_sure && *told != Some(Told::Slower);
        let verdicts: Vec<_> = verdicts.by_ref().take(others.len()).collect();
        let ties = others.into_iter().zip(verdicts).filter(|(_, told)| is_tie(told)).map(|(other, _)| other).collect();
        Best { cell, latency, league, ties, is_sure }
    };
    groups.into_iter().map(best).collect()
}

/// The cells of one isolation class and league: the fastest, and all others.
struct Group<'a> {
    league: League,
    best: &'a CellRecord,
    latency: Latency,
    others: Vec<&'a CellRecord>,
}

/// Some cells by isolation class and league.
fn groups<'a>(cells: impl Iterator<Item = &'a CellRecord>, record: &Record) -> Vec<Group<'a>> {
    let timed = cells.filter_map(|cell| Some((cell, cell.latency_ns?, League::of(record, &cell.cell.codec)?)));
    let mut timed: Vec<(&CellRecord, Latency, League)> = timed.collect();
    // Of one reading nobody knows how it scatters: such a cell is the best only where there is no other.
    let known = |cell: &CellRecord| logarithms(&cell.readings).len() > 1;
    timed.sort_by(|(one, a, _), (other, b, _)| known(other).cmp(&known(one)).then(a.value.total_cmp(&b.value)));
    let mut groups: Vec<Group<'a>> = Vec::new();
    for (cell, latency, league) in timed {
        let same = |group: &&mut Group<'a>| group.best.isolation == cell.isolation && group.league == league;
        match groups.iter_mut().find(same) {
            Some(group) => group.others.push(cell),
            None => groups.push(Group { league, best: cell, latency, others: Vec::new() }),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use weft_link::transport::Isolation;

    use super::{Best, League, bests};
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

    /// The best codec that encodes, with full isolation.
    fn full(record: &Record) -> Best<'_> {
        let mut all = bests(record, ("log@1", "own")).into_iter();
        all.find(|best| best.cell.isolation == Isolation::Full && best.league == League::Encoding).expect("cells")
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
        let best = full(&record);
        assert_eq!((best.cell.cell.codec.as_str(), ties(&best)), ("bytes", vec!["capnp".to_owned()]));
        let marked: Vec<bool> = record.cells.iter().map(|cell| best.marks(cell)).collect();
        assert_eq!(marked.iter().filter(|marked| **marked).count(), 2);
    }

    /// `bincode` is surely slower where it alone is compared with `bytes`. Beside three cells of another isolation class, in the
    /// same table, it is not.
    #[test]
    fn the_correction_goes_over_all_classes_of_a_table() {
        let close: &[f64] = &[100.0, 102.9, 103.1, 100.9];
        let two: Vec<(&str, &[f64])> =
            vec![("log@1/own/bytes/direct", &[99.0, 98.0, 97.4, 97.0]), ("log@1/own/bincode/direct", close)];
        assert_eq!(ties(&full(&run(&two))), [""; 0]);
        let window = ["bytes", "bincode", "capnp", "flatbuffers"].map(|codec| format!("log@1/own/{codec}/window"));
        let both: Vec<_> = two.iter().copied().chain(window.iter().map(|name| (name.as_str(), close))).collect();
        let record = run(&both);
        assert_eq!(record.cells.len(), 6);
        assert_eq!(ties(&full(&record)), ["bincode"]);
    }

    #[test]
    fn of_one_round_nothing_is_marked() {
        let one = CELLS.map(|(name, all)| (name, &all[..1]));
        let record = run(&one);
        let best = full(&record);
        assert_eq!((best.cell.cell.codec.as_str(), ties(&best)), ("bytes", vec![]));
        assert!(!record.cells.iter().any(|cell| best.marks(cell)));
    }
}
