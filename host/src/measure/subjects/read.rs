//! *read*: a small module that repeats `receive` on messages that are there.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use wasmtime::{Extern, Func, Instance, Module, TypedFunc};
use weft_link::{Engine, PairSpec, Store};

use super::warm_rotation;
use super::written::{Written, consumer_with};
use crate::measure::Subject;
use crate::verify::Expected;

/// A loop over a consumer.
pub struct Read {
    store: Store<()>,
    run: TypedFunc<(u32, u32, u32), i64>,
    expected: Expected,
    next: u32,
}

impl Read {
    /// Puts as many of a pair's messages as stay warm into the inbox of a consumer.
    ///
    /// # Errors
    /// Where a guest fails.
    pub fn new(spec: &PairSpec<'_>, expected: &Expected) -> anyhow::Result<Self> {
        let written = Written::by_producer(spec)?;
        let mean = written.bytes() as f64 / f64::from(expected.rotation());
        let expected = expected.first(warm_rotation(mean));
        let mut store = spec.engine.store(());
        let (receive, places) = consumer_with(&mut store, spec, written.first(expected.rotation()))?;
        Self::over(spec.engine, store, receive, &places, expected)
    }

    /// A loop over a function that reads nothing.
    ///
    /// # Errors
    /// Where the engine refuses it.
    pub fn nothing(engine: &Engine) -> anyhow::Result<Self> {
        const NOTHING: &str = r#"(module (func (export "receive") (param i32 i32) (result i64) (i64.const 0)))"#;
        let mut store = engine.store(());
        let nothing = Instance::new(&mut store, &Module::new(engine.wasmtime(), NOTHING)?, &[])?;
        let receive = nothing.get_func(&mut store, "receive").context("it has no function")?;
        Self::over(engine, store, receive, &[(0, 0); 64], Expected::new(vec![0; 64]))
    }

    fn over(
        engine: &Engine,
        mut store: Store<()>,
        receive: Func,
        places: &[(u32, u32)],
        expected: Expected,
    ) -> anyhow::Result<Self> {
        let module = Module::new(engine.wasmtime(), include_str!("read.wat"))?;
        let instance = Instance::new(&mut store, &module, &[Extern::Func(receive)])?;
        let messages = instance.get_memory(&mut store, "messages").context("the loop has no memory")?;
        for (index, (ptr, len)) in places.iter().enumerate() {
            let entry = u64::from(*ptr) | u64::from(*len) << 32;
            messages.write(&mut store, 8 * index, &entry.to_le_bytes())?;
        }
        let run = instance.get_typed_func(&mut store, "run")?;
        Ok(Self { store, run, expected, next: 0 })
    }
}

impl Subject for Read {
    fn time(&mut self, iterations: u64) -> anyhow::Result<Duration> {
        let Self { store, run, expected, next } = self;
        let (count, rotation) = (u32::try_from(iterations)?, expected.rotation());
        let start = Instant::now();
        let found = run.call(store, (*next, count, rotation))?;
        let elapsed = start.elapsed();
        let sum = expected.sum(*next, iterations);
        ensure!(found.cast_unsigned() == sum, "messages that were there were read as {found:#x}, not {sum:#x}");
        *next = expected.after(*next, iterations);
        Ok(elapsed)
    }

    fn rotation(&self) -> u32 {
        self.expected.rotation()
    }
}
