//! Cells that only one of two runs measured.

use std::collections::HashMap;

use serde::Serialize;

use super::hosts;
use crate::cell::Filter;
use crate::record::{CellRecord, Record, Status};

/// A cell that only one of the runs measured.
#[derive(Clone, Debug, Serialize)]
pub struct Missing {
    /// The cell's name.
    pub cell: String,
    /// Whether it failed in the new run, though the old one had measured it.
    pub failed: bool,
    /// Why the other run has no figure of it.
    pub reason: String,
}

/// The selected cells that `run` measured and `other` did not, on hosts that both have; and how many more there are that
/// `other` was not to measure, because it was filtered.
pub(super) fn missing(run: &Record, other: &Record, filter: &Filter) -> (Vec<Missing>, usize) {
    let others: HashMap<String, &CellRecord> = other.cells.iter().map(|cell| (cell.name(), cell)).collect();
    let selected = run.all_measured().filter(|cell| filter.selects_by_name(&cell.cell));
    let hosts = hosts::of(other);
    let (mut missing, mut left_out) = (Vec::new(), 0);
    for cell in selected.filter(|cell| hosts.contains(cell.cell.host.as_str())) {
        let counterpart = others.get(&cell.name());
        if counterpart.is_none() && other.filter.is_some() {
            left_out += 1;
        } else if let Some(reason) = reason(counterpart) {
            let failed = counterpart.is_some_and(|other| other.status == Status::Failed);
            missing.push(Missing { cell: cell.name(), failed, reason });
        }
    }
    (missing, left_out)
}

/// Why a run has no figure of a cell. None where it has one.
fn reason(cell: Option<&&CellRecord>) -> Option<String> {
    let why = |status: &str, cell: &CellRecord| match cell.reason.as_deref().and_then(|why| why.lines().next()) {
        Some(reason) => format!("{status}: {reason}"),
        None => status.to_owned(),
    };
    match cell {
        None => Some("not in the other run".to_owned()),
        Some(cell) if cell.status == Status::Failed => Some(why("failed", cell)),
        Some(cell) if cell.status == Status::Unsupported => Some(why("unsupported", cell)),
        Some(_) => None,
    }
}
