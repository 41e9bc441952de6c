//! weft's own host: wasmtime, under one of its settings.

use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use wasmtime::{Config, Instance, OptLevel, TypedFunc};
use weft_link::guest::{Compiled, GuestError};
use weft_link::meter::Counts;
use weft_link::transport::{self, TRANSPORTS, Transport};
use weft_link::{Artifacts, DEFAULT, Engine, Limits, PairSpec, Setting, features};
use weft_schemas::Task;

use super::workshop::Codec;
use super::{Asked, Host, Refusal, serve};
use crate::cell::{Cell, Figure, Loop, MessageId};
use crate::exact::{Counting, Exact, Metering, Steady};
use crate::guests::setup_codec;
use crate::lock::locked_version;
use crate::measure::subjects::{
    Encode, Exchange, Fresh, HostToWasm, Memcpy, Read, Seed, Setup, SetupPart, TaskFloor, WasmLoop, calibration,
    warm_rotation,
};
use crate::measure::{Subject, Work, clock};
use crate::protocol::{self, Greeting, Known, PROTOCOL, Purpose, Round, TransportKnown};
use crate::verify::{Expected, Verified, Wrong, spec, verify, wire_bytes};

/// weft's own host under a setting.
pub struct Own {
    setting: &'static Setting,
    engine: Option<Engine>,
    /// What the round's messages are generated from.
    seed: u64,
    codecs: HashMap<String, Codec>,
    /// The guests of the task `reply`, by the same names.
    replying: HashMap<String, Codec>,
    /// The mean wire size by guests, message and whether it is answered: the same over every transport.
    wire_bytes: HashMap<(String, MessageId, bool), f64>,
    /// What producers were counted to do, by guests and message.
    sent: HashMap<(String, MessageId), Counts>,
    /// What consumers were counted to do, by guests, message and task.
    read: HashMap<(String, MessageId, Task), Counts>,
}

/// weft's own host under a setting.
///
/// # Errors
/// Where this build lacks what the setting needs.
pub fn own(setting: &'static Setting) -> Result<Own, String> {
    setting.supported()?;
    let (codecs, replying, wire_bytes, sent, read) = Default::default();
    Ok(Own { setting, engine: None, seed: 0, codecs, replying, wire_bytes, sent, read })
}

/// Speaks the protocol as the host of this name, until the input ends.
///
/// # Errors
/// Where there is no such setting, or this build lacks what it needs.
pub fn run_own(host: Option<&str>) -> anyhow::Result<()> {
    let setting = match host {
        None => &DEFAULT,
        Some(name) => Setting::of_host(name).ok_or_else(|| {
            let names: Vec<_> = weft_link::SETTINGS.iter().map(|setting| setting.host).collect();
            anyhow!("there is no setting for the host `{name}`; there are {}", names.join(", "))
        })?,
    };
    serve(&mut own(setting).map_err(anyhow::Error::msg)?)
}

impl Own {
    fn engine(&self) -> Result<&Engine, Refusal> {
        self.engine.as_ref().ok_or_else(|| Refusal::Failed("no round has begun".to_owned()))
    }

    /// A placement of the guests of this name in the round for a task, and the engine that compiled them.
    fn placed(&mut self, (guests, task): (&str, Task), placement: u32) -> Result<(Engine, Rc<Compiled>), Refusal> {
        let engine = self.engine()?.clone();
        let compiled = self.codec_for(guests, task)?.placed(&engine, placement)?;
        Ok((engine, compiled))
    }

    /// The guests of this name for a task.
    fn codec_for(&mut self, name: &str, task: Task) -> Result<&mut Codec, Refusal> {
        if task != Task::Reply {
            return self.codec(name);
        }
        let unknown = || Refusal::Unsupported(format!("the round has no guests of `{name}` that ask and answer"));
        self.replying.get_mut(name).ok_or_else(unknown)
    }

    fn codec(&mut self, name: &str) -> Result<&mut Codec, Refusal> {
        let unknown = || Refusal::Unsupported(format!("the round has no guests of `{name}`"));
        self.codecs.get_mut(name).ok_or_else(unknown)
    }

