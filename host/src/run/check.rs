//! Verifying and counting the cells of a matrix, without a run.

use anyhow::bail;

use super::pass::{Outcome, greet};
use super::prepare::supported;
use super::progress::Progress;
use super::supplies::Supplies;
use super::sweep::sweep;
use crate::cell::{Cell, Filter, Matrix};
use crate::hosts::KnownHost;
use crate::protocol::Purpose;

/// Which cells are checked, and where.
pub struct Check<'a> {
    /// What for.
    pub purpose: Purpose,
    /// The host.
    pub host: &'a KnownHost,
    /// The matrix.
    pub matrix: Matrix,
    /// A filter over the spelling of cells.
    pub filter: Option<&'a Filter>,
}

/// What came of a check.
pub struct Checked {
    /// The cells, in the order of the matrix.
    pub cells: Vec<(Cell, Outcome)>,
    /// What their guests are made of.
    pub supplies: Supplies,
}

impl Check<'_> {
    fn selects(&self, cell: &Cell) -> bool {
        self.filter.is_none_or(|filter| filter.selects(&cell.to_string()))
    }

    /// Builds what the cells need, and checks them.
    ///
    /// # Errors
    /// Where nothing is selected, or a guest or the host cannot be used. What is wrong with a cell is told with it.
    pub fn run(&self) -> anyhow::Result<Checked> {
        let host = self.host.name.as_str();
        let wanted = |codec: &str| self.matrix.may_have(codec, &|cell| self.selects(&cell.on(host)));
        let supplies = Supplies::of(wanted)?.for_hosts([self.host])?;
        let greeting = greet(self.host)?;
        let mut cells: Vec<Cell> = self.matrix.cells(&supplies.ids()).iter().map(|cell| cell.on(host)).collect();
        cells.retain(|cell| self.selects(cell));
        if cells.is_empty() {
            bail!(
                "no cell of the {} matrix matches; names look like log@1/own/bincode/direct (cargo weft list)",
                self.matrix
            );
        }
        let outcome = |cell: &Cell| supported(&supplies, &greeting, cell).err().map(Outcome::Unsupported);
        let mut checked: Vec<(Cell, Option<Outcome>)> =
            cells.into_iter().map(|cell| (cell.clone(), outcome(&cell))).collect();
        let left: Vec<Cell> =
            checked.iter().filter(|(_, outcome)| outcome.is_none()).map(|(cell, _)| cell.clone()).collect();
        let progress = Progress::new(left.len());
        let mut outcomes = sweep(self.host, self.purpose, &supplies, &left, &progress)?.into_iter();
        progress.finish();
        for (_, outcome) in checked.iter_mut().filter(|(_, outcome)| outcome.is_none()) {
            *outcome = outcomes.next();
        }
        let cells = checked.into_iter().filter_map(|(cell, outcome)| Some((cell, outcome?))).collect();
        Ok(Checked { cells, supplies })
    }
}
