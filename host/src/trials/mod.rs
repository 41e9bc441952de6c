//! What every codec is put through, by `weft verify --codec` and by the tests of all codecs: it returns the right digests, whatever a message
//! holds and whichever transport it takes, and does no harm whatever it is given.
//!
//! Guests run with fuel: what one may execute has a budget, so that a guest that never returns is a finding, not a hang.

mod budget;
mod capacity;
mod copies;
mod digests;
mod edges;
mod explained;
mod exports;
mod joined;
mod malform;
mod malformed;
mod memory;
mod places;
mod repeated;
mod replies;
mod subject;
mod sums;
mod trace;
mod trailing;
mod units;
mod verdict;

use weft_link::guest::{Compiled, Guest, Validation};
use weft_link::transport::{Transport, by_name};
use weft_link::{Engine, Limits, PairSpec, Setting};
use weft_schemas::{KINDS, Kind, Outcome, Task, blob};

pub use budget::OVER;
pub use malform::malformed;
pub use malformed::{Answers, Tried, answers, small};
pub use subject::{Place, Subject};
pub use units::in_parallel;
pub use verdict::{Finding, Verdict};

use crate::cell::{Cell, MessageId};
use crate::guests::Codec;

/// A codec on trial.
pub struct Trials<'a> {
    /// The codec.
    pub codec: &'a Codec,
    engine: Engine,
    guests: Compiled,
    /// The guests of the task `reply`, where it has any.
    replying: Option<Compiled>,
    /// What messages each kind is sent in.
    sizes: Vec<MessageId>,
    tracer: trace::Tracer,
}

/// A trial.
pub struct Trial {
    /// Its name.
    pub name: &'static str,
    /// What a codec must do, in a few words.
    pub about: &'static str,
    /// Whether it is about the bytes of messages, which typed ones have none of.
    is_of_bytes: bool,
    conduct: fn(&Trials<'_>) -> Verdict,
}

/// All trials, in the order in which a codec is put through them.
pub const TRIALS: [Trial; 11] = [
    Trial::new("exports", "every message and task, or a reason", exports::conduct),
    Trial::new("digests", "every size on linked, every task on every transport", digests::conduct),
    Trial::new("replies", "every answer, on every transport; broken bytes to the replier", replies::conduct),
    Trial::new("edges", "lengths 0, 1, odd, many; texts and numbers at their ends", edges::conduct),
    Trial::new("repeated", "the same value gives the same bytes", repeated::conduct).of_bytes(),
    Trial::new("capacity", "a region too small is a status", capacity::conduct),
    Trial::new("places", "a message where none may lie is a status", places::conduct).of_bytes(),
    Trial::new("trailing", "bytes behind a message are refused, or a trait", trailing::conduct).of_bytes(),
    Trial::new("malformed", "broken bytes are a status or a digest, within a budget", malformed::conduct).of_bytes(),
    Trial::new("memory", "100 000 messages, or a second of them, without growth", memory::conduct),
    Trial::new("copies", "the payload can be found where it is copied", copies::conduct),
];

impl Trial {
    const fn new(name: &'static str, about: &'static str, conduct: fn(&Trials<'_>) -> Verdict) -> Self {
        Self { name, about, is_of_bytes: false, conduct }
    }

    const fn of_bytes(self) -> Self {
        Self { is_of_bytes: true, ..self }
    }

    /// Puts a codec through it.
    pub fn conduct(&self, trials: &Trials<'_>) -> Verdict {
        if self.is_of_bytes && trials.codec.traits.is_typed() {
            return Verdict::Unknown("its messages are typed records, which the engine's adapter checks".to_owned());
        }
        (self.conduct)(trials)
    }
}

impl<'a> Trials<'a> {
    /// The trials of a codec whose messages come in these sizes.
    ///
    /// # Errors
    /// Where its guests cannot be compiled.
    pub fn of(codec: &'a Codec, sizes: Vec<MessageId>, limits: Limits) -> anyhow::Result<Self> {
        let engine = fuelled(limits)?;
        let guests = Compiled::new(&engine, &codec.producer, &codec.consumer)?;
        let replying = codec.replying.as_ref();
        let replying = replying.map(|guests| Compiled::new(&engine, &guests.requester, &guests.replier)).transpose()?;
        Ok(Self { codec, engine, guests, replying, sizes, tracer: trace::Tracer::default() })
    }

