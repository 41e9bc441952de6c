//! The cells that a verb is asked about.

use anyhow::{Context, bail};

use crate::guest::catalog;
use crate::run::{Cell, Filter, Matrix};

/// The cells of a matrix that a filter selects, and `keep` keeps.
///
/// # Errors
/// Where a guest cannot be used, or there is no such cell.
pub fn selected(matrix: Matrix, filter: Option<&Filter>, keep: impl Fn(&Cell) -> bool) -> anyhow::Result<Vec<Cell>> {
    let codecs = catalog().context("a guest cannot be used")?;
    let mut cells = matrix.cells(codecs);
    cells.retain(|cell| keep(cell) && filter.is_none_or(|filter| filter.selects(&cell.to_string())));
    if cells.is_empty() {
        bail!("no cell of the {matrix} matrix matches; names look like log@1/own/bincode/direct (cargo weft list)");
    }
    Ok(cells)
}
