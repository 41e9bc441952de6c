//! What a task costs on plain values inside wasm: `modules/baselines/task_floor`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use wasmtime::{Engine, Extern, Instance, Memory, MemoryType, Module, Store, TypedFunc};
use weft_schemas::Task;

use super::{PAIRS, Subject};
use crate::guest::baselines::TASK_FLOOR_PRODUCER;
use crate::run::{Expected, MessageId, SEED, Verifier};

/// What the names of these figures begin with.
pub const TASK_FLOOR: &str = "task_floor/";

/// The guest that does a task on plain values, several times instantiated.
pub struct TaskFloor {
    instances: Vec<Repeater>,
    expected: Arc<Expected>,
}

/// An instance, and where in its rotation it stands.
struct Repeater {
    store: Store<()>,
    repeat: TypedFunc<(u32, u32), i64>,
    next: u32,
}

impl TaskFloor {
    /// The figure's name: `task_floor/log@1/scan`.
    pub fn name(message: MessageId, task: Task) -> String {
        format!("{TASK_FLOOR}{message}/{task}")
    }

    /// Compiles and instantiates the guest for a message and a task.
    ///
    /// # Errors
    /// Where the guest fails or its digests are wrong.
    pub fn new(engine: &Engine, message: MessageId, task: Task) -> anyhow::Result<Self> {
        let expected = Verifier::new(engine).expected(message, task, false)?;
        let instances = (0..PAIRS).map(|_| instantiate(engine, message, task)).collect::<anyhow::Result<_>>()?;
        let mut floor = Self { instances, expected };
        for pair in 0..PAIRS {
            floor.time(pair, message.rotation().into())?;
        }
        Ok(floor)
    }
}

fn instantiate(engine: &Engine, message: MessageId, task: Task) -> anyhow::Result<Repeater> {
    let module = Module::new(engine, TASK_FLOOR_PRODUCER)?;
    let mut store = Store::new(engine, ());
    let import = module.imports().next().and_then(|import| import.ty().memory().cloned());
    let pages = import.context("the task floor's guest imports no memory")?.minimum();
    let memory = Memory::new(&mut store, MemoryType::new(u32::try_from(pages)?, None))?;
    let instance = Instance::new(&mut store, &module, &[Extern::Memory(memory)])?;
    let kind = message.kind.name;
    let prepare: TypedFunc<(u32, u32, u64), i64> = instance.get_typed_func(&mut store, &format!("prepare_{kind}"))?;
    let prepared = prepare.call(&mut store, (message.size, message.rotation(), SEED))?;
    ensure!(prepared >= 0, "the task floor's guest answers {prepared}");
    let repeat = instance.get_typed_func(&mut store, &format!("repeat_{kind}_{task}"))?;
    Ok(Repeater { store, repeat, next: 0 })
}

impl Subject for TaskFloor {
    fn time(&mut self, pair: usize, iterations: u64) -> anyhow::Result<Duration> {
        let Repeater { store, repeat, next } = &mut self.instances[pair];
        let count = u32::try_from(iterations).context("too many iterations")?;
        let start = Instant::now();
        let found = repeat.call(&mut *store, (*next, count))?;
        let elapsed = start.elapsed();
        let expected = self.expected.sum(*next, count.into());
        ensure!(
            found.cast_unsigned() == expected,
            "the task floor's digests sum to {found:#x} instead of {expected:#x}"
        );
        *next = ((u64::from(*next) + iterations) % u64::from(self.expected.rotation())) as u32;
        Ok(elapsed)
    }
}