    /// What is joined for a cell, from the round's seed.
    fn spec<'a>(&self, cell: &'a Cell, engine: &'a Engine, guests: &'a Compiled, rotation: u32) -> PairSpec<'a> {
        PairSpec { seed: self.seed, ..spec(cell, engine, guests, rotation) }
    }

    /// A fresh pair of a cell.
    fn exchange(
        &mut self,
        cell: &Cell,
        (guests, placement): (&str, u32),
        expected: Arc<Expected>,
    ) -> Result<Exchange, Refusal> {
        let transport = transport(cell)?;
        let (engine, guests) = self.placed((guests, cell.task), placement)?;
        let pair = transport.join(&self.spec(cell, &engine, &guests, expected.rotation())).map_err(failed)?;
        Ok(Exchange::new(pair, expected))
    }

    fn boundary(&mut self, name: &str) -> Result<Box<dyn Subject>, Refusal> {
        let engine = self.engine()?.clone();
        let setup = |own: &mut Self, part| {
            let codec = own.setup_codec()?;
            Ok::<_, Refusal>(Box::new(Setup::new(&engine, own.codec(&codec)?.guests()?, part)?) as Box<dyn Subject>)
        };
        match name {
            "host_to_wasm" => Ok(Box::new(HostToWasm::new(&engine)?)),
            "wasm_to_host" => Ok(Box::new(WasmLoop::to_host(&engine)?)),
            "wasm_to_wasm" => Ok(Box::new(WasmLoop::to_wasm(&engine)?)),
            "seed_call" => Ok(Box::new(self.seed(false)?)),
            "seed_log" => Ok(Box::new(self.seed(true)?)),
            "compile" => setup(self, SetupPart::Compile),
            "setup_cold" => setup(self, SetupPart::Cold),
            "setup_precompiled" => setup(self, SetupPart::Precompiled),
            "fresh_instance" => {
                let codec = self.setup_codec()?;
                Ok(Box::new(Fresh::new(&engine, self.codec(&codec)?.guests()?)?))
            }
            other => match other.strip_prefix("memcpy_") {
                Some(size) => Ok(Box::new(Memcpy::new(size)?)),
                None => Err(Refusal::Unsupported(format!("there is no boundary figure `{other}`"))),
            },
        }
    }

    fn seed(&mut self, logged: bool) -> Result<Seed, Refusal> {
        let engine = self.engine()?.clone();
        let (producer, consumer) = &self.codec("seed")?.wasm;
        let consumer = consumer.as_deref().context("the baseline `seed` has no consumer")?;
        Ok(Seed::new(&engine, (producer, consumer), logged)?)
    }

    /// The name of the codec whose pair is set up, of those of the round.
    fn setup_codec(&self) -> Result<String, Refusal> {
        let read =
            self.codecs.iter().filter_map(|(name, codec)| Some((name.as_str(), codec.guests.as_ref()?.each_ref())));
        let found = setup_codec(read);
        let found = found.ok_or_else(|| Refusal::Unsupported("no codec of the round carries logs".to_owned()))?;
        Ok(found.to_owned())
    }

    /// The floor's message of a size, as many as stay warm.
    fn way(
        &mut self,
        (transport, bytes): (&str, u32),
        placement: u32,
        expected: &Expected,
    ) -> Result<Exchange, Refusal> {
        let floor = self.codecs.iter().find(|(_, codec)| codec.floor).map(|(name, _)| name.clone());
        let floor = floor.ok_or_else(|| Refusal::Unsupported("the round has no floor".to_owned()))?;
        let message = MessageId::blob(bytes).map_err(Refusal::Unsupported)?;
        let cell = Cell::new(message, Task::Peek, &floor, transport);
        let expected = expected.first(warm_rotation(f64::from(bytes)));
        self.exchange(&cell, (&floor, placement), Arc::new(expected))
    }

    fn wire_bytes(&mut self, cell: &Cell, (name, guests): (&str, &Compiled), rotation: u32) -> Result<f64, Refusal> {
        let key = (name.to_owned(), cell.message, cell.task == Task::Reply);
        if let Some(bytes) = self.wire_bytes.get(&key) {
            return Ok(*bytes);
        }
        let bytes = wire_bytes(&self.spec(cell, self.engine()?, guests, rotation)).map_err(failed)?;
        self.wire_bytes.insert(key, bytes);
        Ok(bytes)
    }
}

