//! The answer: isolation class × workload → the best choice, and what that isolation costs.

use std::fmt::Write as _;

use super::escape::{escaped, in_table_code};
use super::plugins;
use super::ranking::{Best, League, bests_among};
use super::today;
use super::told::{NOTHING_TOLD, Told, can_tell, told};
use super::units::{factor, time};
use crate::cell::Cell;
use crate::record::{CellRecord, Record};
use weft_link::transport::Isolation;

/// What people send, and the message that stands for it.
const WORKLOADS: [(&str, &str); 3] =
    [("one small log", "log@1"), ("100 logs", "log@100"), ("a 64 KiB blob", "blob@65536")];

/// What is sent, and the message that stands for it: what people send, or the messages that the run has in place of its
/// matrix' own.
pub fn workloads(record: &Record) -> Vec<(String, String)> {
    if record.messages.is_empty() {
        return WORKLOADS.map(|(what, message)| (what.to_owned(), message.to_owned())).to_vec();
    }
    record.messages.iter().map(|message| (message.replace('@', " × "), message.clone())).collect()
}

/// The task that decides: the one after which every consumer has the same, a checked Rust value.
pub const TASK: &str = "own";

/// What is compared.
pub const TITLE: &str = "The best codec that carries all of these messages, at equal isolation: encode, hand over, build the checked Rust value (task `own`)";

/// One class and workload of the answer.
pub struct Choice {
    /// The best codec and those that tie with it.
    pub codecs: String,
    /// Over which transport.
    pub transport: String,
    /// The time of a message, with its unit.
    pub latency: String,
    /// The same in nanoseconds.
    pub latency_ns: f64,
    /// How many times as long as the same codec over a transport that isolates nothing.
    pub cost: Option<f64>,
    /// A codec that encodes nothing and is faster: what over what, and its time.
    pub resident: Option<(String, String)>,
}

/// An isolation class with the best choice for each of the [`workloads`]; none where the run has nothing of it.
pub type Row = (Isolation, Vec<Option<Choice>>);

/// The answer: a row for each isolation class.
pub fn rows(record: &Record) -> Vec<Row> {
    let workloads = workloads(record);
    let carries_all = |codec: &str| workloads.iter().all(|(_, message)| carries(record, codec, message));
    let of_workloads: Vec<Vec<Best<'_>>> =
        workloads.iter().map(|(_, message)| bests_among(record, (message, TASK), carries_all)).collect();
    let bests = |isolation: &Isolation| {
        (*isolation, of_workloads.iter().map(|all| of_class(all, *isolation)).collect::<Vec<_>>())
    };
    let rows: Vec<_> = Isolation::ALL.iter().map(bests).collect();
    let both = rows.iter().flat_map(|(_, bests)| bests).flatten().filter_map(|(best, resident)| {
        let resident = resident.as_ref()?;
        Some((&resident.cell.readings[..], &best.cell.readings[..]))
    });
    let mut faster = told(&both.collect::<Vec<_>>()).into_iter().map(|told| told == Some(Told::Faster));
    let mut choice = |(best, resident): &(Best<'_>, Option<Best<'_>>)| {
        let resident = resident.as_ref().filter(|_| faster.next() == Some(true));
        choice(record, best, resident)
    };
    let mut choices =
        |bests: &[Option<_>]| bests.iter().map(|bests| bests.as_ref().map(&mut choice)).collect::<Vec<_>>();
    rows.iter().map(|(isolation, bests)| (*isolation, choices(bests))).collect()
}

/// Whether a codec carries a message of the answer, as far as the run can say: a platform chooses one codec for all that it sends.
fn carries(record: &Record, codec: &str, message: &str) -> bool {
    let mut cells = record.measured().filter(|cell| cell.message() == message && cell.task() == TASK).peekable();
    cells.peek().is_none() || cells.any(|cell| cell.cell.codec == codec)
}

/// The best codec that encodes in an isolation class, and the best that encodes nothing.
fn of_class<'a>(bests: &[Best<'a>], isolation: Isolation) -> Option<(Best<'a>, Option<Best<'a>>)> {
    let of = |league| bests.iter().find(|best| best.cell.isolation == isolation && best.league == league).cloned();
    Some((of(League::Encoding)?, of(League::Resident)))
}

