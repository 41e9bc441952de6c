//! What figures are made of: rounds, placements, calm readings; and how busy the machine was.

use crate::measure::RoundReading;
use crate::record::{BUSY_LOAD, Latency, Record, Resumption, Timed};
use crate::statistics::trimmed::variance;

/// What a row is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Made {
    /// How many rounds have a reading of it.
    pub rounds: usize,
    /// How many placements these readings are the means of, in all. None where the run does not say.
    pub placements: Option<usize>,
    /// How many of the readings are calm. None where the run does not say.
    pub calm_rounds: Option<usize>,
    /// Which part of the samples was calm: the mean over readings. None where the run does not say.
    pub calm_rate: Option<f64>,
}

impl Made {
    /// Of some readings of a run that tells which are calm, or does not. None of none.
    pub fn of(readings: &[RoundReading], tells_calm: bool) -> Option<Self> {
        let rates: Vec<f64> = readings.iter().filter_map(|reading| reading.calm_rate).collect();
        let placements = readings.iter().map(|reading| reading.placements_ns.len()).sum();
        (!readings.is_empty()).then(|| Self {
            rounds: readings.len(),
            placements: (placements > 0).then_some(placements),
            calm_rounds: tells_calm.then(|| readings.iter().filter(|reading| reading.calm).count()),
            calm_rate: (!rates.is_empty()).then(|| rates.iter().sum::<f64>() / rates.len() as f64),
        })
    }
}

/// Whether a run tells which readings are calm: the oldest do not.
pub fn tells_calm(record: &Record) -> bool {
    record.all_measured().flat_map(|cell| &cell.readings).any(|reading| reading.calm_rate.is_some())
}

/// What some rows have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rows {
    /// The smallest and the largest number of rounds of a row.
    pub rounds: (usize, usize),
    /// The smallest and the largest number of placements of a reading. 0 where the run does not say.
    pub placements: (usize, usize),
    /// How many readings there are.
    pub readings: usize,
    /// How many of them are calm. None where the run does not say.
    pub calm: Option<usize>,
}

impl Rows {
    /// Of the readings of some rows of a run that tells which are calm, or does not. None where no row has any.
    pub fn of<'a>(rows: impl Iterator<Item = &'a [RoundReading]>, tells_calm: bool) -> Option<Self> {
        let rows: Vec<&[RoundReading]> = rows.filter(|row| !row.is_empty()).collect();
        let all = || rows.iter().flat_map(|row| row.iter());
        Some(Self {
            rounds: range(rows.iter().map(|row| row.len()))?,
            placements: range(all().map(|reading| reading.placements_ns.len()))?,
            readings: all().count(),
            calm: tells_calm.then(|| all().filter(|reading| reading.calm).count()),
        })
    }

    /// Of all rows that a run kept the readings of.
    pub fn of_run(record: &Record) -> Option<Self> {
        let timed = [&record.boundary, &record.task_floor_ns, &record.calibrations];
        let timed = timed.into_iter().flat_map(|group| group.values().map(|timed| &timed.readings[..]));
        Self::of(record.all_measured().map(|cell| &cell.readings[..]).chain(timed), tells_calm(record))
    }

    /// In words: rounds, placements, and which part of the readings was calm.
    pub fn text(&self) -> String {
        let placements = match self.placements {
            (_, 0) => String::new(),
            placements => format!(" of {}", counted(placements, "placement")),
        };
        let part = |calm: usize| (100.0 * calm as f64 / self.readings as f64).floor();
        let calm = self.calm.map_or_else(String::new, |calm| format!(", {} % of the readings calm", part(calm)));
        format!("{}{placements}{calm}", counted(self.rounds, "round"))
    }

    /// Which part of the readings had no calm moment, in words. None where the run does not say.
    pub fn disturbed_text(&self) -> Option<String> {
        let disturbed = self.readings - self.calm?;
        let part = 100.0 * disturbed as f64 / self.readings as f64;
        Some(format!("{disturbed} of {} readings ({part:.1} %) had no calm moment", self.readings))
    }
}

/// In words, that so many readings without a calm moment count for want of others. None of none.
pub fn disturbed_in_figures(readings: u64) -> Option<String> {
    match readings {
        0 => None,
        1 => Some("1 reading without a calm moment is part of figures".to_owned()),
        several => Some(format!("{several} readings without a calm moment are part of figures")),
    }
}

