//! *encode*: a producer whose `send` returns at once.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use wasmtime::{Instance, Module};
use weft_link::guest::{Producer, memory};
use weft_link::{PairSpec, Store};

use crate::measure::Subject;

/// A `send` that takes a message and does nothing with it.
const SEND: &str = r#"(module (func (export "send") (param i32 i32) (result i64) (i64.const 0)))"#;

/// A producer that sends to nobody.
pub struct Encode {
    store: Store<()>,
    producer: Producer,
    rotation: u32,
    next: u32,
}

impl Encode {
    /// Instantiates a producer and prepares its messages. (It does the same for every task.)
    ///
    /// # Errors
    /// Where the producer fails.
    pub fn new(spec: &PairSpec<'_>) -> anyhow::Result<Self> {
        let mut store = spec.engine.store(());
        let sink = Instance::new(&mut store, &Module::new(spec.engine.wasmtime(), SEND)?, &[])?;
        let send = sink.get_func(&mut store, "send").context("the sink has no function")?;
        let guest = &spec.guests.producer.0;
        let memory = memory(&mut store, &guest.name, guest.memory_pages)?;
        let producer = Producer::new(&mut store, spec, memory, send)?;
        producer.prepare(&mut store, spec)?;
        Ok(Self { store, producer, rotation: spec.rotation, next: 0 })
    }
}

impl Subject for Encode {
    fn time(&mut self, iterations: u64) -> anyhow::Result<Duration> {
        let Self { store, producer, rotation, next } = self;
        let count = u32::try_from(iterations)?;
        let start = Instant::now();
        let sum = producer.produce(store, (*next, count), |_, status| producer.status(status))?;
        let elapsed = start.elapsed();
        ensure!(sum == 0, "a `send` that returns 0 made the sum {sum}");
        *next = ((u64::from(*next) + iterations) % u64::from(*rotation)) as u32;
        Ok(elapsed)
    }

    fn rotation(&self) -> u32 {
        self.rotation
    }
}
