//! Whether a host keeps to the protocol beside its figures: garbage, unknown things, closed pipes, the end of the input.

use std::time::Duration;

use anyhow::{Context, bail};

use crate::hosts::{Answer, KnownHost, Process};
use crate::interrupt::{self, Interrupted};
use crate::protocol::{PROTOCOL, Purpose, Reply};

use super::supplies::{Supplies, Wanted};
use crate::cell::{Cell, Figure};

/// How long a host may take for something that is nothing.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is tried, and what it is called.
type Trial = (&'static str, fn(&KnownHost, &Supplies) -> anyhow::Result<()>);

const TRIALS: [Trial; 7] = [
    ("the greeting", greets),
    ("unknown keys", ignores_unknown_keys),
    ("garbage lines", answers_garbage),
    ("unknown cells", refuses_unknown_cells),
    ("a file with another hash", refuses_other_files),
    ("the end of the input", ends_with_its_input),
    ("a closed output", ends_with_its_output),
];

/// Tries what no harness should do; returns what the host did wrong.
///
/// # Errors
/// Where there is nothing to try it with, or this command is asked to end.
pub fn conformance(host: &KnownHost) -> anyhow::Result<Vec<(&'static str, String)>> {
    let supplies = Supplies::of(|codec| codec == "bytes")?.for_hosts([host])?;
    let failed = |(what, trial): &Trial| Some((*what, format!("{:#}", trial(host, &supplies).err()?)));
    let wrong = TRIALS.iter().filter_map(failed).collect();
    interrupt::check()?;
    Ok(wrong)
}

fn greets(host: &KnownHost, _: &Supplies) -> anyhow::Result<()> {
    let greeting = Process::start(host)?.greeting.clone();
    match (greeting.protocol, greeting.transports.is_empty(), greeting.tasks.is_empty()) {
        (PROTOCOL, false, false) if greeting.name == host.name => {
            let has = |name: &&String| greeting.transports.iter().any(|transport| transport.name == **name);
            match host.transports.iter().find(|name| !has(name)) {
                Some(name) => bail!("it does not list `{name}`, which its manifest has under `transports`"),
                None => Ok(()),
            }
        }
        (PROTOCOL, false, false) => bail!("it calls itself `{}`, but its manifest says `{}`", greeting.name, host.name),
        _ => bail!("it lists no transport or no task"),
    }
}

/// What the host answers next.
fn reply(process: &mut Process) -> anyhow::Result<Reply> {
    match process.answer(PATIENCE) {
        Answer::Reply(reply) => Ok(*reply),
        Answer::Interrupted => Err(Interrupted.into()),
        Answer::Silent => bail!("it does not answer within {} s", PATIENCE.as_secs()),
        Answer::Ended(why) => bail!("{why}"),
    }
}

/// What a later harness may say beside, such as that other guests or several placements are meant.
fn ignores_unknown_keys(host: &KnownHost, supplies: &Supplies) -> anyhow::Result<()> {
    let mut process = Process::start(host)?;
    let message = "log@1".parse().map_err(anyhow::Error::msg)?;
    let cell = Cell::new(message, weft_schemas::Task::Own, "bytes", "linked").on(&host.name);
    let request = supplies.round(host, Purpose::Verify, &[Wanted::once(Figure::Cell(cell))], None)?;
    let mut request = serde_json::to_value(request)?;
    for place in ["/round", "/round/items/0", "/round/guests/0"] {
        let object = request.pointer_mut(place).and_then(serde_json::Value::as_object_mut);
        object.context("it is no request")?.insert("of_tomorrow".to_owned(), serde_json::json!({ "a": [1] }));
    }
    process.say(&request.to_string())?;
    for _ in 0..3 {
        match reply(&mut process)? {
            Reply::Begin { .. } | Reply::Verified(_) | Reply::Unsupported(_) => {}
            Reply::End(_) => return Ok(()),
            other => bail!("keys that nobody knows must be ignored, but the answer to a round with some was {other:?}"),
        }
    }
    bail!("the round must end")
}

fn answers_garbage(host: &KnownHost, supplies: &Supplies) -> anyhow::Result<()> {
    let mut process = Process::start(host)?;
    for garbage in ["this is no JSON", "{}", "[]", r#"{"round": {}}"#, r#"{"unheard_of": 1}"#, "{\"round\":"] {
        process.say(garbage)?;
        match reply(&mut process)? {
            Reply::Error { .. } => {}
            other => bail!("`{garbage}` must be answered by `error`, but it was by {other:?}"),
        }
    }
    // It reads on.
    process.ask(&supplies.round(host, Purpose::Verify, &[], None)?)?;
    match reply(&mut process)? {
        Reply::End(_) => Ok(()),
        other => bail!("after garbage an empty round must be answered by `end`, but it was by {other:?}"),
    }
}

fn refuses_unknown_cells(host: &KnownHost, supplies: &Supplies) -> anyhow::Result<()> {
    let mut process = Process::start(host)?;
    let message = "log@1".parse().map_err(anyhow::Error::msg)?;
    let cell = |codec, transport| Cell::new(message, weft_schemas::Task::Own, codec, transport).on(&host.name);
    let cells = [cell("bytes", "pigeon"), cell("unheard-of", "linked")];
    let wanted: Vec<_> = cells.into_iter().map(|cell| Wanted::once(Figure::Cell(cell))).collect();
    process.ask(&supplies.round(host, Purpose::Verify, &wanted, None)?)?;
    for _ in &wanted {
        let (begin, refused) = (reply(&mut process)?, reply(&mut process)?);
        if !matches!((&begin, &refused), (Reply::Begin { .. }, Reply::Unsupported(_) | Reply::Failed(_))) {
            bail!("it must be begun and refused, but the answers were {begin:?} and {refused:?}");
        }
    }
    match reply(&mut process)? {
        Reply::End(_) => Ok(()),
        other => bail!("the round must end, but the answer was {other:?}"),
    }
}

fn refuses_other_files(host: &KnownHost, supplies: &Supplies) -> anyhow::Result<()> {
    let mut process = Process::start(host)?;
    let message = "log@1".parse().map_err(anyhow::Error::msg)?;
    let cell = Cell::new(message, weft_schemas::Task::Own, "bytes", "linked").on(&host.name);
    let mut request = supplies.round(host, Purpose::Verify, &[Wanted::once(Figure::Cell(cell))], None)?;
    let crate::protocol::Request::Round(round) = &mut request;
    for guest in &mut round.guests {
        guest.producer.sha256 = "0".repeat(64);
    }
    process.ask(&request)?;
    match reply(&mut process)? {
        Reply::Error { .. } => Ok(()),
        other => bail!("a file with another hash must be answered by `error`, but it was by {other:?}"),
    }
}

fn ends_with_its_input(host: &KnownHost, _: &Supplies) -> anyhow::Result<()> {
    let mut process = Process::start(host)?;
    process.close();
    if process.has_ended(PATIENCE) { Ok(()) } else { bail!("it lives on") }
}

fn ends_with_its_output(host: &KnownHost, _: &Supplies) -> anyhow::Result<()> {
    let mut process = Process::start(host)?;
    process.deafen();
    // Its first answer wakes what still reads its output, and its second finds nobody.
    for _ in 0..3 {
        if process.say("this is no JSON").is_err() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    if process.has_ended(PATIENCE) { Ok(()) } else { bail!("it lives on") }
}
