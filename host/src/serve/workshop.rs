//! What weft's own host has at hand in a round: guests by name, each compiled once.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use weft_link::Engine;
use weft_link::guest::{Compiled, Guest, GuestError, GuestName, Precompiled, Side};

use super::Refusal;
use crate::exact::{Metering, metered};
use crate::guests::File;
use crate::protocol;

/// A codec of the round.
pub struct Codec {
    /// Its guests, the producer first; baselines are no guests by the ABI and have bytes only.
    pub guests: Option<[Guest; 2]>,
    /// Whether it is the floor.
    pub floor: bool,
    /// Its files' content, the producer's first.
    pub wasm: (Vec<u8>, Option<Vec<u8>>),
    precompiled: Option<Precompiled>,
    placements: HashMap<u32, Rc<Compiled>>,
    metered: HashMap<Metering, Arc<Compiled>>,
}

impl Codec {
    /// Reads the files of a round's guest.
    ///
    /// # Errors
    /// Where a file is missing or another one.
    pub fn read(asked: &protocol::Guest) -> anyhow::Result<Self> {
        Self::of(asked, [Side::Producer, Side::Consumer], &asked.producer, asked.consumer.as_ref())
    }

    /// Reads the files for the task `reply`; none where the round names none.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn replying(asked: &protocol::Guest) -> anyhow::Result<Option<Self>> {
        let sides = [Side::Requester, Side::Replier];
        let read = |near: &File| Self::of(asked, sides, near, asked.replier.as_ref());
        asked.requester.as_ref().map(read).transpose()
    }

    fn of(asked: &protocol::Guest, sides: [Side; 2], producer: &File, consumer: Option<&File>) -> anyhow::Result<Self> {
        let producer = producer.content()?;
        let consumer = consumer.map(File::content).transpose()?;
        let [near, far] = sides.map(|side| GuestName { codec: asked.name.clone(), side });
        let near = Guest::read(near, &producer);
        let far = consumer.as_ref().map(|wasm| Guest::read(far, wasm));
        let guests = match (near, far) {
            (Ok(near), Some(Ok(far))) => Some([near, far]),
            _ => None,
        };
        let (precompiled, placements, metered) = Default::default();
        Ok(Self { guests, floor: asked.floor, wasm: (producer, consumer), precompiled, placements, metered })
    }

    /// Its two guests.
    ///
    /// # Errors
    /// Where they do not keep to the ABI.
    pub fn guests(&self) -> Result<[&Guest; 2], Refusal> {
        match &self.guests {
            Some([producer, consumer]) => Ok([producer, consumer]),
            None => Err(Refusal::Failed("its guests do not keep to the ABI (docs/ABI.md)".to_owned())),
        }
    }

    /// A placement of its guests, compiled when they are first asked for. Placements stay, so that each lies on pages of
    /// its own.
    ///
    /// # Errors
    /// Where the engine refuses a module.
    pub fn placed(&mut self, engine: &Engine, placement: u32) -> Result<Rc<Compiled>, Refusal> {
        if let Some(compiled) = self.placements.get(&placement) {
            return Ok(Rc::clone(compiled));
        }
        let failed = |error: GuestError| Refusal::Failed(error.to_string());
        let precompiled = match self.precompiled.take() {
            Some(precompiled) => precompiled,
            None => {
                let [producer, consumer] = self.guests()?;
                Precompiled::new(engine, producer, consumer).map_err(failed)?
            }
        };
        let compiled = Rc::new(precompiled.place(engine).map_err(failed)?);
        self.precompiled = Some(precompiled);
        self.placements.insert(placement, Rc::clone(&compiled));
        Ok(compiled)
    }

    /// Its guests, metered and compiled when they are first asked for.
    ///
    /// # Errors
    /// Where a guest cannot be metered.
    pub fn metered(&mut self, engine: &Engine, metering: Metering) -> Result<Arc<Compiled>, Refusal> {
        if let Some(metered) = self.metered.get(&metering) {
            return Ok(Arc::clone(metered));
        }
        let compiled = metered(engine, self.guests()?, metering);
        let compiled = Arc::new(compiled.map_err(|error| Refusal::Failed(error.to_string()))?);
        self.metered.insert(metering, Arc::clone(&compiled));
        Ok(compiled)
    }
}