fn range(all: impl Iterator<Item = usize> + Clone) -> Option<(usize, usize)> {
    Some((all.clone().min()?, all.max()?))
}

/// `14 rounds`, `1 round`, `3 to 4 rounds`.
fn counted((least, most): (usize, usize), what: &str) -> String {
    let plural = if most == 1 { "" } else { "s" };
    if least == most { format!("{most} {what}{plural}") } else { format!("{least} to {most} {what}s") }
}

/// How many rounds a run's rows have; where they are not what was planned, how many were planned.
pub fn made(record: &Record) -> String {
    let planned = record.environment.rounds;
    match Rows::of_run(record) {
        Some(rows) if rows.rounds == (planned, planned) => counted(rows.rounds, "round"),
        Some(rows) => format!("{}, where {planned} were planned", counted(rows.rounds, "round")),
        None if record.rows() == 0 => format!("no round, where {planned} were planned"),
        None => format!("{planned} rounds planned; which were made was not kept"),
    }
}

/// What must be said of a run that was interrupted.
pub fn interrupted(record: &Record) -> Option<String> {
    let rows = Rows::of_run(record).map(|rows| counted(rows.rounds, "round"));
    let planned = record.environment.rounds;
    let after = match rows {
        Some(rounds) => format!("each row has {rounds} of the {planned} that were planned"),
        None if record.rows() == 0 => format!("no round of the {planned} that were planned came to its end"),
        None => "it holds what it had measured until then".to_owned(),
    };
    record.interruption().map(|interruption| format!("This run was {interruption}: {after}."))
}

/// What must be said of a run that was gone on with after an interruption.
pub fn resumed(record: &Record) -> Option<String> {
    let one = |Resumption { at, after_rounds, load }: &Resumption| {
        let busy = load.filter(|load| *load > BUSY_LOAD);
        let busy = busy.map_or_else(String::new, |load| format!(", on a busy machine (load {load:.2})"));
        format!("after {after_rounds} of {} rounds at {at}{busy}", record.environment.rounds)
    };
    let all: Vec<String> = record.resumed.iter().map(one).collect();
    (!all.is_empty()).then(|| format!("This run was interrupted and resumed: {}.", all.join("; ")))
}

/// What must be said of a run that began on a busy machine.
pub fn busy(record: &Record) -> Option<String> {
    let load = record.environment.load_at_start.filter(|load| *load > BUSY_LOAD)?;
    Some(format!(
        "The machine was busy when this run began (load {load:.2}): something else may have slowed its first rounds."
    ))
}

/// The interval of a time that is made of some readings. None where only one counts: nobody knows how far off it is.
pub fn interval(latency: &Latency, readings: &[RoundReading]) -> Option<(f64, f64)> {
    (RoundReading::counted(readings).count() != 1).then_some((latency.low, latency.high))
}

/// How far a time lies apart over rounds: the standard deviation of its logarithms, so 0.01 is 1 %. None of fewer than two
/// readings.
pub fn spread(timed: &Timed) -> Option<f64> {
    variance(&timed.readings.iter().map(|reading| reading.ns.ln()).collect::<Vec<_>>()).map(f64::sqrt)
}

/// How far some factors move from 1: the smallest and the largest. None of none.
pub fn moved(effects: &[f64]) -> Option<(f64, f64)> {
    let part = effects.iter().map(|effect| effect - 1.0);
    let ends = part.fold((f64::MAX, f64::MIN), |(low, high), part| (low.min(part), high.max(part)));
    (!effects.is_empty()).then_some(ends)
}

#[cfg(test)]
mod tests {
    use super::{Made, Rows, busy, interrupted, made, moved, spread};
    use crate::measure::RoundReading;
    use crate::record::{Record, fixture};

    /// Readings of so many placements each, the first of them disturbed.
    fn row(rounds: usize, placements: usize) -> Vec<RoundReading> {
        let reading = |round| RoundReading {
            calm: round > 0,
            placements_ns: vec![5.0; placements],
            calm_rate: Some(if round > 0 { 0.9 } else { 0.1 }),
            ..RoundReading::bare(round, 5.0)
        };
        (0..rounds).map(reading).collect()
    }

    #[test]
    fn a_row_says_what_it_is_made_of() {
        let made = Made::of(&row(4, 6), true).expect("readings");
        assert_eq!((made.rounds, made.placements, made.calm_rounds), (4, Some(24), Some(3)));
        assert!(made.calm_rate.is_some_and(|rate| (rate - 0.7).abs() < 1e-9));
        let bare = Made::of(&[RoundReading::bare(0, 1.0)], false).expect("a reading");
        assert_eq!((bare.placements, bare.calm_rounds, bare.calm_rate), (None, None, None));
        assert_eq!(Made::of(&[], true), None);
    }

