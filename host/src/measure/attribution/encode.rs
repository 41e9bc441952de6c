//! *encode*: a producer whose `send` returns at once.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use wasmtime::{Instance, Module, Store};
use weft_schemas::Task;

use crate::guest::{Codec, Producer, memory};
use crate::measure::{Builds, PAIRS, Subject};
use crate::run::{MessageId, SEED};
use crate::transport::PairSpec;

/// A `send` that takes a message and does nothing with it.
const SEND: &str = r#"(module (func (export "send") (param i32 i32) (result i64) (i64.const 0)))"#;

/// Producers that send to nobody.
pub struct Encode(Vec<Alone>);

struct Alone {
    store: Store<()>,
    producer: Producer,
    rotation: u32,
    next: u32,
}

impl Encode {
    /// Instantiates a codec's producers and prepares their messages.
    pub fn new(builds: &Builds<'_>, codec: &'static Codec, message: MessageId) -> anyhow::Result<Self> {
        let alone = |build| {
            let guests = builds.get(codec, build)?;
            let (engine, rotation) = (builds.engine(), message.rotation());
            // A producer does the same for every task.
            let spec = PairSpec { engine, guests: &guests, message, task: Task::Peek, rotation, seed: SEED };
            let mut store = Store::new(engine, ());
            let sink = Instance::new(&mut store, &Module::new(engine, SEND)?, &[])?;
            let send = sink.get_func(&mut store, "send").context("the sink has no function")?;
            let guest = &guests.producer.0;
            let memory = memory(&mut store, &guest.name, guest.memory_pages)?;
            let producer = Producer::new(&mut store, &spec, memory, send)?;
            producer.prepare(&mut store, &spec)?;
            Ok(Alone { store, producer, rotation, next: 0 })
        };
        Ok(Self((0..PAIRS).map(alone).collect::<anyhow::Result<_>>()?))
    }
}

impl Subject for Encode {
    fn time(&mut self, pair: usize, iterations: u64) -> anyhow::Result<Duration> {
        let Alone { store, producer, rotation, next } = &mut self.0[pair];
        let count = u32::try_from(iterations)?;
        let start = Instant::now();
        let sum = producer.produce(store, (*next, count), |_, status| producer.status(status))?;
        let elapsed = start.elapsed();
        ensure!(sum == 0, "a `send` that returns 0 made the sum {sum}");
        *next = ((u64::from(*next) + iterations) % u64::from(*rotation)) as u32;
        Ok(elapsed)
    }
}