/// The choice that a best cell is, beside a codec that encodes nothing and is faster.
fn choice(record: &Record, best: &Best<'_>, resident: Option<&Best<'_>>) -> Choice {
    let own = &best.cell.cell;
    let is_open = |cell: &&CellRecord| {
        let Cell { codec, message, task, .. } = &cell.cell;
        cell.isolation == Isolation::None && (codec, message, task) == (&own.codec, &own.message, &own.task)
    };
    let resident = resident.map(|resident| {
        let Cell { codec, transport, .. } = &resident.cell.cell;
        (format!("{codec} over {transport}"), time(resident.latency.value))
    });
    let open = record.measured().find(is_open).and_then(|open| open.latency_ns);
    Choice {
        codecs: codecs(best),
        transport: own.transport.clone(),
        latency: time(best.latency.value),
        latency_ns: best.latency.value,
        cost: open.map(|open| best.latency.value / open.value),
        resident,
    }
}

/// The best codec and those that tie with it over the same transport.
fn codecs(best: &Best<'_>) -> String {
    let ties = best
        .ties
        .iter()
        .filter(|tie| tie.cell.transport == best.cell.cell.transport)
        .map(|tie| tie.cell.codec.as_str());
    std::iter::once(best.cell.cell.codec.as_str()).chain(ties).collect::<Vec<_>>().join(" ≈ ")
}

fn cost(cost: Option<f64>, isolation: Isolation) -> String {
    match cost {
        Some(ratio) if isolation != Isolation::None => format!("{} `linked`", factor(ratio)),
        _ => String::new(),
    }
}

/// The answer for a terminal; empty where the run has nothing of it.
pub fn text(record: &Record) -> String {
    let (rows, today) = (rows(record), today::rows(record));
    let mut text = String::new();
    for (place, (workload, message)) in workloads(record).iter().enumerate() {
        if record.measured().all(|cell| cell.message() != *message || cell.task() != TASK) {
            continue;
        }
        let _ = writeln!(text, "\n  {workload} ({message})");
        for (isolation, choices) in &rows {
            let Some(choice) = choices.get(place).and_then(Option::as_ref) else { continue };
            let what = format!("{} over {}", choice.codecs, choice.transport);
            let cost = cost(choice.cost, *isolation).replace('`', "");
            let line = format!("    isolation {isolation:<7} {what:<32} {:>8}  {cost}", choice.latency);
            let _ = writeln!(text, "{}", line.trim_end());
        }
        for row in &today {
            if let Some((ns, times)) = row.times.get(place).copied().flatten() {
                let times = times.map_or_else(String::new, |times| format!("{} full isolation's best", factor(times)));
                let line = format!("    today: {:<42} {:>8}  {times}", row.what, time(ns));
                let _ = writeln!(text, "{}", line.trim_end());
            }
        }
    }
    if text.is_empty() {
        return text;
    }
    for sentence in plugins::sentences(record) {
        let _ = writeln!(text, "\n  {}", sentence.replace('`', ""));
    }
    let untold = if can_tell(record) { String::new() } else { format!("\n{NOTHING_TOLD}\n") };
    format!("\n{}\n{text}{untold}", TITLE.replace('`', ""))
}

/// The answer as a Markdown table.
pub fn markdown(record: &Record) -> String {
    let workloads = workloads(record);
    let mut text = format!("{TITLE}:\n\n| isolation |");
    for (workload, message) in &workloads {
        let _ = write!(text, " {} (`{}`) |", escaped(workload), in_table_code(message));
    }
    let _ = write!(text, "\n|---|{}\n", "---|".repeat(workloads.len()));
    for (isolation, choices) in rows(record) {
        let _ = write!(text, "| **{isolation}**: {} |", described(isolation));
        for choice in choices {
            let _ = match choice {
                Some(choice) => write!(text, " {} |", cell(&choice, isolation)),
                None => write!(text, " not in this run |"),
            };
        }
        text.push('\n');
    }
    let today = today::rows(record);
    today.iter().for_each(|row| text.push_str(&row.markdown()));
    for sentence in plugins::sentences(record) {
        let _ = write!(text, "\n{sentence}\n");
    }
    if let Some(interruption) = record.interruption() {
        let _ = write!(text, "\nThe run was {interruption}: this is the answer of what it had measured until then.\n");
    }
    let ties = if can_tell(record) { "≈: not told apart from the best. " } else { "" };
    let of_today = if today.is_empty() {
        ""
    } else {
        " The rows of today are what platforms do, with their times as multiples of the row **full**."
    };
    let _ = writeln!(
        text,
        "\n{ties}The factor is the same codec's time over `linked`, where nothing is isolated. Beside it, where it is \
         faster, what a producer gains that keeps its value in the outbox and encodes nothing.{of_today}"
    );
    text
}

