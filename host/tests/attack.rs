//! Attacks: what docs/ISOLATION.md promises is whole, hostile guests are what they are meant to be, and some of them are tried as users do.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use weft::attack::promise::{Promise, document};
use weft::attack::{Attack, Outcome, attacks};
use weft_link::transport::TRANSPORTS;

use crate::support::command::weft;

fn all() -> Vec<Attack> {
    attacks().expect("every attack says what it is")
}

fn promised() -> (String, Promise) {
    let text = fs::read_to_string(document()).expect("docs/ISOLATION.md");
    let promise = Promise::read(&text).unwrap_or_else(|why| panic!("docs/ISOLATION.md: {why}"));
    (text, promise)
}

/// What came of an attack over a transport, and the exit code of the command.
fn tried(filter: &str) -> (Option<i32>, Value) {
    let typed = weft(None, &["attack", filter, "--format", "json"]);
    let json = serde_json::from_str(&typed.stdout).unwrap_or_else(|error| panic!("{error}: {}", typed.stderr));
    (typed.code, json)
}

/// The outcome and the sentence of a row.
fn row<'a>(json: &'a Value, attack: &str, transport: &str) -> (&'a str, &'a str) {
    let attacks = json["attacks"].as_array().expect("attacks");
    let attack = attacks.iter().find(|found| found["name"] == attack).expect("the attack");
    let rows = attack["outcomes"].as_array().expect("outcomes");
    let row = rows.iter().find(|row| row["transport"] == transport).expect("the transport");
    (row["outcome"].as_str().expect("an outcome"), row["seen"].as_str().expect("a sentence"))
}

#[test]
fn every_attack_on_every_transport_is_promised_and_no_other() {
    let (text, promise) = promised();
    let names: BTreeSet<String> = all().into_iter().map(|attack| attack.name).collect();
    // Of a codec that is new nobody has to promise anything.
    let written = names.iter().filter(|name| !name.starts_with("malformed-") && !name.starts_with("changed-"));
    for (name, transport) in written.flat_map(|name| TRANSPORTS.iter().map(move |to| (name, to.name()))) {
        let outcome = promise.of(name, transport);
        let outcome =
            outcome.unwrap_or_else(|| panic!("{name} over {transport}: cargo weft attack --into docs/ISOLATION.md"));
        assert_ne!(outcome, Outcome::HostHarmed, "{name} over {transport}");
    }
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    // A table of what heads may have stands in the document as well.
    let rows = rows.map(|(name, _)| name).filter(|name| !name.starts_with(";;!"));
    let gone: Vec<&str> = rows.filter(|name| !names.contains(*name)).collect();
    assert!(gone.is_empty(), "promised, and there is no such attack: {gone:?}");
}

#[test]
fn what_an_attack_must_breach_is_promised_as_harm() {
    let (_, promise) = promised();
    for attack in all() {
        for transport in &attack.head.breaches {
            assert_eq!(
                promise.of(&attack.name, transport),
                Some(Outcome::PeerHarmed),
                "{} over {transport}",
                attack.name
            );
        }
    }
}

#[test]
fn there_are_many_bad_inputs() {
    let inputs: usize = all().iter().map(|attack| attack.head.inputs.len()).sum();
    assert!(inputs >= 80, "{inputs}");
}

/// An attack whose text is none would be refused everywhere, and show nothing.
#[test]
fn every_hostile_guest_is_text_that_fits_together() {
    for attack in all().iter().filter(|attack| attack.head.untested.is_none() && attack.is_of_a_file()) {
        for input in &attack.head.inputs {
            if let Err(error) = attack.guest(input) {
                panic!("{}: {}: {error:#}", attack.name, input.name);
            }
        }
    }
}

#[test]
fn shared_memory_is_breached_and_other_memory_is_not() {
    let (code, json) = tried("^(producer-that-reads|consumer-that-writes)/(adapter|pane|linked)$");
    assert_eq!(code, Some(0), "{json:#}");
    let (outcome, seen) = row(&json, "producer-that-reads", "linked");
    assert_eq!((outcome, seen), ("peer-harmed", "read: the consumer's static data"));
    assert_eq!(row(&json, "producer-that-reads", "adapter").0, "contained");
    assert_eq!(row(&json, "producer-that-reads", "pane").0, "contained");
    assert_eq!(row(&json, "consumer-that-writes", "linked"), ("peer-harmed", "written: the producer's static data"));
    assert_eq!(row(&json, "consumer-that-writes", "adapter").0, "contained");
}

#[test]
fn a_window_is_breached_where_it_is_shared() {
    let (code, json) = tried("^(change-after-the-check|read-the-unsent)/(direct|window)$");
    assert_eq!(code, Some(0), "{json:#}");
    assert_eq!(row(&json, "change-after-the-check", "window").0, "peer-harmed");
    assert_eq!(row(&json, "change-after-the-check", "direct").0, "contained");
    assert_eq!(row(&json, "read-the-unsent", "window").0, "peer-harmed");
}

#[test]
fn a_message_changes_while_it_is_read_where_it_is_shared() {
    let (code, json) = tried("^(change-while-it-is-read|changed-json)/(direct|window|pane|linked)$");
    assert_eq!(code, Some(0), "{json:#}");
    for transport in ["window", "pane", "linked"] {
        let changed = row(&json, "change-while-it-is-read", transport);
        assert_eq!(changed, ("peer-harmed", "the message that the consumer had checked reads differently"));
        let (outcome, seen) = row(&json, "changed-json", transport);
        assert!(["contained", "peer-harmed"].contains(&outcome) && seen.contains("changed "), "{outcome}: {seen}");
    }
    let (outcome, seen) = row(&json, "change-while-it-is-read", "direct");
    assert!(outcome == "not-applicable" && seen.contains("its own copy"), "{seen}");
}

#[test]
fn what_cannot_be_tried_says_why() {
    let (code, json) = tried("^(allocator-of-buffers|speculation-and-timing)/relay$");
    assert_eq!(code, Some(0), "{json:#}");
    let (outcome, seen) = row(&json, "allocator-of-buffers", "relay");
    assert!(outcome == "not-applicable" && seen.contains("nobody asks"), "{seen}");
    assert_eq!(row(&json, "speculation-and-timing", "relay").0, "not-tested");
    assert_eq!(json["bad_inputs"], 0);
}

#[test]
fn guests_are_stopped_in_the_middle() {
    let (code, json) = tried("^consumer-ended-by-an-epoch/(direct|component)$");
    assert_eq!(code, Some(0), "{json:#}");
    for transport in ["direct", "component"] {
        let (outcome, seen) = row(&json, "consumer-ended-by-an-epoch", transport);
        assert!(outcome == "contained" && seen.contains("interrupt"), "{seen}");
    }
}

#[test]
fn the_command_says_what_it_can_do() {
    weft(None, &["attack", "--help"]).expect(0, &["cargo weft attack --list", "docs/ISOLATION.md", "Exits with 1"]);
    weft(None, &["attack", "--list"])
        .expect(0, &["pointer and length", "outside-the-outbox", "producer", "malformed-bincode"]);
    weft(None, &["attack", "no-such-attack"]).expect(1, &["no attack has such a name", "--list"]);
    weft(None, &["attack", "("]).expect(2, &["is not a regular expression"]);
    weft(None, &["attack", "no-module/relay"]).expect(0, &["without bound", "1 attacks with 12 bad inputs"]);
}
