//! What `docs/ISOLATION.md` promises: tables between two markers, and how what came of attacks differs from them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::groups::{changes, codecs};
use super::outcome::Row;
use crate::guests::workspace;
use crate::record::{Attacks, Outcome};

/// The markers that tables stand between.
const MARKERS: [&str; 2] = ["<!-- attacks -->", "<!-- /attacks -->"];

/// The outcomes that a document promises, by attack and transport.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Promise(BTreeMap<(String, String), Outcome>);

/// Where the promise stands.
pub fn document() -> PathBuf {
    workspace().join("docs/ISOLATION.md")
}

/// A document, with other tables between its markers.
///
/// # Errors
/// Where it has no markers.
pub fn with_tables(document: &str, tables: &str) -> Result<String, String> {
    let [begin, end] = MARKERS;
    let missing = || format!("it has no markers `{begin}` and `{end}`, between which the tables stand");
    let (before, rest) = document.split_once(begin).ok_or_else(missing)?;
    let (_, after) = rest.split_once(end).ok_or_else(missing)?;
    Ok(format!("{before}{begin}\n{tables}{end}{after}"))
}

impl Promise {
    /// Reads the tables of a document: a row for each attack, a column for each transport.
    ///
    /// # Errors
    /// Where it has no markers, or a cell is no outcome.
    pub fn read(document: &str) -> Result<Self, String> {
        let [begin, end] = MARKERS;
        let tables = document.split_once(begin).and_then(|(_, rest)| rest.split_once(end));
        let (tables, _) = tables.ok_or_else(|| format!("it has no markers `{begin}` and `{end}`"))?;
        let (mut promise, mut transports) = (BTreeMap::new(), Vec::new());
        for line in tables.lines().filter(|line| line.starts_with('|')) {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let Some((name, outcomes)) = cells.split_first() else { continue };
            if *name == "attack" {
                transports = outcomes.iter().map(|transport| transport.trim_matches('`').to_owned()).collect();
            } else if let Some(name) = name.strip_prefix('`').and_then(|name| name.strip_suffix('`')) {
                for (transport, cell) in transports.iter().zip(outcomes) {
                    let outcome = of_cell(cell).ok_or_else(|| format!("`{cell}` of {name} is no outcome"))?;
                    promise.insert((name.to_owned(), transport.clone()), outcome);
                }
            }
        }
        Ok(Self(promise))
    }

    /// What is promised of an attack over a transport.
    pub fn of(&self, attack: &str, transport: &str) -> Option<Outcome> {
        self.0.get(&(attack.to_owned(), transport.to_owned())).copied()
    }

    /// What is promised, as runs have it.
    pub fn attacks(&self) -> Attacks {
        let mut attacks = Attacks::default();
        for ((attack, transport), outcome) in &self.0 {
            attacks.add(family(attack), transport, *outcome);
        }
        attacks
    }

    /// Where what came of attacks is not what is promised: a sentence each. Of malformed bytes for a codec that no table has it is
    /// promised that they are contained, and of messages that change while it reads them that they harm no more than its consumer: nobody has
    /// to promise it for each codec that is added.
    pub fn broken(&self, rows: &[Row]) -> Vec<String> {
        let sentence = |row: &Row| {
            let (found, promised) = (row.seen.outcome, self.of(&row.attack, row.transport));
            let promised = match promised {
                Some(promised) if promised == found => return None,
                Some(promised) => promised.words(),
                None => match of_any_codec(&row.attack) {
                    Some((_, most)) if found <= most => return None,
                    Some((_, most)) => most.words(),
                    None => "nothing",
                },
            };
            let (what, seen) = (format!("{} over {}", row.attack, row.transport), row.seen.sentence());
            Some(format!("{what}: {}, where docs/ISOLATION.md promises {promised}: {seen}", found.words()))
        };
        rows.iter().filter_map(sentence).collect()
    }
}

