//! The answer: isolation class × workload → the best choice, and what that isolation costs.

use std::fmt::Write as _;

use super::ranking::{Best, League, best_of};
use super::units::{factor, time};
use crate::record::Record;
use weft_link::transport::Isolation;

/// What people send, and the message that stands for it.
pub const WORKLOADS: [(&str, &str); 3] =
    [("one small log", "log@1"), ("100 logs", "log@100"), ("a 64 KiB blob", "blob@65536")];

/// The task that decides: the one after which every consumer has the same, a checked Rust value.
pub const TASK: &str = "own";

/// What is compared.
pub const TITLE: &str =
    "The best choice at equal isolation: encode, hand over, and build the checked Rust value (task `own`)";

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

/// The best choice for a message in an isolation class. None where the run has none.
pub fn choice(record: &Record, message: &str, isolation: Isolation) -> Option<Choice> {
    let best = best_of(record, (message, TASK), isolation, League::Encoding)?;
    let resident = best_of(record, (message, TASK), isolation, League::Resident)
        .filter(|resident| resident.latency.high < best.latency.low)
        .map(|resident| {
            (
                format!("{} over {}", resident.cell.cell.codec, resident.cell.cell.transport),
                time(resident.latency.value),
            )
        });
    let open = record
        .measured()
        .filter(|cell| cell.isolation == Isolation::None && cell.cell.codec == best.cell.cell.codec)
        .find(|cell| cell.message() == message && cell.task() == TASK);
    Some(Choice {
        codecs: codecs(&best),
        transport: best.cell.cell.transport.clone(),
        latency: time(best.latency.value),
        latency_ns: best.latency.value,
        cost: open.and_then(|open| Some(best.latency.value / open.latency_ns?.value)),
        resident,
    })
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
    let mut text = String::new();
    for (workload, message) in WORKLOADS {
        if record.measured().all(|cell| cell.message() != message || cell.task() != TASK) {
            continue;
        }
        let _ = writeln!(text, "\n  {workload} ({message})");
        for isolation in Isolation::ALL {
            let Some(choice) = choice(record, message, isolation) else { continue };
            let what = format!("{} over {}", choice.codecs, choice.transport);
            let cost = cost(choice.cost, isolation).replace('`', "");
            let line = format!("    isolation {isolation:<7} {what:<32} {:>8}  {cost}", choice.latency);
            let _ = writeln!(text, "{}", line.trim_end());
        }
    }
    if text.is_empty() { text } else { format!("\n{}\n{text}", TITLE.replace('`', "")) }
}

/// The answer as a Markdown table.
pub fn markdown(record: &Record) -> String {
    let mut text = format!("{TITLE}:\n\n| isolation |");
    for (workload, message) in WORKLOADS {
        let _ = write!(text, " {workload} (`{message}`) |");
    }
    let _ = write!(text, "\n|---|{}\n", "---|".repeat(WORKLOADS.len()));
    for isolation in Isolation::ALL {
        let _ = write!(text, "| **{isolation}**: {} |", described(isolation));
        for (_, message) in WORKLOADS {
            let _ = match choice(record, message, isolation) {
                Some(choice) => write!(text, " {} |", cell(&choice, isolation)),
                None => write!(text, " not in this run |"),
            };
        }
        text.push('\n');
    }
    text.push_str(
        "\n≈: the intervals overlap. The factor is the same codec's time over `linked`, where nothing is isolated. \
         Beside it, where it is faster, what a producer gains that keeps its value in the outbox and encodes nothing.\n",
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
