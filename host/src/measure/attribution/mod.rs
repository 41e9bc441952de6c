//! What a message's time is spent on: encoding, the way, reading, each measured apart from the others.
//!
//! Of each part the empty loop is subtracted: a loop that does all that the part's own does but the part.
//! The parts are measured where caches are as warm as in the cell: what has just been written lies in the
//! first or second level, so parts that take messages from a list rotate through as many as fit there.

mod driver;
mod encode;
mod read;

use std::collections::HashMap;
use std::hash::Hash;

use weft_schemas::Task;

use super::sampling::sample;
use super::wat::WasmLoop;
use super::{Builds, Exchange, Subject, Yardstick};
use crate::guest::Codec;
use crate::run::{Attribution, Cell, Facts, MessageId, Verifier};

use driver::{Driver, nothing_to_read};
use encode::Encode;

/// Messages that are read or sent again and again fit into this many bytes, half of a small second-level cache.
const WARM_BYTES: f64 = (128 << 10) as f64;

/// The parts that were measured, in nanoseconds; cells share them.
pub struct Parts<'a> {
    builds: &'a Builds<'a>,
    verifier: &'a Verifier<'a>,
    floor: Option<&'static Codec>,
    encode: HashMap<(String, String), f64>,
    transport: HashMap<(&'static str, u32), f64>,
    read: HashMap<(String, String, Task), f64>,
    empty: Option<Empty>,
}

/// The empty loops, in nanoseconds.
#[derive(Clone, Copy)]
struct Empty {
    /// A producer that encodes nothing, whose `send` returns at once.
    encode: f64,
    /// A loop that calls nothing.
    transport: f64,
    /// The driver over a consumer that reads nothing.
    read: f64,
}

impl<'a> Parts<'a> {
    /// Nothing is measured yet. Without a codec that is the floor, nothing will be.
    pub fn new(builds: &'a Builds<'a>, verifier: &'a Verifier<'a>, codecs: &'static [Codec]) -> Self {
        let floor = Codec::floor(codecs);
        let (encode, transport, read) = Default::default();
        Self { builds, verifier, floor, encode, transport, read, empty: None }
    }

    /// Splits the time of a cell. None without a floor.
    ///
    /// # Errors
    /// Where a guest fails.
    pub fn attribute(
        &mut self,
        cell: &Cell,
        facts: &Facts,
        nanoseconds: f64,
        yardstick: &mut Yardstick,
    ) -> anyhow::Result<Option<Attribution>> {
        let Some(floor) = self.floor else { return Ok(None) };
        let empty = self.empty(floor, yardstick)?;
        let encode = self.encode(cell, yardstick)? - empty.encode;
        let transport = self.transport(floor, cell, facts.wire_bytes, yardstick)? - empty.transport;
        let read = self.read(cell, yardstick)? - empty.read;
        let [encode, transport, read] = [encode, transport, read].map(|part| part.max(0.0));
        Ok(Some(Attribution { encode, transport, read, residual: nanoseconds - encode - transport - read }))
    }

    fn empty(&mut self, floor: &'static Codec, yardstick: &mut Yardstick) -> anyhow::Result<Empty> {
        if let Some(empty) = self.empty {
            return Ok(empty);
        }
        let message: MessageId = "blob@64".parse().map_err(anyhow::Error::msg)?;
        let mut measure = |subject: &mut dyn Subject| Ok::<_, anyhow::Error>(sample(subject, yardstick)?.median);
        let empty = Empty {
            encode: measure(&mut Encode::new(self.builds, floor, message)?)?,
            transport: measure(&mut WasmLoop::empty(self.builds.engine())?)?,
            read: measure(&mut nothing_to_read(self.builds.engine())?)?,
        };
        self.empty = Some(empty);
        Ok(empty)
    }

    /// The producer with a `send` that returns at once.
    fn encode(&mut self, cell: &Cell, yardstick: &mut Yardstick) -> anyhow::Result<f64> {
        let key = (cell.codec.name.clone(), cell.message.to_string());
        self.measured(
            yardstick,
            |parts| &mut parts.encode,
            key,
            |parts| Ok(Box::new(Encode::new(parts.builds, cell.codec, cell.message)?)),
        )
    }

    /// The floor at the wire's size.
    fn transport(
        &mut self,
        floor: &'static Codec,
        cell: &Cell,
        wire_bytes: f64,
        yardstick: &mut Yardstick,
    ) -> anyhow::Result<f64> {
        let size = (wire_bytes.round() as u32).max(1);
        let key = (cell.transport.name(), size);
        self.measured(
            yardstick,
            |parts| &mut parts.transport,
            key,
            |parts| {
                let message = format!("blob@{size}").parse().map_err(anyhow::Error::msg)?;
                let way = Cell { message, task: Task::Peek, codec: floor, transport: cell.transport };
                let expected = parts.verifier.expected(message, Task::Peek, true)?.first(warm_rotation(wire_bytes));
                Ok(Box::new(Exchange::new(&way, parts.builds, expected.into())?))
            },
        )
    }

    /// The consumer on bytes that are there.
    fn read(&mut self, cell: &Cell, yardstick: &mut Yardstick) -> anyhow::Result<f64> {
        let key = (cell.codec.name.clone(), cell.message.to_string(), cell.task);
        self.measured(
            yardstick,
            |parts| &mut parts.read,
            key,
            |parts| {
                let expected = parts.verifier.expected(cell.message, cell.task, cell.is_floor())?;
                Ok(Box::new(Driver::of(cell, parts.builds, &expected)?))
            },
        )
    }

    /// The time of a part that is measured when it is first asked for.
    fn measured<K: Eq + Hash>(
        &mut self,
        yardstick: &mut Yardstick,
        cache: impl Fn(&mut Self) -> &mut HashMap<K, f64>,
        key: K,
        make: impl FnOnce(&Self) -> anyhow::Result<Box<dyn Subject>>,
    ) -> anyhow::Result<f64> {
        if let Some(time) = cache(self).get(&key) {
            return Ok(*time);
        }
        let mut subject = make(self)?;
        let time = sample(&mut *subject, yardstick)?.median;
        cache(self).insert(key, time);
        Ok(time)
    }
}

/// How many messages of a size are warm at once, at least 1.
fn warm_rotation(bytes: f64) -> u32 {
    ((WARM_BYTES / bytes.max(1.0)) as u32).max(1)
}
