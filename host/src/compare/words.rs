//! What all formats say in the same words.

use std::cmp::Ordering;
use std::fmt::Write as _;

use super::exact::Change;
use super::factor::Calibrations;
use super::{Common, Comparison, Kind, MachineVerdict, Machines, Mean, Missing, RelativeTo, Row, Verdict};
use crate::report::units::in_percent;

/// The answer in one line or two.
pub fn answer(comparison: &Comparison) -> String {
    let counts = comparison.counts;
    let cells = comparison.cells.len();
    match cells {
        0 => without_times(comparison),
        _ if !comparison.judged => format!("{} in both runs, none judged by its time", counted(cells)),
        _ => {
            let mut answer = format!(
                "{} slower, {} faster, {} same, {} unsure of {}",
                counts.slower,
                counts.faster,
                counts.same,
                counts.unsure,
                counted(cells)
            );
            if counts.not_judged > 0 {
                let _ = write!(answer, " ({} not judged)", counts.not_judged);
            }
            answer + "; " + relative(comparison)
        }
    }
}

/// The answer where the time of no cell can be compared.
fn without_times(comparison: &Comparison) -> String {
    match (comparison.lonely, comparison.failed()) {
        (0, 0) => "the runs have no measured cell in common".to_owned(),
        (0, failed) => {
            format!("the runs have no measured cell in common: {} failed that the old one measured", counted(failed))
        }
        (lonely, _) => {
            format!("{} in both runs, none with two rounds in each: only exact figures are compared", counted(lonely))
        }
    }
}

/// What the ratios are relative to.
pub const fn relative(comparison: &Comparison) -> &'static str {
    match comparison.relative_to {
        RelativeTo::Cells => "relative to what all cells share",
        RelativeTo::Calibrations => "relative to the calibrations",
        RelativeTo::Nothing if comparison.absolute => "absolute, with what the machine did between the runs",
        RelativeTo::Nothing => "with what the machine did between the runs",
    }
}

/// What moved as a whole, beside the calibrations, and what that means. None where ratios are not shown.
pub fn whole(comparison: &Comparison) -> Option<String> {
    let beside = match (&comparison.common, &comparison.calibrations) {
        (None, None) if !comparison.judged && comparison.cells.iter().all(|row| row.ratio.is_none()) => return None,
        (Some(common), Some(calibrations)) => format!("{}; {}", cells(common), machine(calibrations)),
        (Some(common), None) => format!("{}; no calibrations", cells(common)),
        (None, Some(calibrations)) => format!("too few cells to tell what all share; {}", machine(calibrations)),
        (None, None) => "too few cells to tell what all share, and no calibrations".to_owned(),
    };
    Some(format!("{beside}: {}", meaning(comparison)))
}

fn cells(Common { ratio, low, high, .. }: &Common) -> String {
    format!("all cells {}", factor(*ratio, *low, *high))
}

fn machine(Calibrations { ratio, low, high, .. }: &Calibrations) -> String {
    format!("calibrations {}", factor(*ratio, *low, *high))
}

/// A factor with its interval.
pub fn factor(ratio: f64, low: f64, high: f64) -> String {
    format!("{ratio:.3} × [{low:.3}, {high:.3}]")
}

/// What that means.
const fn meaning(comparison: &Comparison) -> &'static str {
    match comparison.machine_verdict {
        None if matches!(comparison.machines, Machines::Two) => "two machines",
        None => "of one machine or of two, nobody knows",
        Some(MachineVerdict::NothingMoved) => "nothing moved as a whole",
        Some(MachineVerdict::Machine) => "the machine",
        Some(MachineVerdict::NotMachine) => "everything changed, and not the machine",
        Some(MachineVerdict::MachineAlone) => "the machine moved, and the cells did not with it",
        Some(MachineVerdict::Unknown) => match (comparison.relative_to, &comparison.common) {
            (RelativeTo::Calibrations, _) => "taken for the machine's",
            (_, Some(_)) => "everything moved, and nothing tells whether it was the machine",
            _ => "nothing is taken out",
        },
    }
}

/// Whether the runs are of one machine, and what follows where they are not. For headings, without what differs.
pub const fn machines(comparison: &Comparison) -> Option<&'static str> {
    match comparison.machines {
        Machines::One => None,
        Machines::Two => Some("TWO MACHINES: times are not judged"),
        Machines::Unknown => Some("UNKNOWN MACHINE: times are not judged, because unknown is not the same"),
    }
}

/// What differs beside the machine, and what follows. For headings. None where nothing does.
pub fn compared(comparison: &Comparison) -> Option<String> {
    let mut kinds: Vec<&str> = comparison
        .differences
        .iter()
        .filter(|difference| difference.kind != Kind::Machine)
        .map(|difference| difference.kind.word())
        .collect();
    kinds.dedup();
    let kinds = kinds.join(" AND ").to_uppercase();
    (!kinds.is_empty()).then(|| format!("ANOTHER {kinds}: that is a part of what is compared"))
}

/// What the threshold means.
pub fn threshold(comparison: &Comparison) -> String {
    format!("{}: same is what lies within it with its whole 90 % interval", percent(comparison.threshold))
}

/// The cells that are faster or slower, those with the largest change first.
pub fn most(comparison: &Comparison) -> Vec<&Row> {
    let mut moved: Vec<&Row> =
        comparison.cells.iter().filter(|row| matches!(row.verdict, Verdict::Faster | Verdict::Slower)).collect();
    moved.sort_by(by_change);
    moved
}

/// The larger change first.
pub fn by_change(a: &&Row, b: &&Row) -> Ordering {
    b.log.mean.abs().total_cmp(&a.log.mean.abs())
}

/// The rounds of a row in both runs.
pub fn rounds(row: &Row) -> String {
    format!("{}/{}", row.old_rounds, row.new_rounds)
}

/// A change of an exact figure in words.
pub fn described(change: &Change) -> String {
    let part = change.part().map_or_else(|| "from nothing".to_owned(), |part| format!("{:+.3} %", part * 100.0));
    format!("{}: {} → {} ({part})", change.figure, change.old, change.new)
}

/// The means with what they are grouped by.
pub fn grouped(comparison: &Comparison) -> [(&'static str, &[Mean]); 4] {
    let means = &comparison.means;
    [("codec", &means.codecs), ("transport", &means.transports), ("message", &means.messages), ("host", &means.hosts)]
}

/// The cells that one run lacks, with whose they are.
pub fn missing(comparison: &Comparison) -> [(&'static str, &[Missing]); 2] {
    [("old", &comparison.only_old), ("new", &comparison.only_new)]
}

/// A number of cells in words.
pub fn counted(cells: usize) -> String {
    format!("{cells} cell{}", if cells == 1 { "" } else { "s" })
}

/// A part as a percentage.
pub fn percent(part: f64) -> String {
    format!("{} %", in_percent(part))
}

/// The same as it is typed.
pub fn typed_percent(part: f64) -> String {
    format!("{}%", in_percent(part))
}