fn cell(choice: &Choice, isolation: Isolation) -> String {
    let mut cell = format!("**{}** over `{}`: **{}**", choice.codecs, choice.transport, choice.latency);
    if let cost @ Some(_) = choice.cost.filter(|_| isolation != Isolation::None) {
        let _ = write!(cell, ", {}", self::cost(cost, isolation));
    }
    if let Some((what, time)) = &choice.resident {
        let _ = write!(cell, " ({what}: {time})");
    }
    cell
}

/// What an isolation class isolates.
pub const fn described(isolation: Isolation) -> &'static str {
    match isolation {
        Isolation::Full => "neither guest can reach the other's memory",
        Isolation::Window => "only the window is shared",
        Isolation::None => "everything is shared",
    }
}

#[cfg(test)]
mod tests {
    use weft_link::transport::Isolation;

    use super::{markdown, rows, text};
    use crate::record::{CellRecord, Record, fixture};
    use crate::report::told::NOTHING_TOLD;

    /// The fixture's run with some of its cells' readings changed.
    fn run(change: impl Fn(&mut CellRecord)) -> Record {
        let mut record = fixture::record(&fixture::run());
        record.cells.iter_mut().for_each(change);
        record
    }

    fn resident(record: &Record, of: Isolation) -> Option<String> {
        let rows = rows(record);
        let (_, choices) = rows.iter().find(|(isolation, _)| *isolation == of).expect("a class");
        Some(choices[0].as_ref().expect("a choice").resident.clone()?.0)
    }

    /// The fastest for blobs is no choice for who sends logs, too.
    #[test]
    fn codecs_that_lack_one_of_the_messages_are_left_out() {
        let best = |record: &Record| {
            let (_, choices) =
                rows(record).into_iter().find(|(isolation, _)| *isolation == Isolation::Full).expect("a class");
            choices.into_iter().flatten().map(|choice| choice.codecs).collect::<Vec<_>>()
        };
        let all = run(|_| ());
        let codec = best(&all).remove(0);
        let lacks = |record: &mut Record, message: &str| {
            record.cells.retain(|cell| cell.cell.codec != codec || cell.message() != message);
        };
        let mut without = run(|_| ());
        lacks(&mut without, "blob@65536");
        assert!(best(&without).iter().all(|best| *best != codec), "{:?}", best(&without));
    }

    /// In the fixture `inplace` takes as a producer that keeps its value longer than `bytes` for one log.
    #[test]
    fn a_codec_that_encodes_nothing_is_named_where_it_is_surely_faster() {
        let is = |cell: &CellRecord| cell.name() == "log@1/own/inplace/linked";
        let faster = |by: f64| {
            run(move |cell| {
                if is(cell) {
                    let mut readings = cell.readings.clone();
                    readings.iter_mut().for_each(|reading| reading.ns *= by);
                    cell.take(readings, &[]);
                }
            })
        };
        assert_eq!(resident(&faster(1.0), Isolation::None), None);
        let sure = faster(0.1);
        assert_eq!(resident(&sure, Isolation::None).as_deref(), Some("inplace over linked"));
        assert_eq!(resident(&sure, Isolation::Full), None);
        let forgotten = Record { cells: sure.cells.iter().map(without_readings).collect(), ..sure };
        assert_eq!(resident(&forgotten, Isolation::None), None);
    }

    fn without_readings(cell: &CellRecord) -> CellRecord {
        CellRecord { readings: Vec::new(), ..cell.clone() }
    }

    #[test]
    fn a_run_without_readings_says_once_that_it_marks_nothing() {
        let record = fixture::record(&fixture::run());
        assert!(!text(&record).contains(NOTHING_TOLD) && markdown(&record).contains("≈: not told apart"));
        let forgotten = run(|cell| cell.readings.clear());
        assert_eq!(text(&forgotten).matches(NOTHING_TOLD).count(), 1);
        assert!(!text(&forgotten).contains('≈') && !markdown(&forgotten).contains('≈'));
    }
}
