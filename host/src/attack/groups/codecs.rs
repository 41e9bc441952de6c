//! Malformed bytes for the consumer of each codec that checks what it reads: those of the trials, but sent by a producer over a transport.

use std::sync::{Mutex, PoisonError};

use anyhow::{Context, anyhow};
use weft_link::guest::{Compiled, Guest, GuestName, Side, listen};
use weft_link::transport::Transport;
use weft_link::{Engine, PairSpec};
use weft_schemas::{KINDS, Task, blob};

use crate::attack::child::in_a_line;
use crate::attack::forms::assemble;
use crate::attack::header::Header;
use crate::attack::hostile::{Attack, Half, Origin, base};
use crate::attack::outcome::{Outcome, Seen};
use crate::build;
use crate::cell::{MessageId, SEED};
use crate::guests::{Codec, catalog, workspace};
use crate::run::limits_from_environment;
use crate::trials::{OVER, Trials, fuelled, malformed, small};

const GROUP: &str = "malformed bytes";

/// What the names of these attacks begin with; then comes the codec's.
pub const NAME: &str = "malformed-";

/// One transport of each isolation class; over the others the consumer is the same code, and is given the same bytes.
const OVER_WHICH: [&str; 3] = ["adapter", "pane", "linked"];

/// As many splices of each kind are made as the trials of one codec make.
const SPLICES: usize = 200;

/// So much fuel a malformed message may take, on the average of all of a kind.
const FUEL: u64 = 2_000_000;

/// Of all that can be made of a message, no more than so many are sent, evenly chosen. The trials of a codec send all.
const MOST: usize = 3000;

/// The messages of a rotation, of which two are taken.
const ROTATION: u32 = 8;

/// What is handed to the producer: the good message first.
static INPUTS: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

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
pub fn send_malformed(codec: &str, transport: &dyn Transport) -> anyhow::Result<Seen> {
    let codecs = catalog(|name| name == codec)?;
    let codec =
        codecs.iter().find(|found| found.name == codec).with_context(|| format!("there is no codec {codec}"))?;
    if !Trials::must_bear(codec) {
        return Ok(Seen::nothing(
            Outcome::NotApplicable,
            "it says that it checks nothing, so that it is for guests that trust each other",
        ));
    }
    let engine = fuelled(limits_from_environment()?)?;
    let mut sent = 0;
    for message in KINDS.iter().filter_map(|kind| small(kind).into_iter().next()) {
        let supported = |task: &Task| codec.supports(message.kind.name, *task).is_ok();
        let Some(task) = [Task::Own, Task::Scan].into_iter().find(supported) else { continue };
        let victim = Victim { engine: &engine, codec, transport, message, task };
        match victim.malformed()? {
            Ok(inputs) => sent += inputs,
            Err(harm) => return Ok(Seen::nothing(Outcome::PeerHarmed, &format!("{message}/{task}: {harm}"))),
        }
    }
    Ok(Seen::nothing(Outcome::Contained, &format!("each of {sent} malformed messages was a status or a digest")))
}

/// A codec's consumer, and what it takes bytes for.
struct Victim<'a> {
    engine: &'a Engine,
    codec: &'a Codec,
    transport: &'a dyn Transport,
    message: MessageId,
    task: Task,
}

impl Victim<'_> {
    /// Sends a good message, what can be made of it, and the good one again; returns how many bad ones those were, or the harm.
    fn malformed(&self) -> anyhow::Result<Result<usize, String>> {
        let kind = self.message.kind;
        let (good, number, other) = self.wire()?;
        let digest = if self.codec.is_floor() { blob::floor_digest } else { kind.digest };
        let expected = digest(SEED, number, self.message.size, self.task).map_err(|status| anyhow!("{status}"))?;
        let mut inputs = vec![good.clone()];
        let all = malformed(&good, &other, SPLICES);
        let step = all.len().div_ceil(MOST).max(1);
        inputs.extend(all.into_iter().step_by(step));
        let count = inputs.len() as u32;
        *INPUTS.lock().unwrap_or_else(PoisonError::into_inner) = inputs;
        let engine = self.engine.fuelled(FUEL * u64::from(count));
        let guests = Compiled::new(&engine, &self.hostile()?, &self.codec.consumer)?;
        let mut pair = self.transport.join(&self.spec((&engine, &guests), count, |_, number, _, out| {
            let inputs = INPUTS.lock().unwrap_or_else(PoisonError::into_inner);
            out.extend(inputs.get(number as usize).into_iter().flatten());
        }))?;
        let is_right = |digest: Result<u64, _>| digest.is_ok_and(|digest| digest == expected);
        anyhow::ensure!(is_right(pair.produce(0, 1)), "the good message of {} is not read", self.message);
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

    /// A message as the codec's own producer sends it, its number, and another to splice with.
    fn wire(&self) -> anyhow::Result<(Vec<u8>, u32, Vec<u8>)> {
        let guests = Compiled::new(self.engine, &self.codec.producer, &self.codec.consumer)?;
        let spec = self.spec((self.engine, &guests), ROTATION, self.message.kind.lay_out);
        let sent = listen(&PairSpec { seed: SEED, ..spec }, Vec::new(), |sent: &mut Vec<Vec<u8>>, message| {
            sent.push(message.to_vec())
        })?;
        let shortest = sent.iter().enumerate().min_by_key(|(_, bytes)| bytes.len());
        let (number, good) = shortest.context("its producer sends nothing")?;
        let other = sent.iter().rev().find(|other| *other != good).unwrap_or(good);
        Ok((good.clone(), number as u32, other.clone()))
    }

    fn spec<'a>(
        &self,
        (engine, guests): (&'a Engine, &'a Compiled),
        rotation: u32,
        lay_out: weft_link::LayOut,
    ) -> PairSpec<'a> {
        let MessageId { kind, size } = self.message;
        let task = self.task.name();
        PairSpec { engine, guests, message: kind.name, size, task, rotation, seed: SEED, values: Some(lay_out) }
    }

    /// The producer that sends what it is handed.
    fn hostile(&self) -> anyhow::Result<Guest> {
        let text = assemble(&base("malformed.producer")?.replace("{message}", self.message.kind.name), "");
        let name = GuestName { codec: "hostile".to_owned(), side: Side::Producer };
        Ok(Guest::read(name, text.map_err(anyhow::Error::msg)?.as_bytes())?)
    }
}
