//! A codec's consumer, and a producer that sends it the bytes that it is handed.

use std::sync::{Mutex, PoisonError};

use anyhow::{Context, anyhow};
use weft_link::guest::{Compiled, Guest, GuestName, Side, listen};
use weft_link::transport::Transport;
use weft_link::{Engine, LayOut, Pair, PairSpec};
use weft_schemas::{KINDS, Task, blob};

use crate::attack::forms::assemble;
use crate::attack::hostile::base;
use crate::cell::{MessageId, SEED};
use crate::guests::{Codec, catalog};
use crate::trials::small;

/// The messages of a rotation.
const ROTATION: u32 = 8;

/// What is handed to the producer.
static INPUTS: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

/// The codec with this name, built.
///
/// # Errors
/// Where there is none, or it cannot be built.
pub fn codec(name: &str) -> anyhow::Result<Codec> {
    let found = catalog(|known| known == name)?.into_iter().find(|found| found.name == name);
    found.with_context(|| format!("there is no codec {name}"))
}

/// Reads one kind of message of a codec over a transport.
pub struct Reading<'a> {
    pub engine: &'a Engine,
    pub codec: &'a Codec,
    pub transport: &'a dyn Transport,
    pub message: MessageId,
    pub task: Task,
    guests: Compiled,
}

impl<'a> Reading<'a> {
    /// Of each kind of message the smallest that is malformed, with so many of the tasks that the codec supports: `own`, then `scan`.
    ///
    /// # Errors
    /// Where the codec's guests cannot be compiled.
    pub fn all(
        engine: &'a Engine,
        codec: &'a Codec,
        transport: &'a dyn Transport,
        tasks: usize,
    ) -> anyhow::Result<Vec<Self>> {
        let guests = Compiled::new(engine, &codec.producer, &codec.consumer)?;
        let mut all = Vec::new();
        for message in KINDS.iter().filter_map(|kind| small(kind).into_iter().next()) {
            let supported = |task: &Task| codec.supports(message.kind.name, *task).is_ok();
            let tasks = [Task::Own, Task::Scan].into_iter().filter(supported).take(tasks);
            all.extend(tasks.map(|task| Self { engine, codec, transport, message, task, guests: guests.clone() }));
        }
        Ok(all)
    }

    /// The messages of a rotation, as the codec's own producer sends them.
    ///
    /// # Errors
    /// Where it fails, or sends nothing.
    pub fn wire(&self) -> anyhow::Result<Vec<Vec<u8>>> {
        let spec = self.spec(self.engine, &self.guests, ROTATION, self.message.kind.lay_out);
        let sent = listen(&spec, Vec::new(), |sent: &mut Vec<Vec<u8>>, message| sent.push(message.to_vec()))?;
        anyhow::ensure!(!sent.is_empty(), "its producer sends nothing");
        Ok(sent)
    }

    /// The digest of a message of the rotation.
    ///
    /// # Errors
    /// Where it has none.
    pub fn digest(&self, number: usize) -> anyhow::Result<u64> {
        let digest = if self.codec.is_floor() { blob::floor_digest } else { self.message.kind.digest };
        digest(SEED, number as u32, self.message.size, self.task).map_err(|status| anyhow!("{status}"))
    }

    /// The codec's consumer and the producer that sends what it is handed, compiled.
    ///
    /// # Errors
    /// Where it is no guest.
    pub fn guests(&self) -> anyhow::Result<Compiled> {
        let text = assemble(&base("malformed.producer")?.replace("{message}", self.message.kind.name), "");
        let name = GuestName { codec: "hostile".to_owned(), side: Side::Producer };
        let hostile = Guest::read(name, text.map_err(anyhow::Error::msg)?.as_bytes())?;
        let module = hostile.compile(self.engine)?;
        Ok(Compiled { producer: (hostile, module), consumer: self.guests.consumer.clone() })
    }

    /// Joins [`Self::guests`]: message number n is the n-th of these inputs. The engine is this reading's, or one like it.
    ///
    /// # Errors
    /// Where they cannot be joined.
    pub fn join(&self, engine: &Engine, guests: &Compiled, inputs: Vec<Vec<u8>>) -> anyhow::Result<Box<dyn Pair>> {
        let count = inputs.len() as u32;
        *INPUTS.lock().unwrap_or_else(PoisonError::into_inner) = inputs;
        Ok(self.transport.join(&self.spec(engine, guests, count, |_, number, _, out| {
            let inputs = INPUTS.lock().unwrap_or_else(PoisonError::into_inner);
            out.extend(inputs.get(number as usize).into_iter().flatten());
        }))?)
    }

    fn spec<'b>(&self, engine: &'b Engine, guests: &'b Compiled, rotation: u32, values: LayOut) -> PairSpec<'b> {
        let MessageId { kind, size } = self.message;
        let (task, values) = (self.task.name(), Some(values));
        PairSpec { engine, guests, message: kind.name, size, task, rotation, seed: SEED, values }
    }
}
