//! Every message and task has its exports, or a reason why it has none. A name that is nearly right is nobody's export, and says nothing.

use weft_link::guest::Guest;
use weft_schemas::{KINDS, Kind, Task};

use super::{Finding, Trials, Verdict};

pub fn conduct(trials: &Trials<'_>) -> Verdict {
    let codec = trials.codec;
    let (mut wrong, mut reasons) = (Vec::new(), 0);
    for (kind, task) in KINDS.iter().flat_map(|kind| Task::ALL.map(|task| (kind, task))) {
        match (codec.supports(kind.name, task), codec.traits.why_unsupported(kind.name, task.name())) {
            (Ok(()), _) => {}
            (Err(_), Some(_)) => reasons += 1,
            // The floor reads bytes, and nothing else.
            (Err(_), None) if codec.is_floor() => reasons += 1,
            (Err(_), None) => wrong.extend(missing(&codec.producer, &codec.consumer, kind, task)),
        }
    }
    wrong.dedup();
    let cells = trials.cells().len();
    if cells == 0 && wrong.is_empty() {
        wrong.push(Finding::new("nothing", "it supports no message: write one, and take its reason out of the traits"));
    }
    let unsupported = match reasons {
        0 => String::new(),
        1 => ", 1 unsupported for a reason".to_owned(),
        reasons => format!(", {reasons} unsupported for reasons"),
    };
    Verdict::of(wrong, format!("{cells} messages and tasks{unsupported}"))
}

/// The exports that a message and task need and that are not there, each with one whose name is near.
fn missing(producer: &Guest, consumer: &Guest, kind: &Kind, task: Task) -> Vec<Finding> {
    let message = kind.name;
    let needed = [
        (producer, format!("prepare_{message}")),
        (producer, format!("produce_{message}")),
        (consumer, format!("receive_{message}_{task}")),
    ];
    let missing = needed.into_iter().filter(|(guest, export)| !guest.has(export));
    missing
        .map(|(guest, export)| {
            let near = match near(guest, &export) {
                Some(other) => format!("; it exports `{other}`, which is near: is that it?"),
                None => format!("; export it, or say why not: `unsupported` of the traits, \"{message}/{task}\""),
            };
            Finding::new("export", format!("the {} does not export `{export}`{near}", guest.name.side))
        })
        .collect()
}

/// A function whose name is nearly the one that is missing, and that no message of weft's has.
fn near<'g>(guest: &'g Guest, missing: &str) -> Option<&'g str> {
    let known = |export: &str| {
        let of = |kind: &Kind| {
            let receives = Task::ALL.map(|task| format!("receive_{}_{task}", kind.name));
            let produces = [format!("prepare_{}", kind.name), format!("produce_{}", kind.name)];
            receives.iter().chain(&produces).any(|name| name == export)
        };
        KINDS.iter().any(of)
    };
    let candidates = guest.exports().filter(|export| !known(export));
    let nearest = candidates.map(|export| (distance(export, missing), export)).min()?;
    (nearest.0 <= 3).then_some(nearest.1)
}

/// How many letters must be added, removed or replaced to make one word of the other: Levenshtein's distance.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (number, letter) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], number + 1);
        for (column, found) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *found);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distances_are_the_published_ones() {
        // Wikipedia's examples of the Levenshtein distance.
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("Saturday", "Sunday"), 3);
        assert_eq!(distance("receive_log_sacn", "receive_log_scan"), 2);
        assert_eq!(distance("", "abc"), 3);
    }
}
