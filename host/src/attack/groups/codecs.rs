//! Malformed bytes for the consumer of each codec that checks what it reads: those of the trials, but sent by a producer over a transport.

use anyhow::Context;
use weft_link::transport::Transport;

use super::reading::{Reading, codec};
use crate::attack::child::in_a_line;
use crate::attack::header::Header;
use crate::attack::hostile::{Attack, Half, Origin};
use crate::attack::outcome::{Outcome, Seen};
use crate::build;
use crate::guests::{Codec, workspace};
use crate::run::limits_from_environment;
use crate::trials::{OVER, Trials, fuelled, malformed};

const GROUP: &str = "malformed bytes";

/// What the names of these attacks begin with; then comes the codec's.
pub const NAME: &str = "malformed-";

/// Why there is nothing to try with a consumer that trusts what it reads.
pub const CHECKS_NOTHING: &str = "it says that it checks nothing, so that it is for guests that trust each other";

/// Why there is nothing to try with a codec's consumer; none where it must bear whatever it is given.
pub fn why_nothing(codec: &Codec) -> Option<&'static str> {
    if Trials::must_bear(codec) {
        None
    } else if codec.traits.is_typed() {
        Some(
            "its messages are typed records, and no bytes: `records-of-nothing` and `answer-of-nothing` are about these",
        )
    } else {
        Some(CHECKS_NOTHING)
    }
}

/// One transport of each isolation class; over the others the consumer is the same code, and is given the same bytes.
const OVER_WHICH: [&str; 3] = ["adapter", "pane", "linked"];

/// As many splices of each kind are made as the trials of one codec make.
const SPLICES: usize = 200;

/// So much fuel a malformed message may take, on the average of all of a kind.
const FUEL: u64 = 2_000_000;

/// Of all that can be made of a message, no more than so many are sent, evenly chosen. The trials of a codec send all.
const MOST: usize = 3000;

/// An attack for each codec of the workspace.
///
/// # Errors
/// Where they cannot be listed.
pub fn attacks() -> anyhow::Result<Vec<Attack>> {
    let why = "the consumer is the same code as over `adapter`, `pane` and `linked`, which are enough";
    let attack = |codec: String| Attack {
        name: format!("{NAME}{codec}"),
        head: Header::of(
            GROUP,
            Half::Near,
            &format!("sends cut, flipped, spliced and random bytes to the consumer of `{codec}`"),
        )
        .only_over(&OVER_WHICH, why),
        origin: Origin::Codec(codec),
    };
    Ok(build::codecs(workspace())?.into_iter().map(|of| attack(of.name)).collect())
}

/// Sends malformed bytes to a codec's consumer: of each kind of message the smallest that is malformed.
///
/// # Errors
/// Where its guests do not work.
pub fn send_malformed(name: &str, transport: &dyn Transport) -> anyhow::Result<Seen> {
    let codec = codec(name)?;
    if let Some(why) = why_nothing(&codec) {
        return Ok(Seen::nothing(Outcome::NotApplicable, why));
    }
    let engine = fuelled(limits_from_environment()?)?;
    let mut sent = 0;
    for reading in Reading::all(&engine, &codec, transport, 1)? {
        match inputs_that_are_malformed(&reading)? {
            Ok(inputs) => sent += inputs,
            Err(harm) => {
                let (message, task) = (reading.message, reading.task);
                return Ok(Seen::nothing(Outcome::PeerHarmed, &format!("{message}/{task}: {harm}")));
            }
        }
    }
    Ok(Seen::nothing(Outcome::Contained, &format!("each of {sent} malformed messages was a status or a digest")))
}

/// Sends a good message, what can be made of it, and the good one again; returns how many bad ones those were, or the harm.
fn inputs_that_are_malformed(reading: &Reading<'_>) -> anyhow::Result<Result<usize, String>> {
    let wire = reading.wire()?;
    let (number, good) = wire.iter().enumerate().min_by_key(|(_, bytes)| bytes.len()).context("nothing was sent")?;
    let other = wire.iter().rev().find(|other| *other != good).unwrap_or(good);
    let expected = reading.digest(number)?;
    let mut inputs = vec![good.clone()];
    let all = malformed(good, other, SPLICES);
    let step = all.len().div_ceil(MOST).max(1);
    inputs.extend(all.into_iter().step_by(step));
    let count = inputs.len() as u32;
    let engine = reading.engine.fuelled(FUEL * u64::from(count));
    let mut pair = reading.join(&engine, &reading.guests()?, inputs)?;
    let is_right = |digest: Result<u64, _>| digest.is_ok_and(|digest| digest == expected);
    anyhow::ensure!(is_right(pair.produce(0, 1)), "the good message of {} is not read", reading.message);
    if let Err(error) = pair.produce(1, count - 1) {
        let error = in_a_line(&error);
        let spent = error.contains(OVER).then_some(": it works without end");
        return Ok(Err(format!("{error}{}", spent.unwrap_or_default())));
    }
    Ok(match is_right(pair.produce(0, 1)) {
        true => Ok(count as usize - 1),
        false => Err("the next good message is not read any more".to_owned()),
    })
}
