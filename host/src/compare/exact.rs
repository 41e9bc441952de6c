//! Exact figures compared: any difference is one, so no statistics are needed.

use std::collections::HashMap;
use std::hash::Hash;

use serde::Serialize;

use super::both::Both;
use crate::exact::Named;
use crate::record::CellRecord;

/// An exact figure of a cell that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// The cell's name.
    pub cell: String,
    /// The figure: its path in the cell's record.
    pub figure: String,
    /// What it was, per message.
    pub old: f64,
    /// What it is.
    pub new: f64,
}

impl Change {
    /// The change as a part of the old value. None where that was 0.
    pub fn part(&self) -> Option<f64> {
        (self.old != 0.0).then(|| (self.new - self.old) / self.old)
    }
}

/// The exact figures of two runs that differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExactChanges {
    /// How many figures both runs have.
    pub compared: usize,
    /// Those that grew.
    pub grew: Vec<Change>,
    /// Those that shrank.
    pub shrank: Vec<Change>,
}

impl ExactChanges {
    /// Compares the cells that both runs measured.
    pub(super) fn of(both: &[Both<'_>]) -> Self {
        let mut changes = Self { compared: 0, grew: Vec::new(), shrank: Vec::new() };
        for Both { old, new } in both {
            let cell = new.name();
            let groups = [
                ("", sizes(old).zip(sizes(new))),
                ("crossings.", old.crossings.zip(new.crossings).map(|(old, new)| (Named::of(&old), Named::of(&new)))),
                ("exact.", old.exact.as_ref().zip(new.exact.as_ref()).map(|(old, new)| Named::of_both(old, new))),
            ];
            for (group, figures) in groups {
                if let Some((old, new)) = figures {
                    changes.add(&cell, group, &old, &new);
                }
            }
        }
        changes
    }

    fn add(&mut self, cell: &str, group: &str, old: &Named, new: &Named) {
        for (figure, old, new) in old.against(new) {
            let (Some(old), Some(new)) = (old, new) else { continue };
            self.compared += 1;
            let change = Change { cell: cell.to_owned(), figure: format!("{group}{figure}"), old, new };
            if new > old {
                self.grew.push(change);
            } else if new < old {
                self.shrank.push(change);
            }
        }
    }
}

/// The exact figures that a cell has beside those of its guests.
fn sizes(cell: &CellRecord) -> Option<Named> {
    #[derive(Serialize)]
    struct Sizes {
        payload_bytes: f64,
        wire_bytes: f64,
        transport_copies: u64,
    }
    let sizes = Sizes {
        payload_bytes: cell.payload_bytes?,
        wire_bytes: cell.wire_bytes?,
        transport_copies: cell.transport_copies?,
    };
    Some(Named::of(&sizes))
}

/// Changes that several cells share, as they do because guests are the same under every transport.
#[derive(Clone, Debug, PartialEq)]
pub struct Shared<'a> {
    /// The cells: one's name, or with all that share it in the transport's place, such as `{relay,direct}`.
    pub cells: String,
    /// The figures that changed alike in all of them.
    pub changes: Vec<&'a Change>,
}

/// Groups changes by the cells that share them.
pub fn shared(changes: &[Change]) -> Vec<Shared<'_>> {
    let alike = grouped(changes.iter().map(|change| {
        let (stem, transport) = change.cell.rsplit_once('/').unwrap_or((&change.cell, ""));
        ((stem, &change.figure, change.old.to_bits(), change.new.to_bits()), (change, transport))
    }));
    let named = alike.into_iter().map(|((stem, ..), alike)| match alike.as_slice() {
        [(change, _)] => (change.cell.clone(), *change),
        several => {
            let transports: Vec<&str> = several.iter().map(|(_, transport)| *transport).collect();
            (format!("{stem}/{{{}}}", transports.join(",")), several[0].0)
        }
    });
    grouped(named).into_iter().map(|(cells, changes)| Shared { cells, changes }).collect()
}

/// The values of each key, in the order in which both came: full matrices have too many changes to look through all of them
/// for each.
fn grouped<K: Clone + Eq + Hash, V>(all: impl Iterator<Item = (K, V)>) -> Vec<(K, Vec<V>)> {
    let mut groups: Vec<(K, Vec<V>)> = Vec::new();
    let mut places: HashMap<K, usize> = HashMap::new();
    for (key, value) in all {
        let place = *places.entry(key.clone()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, values)) => values.push(value),
            None => groups.push((key, vec![value])),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Both, Change, ExactChanges, Named, shared};
    use crate::record::fixture;

    #[test]
    fn differences_are_exact_and_what_is_not_known_is_not_compared() {
        let mut changes = ExactChanges { compared: 0, grew: Vec::new(), shrank: Vec::new() };
        let old = Named::of(&json!({"a": 1, "b": 2, "c": null, "payload_found_in": {"host": 1}}));
        let new =
            Named::of(&json!({"a": 1.0 + f64::EPSILON, "b": 1.5, "c": 7, "payload_found_in": {"host": 1, "heap": 1}}));
        changes.add("cell", "exact.", &old, &new);
        let names = |changes: &[Change]| changes.iter().map(|change| change.figure.clone()).collect::<Vec<_>>();
        assert_eq!(names(&changes.grew), ["exact.a", "exact.payload_found_in.heap"]);
        assert_eq!((names(&changes.shrank), changes.compared), (vec!["exact.b".to_owned()], 4));
    }

    #[test]
    fn places_that_one_run_does_not_know_are_not_compared() {
        let record = fixture::record(&fixture::run());
        let known = record.measured().find(|cell| {
            cell.exact
                .as_ref()
                .and_then(|exact| exact.payload_found_in.as_ref())
                .is_some_and(|places| !places.is_empty())
        });
        let known = known.expect("a cell whose payload is found");
        let mut unknown = known.clone();
        let exact = unknown.exact.as_mut().expect("exact figures");
        (exact.payload_found_in, exact.copies) = (None, None);
        for (old, new) in [(known, &unknown), (&unknown, known)] {
            let changes = ExactChanges::of(&[Both { old, new }]);
            assert!(changes.compared > 0 && changes.grew.is_empty() && changes.shrank.is_empty(), "{changes:?}");
        }
    }

    #[test]
    fn cells_share_their_changes() {
        let change =
            |cell: &str, figure: &str, new: f64| Change { cell: cell.into(), figure: figure.into(), old: 1.0, new };
        let changes = [
            change("m/t/c/relay", "x", 2.0),
            change("m/t/c/relay", "y", 2.0),
            change("m/t/c/direct", "x", 2.0),
            change("m/t/c/direct", "y", 3.0),
        ];
        let found: Vec<_> = shared(&changes).into_iter().map(|group| (group.cells, group.changes.len())).collect();
        let expected = [("m/t/c/{relay,direct}", 1), ("m/t/c/relay", 1), ("m/t/c/direct", 1)];
        assert_eq!(found, expected.map(|(cells, changes)| (cells.to_owned(), changes)));
    }
}
