//! What a task costs on plain values inside wasm: `modules/baselines/task_floor`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use wasmtime::{Extern, Instance, Memory, MemoryType, TypedFunc};
use weft_link::{Engine, Store};
use weft_schemas::Task;

use crate::cell::MessageId;
use crate::measure::Subject;
use crate::verify::Expected;

/// The guest that does a task on plain values, and where in its rotation it stands.
pub struct TaskFloor {
    store: Store<()>,
    repeat: TypedFunc<(u32, u32), i64>,
    expected: Arc<Expected>,
    next: u32,
}

impl TaskFloor {
    /// Compiles and instantiates the guest for a message and a task.
    ///
    /// # Errors
    /// Where the guest fails or its digests are wrong.
    pub fn new(
        engine: &Engine,
        wasm: &[u8],
        (message, task, seed): (MessageId, Task, u64),
        expected: Arc<Expected>,
    ) -> anyhow::Result<Self> {
        let module = engine.compile(wasm)?;
        let mut store = engine.store(());
        let import = module.imports().next().and_then(|import| import.ty().memory().cloned());
        let pages = import.context("the task floor's guest imports no memory")?.minimum();
        let memory = Memory::new(&mut store, MemoryType::new(u32::try_from(pages)?, None))?;
        let instance = Instance::new(&mut store, &module, &[Extern::Memory(memory)])?;
        let kind = message.kind.name;
        let prepare: TypedFunc<(u32, u32, u64), i64> =
            instance.get_typed_func(&mut store, &format!("prepare_{kind}"))?;
        let prepared = prepare.call(&mut store, (message.size, expected.rotation(), seed))?;
        ensure!(prepared >= 0, "the task floor's guest answers {prepared}");
        let repeat = instance.get_typed_func(&mut store, &format!("repeat_{kind}_{task}"))?;
        let mut floor = Self { store, repeat, expected, next: 0 };
        floor.time(floor.expected.rotation().into())?;
        Ok(floor)
    }
}

impl Subject for TaskFloor {
    fn time(&mut self, iterations: u64) -> anyhow::Result<Duration> {
        let Self { store, repeat, expected, next } = self;
        let count = u32::try_from(iterations).context("too many iterations")?;
        let start = Instant::now();
        let found = repeat.call(&mut *store, (*next, count))?;
        let elapsed = start.elapsed();
        let sum = expected.sum(*next, count.into());
        ensure!(found.cast_unsigned() == sum, "the task floor's digests sum to {found:#x} instead of {sum:#x}");
        *next = expected.after(*next, iterations);
        Ok(elapsed)
    }

    fn rotation(&self) -> u32 {
        self.expected.rotation()
    }
}
