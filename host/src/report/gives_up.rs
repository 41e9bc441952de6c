//! What transports give up: how many kinds of hostile guests harm the other guest over each of them, as the run has it.

use std::fmt::Write as _;

use weft_link::transport::{Isolation, TRANSPORTS};

use super::escape::escaped;
use crate::attack::promised;
use crate::record::{Attacks, Outcome, Record};

/// What a run has of them; of one that has nothing, what this build promises.
fn attacks(record: &Record) -> &Attacks {
    record.attacks.as_ref().unwrap_or_else(|| promised())
}

/// Of each transport of a run what it gives up.
pub fn markdown(record: &Record) -> String {
    let is_in = |name: &str| record.cells.iter().any(|cell| cell.cell.is_own() && cell.cell.transport == name);
    let transports: Vec<_> = TRANSPORTS.iter().filter(|transport| is_in(transport.name())).collect();
    if transports.is_empty() {
        return String::new();
    }
    let mut text = String::from("| transport | isolation | hostile guests |\n|---|---|---|\n");
    for transport in transports {
        let (name, gives_up) = (transport.name(), over(attacks(record), &[transport.name()]));
        let _ = writeln!(text, "| `{name}` | {} | {gives_up} |", transport.isolation());
    }
    let source = match &attacks(record).tried {
        Some(tried) => {
            format!("As `cargo weft attack` found it with this build on this machine ({})", escaped(&tried.at))
        }
        None => "As this build of weft promises it, by attack".to_owned(),
    };
    let _ = write!(
        text,
        "\n{source}: `docs/ISOLATION.md` says what each hostile guest does, and `cargo weft attack` tries all of them again.\n"
    );
    text
}

/// What the transports of an isolation class give up.
pub fn of_class(record: &Record, isolation: Isolation) -> String {
    let names: Vec<&str> = TRANSPORTS
        .iter()
        .filter(|transport| transport.isolation() == isolation)
        .map(|transport| transport.name())
        .collect();
    over(attacks(record), &names)
}

/// What some transports give up, in a few words.
fn over(attacks: &Attacks, transports: &[&str]) -> String {
    let (tried, harmful) =
        (attacks.at_least(transports, Outcome::Contained), attacks.at_least(transports, Outcome::PeerHarmed));
    match harmful.len() {
        0 => format!("none of {} attacks harms the other guest", tried.len()),
        harmful => format!("{harmful} of {} attacks harm the other guest", tried.len()),
    }
}

#[cfg(test)]
mod tests {
    use weft_link::transport::{Isolation, TRANSPORTS};

    use super::{markdown, of_class};
    use crate::record::fixture;
    use crate::record::{Attacks, Machine, Outcome, Tried};

    #[test]
    fn weaker_classes_give_up_more() {
        let record = fixture::record(&fixture::run());
        let [full, window, none] = Isolation::ALL.map(|isolation| of_class(&record, isolation));
        assert!(full.starts_with("none of "), "{full}");
        let harmful = |text: &str| text.split(' ').next().and_then(|word| word.parse::<usize>().ok());
        assert!(harmful(&window) < harmful(&none) && harmful(&window) > Some(0), "{window}; {none}");
    }

    #[test]
    fn what_was_tried_counts_more_than_what_is_promised() {
        let (at, git_revision, kernel) = ("2026-11-29T01:02:03Z".to_owned(), "abc".to_owned(), "6.18".to_owned());
        let mut attacks = Attacks {
            tried: Some(Tried { at, git_revision, kernel, machine: Machine::default() }),
            ..Attacks::default()
        };
        TRANSPORTS.iter().for_each(|transport| attacks.add("one", transport.name(), Outcome::PeerHarmed));
        let mut record = fixture::record(&fixture::run());
        let promised = markdown(&record);
        record.attacks = Some(attacks);
        let tried = markdown(&record);
        assert!(promised.contains("promises it") && !promised.contains("1 of 1"), "{promised}");
        assert!(
            tried.contains("1 of 1 attacks harm the other guest") && tried.contains("2026-11-29T01:02:03Z"),
            "{tried}"
        );
    }
}
