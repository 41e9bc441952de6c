//! What it takes until the first message is delivered: compiling, instantiating, linking.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use wasmtime::{Engine, Module};
use weft_schemas::Task;

use super::Subject;
use crate::guest::{Codec, Compiled};
use crate::run::{MessageId, SEED, Verifier};
use crate::transport::{self, PairSpec};

/// The codec whose pair is set up: of all that carry logs, the one with the most wasm, so that the
/// figures promise too little rather than too much.
pub fn setup_codec(codecs: &'static [Codec]) -> Option<&'static Codec> {
    let size = |codec: &&Codec| codec.producer.wasm.len() + codec.consumer.wasm.len();
    codecs.iter().filter(|codec| codec.supports("log", "own").is_ok()).max_by_key(size)
}

/// Which part of the set-up is timed.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// Compiling both guests.
    Compile,
    /// Compiling both, instantiating, linking, and the first message.
    Cold,
    /// The same from precompiled modules.
    Precompiled,
}

/// The set-up of one pair over `direct`, to the first `log@1` delivered (task `own`).
pub struct Setup {
    engine: Engine,
    codec: &'static Codec,
    message: MessageId,
    first_digest: u64,
    precompiled: (Vec<u8>, Vec<u8>),
    part: Part,
}

impl Setup {
    /// Precompiles the codec's guests.
    pub fn new(engine: &Engine, codec: &'static Codec, part: Part) -> anyhow::Result<Self> {
        let message: MessageId = "log@1".parse().map_err(anyhow::Error::msg)?;
        let first_digest = Verifier::new(engine).expected(message, Task::Own, false)?.sum(0, 1);
        let precompiled =
            (engine.precompile_module(&codec.producer.wasm)?, engine.precompile_module(&codec.consumer.wasm)?);
        Ok(Self { engine: engine.clone(), codec, message, first_digest, precompiled, part })
    }

    fn once(&self) -> anyhow::Result<()> {
        match self.part {
            Part::Compile => drop(Compiled::new(&self.engine, self.codec)?),
            Part::Cold => self.deliver(&Compiled::new(&self.engine, self.codec)?)?,
            Part::Precompiled => self.deliver(&self.load()?)?,
        }
        Ok(())
    }

    fn load(&self) -> anyhow::Result<Compiled> {
        let (producer, consumer) = &self.precompiled;
        let load = |bytes| deserialize(&self.engine, bytes);
        Ok(Compiled {
            producer: (self.codec.producer.clone(), load(producer)?),
            consumer: (self.codec.consumer.clone(), load(consumer)?),
        })
    }

    /// One prepared message: its regions are the smallest there are, 64 KiB.
    fn deliver(&self, guests: &Compiled) -> anyhow::Result<()> {
        let direct = transport::by_name("direct").context("there is no transport `direct`")?;
        let (engine, message) = (&self.engine, self.message);
        let spec = PairSpec { engine, guests, message, task: Task::Own, rotation: 1, seed: SEED };
        let digest = direct.join(&spec)?.produce(0, 1)?;
        ensure!(digest == self.first_digest, "the first message's digest is wrong");
        Ok(())
    }
}

#[allow(unsafe_code, reason = "the one place that loads precompiled modules")]
fn deserialize(engine: &Engine, bytes: &[u8]) -> wasmtime::Result<Module> {
    // SAFETY: the bytes come from `Engine::precompile_module` of this very engine, in `Setup::new`.
    unsafe { Module::deserialize(engine, bytes) }
}

impl Subject for Setup {
    fn time(&mut self, _pair: usize, iterations: u64) -> anyhow::Result<Duration> {
        let start = Instant::now();
        for _ in 0..iterations {
            self.once()?;
        }
        Ok(start.elapsed())
    }
}
