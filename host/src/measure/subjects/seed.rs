//! The set-up of 2021: a short string handed over, upper-cased, handed back; with or without a line
//! of log through the host. Guests: `modules/baselines/seed`.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use wasmtime::{Caller, Extern, Func, Instance, Memory, MemoryType, TypedFunc};
use weft_link::{Engine, Held, Store};

use crate::measure::Subject;

/// A sink is emptied when it holds this many bytes.
const SINK_BYTES: usize = 64 << 10;

/// A pair of the set-up.
pub struct Seed(Store<Near>, TypedFunc<u32, i64>);

/// The caller's store: its own memory, and the callee.
struct Near {
    memory: Memory,
    buffer: usize,
    far: Store<Far>,
    far_memory: Memory,
    far_buffer: usize,
    upper: TypedFunc<u32, u64>,
}

/// The callee's store: the host's sinks, by name.
struct Far {
    sinks: HashMap<String, Vec<u8>>,
}

impl Seed {
    /// Instantiates the pair; the callee logs a line per call where `logged`.
    ///
    /// # Errors
    /// Where a guest is not what it should be.
    pub fn new(engine: &Engine, (producer, consumer): (&[u8], &[u8]), logged: bool) -> anyhow::Result<Self> {
        pair(engine, (producer, consumer), logged)
    }
}

fn pair(engine: &Engine, (producer, consumer): (&[u8], &[u8]), logged: bool) -> anyhow::Result<Seed> {
    let mut far = engine.store(Far { sinks: HashMap::from([("seed".to_owned(), Vec::new())]) });
    let (callee, far_memory) = instantiate(engine, &mut far, consumer, |store, memory| {
        Func::wrap(store, move |caller: Caller<'_, Held<Far>>, sink: u32, sink_len: u32, line: u32, line_len: u32| {
            log(caller, memory, (sink, sink_len), (line, line_len))
        })
    })?;
    let far_buffer: TypedFunc<(), u32> = callee.get_typed_func(&mut far, "buffer")?;
    let far_buffer = far_buffer.call(&mut far, ())? as usize;
    let upper = callee.get_typed_func(&mut far, if logged { "upper_logged" } else { "upper" })?;

    let near = Near { memory: far_memory, buffer: 0, far, far_memory, far_buffer, upper };
    let mut store = engine.store(near);
    let (caller, memory) = instantiate(engine, &mut store, producer, |store, memory| {
        Func::wrap(store, move |mut caller: Caller<'_, Held<Near>>, ptr: u32, len: u32| {
            exchange(&mut caller, memory, ptr, len)
        })
    })?;
    let buffer: TypedFunc<(), u32> = caller.get_typed_func(&mut store, "buffer")?;
    let buffer = buffer.call(&mut store, ())? as usize;
    let near = &mut store.data_mut().data;
    (near.memory, near.buffer) = (memory, buffer);
    let call = caller.get_typed_func(&mut store, "call")?;
    Ok(Seed(store, call))
}

fn instantiate<T: 'static>(
    engine: &Engine,
    store: &mut Store<T>,
    wasm: &[u8],
    import: impl FnOnce(&mut Store<T>, Memory) -> Func,
) -> anyhow::Result<(Instance, Memory)> {
    let module = engine.compile(wasm)?;
    let pages = module.imports().find_map(|import| Some(import.ty().memory()?.minimum()));
    let pages = u32::try_from(pages.context("a guest of the seed imports no memory")?)?;
    let memory = Memory::new(&mut *store, MemoryType::new(pages, None))?;
    let function = import(store, memory);
    let imports: Vec<Extern> = module
        .imports()
        .map(|import| if import.ty().memory().is_some() { memory.into() } else { function.into() })
        .collect();
    Ok((Instance::new(store, &module, &imports)?, memory))
}

/// Hands a string over and its answer back: two copies, with every range checked.
fn exchange(caller: &mut Caller<'_, Held<Near>>, memory: Memory, ptr: u32, len: u32) -> wasmtime::Result<i64> {
    let (bytes, near) = memory.data_and_store_mut(caller);
    let near = &mut near.data;
    let question = slice(bytes, ptr, len)?;
    let buffer = near.far_memory.data_mut(&mut near.far).get_mut(near.far_buffer..).unwrap_or_default();
    match buffer.get_mut(..question.len()) {
        Some(buffer) => buffer.copy_from_slice(question),
        None => wasmtime::bail!("the question of {len} bytes does not fit"),
    }
    let packed = near.upper.call(&mut near.far, len)?;
    let answer = slice(near.far_memory.data(&near.far), (packed >> 32) as u32, packed as u32)?;
    match bytes.get_mut(near.buffer..).and_then(|buffer| buffer.get_mut(..answer.len())) {
        Some(buffer) => buffer.copy_from_slice(answer),
        None => wasmtime::bail!("the answer of {} bytes does not fit", answer.len()),
    }
    Ok(answer.len() as i64)
}

/// Appends a line to the sink of that name.
fn log(mut caller: Caller<'_, Held<Far>>, memory: Memory, sink: (u32, u32), line: (u32, u32)) -> wasmtime::Result<()> {
    let (bytes, far) = memory.data_and_store_mut(&mut caller);
    let far = &mut far.data;
    let (name, line) = (slice(bytes, sink.0, sink.1)?, slice(bytes, line.0, line.1)?);
    let name = std::str::from_utf8(name)?;
    let Some(sink) = far.sinks.get_mut(name) else { wasmtime::bail!("there is no sink `{name}`") };
    if sink.len() + line.len() >= SINK_BYTES {
        sink.clear();
    }
    sink.extend_from_slice(line);
    sink.push(b'\n');
    Ok(())
}

fn slice(bytes: &[u8], ptr: u32, len: u32) -> wasmtime::Result<&[u8]> {
    match bytes.get(ptr as usize..).and_then(|bytes| bytes.get(..len as usize)) {
        Some(slice) => Ok(slice),
        None => wasmtime::bail!("ptr {ptr:#x}, len {len} is outside the guest's memory"),
    }
}

impl Subject for Seed {
    fn time(&mut self, iterations: u64) -> anyhow::Result<Duration> {
        let Self(store, call) = self;
        let count = u32::try_from(iterations)?;
        let start = Instant::now();
        let right = call.call(store, count)?;
        let elapsed = start.elapsed();
        ensure!(right == i64::from(count), "{right} of {count} strings came back right");
        Ok(elapsed)
    }
}
