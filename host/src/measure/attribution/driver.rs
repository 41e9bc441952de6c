//! *read*: a small module that repeats `receive` on messages that are there.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use wasmtime::{Engine, Extern, Func, Instance, Module, Store, TypedFunc};

use super::read::{Written, consumer_with};
use super::warm_rotation;
use crate::measure::{Builds, PAIRS, Subject};
use crate::run::{Cell, Expected};

/// Drivers, each over a consumer of its own.
pub struct Driver {
    drivers: Vec<Repeater>,
    expected: Expected,
}

struct Repeater {
    store: Store<()>,
    run: TypedFunc<(u32, u32, u32), i64>,
    next: u32,
}

impl Driver {
    /// Puts as many of a cell's messages as stay warm into the inboxes of consumers.
    pub fn of(cell: &Cell, builds: &Builds<'_>, expected: &Expected) -> anyhow::Result<Self> {
        let written = Written::by_producer(cell, builds)?;
        let mean = written.bytes() as f64 / f64::from(expected.rotation());
        let expected = expected.first(warm_rotation(mean));
        let repeater = |build| {
            let mut store = Store::new(builds.engine(), ());
            let messages = written.first(expected.rotation());
            let (receive, places) =
                consumer_with(&mut store, cell, &*builds.get(cell.codec, build)?, builds, messages)?;
            Repeater::new(builds.engine(), store, receive, &places)
        };
        let drivers = (0..PAIRS).map(repeater).collect::<anyhow::Result<_>>()?;
        Ok(Self { drivers, expected })
    }
}

/// Drivers over a function that reads nothing: the empty loop.
pub fn nothing_to_read(engine: &Engine) -> anyhow::Result<Driver> {
    const NOTHING: &str = r#"(module (func (export "receive") (param i32 i32) (result i64) (i64.const 0)))"#;
    let repeater = |_| {
        let mut store = Store::new(engine, ());
        let nothing = Instance::new(&mut store, &Module::new(engine, NOTHING)?, &[])?;
        let receive = nothing.get_func(&mut store, "receive").context("it has no function")?;
        Repeater::new(engine, store, receive, &[(0, 0); 64])
    };
    let drivers = (0..PAIRS).map(repeater).collect::<anyhow::Result<_>>()?;
    Ok(Driver { drivers, expected: Expected::new(vec![0; 64]) })
}

impl Repeater {
    fn new(engine: &Engine, mut store: Store<()>, receive: Func, places: &[(u32, u32)]) -> anyhow::Result<Self> {
        let module = Module::new(engine, include_str!("driver.wat"))?;
        let instance = Instance::new(&mut store, &module, &[Extern::Func(receive)])?;
        let messages = instance.get_memory(&mut store, "messages").context("the driver has no memory")?;
        for (index, (ptr, len)) in places.iter().enumerate() {
            let entry = u64::from(*ptr) | u64::from(*len) << 32;
            messages.write(&mut store, 8 * index, &entry.to_le_bytes())?;
        }
        let run = instance.get_typed_func(&mut store, "run")?;
        Ok(Self { store, run, next: 0 })
    }
}

impl Subject for Driver {
    fn time(&mut self, pair: usize, iterations: u64) -> anyhow::Result<Duration> {
        let Repeater { store, run, next } = &mut self.drivers[pair];
        let (count, rotation) = (u32::try_from(iterations)?, self.expected.rotation());
        let start = Instant::now();
        let found = run.call(store, (*next, count, rotation))?;
        let elapsed = start.elapsed();
        let expected = self.expected.sum(*next, iterations);
        ensure!(
            found.cast_unsigned() == expected,
            "messages that were there were read as {found:#x}, not {expected:#x}"
        );
        *next = ((u64::from(*next) + iterations) % u64::from(rotation)) as u32;
        Ok(elapsed)
    }
}
