//! A cell as something to time: fresh pairs that send messages, every sum checked.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use wasmtime::Engine;

use super::{PAIRS, Subject};
use crate::guest::{Codec, Compiled, GuestError};
use crate::run::{Cell, Expected, SEED, Wrong};
use crate::transport::{Pair, PairSpec};

/// The guests of a run, each compiled anew for every pair; the cells of a codec share them.
pub struct Builds<'a> {
    engine: &'a Engine,
    compiled: RefCell<HashMap<&'static str, Vec<Rc<Compiled>>>>,
}

impl<'a> Builds<'a> {
    /// No guest is compiled yet.
    pub fn new(engine: &'a Engine) -> Self {
        Self { engine, compiled: RefCell::default() }
    }

    /// The engine that compiles them.
    pub const fn engine(&self) -> &'a Engine {
        self.engine
    }

    /// The codec's guests in their build number `build`, compiled when they are first asked for.
    ///
    /// # Errors
    /// Where the engine refuses a module.
    pub fn get(&self, codec: &'static Codec, build: usize) -> Result<Rc<Compiled>, GuestError> {
        let mut compiled = self.compiled.borrow_mut();
        let builds = compiled.entry(codec.name.as_str()).or_default();
        while builds.len() <= build {
            builds.push(Rc::new(Compiled::new(self.engine, codec)?));
        }
        Ok(Rc::clone(&builds[build]))
    }
}

/// The pairs of a cell.
pub struct Exchange {
    pairs: Vec<Turning>,
    expected: Arc<Expected>,
}

/// A pair, and where in its rotation it stands.
struct Turning {
    pair: Box<dyn Pair>,
    next: u32,
}

impl Exchange {
    /// Instantiates and joins the pairs of a cell.
    ///
    /// # Errors
    /// Where a guest fails.
    pub fn new(cell: &Cell, builds: &Builds<'_>, expected: Arc<Expected>) -> Result<Self, GuestError> {
        let pairs = (0..PAIRS).map(|build| join(cell, builds, build, &expected)).collect::<Result<_, GuestError>>()?;
        Ok(Self { pairs, expected })
    }

    /// One pair of a cell, number 0, of the first builds of its guests.
    ///
    /// # Errors
    /// Where a guest fails.
    pub fn one(cell: &Cell, builds: &Builds<'_>, expected: Arc<Expected>) -> Result<Self, GuestError> {
        Ok(Self { pairs: vec![join(cell, builds, 0, &expected)?], expected })
    }
}

fn join(cell: &Cell, builds: &Builds<'_>, build: usize, expected: &Expected) -> Result<Turning, GuestError> {
    let guests = builds.get(cell.codec, build)?;
    let spec = PairSpec {
        engine: builds.engine,
        guests: &guests,
        message: cell.message,
        task: cell.task,
        rotation: expected.rotation(),
        seed: SEED,
    };
    Ok(Turning { pair: cell.transport.join(&spec)?, next: 0 })
}

impl Subject for Exchange {
    fn time(&mut self, pair: usize, iterations: u64) -> anyhow::Result<Duration> {
        let Turning { pair, next } = &mut self.pairs[pair];
        let mut elapsed = Duration::ZERO;
        let mut left = iterations;
        while left > 0 {
            let count = u32::try_from(left).unwrap_or(u32::MAX);
            let start = Instant::now();
            let found = pair.produce(*next, count)?;
            elapsed += start.elapsed();
            let expected = self.expected.sum(*next, count.into());
            if found != expected {
                return Err(Wrong::Sum { first: *next, count, found, expected }.into());
            }
            *next = ((u64::from(*next) + u64::from(count)) % u64::from(self.expected.rotation())) as u32;
            left -= u64::from(count);
        }
        Ok(elapsed)
    }
}
