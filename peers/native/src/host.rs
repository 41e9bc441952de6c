//! The host: what `weft::serve` asks of it.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Context;
use weft::cell::{Cell, Figure};
use weft::measure::{Subject, Work, clock, native_work};
use weft::protocol::{Engine, Greeting, Known, PROTOCOL, Purpose, Round, TransportKnown};
use weft::serve::{Asked, Host, Refusal};
use weft::verify::{Expected, Verified};
use weft_link::guest::{GuestName, Side};
use weft_link::transport::Isolation;
use weft_schemas::Task;

use crate::{Exchange, GuestFile, NativeError, Pair, PairSpec};

/// The host `native`, or its variant with the machine's allocator.
pub struct Native {
    name: String,
    seed: u64,
    memory_bytes: usize,
    guests: HashMap<String, [GuestFile; 2]>,
}

impl Native {
    /// A host of this name with no guests yet.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), seed: 0, memory_bytes: 0, guests: HashMap::new() }
    }

    fn pair(&self, cell: &Cell, guests: &str, rotation: u32) -> Result<Pair, Refusal> {
        if cell.transport != "linked" {
            return Err(Refusal::Unsupported(format!(
                "native guests are linked, and `{}` is no way to",
                cell.transport
            )));
        }
        let [producer, consumer] = self
            .guests
            .get(guests)
            .ok_or_else(|| Refusal::Unsupported(format!("the round has no native guests of `{guests}`")))?;
        let (message, task, seed, memory_bytes) = (cell.message, cell.task, self.seed, self.memory_bytes);
        let spec = PairSpec { producer, consumer, message, task, rotation, seed, memory_bytes };
        Pair::join(&spec).map_err(|error| match error {
            NativeError::Unsupported { .. } => Refusal::Unsupported(error.to_string()),
            _ => Refusal::Failed(error.to_string()),
        })
    }
}

/// A task as a greeting has it.
fn known(task: Task) -> Known {
    let one_way = "native guests are linked by a function pointer that brings a digest back, and no answer";
    let unsupported = (task == Task::Reply).then(|| one_way.to_owned());
    Known { name: task.name().to_owned(), unsupported }
}

impl Host for Native {
    fn greeting(&self) -> Greeting {
        let limits = match self.name.contains("glibc") {
            true => "no limit binds",
            false => "of the limits only memory binds",
        };
        let engine = Engine {
            name: "native code".to_owned(),
            version: env!("WEFT_NATIVE_RUSTC").to_owned(),
            settings: format!("{}, target-cpu of the target's default, {limits}", std::env::consts::ARCH),
            features: Vec::new(),
        };
        let linked = TransportKnown { name: "linked".to_owned(), isolation: Isolation::None, unsupported: None };
        Greeting {
            protocol: PROTOCOL,
            name: self.name.clone(),
            engine,
            guests: "cdylib".to_owned(),
            transports: vec![linked],
            tasks: Task::ALL.map(known).into(),
            purposes: vec![Purpose::Verify, Purpose::Measure],
            figures: vec!["cell".to_owned()],
            clock: clock(),
        }
    }

    fn begin(&mut self, round: &Round) -> anyhow::Result<()> {
        self.seed = round.seed;
        self.memory_bytes = round.limits.memory_bytes;
        self.guests.clear();
        for guest in &round.guests {
            let consumer = guest.consumer.as_ref().with_context(|| format!("`{}` has no consumer", guest.name))?;
            let read = |side, file: &weft::guests::File| {
                GuestFile::read(GuestName { codec: guest.name.clone(), side }, &file.path, &file.sha256)
            };
            let files = [read(Side::Producer, &guest.producer)?, read(Side::Consumer, consumer)?];
            self.guests.insert(guest.name.clone(), files);
        }
        Ok(())
    }

    /// It runs no WebAssembly: its yardstick does the work of the round's module natively.
    fn yardstick(&mut self, _: &Round) -> anyhow::Result<Work> {
        Ok(native_work())
    }

    fn subject(&mut self, asked: Asked<'_>, expected: Option<Arc<Expected>>) -> Result<Box<dyn Subject>, Refusal> {
        let (Figure::Cell(cell), Some(expected)) = (asked.figure, expected) else {
            return Err(Refusal::Unsupported(format!("this host does not measure {}", asked.figure)));
        };
        // Each pair loads a copy of its guests, so each lies on pages of its own.
        let pair = self.pair(cell, asked.guests_of(&cell.codec), expected.rotation())?;
        Ok(Box::new(Exchange::new(pair, expected)))
    }

    /// Nothing is copied on the way, by how it is linked; the rest is not counted.
    fn verify(&mut self, cell: &Cell, guests: &str, expected: Arc<Expected>) -> Result<Verified, Refusal> {
        let mut pair = self.pair(cell, guests, expected.rotation())?;
        expected.compare(|index| pair.produce(index, 1).map_err(|error| Refusal::Failed(error.to_string())))?;
        Ok(Verified { wire_bytes: None, copies: Some(0), crossings: None })
    }
}
