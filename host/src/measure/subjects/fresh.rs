//! An instance for each message: what platforms pay that make one for every call.

use std::time::{Duration, Instant};

use anyhow::ensure;
use weft_link::Engine;
use weft_link::guest::{Compiled, Guest, Isolated, Precompiled, listen};
use weft_schemas::Task;

use crate::cell::{Cell, MessageId};
use crate::measure::Subject;
use crate::verify::{Expectations, spec};

/// Instantiating a consumer that is compiled, handing it one `log@1` (task `own`), and dropping it.
pub struct Fresh {
    engine: Engine,
    guests: Compiled,
    cell: Cell,
    /// The message as its producer encodes it.
    wire: Vec<u8>,
    digest: u64,
}

impl Fresh {
    /// Compiles the guests, producer and consumer, and lets the producer encode the message.
    ///
    /// # Errors
    /// Where the engine refuses a guest, or the producer fails.
    pub fn new(engine: &Engine, guests: [&Guest; 2]) -> anyhow::Result<Self> {
        let message: MessageId = "log@1".parse().map_err(anyhow::Error::msg)?;
        let digest = Expectations::default().of(message, Task::Own, false)?.sum(0, 1);
        let cell = Cell::new(message, Task::Own, &guests[0].name.codec, "direct");
        let guests = Precompiled::new(engine, guests[0], guests[1])?.place(engine)?;
        let wire = listen(&spec(&cell, engine, &guests, 1), Vec::new(), |wire, message| wire.extend(message))?;
        Ok(Self { engine: engine.clone(), guests, cell, wire, digest })
    }

    fn once(&self) -> anyhow::Result<()> {
        let len = u32::try_from(self.wire.len())?;
        let mut far = Isolated::new(&spec(&self.cell, &self.engine, &self.guests, 1))?;
        far.allocate(len)?;
        far.place(len).copy_from_slice(&self.wire);
        let digest = far.receive_placed(len)?;
        ensure!(digest.cast_unsigned() == self.digest, "the message's digest is wrong in a fresh instance");
        Ok(())
    }
}

impl Subject for Fresh {
    fn time(&mut self, iterations: u64) -> anyhow::Result<Duration> {
        let start = Instant::now();
        for _ in 0..iterations {
            self.once()?;
        }
        Ok(start.elapsed())
    }
}
