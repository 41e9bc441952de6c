//! The process of one attack over one transport: the hostile guest is joined with an honest one, and what comes of it is told in lines of
//! JSON. Whoever started it judges what this process cannot tell: that it died, hung, or took too much.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use weft_link::guest::{Compiled, Guest, GuestError};
use weft_link::transport::Transport;
use weft_link::{DEFAULT, Engine, Pair, PairSpec, Setting};
use weft_schemas::KINDS;

use super::groups::{changes, codecs};
use super::header::{Input, Stopper};
use super::hostile::{Attack, Base, Half, Origin};
use super::meddler::{Change, Meddler};
use super::outcome::{Outcome, Seen};
use super::victim::{pages_of_marks, told, written};
use crate::run::limits_from_environment;

/// The kind of message that is sent.
const MESSAGE: &str = "blob";

/// The number of the message that is sent after an attack.
const NEXT: u32 = 2;

/// How long guests run before an epoch ends them.
const EPOCH: Duration = Duration::from_millis(20);

/// A line that the process writes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Line {
    /// An input is tried now: the honest pair has worked.
    Begun(String),
    /// What was seen of it.
    Seen(Seen),
}

/// Tries an attack, each of its inputs or the one of this number.
///
/// # Errors
/// Where the attack itself is at fault, or nothing can be judged on this system.
pub fn conduct(
    attack: &Attack,
    transport: &'static dyn Transport,
    input: Option<usize>,
    tell: &mut dyn FnMut(&Line) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    match &attack.origin {
        Origin::Codec(codec) => {
            tell(&Line::Begun(String::new()))?;
            return tell(&Line::Seen(codecs::send_malformed(codec, transport)?));
        }
        Origin::Changes(codec) => return changes::change_while_read(codec, transport, tell),
        Origin::Forms(_) | Origin::Made(_) => {}
    }
    let engine = Engine::new(&DEFAULT, limits_from_environment()?)?;
    let honest = Honest::of(attack, &engine)?;
    let bench = Bench { attack, transport, honest, engine, meddler: Meddler::default() };
    bench
        .honest_pair()
        .map_err(|why| anyhow::anyhow!("the honest guests do not work over {}: {why}", transport.name()))?;
    let inputs = attack.head.inputs.iter().enumerate().filter(|(number, _)| input.is_none_or(|only| only == *number));
    for (_, input) in inputs {
        tell(&Line::Begun(input.name.clone()))?;
        let (outcome, seen) = bench.attempt(input)?;
        tell(&Line::Seen(Seen { outcome, seen, input: input.name.clone() }))?;
    }
    Ok(())
}

/// The two honest guests, compiled once.
struct Honest {
    guests: [Guest; 2],
    compiled: Compiled,
}

impl Honest {
    fn of(attack: &Attack, engine: &Engine) -> anyhow::Result<Self> {
        let guests = [attack.honest(Half::Near)?, attack.honest(Half::Far)?];
        let compiled = Compiled::new(engine, &guests[0], &guests[1])?;
        Ok(Self { guests, compiled })
    }
}

/// What an attack is tried with.
struct Bench<'a> {
    attack: &'a Attack,
    transport: &'static dyn Transport,
    honest: Honest,
    engine: Engine,
    meddler: Meddler,
}

