//! The lists that cells refer to: a name's place in them.

use crate::record::{CellRecord, Record};
use weft_link::transport::Isolation;

/// The names of a run.
#[derive(Default)]
pub struct Names {
    /// Codecs, those of the cells and those of the environment.
    pub codecs: Vec<String>,
    /// Transports, from the strongest isolation to the weakest.
    pub transports: Vec<(String, Isolation)>,
    /// Messages, those of codecs first and those that only the floor has last.
    pub messages: Vec<String>,
    /// Tasks.
    pub tasks: Vec<String>,
    /// Why cells lack figures.
    pub reasons: Vec<String>,
}

/// A reason is cut after this many characters: `run.json` has all of it.
const REASON: usize = 300;

impl Names {
    /// The names that cells of weft's own host have, in their order.
    pub fn of(record: &Record) -> Self {
        let mut names = Self::default();
        let floor_last = |cell: &&CellRecord| record.is_floor(&cell.cell.codec);
        let mut cells: Vec<_> = record.cells.iter().filter(|cell| cell.cell.is_own()).collect();
        cells.sort_by_key(floor_last);
        for cell in cells {
            place(&mut names.codecs, &cell.cell.codec);
            place(&mut names.messages, &cell.message());
            place(&mut names.tasks, cell.task());
            if names.transports.iter().all(|(name, _)| *name != cell.cell.transport) {
                names.transports.push((cell.cell.transport.clone(), cell.isolation));
            }
        }
        for codec in record.environment.codecs.keys() {
            place(&mut names.codecs, codec);
        }
        names.transports.sort_by_key(|(_, isolation)| *isolation);
        names
    }

    /// The place of a transport.
    pub fn transport(&self, name: &str) -> usize {
        self.transports.iter().position(|(transport, _)| transport == name).unwrap_or_default()
    }

    /// The place of a reason: its first line.
    pub fn reason(&mut self, reason: &str) -> usize {
        place(&mut self.reasons, &first_line(reason))
    }
}

/// What is shown of a reason.
pub fn first_line(reason: &str) -> String {
    let line = reason.lines().next().unwrap_or_default();
    let mut shown: String = line.chars().take(REASON).collect();
    if shown.len() < line.len() {
        shown.push('…');
    }
    shown
}

/// The place of a name in a list, at its end where it was not in it.
pub fn place(list: &mut Vec<String>, name: &str) -> usize {
    list.iter().position(|known| known == name).unwrap_or_else(|| {
        list.push(name.to_owned());
        list.len() - 1
    })
}

#[cfg(test)]
mod tests {
    use super::{Names, REASON, place};

    #[test]
    fn names_have_one_place() {
        let mut list = Vec::new();
        assert_eq!(["a", "b", "a"].map(|name| place(&mut list, name)), [0, 1, 0]);
    }

    #[test]
    fn reasons_are_lines_of_bounded_length() {
        let mut names = Names::default();
        assert_eq!(names.reason("trap: unreachable\nbacktrace"), names.reason("trap: unreachable"));
        let long = names.reason(&"ä".repeat(REASON + 1));
        assert!(names.reasons[long].chars().count() == REASON + 1 && names.reasons[long].ends_with('…'));
        assert_eq!(names.reasons.len(), 2);
    }
}