/// Of an attack that there is for each codec what its name begins with, and the worst that may come of it.
fn of_any_codec(attack: &str) -> Option<(&'static str, Outcome)> {
    let worst = [(codecs::NAME, Outcome::Contained), (changes::NAME, Outcome::PeerHarmed)];
    worst.into_iter().find(|(name, _)| attack.starts_with(name))
}

/// What an attack counts as: those that there are for each codec count as one.
pub fn family(attack: &str) -> &str {
    of_any_codec(attack).map_or(attack, |(name, _)| name)
}

/// The cell of a table in a document.
pub const fn cell(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotApplicable => "–",
        Outcome::NotTested => "?",
        Outcome::Contained => "·",
        Outcome::PeerHarmed => "**peer**",
        Outcome::HostHarmed => "**host**",
    }
}

fn of_cell(text: &str) -> Option<Outcome> {
    Outcome::ALL.into_iter().find(|outcome| cell(*outcome) == text)
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Promise, Row, with_tables};
    use crate::attack::outcome::Seen;

    const DOCUMENT: &str = "# x\n<!-- attacks -->\n### a group\n\n| attack | `relay` | `linked` |\n|---|---|---|\n\
        | `a-b` | · | **peer** |\n| `c` | – | ? |\n<!-- /attacks -->\nend";

    fn row(attack: &str, transport: &'static str, outcome: Outcome) -> Row {
        let seen = Seen::nothing(outcome, "it was seen");
        Row { attack: attack.to_owned(), transport, seen, inputs: Vec::new(), milliseconds: None }
    }

    #[test]
    fn tables_are_read_and_replaced() {
        let promise = Promise::read(DOCUMENT).expect("a promise");
        assert_eq!(promise.of("a-b", "linked"), Some(Outcome::PeerHarmed));
        assert_eq!(promise.of("c", "relay"), Some(Outcome::NotApplicable));
        assert!(promise.attacks().at_least(&["relay", "linked"], Outcome::Contained).into_iter().eq(["a-b"]));
        let codecs = DOCUMENT.replace("`a-b`", "`changed-a`").replace("`c` | – | ?", "`changed-c` | · | ·");
        let of_codecs = Promise::read(&codecs).expect("a promise").attacks();
        assert!(of_codecs.outcomes.keys().eq(["changed-"]) && of_codecs.tried.is_none());
        assert_eq!((promise.of("c", "linked"), promise.of("d", "relay")), (Some(Outcome::NotTested), None));
        let other = with_tables(DOCUMENT, "none\n").expect("markers");
        assert_eq!(other, "# x\n<!-- attacks -->\nnone\n<!-- /attacks -->\nend");
        assert!(Promise::read("").is_err() && with_tables("", "").is_err());
        assert!(Promise::read(&DOCUMENT.replace("**peer**", "fine")).is_err_and(|why| why.contains("`fine` of a-b")));
    }

    #[test]
    fn what_differs_is_named() {
        let promise = Promise::read(DOCUMENT).expect("a promise");
        let rows = [
            row("a-b", "relay", Outcome::PeerHarmed),
            row("a-b", "linked", Outcome::PeerHarmed),
            row("new", "relay", Outcome::Contained),
            row("malformed-new", "relay", Outcome::Contained),
            row("malformed-new", "linked", Outcome::NotApplicable),
            row("changed-new", "linked", Outcome::PeerHarmed),
            row("changed-new", "pane", Outcome::HostHarmed),
        ];
        let broken = promise.broken(&rows);
        assert_eq!(broken.len(), 3);
        assert!(
            broken[2].starts_with("changed-new over pane: host harmed, where docs/ISOLATION.md promises peer harmed")
        );
        assert!(
            broken[0].starts_with("a-b over relay: peer harmed, where docs/ISOLATION.md promises contained: it was")
        );
        assert!(broken[1].starts_with("new over relay: contained, where docs/ISOLATION.md promises nothing"));
    }
}