    #[test]
    fn rows_are_told_in_words() {
        let rows = |rows: &[Vec<RoundReading>], tells| Rows::of(rows.iter().map(|row| &row[..]), tells);
        let text = |all: &[Vec<RoundReading>]| rows(all, true).map(|rows| rows.text());
        assert_eq!(
            text(&[row(4, 6), row(4, 6)]).as_deref(),
            Some("4 rounds of 6 placements, 75 % of the readings calm")
        );
        assert_eq!(
            text(&[row(2, 1), row(1, 1), vec![]]).as_deref(),
            Some("1 to 2 rounds of 1 placement, 33 % of the readings calm")
        );
        assert_eq!(text(&[row(2, 0)]).as_deref(), Some("2 rounds, 50 % of the readings calm"));
        assert_eq!(text(&[vec![]]), None);
        let disturbed = |tells| rows(&[row(4, 6)], tells).and_then(|rows| rows.disturbed_text());
        assert_eq!(disturbed(true).as_deref(), Some("1 of 4 readings (25.0 %) had no calm moment"));
        // A run that does not say which are calm says nothing of it.
        assert_eq!(disturbed(false), None);
        assert_eq!(rows(&[row(2, 0)], false).map(|rows| rows.text()).as_deref(), Some("2 rounds"));
    }

    #[test]
    fn rounds_move_from_one() {
        let (low, high) = moved(&[1.0, 0.98, 1.03]).expect("effects");
        assert!((low + 0.02).abs() < 1e-9 && (high - 0.03).abs() < 1e-9);
        assert_eq!(moved(&[]), None);
    }

    /// The fixture's run, stopped after so many rounds of every row, and after one round less of the last cell.
    fn stopped(rounds: usize) -> Record {
        let mut record = fixture::record(&fixture::run());
        let timed = [&mut record.boundary, &mut record.task_floor_ns, &mut record.calibrations];
        timed.into_iter().flat_map(|group| group.values_mut()).for_each(|timed| timed.readings.truncate(rounds));
        record.cells.iter_mut().for_each(|cell| cell.readings.truncate(rounds));
        if let Some(last) = record.cells.last_mut() {
            last.readings.truncate(rounds.saturating_sub(1));
        }
        record.complete = false;
        record
    }

    #[test]
    fn a_run_claims_the_rounds_that_were_made() {
        let whole = fixture::record(&fixture::run());
        assert_eq!((made(&whole).as_str(), interrupted(&whole)), ("14 rounds", None));
        let record = stopped(3);
        assert_eq!(made(&record), "2 to 3 rounds, where 14 were planned");
        let said = "This run was interrupted: each row has 2 to 3 rounds of the 14 that were planned.";
        assert_eq!(interrupted(&record).as_deref(), Some(said));
        let nothing = Record { cells: Vec::new(), boundary: [].into(), task_floor_ns: [].into(), ..stopped(0) };
        let said = "This run was interrupted: no round of the 14 that were planned came to its end.";
        assert_eq!(interrupted(&nothing).as_deref(), Some(said));
        assert_eq!(made(&nothing), "no round, where 14 were planned");
        assert_eq!(made(&Record { complete: true, ..stopped(0) }), "14 rounds planned; which were made was not kept");
    }

    #[test]
    fn a_busy_machine_is_spoken_of() {
        let mut record = fixture::record(&fixture::run());
        assert_eq!(busy(&record), None);
        record.environment.load_at_start = Some(2.0);
        assert!(busy(&record).is_some_and(|note| note.contains("load 2.00")));
    }

    /// Of logarithms that lie 0.02 apart on either side of a middle one the standard deviation is 0.02.
    #[test]
    fn a_spread_is_a_standard_deviation() {
        let mut timed = fixture::record(&fixture::run()).calibrations.remove("arithmetic").expect("a calibration");
        let logs = [-0.02_f64, 0.0, 0.02];
        timed.readings = (0..3).map(|round| RoundReading::bare(round, 9.0 * logs[round].exp())).collect();
        assert!(spread(&timed).is_some_and(|spread| (spread - 0.02).abs() < 1e-12));
        timed.readings.truncate(1);
        assert_eq!(spread(&timed), None);
    }
}