impl Bench<'_> {
    /// Tries one input; returns what came of it, and what was seen.
    fn attempt(&self, input: &Input) -> anyhow::Result<(Outcome, String)> {
        let (outcome, seen) = self.against(input)?;
        Ok(match self.honest_pair() {
            Ok(()) => (outcome, seen),
            Err(why) => (Outcome::HostHarmed, format!("an honest pair does not work any more: {why}; {seen}")),
        })
    }

    /// Whether a fresh honest pair on the same engine works.
    fn honest_pair(&self) -> Result<(), String> {
        let mut pair = self.join(&self.engine, &self.honest.compiled).map_err(|error| in_a_line(&error))?;
        [0, NEXT].into_iter().try_for_each(|number| match pair.produce(number, 1) {
            Ok(digest) if digest == expected(number) => Ok(()),
            Ok(digest) => Err(format!("message {number} is answered by {digest:#x}")),
            Err(error) => Err(in_a_line(&error)),
        })
    }

    fn join(&self, engine: &Engine, guests: &Compiled) -> Result<Box<dyn Pair>, GuestError> {
        let values = KINDS.iter().find(|kind| kind.name == MESSAGE).map(|kind| kind.lay_out);
        let task = self.attack.head.task;
        let spec = PairSpec { engine, guests, message: MESSAGE, size: 64, task, rotation: 8, seed: 0, values };
        self.transport.join(&spec)
    }

    /// Joins the hostile guest with an honest one, and lets it do what it wants.
    fn against(&self, input: &Input) -> anyhow::Result<(Outcome, String)> {
        let contained = |seen: String| Ok((Outcome::Contained, seen));
        let engine = self.engine_for(input)?;
        let guests = match self.guests(input, &engine)? {
            Ok(guests) => guests,
            Err(refused) => return contained(format!("refused: {refused}")),
        };
        let before = pages_of_marks()?;
        let stopping = self.stopping(&engine);
        let mut pair = match self.join(&engine, &guests) {
            Ok(pair) => pair,
            Err(refused) => return contained(format!("not joined: {}", in_a_line(&refused))),
        };
        let called = self.calls(&mut *pair, input);
        drop(stopping);
        let (head, now) = (&self.attack.head, pages_of_marks()?);
        let written = written(head.side.other(), head.is_answered(), [&before, &now]);
        Ok(match (called, written) {
            (Err(harm), _) | (Ok(_), Some(harm)) => (Outcome::PeerHarmed, harm),
            (Ok(seen), None) => match self.next(&mut *pair) {
                Ok(next) => (Outcome::Contained, format!("{seen}; {next}")),
                Err(harm) => (Outcome::PeerHarmed, harm),
            },
        })
    }

    /// The hostile guest of an input and an honest one, compiled; or why the hostile one is refused.
    fn guests(&self, input: &Input, engine: &Engine) -> anyhow::Result<Result<Compiled, String>> {
        let hostile = self.attack.guest(input)?;
        let [near, far] = &self.honest.guests;
        let compiled = hostile.and_then(|hostile| {
            hostile.traits()?;
            match self.attack.head.side {
                Half::Near => Compiled::new(engine, &hostile, far),
                Half::Far => Compiled::new(engine, near, &hostile),
            }
        });
        Ok(compiled.map_err(|refused| in_a_line(&refused)).and_then(|guests| {
            let traits = guests.producer.0.traits().map_err(|refused| in_a_line(&refused))?;
            self.transport.takes(&guests.consumer.0, &traits)?;
            Ok(guests)
        }))
    }

    /// Sends the attack's messages; returns what came of the last, or the harm that one of them shows.
    fn calls(&self, pair: &mut dyn Pair, input: &Input) -> Result<String, String> {
        let mut seen = String::from("nothing was sent");
        for &number in &self.attack.head.calls {
            seen = match self.call(pair, number, input) {
                Ok(digest) => match told(self.attack.head.side.other(), digest) {
                    Some(harm) => return Err(harm),
                    None => format!("the result is {digest:#x}"),
                },
                Err(error) => format!("stopped: {}", in_a_line(&error)),
            };
        }
        Ok(seen)
    }

    /// Sends a message; the attack's is changed while it is read, where the attack says so.
    fn call(&self, pair: &mut dyn Pair, number: u32, input: &Input) -> Result<u64, GuestError> {
        let moment = input.word("check").and_then(|check| check.parse().ok());
        let Some(moment) = moment.filter(|_| self.attack.head.changes && number == 1) else {
            return pair.produce(number, 1);
        };
        let words: Vec<u8> = (1..=8_u64).flat_map(u64::to_le_bytes).collect();
        self.meddler.begin(&words, Some(Change { moment, bytes: vec![0xFF; 8] }));
        let came = pair.produce(number, 1);
        self.meddler.end();
        came
    }

    /// The next honest message over the same pair: what is said of it, or the harm that it shows.
    fn next(&self, pair: &mut dyn Pair) -> Result<String, String> {
        match pair.produce(NEXT, 1) {
            Ok(digest) if digest == expected(NEXT) => Ok("the next message is right".to_owned()),
            Ok(digest) => match told(self.attack.head.side.other(), digest) {
                Some(harm) => Err(harm),
                // A hostile consumer may say what it likes.
                None if self.attack.head.side == Half::Far => Ok(format!("it answers the next message by {digest:#x}")),
                // So may a hostile requester of what it reads where its own allocator had it put.
                None if self.attack.head.is_answered() && self.attack.head.base == Base::Typed => {
                    Ok(format!("it reads {digest:#x} in the next answer"))
                }
                None => Err("the next message is answered wrongly".to_owned()),
            },
            Err(error) => Ok(format!("the pair is over: {}", in_a_line(&error))),
        }
    }

    /// The engine of the attack: the honest one, but where its guests are stopped.
    fn engine_for(&self, input: &Input) -> anyhow::Result<Engine> {
        let under = |host: &str| {
            let setting = Setting::of_host(host).ok_or_else(|| anyhow::anyhow!("there is no setting {host}"))?;
            Ok::<_, anyhow::Error>(Engine::new(setting, self.engine.limits())?)
        };
        match self.attack.head.stopper {
            None if self.attack.head.changes => Ok(self.meddler.engine(&under("wasmtime+epochs")?)),
            None => Ok(self.engine.clone()),
            Some(Stopper::Fuel) => {
                let fuel = input.word("fuel").and_then(|fuel| fuel.parse().ok());
                let fuel = fuel.ok_or_else(|| anyhow::anyhow!("{}: an input has no `fuel`", self.attack.name))?;
                Ok(under("wasmtime+fuel")?.fuelled(fuel))
            }
            Some(Stopper::Epochs) => Ok(under("wasmtime+epochs")?.ended_after(1)),
        }
    }

    /// What ends guests by an epoch while they run; until it is dropped.
    fn stopping(&self, engine: &Engine) -> Option<Sender<()>> {
        let engine = engine.wasmtime().clone();
        (self.attack.head.stopper == Some(Stopper::Epochs)).then(|| {
            let (until, dropped) = channel();
            // Again and again: where joining takes long, the first comes before there is a guest to end.
            thread::spawn(move || {
                while dropped.recv_timeout(EPOCH) == Err(RecvTimeoutError::Timeout) {
                    engine.increment_epoch();
                }
            });
            until
        })
    }
}

/// What honest guests answer to a message: the sum of its first and its last word.
const fn expected(number: u32) -> u64 {
    2 * number as u64 + 7
}

/// An error in a line; of a trap what it was.
pub fn in_a_line(error: &impl std::fmt::Display) -> String {
    const MOST: usize = 300;
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    let first = first.split_once("; error while executing").map_or(first, |(what, _)| what);
    match first.char_indices().nth(MOST) {
        Some((end, _)) => format!("{} …", first.get(..end).unwrap_or_default()),
        None => first.to_owned(),
    }
}
