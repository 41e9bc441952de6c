//! The other hosts of two runs: those that only one of them has, each named once instead of all its cells, and those
//! whose engine is another.

use std::collections::HashSet;

use serde::Serialize;

use crate::cell::{Filter, OWN_HOST};
use crate::protocol::Engine;
use crate::record::Record;

/// A host of one run only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OnlyHost {
    /// Its name.
    pub host: String,
    /// How many of its cells were selected and measured.
    pub cells: usize,
}

/// The hosts that a run has cells on. Every run has weft's own.
pub(super) fn of(run: &Record) -> HashSet<&str> {
    run.cells.iter().map(|cell| cell.cell.host.as_str()).chain([OWN_HOST]).collect()
}

/// The hosts that `run` measured selected cells on and that `other` has not, in the order of the run.
pub(super) fn only(run: &Record, other: &Record, filter: &Filter) -> Vec<OnlyHost> {
    let mut hosts: Vec<OnlyHost> = Vec::new();
    let others = of(other);
    let selected = run.all_measured().filter(|cell| filter.selects_by_name(&cell.cell));
    for cell in selected.filter(|cell| !others.contains(cell.cell.host.as_str())) {
        match hosts.iter_mut().find(|host| host.host == cell.cell.host) {
            Some(host) => host.cells += 1,
            None => hosts.push(OnlyHost { host: cell.cell.host.clone(), cells: 1 }),
        }
    }
    hosts
}

/// A host that both runs have cells on, and whose engine differs.
pub(super) struct Changed<'a> {
    pub(super) host: &'a str,
    old: &'a Engine,
    new: &'a Engine,
}

/// The other hosts whose engines differ. That of weft's own is a difference of the runs.
pub(super) fn changed<'a>(old: &'a Record, new: &'a Record) -> Vec<Changed<'a>> {
    let (of_old, of_new) = (of(old), of(new));
    let of_both = |host: &str| of_old.contains(host) && of_new.contains(host);
    let others = new.hosts.iter().filter(|(host, _)| *host != OWN_HOST && of_both(host));
    let both = others.filter_map(|(host, new)| {
        let (old, new) = (&old.hosts.get(host)?.engine, &new.engine);
        Some(Changed { host, old, new })
    });
    both.filter(|changed| changed.old != changed.new).collect()
}

impl Changed<'_> {
    /// Whether its cells are judged: another version of an engine, or another setting, is what people compare. Another engine
    /// under the same name is something else.
    pub(super) fn is_judged(&self) -> bool {
        self.old.name == self.new.name
    }

    /// What is to be said of it.
    pub(super) fn note(&self) -> String {
        let words = |engine: &Engine| {
            let Engine { name, version, settings, features } = engine;
            [name.clone(), version.clone(), settings.clone(), features.join(" ")]
        };
        let differing = words(self.old).into_iter().zip(words(self.new)).filter(|(old, new)| old != new);
        let changes: Vec<String> = differing.map(|(old, new)| format!("{old} → {new}")).collect();
        let consequence = match self.is_judged() {
            true => "that is a part of what is compared",
            false => "its times are not judged, because it is another engine",
        };
        format!("the host {} differs, {consequence}: {}", self.host, changes.join("; "))
    }
}
