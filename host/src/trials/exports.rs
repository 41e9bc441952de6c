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
        let unsupported = Task::ONE_WAY.into_iter().filter(|task| codec.supports(kind.name, *task).is_err());
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

/// The exports that the tasks of a message need and that are not there: those whose name is nearly that of another, and the rest together.
fn missing(codec: &Codec, kind: &Kind, tasks: &[Task]) -> Vec<Finding> {
    if tasks.is_empty() {
        return Vec::new();
    }
    let message = kind.name;
    let produce = [codec.producer.prepares(message), format!("produce_{message}")];
    let produce = produce.map(|export| (&codec.producer, export));
    let receive = tasks.iter().map(|task| (&codec.consumer, format!("receive_{message}_{task}")));
    let missing = produce.into_iter().chain(receive).filter(|(guest, export)| !guest.has(export));
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
        let key = match tasks.len() == Task::ONE_WAY.len() {
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
            let receives = Task::ONE_WAY.map(|task| format!("receive_{}_{task}", kind.name));
            let produces = ["prepare", "supply", "produce"].map(|export| format!("{export}_{}", kind.name));
            receives.iter().chain(&produces).any(|name| name == export)
        };
        KINDS.iter().any(of)
    };
    nearest(missing, guest.exports().filter(|export| !known(export)))
}
