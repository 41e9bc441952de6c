//! What it takes until the first message is delivered: compiling, instantiating, linking.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use weft_link::guest::{Compiled, Guest, Precompiled};
use weft_link::{Engine, transport};
use weft_schemas::Task;

use crate::cell::{Cell, MessageId};
use crate::measure::Subject;
use crate::verify::{Expectations, spec};

/// Which part of the set-up is timed.
#[derive(Clone, Copy, Debug)]
pub enum SetupPart {
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
    guests: [Guest; 2],
    cell: Cell,
    first_digest: u64,
    precompiled: Precompiled,
    part: SetupPart,
}

impl Setup {
    /// Precompiles the guests, producer and consumer.
    ///
    /// # Errors
    /// Where the engine refuses one.
    pub fn new(engine: &Engine, guests: [&Guest; 2], part: SetupPart) -> anyhow::Result<Self> {
        let message: MessageId = "log@1".parse().map_err(anyhow::Error::msg)?;
        let first_digest = Expectations::default().of(message, Task::Own, false)?.sum(0, 1);
        let precompiled = Precompiled::new(engine, guests[0], guests[1])?;
        let cell = Cell::new(message, Task::Own, &guests[0].name.codec, "direct");
        let (engine, guests) = (engine.clone(), guests.map(Guest::clone));
        Ok(Self { engine, guests, cell, first_digest, precompiled, part })
    }

    fn compile(&self) -> anyhow::Result<Compiled> {
        Ok(Compiled::new(&self.engine, &self.guests[0], &self.guests[1])?)
    }

    fn once(&self) -> anyhow::Result<()> {
        match self.part {
            SetupPart::Compile => drop(self.compile()?),
            SetupPart::Cold => self.deliver(&self.compile()?)?,
            SetupPart::Precompiled => self.deliver(&self.precompiled.place(&self.engine)?)?,
        }
        Ok(())
    }

    /// One prepared message: its regions are the smallest there are, 64 KiB.
    fn deliver(&self, guests: &Compiled) -> anyhow::Result<()> {
        let direct = transport::by_name(&self.cell.transport).context("there is no transport `direct`")?;
        let digest = direct.join(&spec(&self.cell, &self.engine, guests, 1))?.produce(0, 1)?;
        ensure!(digest == self.first_digest, "the first message's digest is wrong");
        Ok(())
    }
}

impl Subject for Setup {
    fn time(&mut self, iterations: u64) -> anyhow::Result<Duration> {
        let start = Instant::now();
        for _ in 0..iterations {
            self.once()?;
        }
        Ok(start.elapsed())
    }
}
