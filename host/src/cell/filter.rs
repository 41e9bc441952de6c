//! Which names a run selects: criterion's rules, so that both agree.

use regex::Regex;

use super::{Cell, Figure};

/// What follows the name in [`Filter::text`] of a filter that is one.
pub const EXACT: &str = " (exact)";

/// A filter over names such as `exchange/log@1/own/bincode/direct`.
#[derive(Clone, Debug, Default)]
pub enum Filter {
    /// Everything.
    #[default]
    All,
    /// What the regular expression finds.
    Pattern(Regex),
    /// The one with this name.
    Exact(String),
    /// Nothing.
    Nothing,
}

impl Filter {
    /// The filter of a regular expression.
    ///
    /// # Errors
    /// Where it is none.
    pub fn pattern(pattern: &str) -> Result<Self, String> {
        Regex::new(pattern)
            .map(Self::Pattern)
            .map_err(|error| format!("`{pattern}` is not a regular expression: {error}"))
    }

    /// Whether it selects a name.
    pub fn selects(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Pattern(regex) => regex.is_match(name),
            Self::Exact(exact) => exact == name,
            Self::Nothing => false,
        }
    }

    /// Whether it selects a cell by either of its names: `log@1/own/bincode/direct`, or that of its row, as the bench prints it.
    pub fn selects_by_name(&self, cell: &Cell) -> bool {
        self.selects(&cell.to_string()) || self.selects_cell(cell)
    }

    /// Whether it selects a cell's row.
    pub fn selects_cell(&self, cell: &Cell) -> bool {
        self.selects(&Figure::Cell(cell.clone()).to_string())
    }

    /// What was typed, where anything was.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::All => None,
            Self::Pattern(regex) => Some(regex.as_str().to_owned()),
            Self::Exact(exact) => Some(format!("{exact}{EXACT}")),
            Self::Nothing => Some("(nothing)".to_owned()),
        }
    }
}
