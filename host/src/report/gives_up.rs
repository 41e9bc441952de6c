//! What transports give up: how many kinds of hostile guests harm the other guest over each of them, as docs/ISOLATION.md promises it.

use std::fmt::Write as _;
use std::sync::LazyLock;

use weft_link::transport::{Isolation, TRANSPORTS};

use crate::attack::Outcome;
use crate::attack::promise::Promise;
use crate::record::Record;

/// What this weft promises of its transports. A test reads the same document.
static PROMISE: LazyLock<Promise> =
    LazyLock::new(|| Promise::read(include_str!("../../../docs/ISOLATION.md")).unwrap_or_default());

/// Of each transport of a run what it gives up.
pub fn markdown(record: &Record) -> String {
    let is_in = |name: &str| record.cells.iter().any(|cell| cell.cell.is_own() && cell.cell.transport == name);
    let transports: Vec<_> = TRANSPORTS.iter().filter(|transport| is_in(transport.name())).collect();
    if transports.is_empty() {
        return String::new();
    }
    let mut text = String::from("| transport | isolation | hostile guests |\n|---|---|---|\n");
    for transport in transports {
        let (name, gives_up) = (transport.name(), over(&[transport.name()]));
        let _ = writeln!(text, "| `{name}` | {} | {gives_up} |", transport.isolation());
    }
    text.push_str("\nAs this build of weft promises it, by attack: `docs/ISOLATION.md` says what each hostile guest does, and `cargo weft attack` tries all of them again.\n");
    text
}

/// What the transports of an isolation class give up.
pub fn of_class(isolation: Isolation) -> String {
    let names: Vec<&str> = TRANSPORTS
        .iter()
        .filter(|transport| transport.isolation() == isolation)
        .map(|transport| transport.name())
        .collect();
    over(&names)
}

/// What some transports give up, in a few words.
fn over(transports: &[&str]) -> String {
    let (tried, harmful) =
        (PROMISE.attacks(transports, Outcome::Contained), PROMISE.attacks(transports, Outcome::PeerHarmed));
    match harmful.len() {
        0 => format!("none of {} attacks harms the other guest", tried.len()),
        harmful => format!("{harmful} of {} attacks harm the other guest", tried.len()),
    }
}

#[cfg(test)]
mod tests {
    use weft_link::transport::Isolation;

    use super::of_class;

    #[test]
    fn weaker_classes_give_up_more() {
        let [full, window, none] = Isolation::ALL.map(of_class);
        assert!(full.starts_with("none of "), "{full}");
        let harmful = |text: &str| text.split(' ').next().and_then(|word| word.parse::<usize>().ok());
        assert!(harmful(&window) < harmful(&none) && harmful(&window) > Some(0), "{window}; {none}");
    }
}
