//! The table of attacks, for a terminal, a document and programs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Attack, Attacked, Outcome, Row, promise};

/// For a terminal: the table, what is not contained, and the totals.
pub fn text(attacked: &Attacked) -> String {
    let transports = attacked.transports();
    let width = attacked.attacks.iter().map(|attack| attack.name.len()).max().unwrap_or(0);
    let mut text = format!("{:width$}", "");
    for transport in &transports {
        let _ = write!(text, "  {transport}");
    }
    text.push('\n');
    for (group, attacks) in groups(attacked) {
        let _ = writeln!(text, "{group}");
        for attack in attacks {
            let _ = write!(text, "{:width$}", attack.name);
            for transport in &transports {
                let mark = attacked.row(&attack.name, transport).map_or("", |row| row.seen.outcome.mark());
                let _ = write!(text, "  {mark:<0$}", transport.len());
            }
            text.truncate(text.trim_end().len());
            text.push('\n');
        }
    }
    text.push_str("\n· contained   PEER the other guest was harmed   HOST the host was harmed   – not applicable   ? not tested\n");
    let harmed = || attacked.rows.iter().filter(|row| row.seen.outcome >= Outcome::PeerHarmed);
    if harmed().next().is_some() {
        text.push('\n');
    }
    for Row { attack, transport, seen, .. } in harmed() {
        let _ = writeln!(text, "{attack} over {transport}: {}: {}", seen.outcome.words(), seen.sentence());
    }
    let _ = writeln!(text, "\n{}", totals(attacked));
    text
}

/// How many attacks, inputs and outcomes there are.
pub fn totals(attacked: &Attacked) -> String {
    let of = |outcome| attacked.rows.iter().filter(|row| row.seen.outcome == outcome).count();
    let outcomes: Vec<String> =
        Outcome::ALL.into_iter().rev().map(|outcome| format!("{} {}", of(outcome), outcome.words())).collect();
    format!("{} attacks with {} bad inputs: {}", attacked.attacks.len(), attacked.bad_inputs(), outcomes.join(", "))
}

/// For a document: a table for each group, and below it what each attack does, what it does where it is not contained, and why there is
/// nothing to try. Nothing in it differs from run to run.
pub fn markdown(attacked: &Attacked) -> String {
    let transports = attacked.transports();
    let mut text = format!("{}.\n", totals(attacked));
    for (group, attacks) in groups(attacked) {
        let _ = writeln!(text, "\n### {}\n", capitalised(group));
        let columns: Vec<String> = transports.iter().map(|transport| format!("`{transport}`")).collect();
        let _ = writeln!(text, "| attack | {} |\n|---|{}", columns.join(" | "), ":-:|".repeat(transports.len()));
        for attack in &attacks {
            let row = |transport: &&str| attacked.row(&attack.name, transport);
            let cells =
                transports.iter().map(|transport| row(transport).map_or("", |row| promise::cell(row.seen.outcome)));
            let _ = writeln!(text, "| `{}` | {} |", attack.name, cells.collect::<Vec<_>>().join(" | "));
        }
        text.push('\n');
        for attack in &attacks {
            text.push_str(&described(attacked, attack));
        }
    }
    text
}

/// What an attack does, and what there is to say of its outcomes.
fn described(attacked: &Attacked, attack: &Attack) -> String {
    let inputs = match attack.head.inputs.len() {
        1 => String::new(),
        inputs => format!(" ({inputs} inputs)"),
    };
    let mut text =
        format!("- `{}`, a hostile {}{inputs}: {}.", attack.name, attack.head.side.name(), attack.head.about);
    let mut said: Vec<(String, Vec<&str>)> = Vec::new();
    for row in attacked.rows.iter().filter(|row| row.attack == attack.name && row.seen.outcome != Outcome::Contained) {
        let sentence = match row.seen.outcome {
            Outcome::NotApplicable => format!("nothing to try: {}", row.seen.seen),
            outcome => format!("{}: {}", outcome.words(), row.seen.seen),
        };
        match said.iter_mut().find(|(known, _)| *known == sentence) {
            Some((_, transports)) => transports.push(row.transport),
            None => said.push((sentence, vec![row.transport])),
        }
    }
    let everywhere = attacked.transports().len();
    for (sentence, transports) in said {
        let names: Vec<String> = transports.iter().map(|name| format!("`{name}`")).collect();
        let over = if transports.len() == everywhere { String::new() } else { format!("Over {}: ", names.join(", ")) };
        let sentence = if over.is_empty() { capitalised(&sentence) } else { sentence };
        let _ = write!(text, " {over}{sentence}.");
    }
    for advisory in &attack.head.advisories {
        let _ = write!(text, " {advisory}.");
    }
    text.push('\n');
    text
}

/// For programs.
pub fn json(attacked: &Attacked, broken: &[String], blind: &[String]) -> Value {
    let attack = |attack: &Attack| {
        let rows: Vec<&Row> = attacked.rows.iter().filter(|row| row.attack == attack.name).collect();
        json!({
            "name": attack.name, "group": attack.head.group, "about": attack.head.about, "side": attack.head.side.name(),
            "inputs": attack.head.inputs.len(), "breaches": attack.head.breaches, "outcomes": rows,
        })
    };
    json!({
        "transports": attacked.transports(), "attacks": attacked.attacks.iter().map(attack).collect::<Vec<_>>(),
        "bad_inputs": attacked.bad_inputs(), "differs": broken, "blind": blind,
    })
}

/// All attacks in a line each, group by group.
pub fn list(attacks: &[Attack]) -> String {
    let width = attacks.iter().map(|attack| attack.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    let mut group = "";
    for attack in attacks {
        if attack.head.group != group {
            group = attack.head.group;
            let _ = writeln!(text, "{group}");
        }
        let (side, inputs) = (attack.head.side.name(), attack.head.inputs.len());
        let _ = writeln!(text, "  {:width$}  {side}  {inputs:>3}  {}", attack.name, attack.head.about);
    }
    text
}

/// The groups that there are, and their attacks.
fn groups(attacked: &Attacked) -> Vec<(&'static str, Vec<&Attack>)> {
    let mut groups: Vec<(&'static str, Vec<&Attack>)> = Vec::new();
    for attack in &attacked.attacks {
        match groups.last_mut().filter(|(group, _)| *group == attack.head.group) {
            Some((_, attacks)) => attacks.push(attack),
            None => groups.push((attack.head.group, vec![attack])),
        }
    }
    groups
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