    /// With a consumer that records what its digests take (`weft-guest/trace`), where it is not to be built when a digest is wrong.
    #[must_use]
    pub fn recorded_by(self, consumer: Guest) -> Self {
        Self { tracer: trace::Tracer::with(consumer), ..self }
    }

    /// The kinds and tasks that it supports one way.
    fn cells(&self) -> Vec<(&'static Kind, Task)> {
        self.of_tasks(&Task::ONE_WAY)
    }

    /// The kinds that it supports with each of these tasks.
    fn of_tasks(&self, tasks: &[Task]) -> Vec<(&'static Kind, Task)> {
        let all = KINDS.iter().flat_map(|kind| tasks.iter().map(move |task| (kind, *task)));
        all.filter(|(kind, task)| self.codec.supports(kind.name, *task).is_ok()).collect()
    }

    /// Whether it has a cell with this message and task over a transport that works here.
    fn has(&self, message: MessageId, task: Task, transport: &dyn Transport) -> bool {
        let cell = Cell::new(message, task, &self.codec.name, transport.name());
        transport.supported().is_ok() && self.codec.supports_cell(&cell).is_ok()
    }

    /// This transport, or for typed messages the one that all of them can take.
    fn over(&self, name: &str) -> Option<&'static dyn Transport> {
        by_name(if self.codec.traits.is_typed() { "component" } else { name })
    }

    /// A task for each kind that it supports.
    fn kinds(&self) -> Vec<(&'static Kind, Task)> {
        let mut kinds = self.cells();
        kinds.dedup_by_key(|(kind, _)| kind.name);
        kinds
    }

    /// The sizes of a kind, from the smallest.
    fn sizes(&self, kind: &Kind) -> Vec<MessageId> {
        let mut sizes: Vec<_> = self.sizes.iter().copied().filter(|message| message.kind.name == kind.name).collect();
        sizes.sort();
        sizes
    }

    /// What is joined to send this, on an engine whose fuel is the budget for it.
    fn with<R>(&self, sent: Sent, work: impl FnOnce(&PairSpec<'_>) -> R) -> R {
        let Sent { message: MessageId { kind, size }, task, seed, rotation } = sent;
        let engine = self.engine.fuelled(budget::of(sent));
        let guests = self.replying.as_ref().filter(|_| task == Task::Reply).unwrap_or(&self.guests);
        let (task, values) = (task.name(), Some(kind.lay_out));
        work(&PairSpec { engine: &engine, guests, message: kind.name, size, task, rotation, seed, values })
    }

    /// The digest that message `index` must return.
    fn digest(&self, sent: Sent, index: u32) -> Outcome {
        let digest = if self.codec.is_floor() { blob::floor_digest } else { sent.message.kind.digest };
        digest(sent.seed, index, sent.message.size, sent.task)
    }

    /// Whether it must bear malformed bytes: where it says that it checks nothing, it need not, unless it is the floor.
    pub fn must_bear(codec: &Codec) -> bool {
        let checks = codec.traits.validates != Some(Validation::None) || codec.is_floor();
        // Nobody hands typed messages over unchecked.
        checks && !codec.traits.is_typed()
    }
}

/// An engine that counts what a guest executes: a limit without a clock. Its stores begin with what any pair of guests may execute.
///
/// # Errors
/// Where wasmtime does not support this machine.
pub fn fuelled(limits: Limits) -> anyhow::Result<Engine> {
    let setting = Setting::of_host("wasmtime+fuel").ok_or_else(|| anyhow::anyhow!("no setting counts fuel"))?;
    Ok(Engine::new(setting, limits)?.fuelled(budget::BASE))
}

/// What is sent.
#[derive(Clone, Copy, Debug)]
struct Sent {
    message: MessageId,
    task: Task,
    seed: u64,
    rotation: u32,
}
