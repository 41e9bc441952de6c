//! Every message and task has its exports, or a reason why it has none. A name that is nearly right is nobody's export, and says nothing.

use weft_link::guest::Guest;
use weft_schemas::{KINDS, Kind, Task};

use super::{Finding, Trials, Verdict};
use crate::guests::Codec;
use crate::spelling::nearest;

pub fn conduct(trials: &Trials<'_>) -> Verdict {
    let codec = trials.codec;
    let (mut wrong, mut reasons) = (Vec::new(), 0);
    for kind in KINDS {
        let unsupported = tasks(codec, kind).into_iter().filter(|task| codec.supports(kind.name, *task).is_err());
        let (with, without): (Vec<Task>, Vec<Task>) =
            unsupported.partition(|task| codec.reason(kind.name, *task).is_some() || codec.is_floor());
        reasons += with.len();
        wrong.extend(missing(codec, kind, &without));
    }
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

/// What a codec must do with a message: what goes one way; and where it has guests that ask or answer, each message that it carries is answered.
fn tasks(codec: &Codec, kind: &Kind) -> Vec<Task> {
    let answers = codec.carries(kind.name) && codec.needed(kind.name, Task::Reply).is_some();
    Task::ALL.into_iter().filter(|task| answers || *task != Task::Reply).collect()
}

/// The exports that the tasks of a message need and that are not there: those whose name is nearly that of another, and the rest together.
fn missing(codec: &Codec, kind: &Kind, tasks: &[Task]) -> Vec<Finding> {
    if tasks.is_empty() {
        return Vec::new();
    }
    let message = kind.name;
    let needed = tasks.iter().filter_map(|task| codec.needed(message, *task)).flatten();
    let mut missing: Vec<(&Guest, String)> = Vec::new();
    for (guest, export) in needed.filter(|(guest, export)| !guest.has(export)) {
        // Every task needs those that send.
        if !missing.iter().any(|(other, known)| guest.name == other.name && export == *known) {
            missing.push((guest, export));
        }
    }
    let (mut found, mut rest) = (Vec::new(), Vec::new());
    for (guest, export) in missing {
        match near(guest, &export) {
            Some(other) => found.push(Finding::new(
                "near",
                format!(
                    "the {} does not export `{export}`; it exports `{other}`, which is near: is that it?",
                    guest.name.side
                ),
            )),
            None => rest.push(format!("`{export}`")),
        }
    }
    if !rest.is_empty() {
        let key = match Task::ONE_WAY.iter().all(|task| tasks.contains(task)) {
            true => message.to_owned(),
            false => tasks.iter().map(|task| format!("{message}/{task}")).collect::<Vec<_>>().join("\" and \""),
        };
        let text = format!(
            "{} not exported: export {}, or say why not, by \"{key}\" in `unsupported` of the traits",
            rest.join(", "),
            them(rest.len())
        );
        found.push(Finding::new("export", text));
    }
    found
}

const fn them(count: usize) -> &'static str {
    if count == 1 { "it" } else { "them" }
}

/// A function whose name is nearly the one that is missing, and that no message of weft's has.
fn near<'g>(guest: &'g Guest, missing: &str) -> Option<&'g str> {
    let known = |export: &str| {
        let of = |kind: &Kind| {
            let receives = Task::ALL.map(|task| format!("receive_{}_{task}", kind.name));
            let produces = ["prepare", "supply", "produce", "request"].map(|export| format!("{export}_{}", kind.name));
            receives.iter().chain(&produces).any(|name| name == export)
        };
        KINDS.iter().any(of)
    };
    nearest(missing, guest.exports().filter(|export| !known(export)))
}
