//! Exact figures compared: any difference is one, so no statistics are needed.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::run::CellRecord;

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
    pub(super) fn of(both: &[(&CellRecord, &CellRecord)]) -> Self {
        let mut changes = Self { compared: 0, grew: Vec::new(), shrank: Vec::new() };
        for (old, new) in both {
            changes.add(&new.name(), &figures(old), &figures(new));
        }
        changes
    }

    fn add(&mut self, cell: &str, old: &BTreeMap<String, f64>, new: &BTreeMap<String, f64>) {
        let places = |figures: &BTreeMap<String, f64>| figures.contains_key(PLACES);
        let both_have_places = places(old) && places(new);
        let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
        names.sort_unstable();
        names.dedup();
        for figure in names.into_iter().filter(|name| *name != PLACES) {
            // The payload is not found in a place that is not named.
            let absent = (both_have_places && figure.starts_with(PLACES)).then_some(0.0);
            let (Some(old), Some(new)) = (old.get(figure).copied().or(absent), new.get(figure).copied().or(absent))
            else {
                continue;
            };
            self.compared += 1;
            let change = Change { cell: cell.to_owned(), figure: figure.clone(), old, new };
            if new > old {
                self.grew.push(change);
            } else if new < old {
                self.shrank.push(change);
            }
        }
    }
}

/// Where the payload is found: a table that names only places where it is.
const PLACES: &str = "exact.payload_found_in";

/// A cell's exact figures by their path in its record.
fn figures(cell: &CellRecord) -> BTreeMap<String, f64> {
    let mut figures = BTreeMap::new();
    let bytes = [("payload_bytes", cell.payload_bytes), ("wire_bytes", cell.wire_bytes)];
    figures.extend(bytes.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    figures.extend(cell.transport_copies.map(|copies| ("transport_copies".to_owned(), copies as f64)));
    // Whatever the types hold is compared, also what is added to them later.
    for (name, value) in
        [("crossings", serde_json::to_value(cell.crossings)), ("exact", serde_json::to_value(&cell.exact))]
    {
        flatten(name, &value.unwrap_or_default(), &mut figures);
    }
    figures
}

fn flatten(path: &str, value: &Value, figures: &mut BTreeMap<String, f64>) {
    match value {
        Value::Number(number) => figures.extend(number.as_f64().map(|number| (path.to_owned(), number))),
        Value::Object(fields) => {
            if path == PLACES {
                figures.insert(path.to_owned(), 0.0);
            }
            fields.iter().for_each(|(name, value)| flatten(&format!("{path}.{name}"), value, figures));
        }
        _ => {}
    }
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
    // (cell without transport, figure, values) → the first such change, transports
    let mut alike: Vec<(&str, &Change, Vec<&str>)> = Vec::new();
    for change in changes {
        let (stem, transport) = change.cell.rsplit_once('/').unwrap_or((&change.cell, ""));
        let known = alike.iter_mut().find(|(other, first, _)| {
            *other == stem && first.figure == change.figure && (first.old, first.new) == (change.old, change.new)
        });
        match known {
            Some((.., transports)) => transports.push(transport),
            None => alike.push((stem, change, vec![transport])),
        }
    }
    let mut groups: Vec<Shared<'_>> = Vec::new();
    for (stem, change, transports) in alike {
        let cells = match transports.as_slice() {
            [_] => change.cell.clone(),
            several => format!("{stem}/{{{}}}", several.join(",")),
        };
        match groups.iter_mut().find(|group| group.cells == cells) {
            Some(group) => group.changes.push(change),
            None => groups.push(Shared { cells, changes: vec![change] }),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Change, ExactChanges, shared};

    fn figures(figures: &[(&str, f64)]) -> BTreeMap<String, f64> {
        figures.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect()
    }

    #[test]
    fn differences_are_exact_and_new_places_grow_from_nothing() {
        let mut changes = ExactChanges { compared: 0, grew: Vec::new(), shrank: Vec::new() };
        let places = "exact.payload_found_in";
        let old = figures(&[("a", 1.0), ("b", 2.0), ("only old", 1.0), (places, 0.0)]);
        let new =
            figures(&[("a", 1.0 + f64::EPSILON), ("b", 1.5), (places, 0.0), ("exact.payload_found_in.heap", 1.0)]);
        changes.add("cell", &old, &new);
        let names = |changes: &[Change]| changes.iter().map(|change| change.figure.clone()).collect::<Vec<_>>();
        assert_eq!(names(&changes.grew), ["a", "exact.payload_found_in.heap"]);
        assert_eq!((names(&changes.shrank), changes.compared), (vec!["b".to_owned()], 3));
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
