//! Verifying and counting the cells of a matrix, without a run.

use anyhow::anyhow;

use super::elsewhere::{Elsewhere, NAMES, in_a_larger};
use super::pass::{Outcome, greet};
use super::prepare::{replies, supported};
use super::progress::Progress;
use super::supplies::Supplies;
use super::sweep::sweep;
use crate::cell::{Cell, CodecId, Filter, Matrix, MessageId, OWN_HOST, small_cells, workloads};
use crate::hosts::KnownHost;
use crate::protocol::{Greeting, Purpose};
use weft_schemas::Task;

/// Which cells are checked, and where.
pub struct Check<'a> {
    /// What for.
    pub purpose: Purpose,
    /// The host.
    pub host: &'a KnownHost,
    /// The matrix; the small one, where there is none.
    pub matrix: Option<Matrix>,
    /// Which messages in place of the matrix' own, where there are any.
    pub messages: Option<&'a [MessageId]>,
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
    /// The cells of these codecs that are checked.
    fn cells(&self, codecs: &[CodecId], greeting: &Greeting) -> Vec<Cell> {
        self.cells_of(self.matrix, codecs, greeting)
    }

    /// Those of this matrix; of the small one where it is none.
    fn cells_of(&self, matrix: Option<Matrix>, codecs: &[CodecId], greeting: &Greeting) -> Vec<Cell> {
        let host = self.host.name.as_str();
        let mut cells = match matrix {
            Some(matrix) => {
                let cells = matrix.cells_of(&workloads(matrix, self.messages), codecs);
                cells.iter().map(|cell| cell.on(host)).collect()
            }
            None => small_cells(self.messages, codecs, &greeting.transports(), host),
        };
        cells.retain(|cell| self.filter.is_none_or(|filter| filter.selects_by_name(&cell.on(OWN_HOST))));
        cells
    }

    /// Whether a codec of this name, be it the floor or not, can have a cell that is checked.
    fn may_have(&self, matrix: Option<Matrix>, codec: &str, greeting: &Greeting) -> bool {
        self.may_have_one(matrix, codec, greeting, |_| true)
    }

    /// The same for a cell that a condition holds for.
    fn may_have_one(
        &self,
        matrix: Option<Matrix>,
        codec: &str,
        greeting: &Greeting,
        holds: impl Fn(&Cell) -> bool,
    ) -> bool {
        let either = [true, false].map(|floor| CodecId { name: codec.to_owned(), floor });
        either.iter().any(|id| self.cells_of(matrix, std::slice::from_ref(id), greeting).iter().any(&holds))
    }

    /// That nothing is selected; where a larger matrix has what is meant, that it does.
    fn nothing(&self, greeting: &Greeting) -> anyhow::Error {
        let next = in_a_larger(self.matrix, |matrix, codec| self.may_have(Some(matrix), codec, greeting))
            .or_else(|| self.elsewhere())
            .unwrap_or_else(|| NAMES.to_owned());
        anyhow!("no cell of the {} matrix matches; {next}", self.matrix.map_or("small", Matrix::name))
    }

    /// Which other host has what is meant, where one has.
    fn elsewhere(&self) -> Option<String> {
        let elsewhere = Elsewhere::find(std::slice::from_ref(self.host), self.messages, self.filter?)?;
        Some(match self.purpose {
            Purpose::Count => format!("{}, but only weft's own host counts", elsewhere.has_some()),
            _ => elsewhere.verified(),
        })
    }

    /// Builds what the cells need, and checks them.
    ///
    /// # Errors
    /// Where nothing is selected, or a guest or the host cannot be used. What is wrong with a cell is told with it.
    pub fn run(&self) -> anyhow::Result<Checked> {
        let greeting = greet(self.host)?;
        let replies = |cell: &Cell| cell.task == Task::Reply && replies(&greeting).is_ok();
        let wanted = |codec: &str| self.may_have(self.matrix, codec, &greeting);
        let replying = |codec: &str| self.may_have_one(self.matrix, codec, &greeting, replies);
        let supplies = Supplies::replying(wanted, replying)?.for_hosts([self.host])?;
        let cells = self.cells(&supplies.ids(), &greeting);
        if cells.is_empty() {
            return Err(self.nothing(&greeting));
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