/// The artifacts in a directory that a round names.
#[allow(unsafe_code, reason = "the directory is the harness's")]
fn artifacts(directory: &Path) -> Artifacts {
    // SAFETY: the harness makes the directory for one command, with rights for this user alone, and names it to processes of one host.
    unsafe { Artifacts::in_directory(directory.to_owned()) }
}

/// The transport of a cell.
fn transport(cell: &Cell) -> Result<&'static dyn Transport, Refusal> {
    let name = cell.transport.as_str();
    let transport = transport::by_name(name)
        .ok_or_else(|| Refusal::Unsupported(format!("`{name}` is no transport; `cargo weft list` prints them")))?;
    transport.supported().map_err(Refusal::Unsupported)?;
    if cell.task == Task::Reply {
        transport.replies().map_err(Refusal::Unsupported)?;
    }
    Ok(transport)
}

fn failed(error: GuestError) -> Refusal {
    Wrong::from(error).into()
}

fn needed(expected: Option<Arc<Expected>>) -> Result<Arc<Expected>, Refusal> {
    expected.ok_or_else(|| Refusal::Failed("the item has no digests".to_owned()))
}

impl Host for Own {
    fn greeting(&self) -> Greeting {
        let known = |transport: &&dyn Transport| TransportKnown {
            name: transport.name().to_owned(),
            isolation: transport.isolation(),
            unsupported: transport.supported().err(),
        };
        let engine = protocol::Engine {
            name: "wasmtime".to_owned(),
            version: locked_version("wasmtime").unwrap_or("unknown").to_owned(),
            settings: self.setting.words(),
            features: features().into_iter().map(str::to_owned).collect(),
        };
        Greeting {
            protocol: PROTOCOL,
            name: self.setting.host.to_owned(),
            engine,
            guests: "wasm".to_owned(),
            transports: TRANSPORTS.iter().map(known).collect(),
            tasks: Task::ALL.iter().map(|task| Known { name: task.name().to_owned(), unsupported: None }).collect(),
            purposes: vec![Purpose::Verify, Purpose::Measure, Purpose::Count],
            figures: ["cell", "boundary", "calibration", "task_floor", "encode", "way", "read", "empty"]
                .map(str::to_owned)
                .into(),
            clock: clock(),
        }
    }

    fn begin(&mut self, round: &Round) -> anyhow::Result<()> {
        // Counts do not depend on how good the machine code is, and much of it runs hardly longer than it takes to compile.
        let change = |config: &mut Config| {
            if round.purpose == Purpose::Count {
                config.cranelift_opt_level(OptLevel::None);
            }
        };
        let engine = Engine::configured(self.setting, round.limits, change)?;
        self.engine = Some(match &round.artifacts {
            Some(directory) => engine.keeping(artifacts(directory)),
            None => engine,
        });
        self.seed = round.seed;
        let codec = |guest: &protocol::Guest| Ok((guest.name.clone(), Codec::read(guest)?));
        self.codecs = round.guests.iter().map(codec).collect::<anyhow::Result<_>>()?;
        let replying = |guest: &protocol::Guest| Ok(Codec::replying(guest)?.map(|codec| (guest.name.clone(), codec)));
        let replying = round.guests.iter().filter_map(|guest| replying(guest).transpose());
        self.replying = replying.collect::<anyhow::Result<_>>()?;
        self.wire_bytes.clear();
        self.sent.clear();
        self.read.clear();
        Ok(())
    }

    fn yardstick(&mut self, round: &Round) -> anyhow::Result<Work> {
        // Not that of the guests, whose limits may be too small for it.
        let engine = Engine::new(self.setting, Limits::default())?;
        let mut store = engine.store(());
        let module = engine.compile(&round.yardstick.wasm.content()?)?;
        let instance = Instance::new(&mut store, &module, &[])?;
        let work: TypedFunc<(), i64> = instance.get_typed_func(&mut store, "work")?;
        work.call(&mut store, ())?;
        Ok(Box::new(move || drop(work.call(&mut store, ()))))
    }

