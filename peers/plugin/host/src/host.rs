//! The host: what `weft::serve` asks of it.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use weft::cell::{Cell, Figure};
use weft::measure::{Subject, Work, clock, native_work};
use weft::protocol::{Engine, Greeting, Known, PROTOCOL, Purpose, Round, TransportKnown};
use weft::serve::{Asked, Host, Refusal};
use weft::verify::{Expected, Verified};
use weft_link::Limits;
use weft_link::transport::Isolation;
use weft_schemas::Task;

use crate::exchange::{described, digest};
use crate::{Calls, Exchange, Pair, Plugins, System};

/// A codec's plugins, compiled: the producer first.
type Compiled<S> = Rc<[<S as System>::Compiled; 2]>;

/// A plugin system as a host.
pub struct PluginHost<S: System> {
    system: S,
    plugins: &'static [Plugins],
    seed: u64,
    limits: Limits,
    /// By codec and placement. They stay, so that each lies on pages of its own.
    compiled: HashMap<(&'static str, u32), Compiled<S>>,
}

impl<S: System> PluginHost<S> {
    /// A host with these plugins.
    pub fn new(system: S, plugins: &'static [Plugins]) -> Self {
        Self { system, plugins, seed: 0, limits: Limits::default(), compiled: HashMap::new() }
    }

    /// A codec's plugins: a placement of their own for each number.
    fn compiled(&mut self, codec: &str, placement: u32) -> Result<Compiled<S>, Refusal> {
        let plugins = self.plugins.iter().find(|plugins| plugins.codec == codec).ok_or_else(|| self.no(codec))?;
        let key = (plugins.codec, placement);
        if let Some(compiled) = self.compiled.get(&key) {
            return Ok(Rc::clone(compiled));
        }
        let compile = |wasm| self.system.compile(wasm, &self.limits);
        let compiled = Rc::new([compile(plugins.producer.wasm)?, compile(plugins.consumer.wasm)?]);
        self.compiled.insert(key, Rc::clone(&compiled));
        Ok(compiled)
    }

    /// Why there is nothing to measure for a codec.
    fn no(&self, codec: &str) -> Refusal {
        let there: Vec<&str> = self.plugins.iter().map(|plugins| plugins.codec).collect();
        let (system, there) = (self.system.about().system, there.join(", "));
        Refusal::Unsupported(format!("there is no plugin of `{codec}` for {system}; there are those of {there}"))
    }

    /// Two plugins that are loaded and prepared.
    fn pair(&mut self, cell: &Cell, placement: u32, rotation: u32) -> Result<S::Pair, Refusal> {
        let about = self.system.about();
        if cell.transport != about.transport {
            let (system, own, asked) = (about.system, about.transport, &cell.transport);
            return Err(Refusal::Unsupported(format!("{system} has one way, `{own}`, and `{asked}` is none of its")));
        }
        let compiled = self.compiled(&cell.codec, placement)?;
        let [producer, consumer] = &*compiled;
        let mut pair = self.system.load(producer, consumer, Calls::of(cell, rotation, self.seed))?;
        match pair.prepare()? {
            None => {
                let (message, task) = (cell.message.kind.name, cell.task);
                Err(Refusal::Unsupported(format!("the plugins of `{}` have no {message} for {task}", cell.codec)))
            }
            Some(code) if code < 0 => Err(Refusal::Failed(format!("the producer returned {}", described(code)))),
            Some(_) => Ok(pair),
        }
    }
}

impl<S: System> Host for PluginHost<S> {
    fn greeting(&self) -> Greeting {
        let about = self.system.about();
        let plugins = self.plugins.iter().flat_map(|plugins| [plugins.producer, plugins.consumer]);
        let engine = Engine {
            name: about.system.to_owned(),
            version: about.version,
            settings: about.settings.to_owned(),
            features: plugins.map(|plugin| plugin.hashed()).collect(),
        };
        let transport =
            TransportKnown { name: about.transport.to_owned(), isolation: Isolation::Full, unsupported: None };
        Greeting {
            protocol: PROTOCOL,
            name: about.name.to_owned(),
            engine,
            guests: "wasm".to_owned(),
            transports: vec![transport],
            tasks: Task::ALL.map(|task| Known { name: task.name().to_owned(), unsupported: None }).into(),
            purposes: vec![Purpose::Verify, Purpose::Measure],
            figures: vec!["cell".to_owned()],
            clock: clock(),
        }
    }

    /// The guests of the round are weft's own, and no plugins. They are checked as every host checks them.
    fn begin(&mut self, round: &Round) -> anyhow::Result<()> {
        for guest in &round.guests {
            guest.producer.content()?;
            guest.consumer.as_ref().map(|consumer| consumer.content()).transpose()?;
        }
        if self.limits != round.limits {
            (self.limits, self.compiled) = (round.limits, HashMap::new());
        }
        self.seed = round.seed;
        Ok(())
    }

    /// Natively: a plugin system runs no module that is no plugin.
    fn yardstick(&mut self, _: &Round) -> anyhow::Result<Work> {
        Ok(native_work())
    }

    fn subject(&mut self, asked: Asked<'_>, expected: Option<Arc<Expected>>) -> Result<Box<dyn Subject>, Refusal> {
        let (Figure::Cell(cell), Some(expected)) = (asked.figure, expected) else {
            return Err(Refusal::Unsupported(format!("this host does not measure {}", asked.figure)));
        };
        let pair = self.pair(cell, asked.placement, expected.rotation())?;
        Ok(Box::new(Exchange::new(pair, expected)))
    }

    /// How many bytes went is what the host saw; copies are those of the system's sources; crossings are not counted.
    fn verify(&mut self, cell: &Cell, _: &str, expected: Arc<Expected>) -> Result<Verified, Refusal> {
        let rotation = expected.rotation();
        let mut pair = self.pair(cell, 0, rotation)?;
        let mut bytes = 0;
        expected.compare(|number| {
            let sent = pair.send(number)?;
            bytes += sent.wire_bytes;
            digest(sent.result).map_err(Refusal::from)
        })?;
        let wire_bytes = Some(bytes as f64 / f64::from(rotation));
        // An answer goes the same way back.
        let ways = if cell.task == Task::Reply { 2 } else { 1 };
        Ok(Verified { wire_bytes, copies: Some(ways * self.system.about().copies), crossings: None })
    }
}
