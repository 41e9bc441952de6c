//! The times of two runs: rows with their verdicts, means, and what moved as a whole.

use super::both::{Both, Estimate, SYSTEMATIC};
use super::{
    Calibrations, Common, Counts, MachineVerdict, Machines, Means, Options, RelativeTo, Row, Verdict, hosts, verdict,
};
use crate::record::Record;
use crate::statistics::location::percentile;

/// What a comparison says of times. Its fields are those of a [`super::Comparison`].
pub(super) struct Times {
    pub(super) cells: Vec<Row>,
    /// How many cells have fewer than two rounds in a run.
    pub(super) lonely: usize,
    pub(super) judged: bool,
    pub(super) counts: Counts,
    pub(super) means: Means,
    pub(super) middle_half: Option<(f64, f64)>,
    pub(super) relative_to: RelativeTo,
    pub(super) common: Option<Common>,
    pub(super) calibrations: Option<Calibrations>,
    pub(super) machine_verdict: Option<MachineVerdict>,
}

impl Times {
    /// Of the cells that both runs have, and those of them that are selected.
    pub(super) fn of(
        (old, new): (&Record, &Record),
        (both, selected): (&[Both<'_>], &[Both<'_>]),
        machines: Machines,
        options: &Options,
    ) -> Self {
        let judged = machines == Machines::One;
        let shown = judged || options.across_machines;
        let estimate = Estimate::of(both, old, new, options.absolute);
        let mut cells: Vec<Row> = selected.iter().filter_map(|both| Row::of(*both, &estimate, shown)).collect();
        let changed = hosts::changed(old, new);
        let is_another = |row: &Row| changed.iter().any(|change| change.host == row.host && !change.is_judged());
        let counts = verdict::judge(&mut cells, options.threshold, |row| judged && !is_another(row));
        let is_counted = |row: &&Row| shown && (!judged || row.verdict != Verdict::NotJudged && row.is_comparable);
        let counted: Vec<&Row> = cells.iter().filter(is_counted).collect();
        let ratios: Vec<f64> = counted.iter().filter_map(|row| Some(row.ratio?.ratio)).collect();
        let common = if shown { estimate.common() } else { None };
        let calibrations = estimate.calibrations.clone().filter(|_| shown);
        Self {
            lonely: selected.len() - cells.len(),
            judged,
            counts,
            means: Means::of(selected, &counted, &estimate),
            middle_half: percentile(&ratios, 0.25).zip(percentile(&ratios, 0.75)),
            relative_to: estimate.relative_to(),
            machine_verdict: judged.then(|| MachineVerdict::of(common.as_ref(), calibrations.as_ref(), SYSTEMATIC)),
            common,
            calibrations,
            cells,
        }
    }

    /// How many cells are unsure because a neighbour may have moved them.
    pub(super) fn disturbed(&self) -> usize {
        self.cells.iter().filter(|row| row.verdict == Verdict::Unsure && !row.is_comparable).count()
    }
}