    fn subject(&mut self, asked: Asked<'_>, expected: Option<Arc<Expected>>) -> Result<Box<dyn Subject>, Refusal> {
        match asked.figure {
            Figure::Cell(cell) => {
                let guests = (asked.guests_of(&cell.codec), asked.placement);
                Ok(Box::new(self.exchange(cell, guests, needed(expected)?)?))
            }
            Figure::Boundary(name) => self.boundary(name),
            Figure::Calibration(name) => {
                calibration(name)?.ok_or_else(|| Refusal::Unsupported(format!("there is no calibration `{name}`")))
            }
            Figure::TaskFloor { message, task } => {
                let (engine, seed) = (self.engine()?.clone(), self.seed);
                let wasm = &self.codec("task_floor")?.wasm.0;
                Ok(Box::new(TaskFloor::new(&engine, wasm, (*message, *task, seed), needed(expected)?)?))
            }
            Figure::Encode { codec, message } => {
                let (engine, guests) = self.placed((asked.guests_of(codec), Task::Peek), asked.placement)?;
                let cell = Cell::new(*message, Task::Peek, codec, "");
                Ok(Box::new(Encode::new(&self.spec(&cell, &engine, &guests, message.rotation()))?))
            }
            Figure::Way { transport, bytes } => {
                let way = self.way((transport, *bytes), asked.placement, needed(expected)?.as_ref())?;
                Ok(Box::new(way))
            }
            Figure::Read { codec, message, task } => {
                let (engine, guests) = self.placed((asked.guests_of(codec), *task), asked.placement)?;
                let (cell, expected) = (Cell::new(*message, *task, codec, ""), needed(expected)?);
                Ok(Box::new(Read::new(&self.spec(&cell, &engine, &guests, expected.rotation()), &expected)?))
            }
            Figure::Empty(part) => self.empty(*part, asked.placement),
        }
    }

    fn verify(&mut self, cell: &Cell, name: &str, expected: Arc<Expected>) -> Result<Verified, Refusal> {
        let transport = transport(cell)?;
        let (engine, guests) = self.placed((name, cell.task), 0)?;
        let mut pair = transport.join(&self.spec(cell, &engine, &guests, expected.rotation())).map_err(failed)?;
        let verified = verify(&mut *pair, &expected)?;
        drop(pair);
        Ok(Verified { wire_bytes: Some(self.wire_bytes(cell, (name, &guests), expected.rotation())?), ..verified })
    }

    fn count(&mut self, cell: &Cell, guests: &str, expected: Arc<Expected>) -> Result<(Verified, Exact), Refusal> {
        let (transport, engine, seed) = (transport(cell)?, self.engine()?.clone(), self.seed);
        let codec = self.codec_for(guests, cell.task)?;
        let metered = codec.metered(&engine, Metering::Counting)?;
        let searched = codec.metered(&engine, Metering::Searching)?;
        let floor = codec.floor;
        let wire_bytes = self.wire_bytes(cell, (guests, &metered), expected.rotation())?;
        let (sends, reads) = ((guests.to_owned(), cell.message), (guests.to_owned(), cell.message, cell.task));
        let known = Steady { producer: self.sent.get(&sends).cloned(), consumer: self.read.get(&reads).cloned() };
        let counting =
            Counting { engine: &engine, seed, transport, metered, searched, expected, wire_bytes, floor, known };
        let (verified, exact, steady) = counting.count(cell)?;
        self.sent.extend(steady.producer.map(|counts| (sends, counts)));
        self.read.extend(steady.consumer.map(|counts| (reads, counts)));
        Ok((verified, exact))
    }
}

impl Own {
    fn empty(&mut self, part: Loop, placement: u32) -> Result<Box<dyn Subject>, Refusal> {
        let engine = self.engine()?.clone();
        match part {
            Loop::Way => Ok(Box::new(WasmLoop::empty(&engine)?)),
            Loop::Read => Ok(Box::new(Read::nothing(&engine)?)),
            Loop::Encode => {
                let floor = self.codecs.iter().find(|(_, codec)| codec.floor).map(|(name, _)| name.clone());
                let codec = floor.ok_or_else(|| Refusal::Unsupported("the round has no floor".to_owned()))?;
                let message = "blob@64".parse().map_err(Refusal::Failed)?;
                let figure = Figure::Encode { codec, message };
                self.subject(Asked { figure: &figure, guests: None, placement }, None)
            }
        }
    }
}
