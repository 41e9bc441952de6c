//! The group `boundary`: what the engine's crossings, the machine's memory, and setting up cost.

use std::hint::black_box;
use std::time::{Duration, Instant};

use wasmtime::Engine;

use super::seed::Seed;
use super::setup::{Part, Setup, setup_codec};
use super::wat::{HostToWasm, WasmLoop};
use super::{Figure, PAIRS, Subject, TaskFloor};
use crate::guest::Codec;
use crate::run::{Matrix, MessageId, SEED};

/// All figures of the group for a matrix.
pub fn boundary(matrix: Matrix, engine: &Engine, codecs: &'static [Codec]) -> Vec<Figure> {
    let mut figures = crossings(engine);
    for &size in matrix.floor_sizes() {
        figures.push(Figure::new(format!("memcpy_{size}"), move || Memcpy::new(size)));
    }
    for (message, tasks) in matrix.workloads() {
        for &task in tasks {
            let engine = engine.clone();
            figures.push(Figure::new(TaskFloor::name(message, task), move || TaskFloor::new(&engine, message, task)));
        }
    }
    if let Some(codec) = setup_codec(codecs) {
        for (name, part) in
            [("compile", Part::Compile), ("setup_cold", Part::Cold), ("setup_precompiled", Part::Precompiled)]
        {
            let engine = engine.clone();
            let figure = Figure::new(name, move || Setup::new(&engine, codec, part));
            figures.push(if matches!(part, Part::Precompiled) { figure } else { figure.slow() });
        }
    }
    figures
}

/// Bare calls, and the set-up of 2021.
fn crossings(engine: &Engine) -> Vec<Figure> {
    fn figure<S: Subject + 'static>(
        name: &str,
        engine: &Engine,
        make: impl Fn(&Engine) -> anyhow::Result<S> + 'static,
    ) -> Figure {
        let engine = engine.clone();
        Figure::new(name, move || make(&engine))
    }
    vec![
        figure("host_to_wasm", engine, HostToWasm::new),
        figure("wasm_to_host", engine, WasmLoop::to_host),
        figure("wasm_to_wasm", engine, WasmLoop::to_wasm),
        figure("seed_call", engine, |engine| Seed::new(engine, false)),
        figure("seed_log", engine, |engine| Seed::new(engine, true)),
    ]
}

/// A copy in the host's own memory: the physical limit of every transport that copies. Sources rotate
/// as the floor's messages do, so that both find their bytes in the same caches.
struct Memcpy {
    buffers: Vec<(Vec<Vec<u8>>, Vec<u8>)>,
}

impl Memcpy {
    fn new(size: u32) -> anyhow::Result<Self> {
        let message: MessageId = format!("blob@{size}").parse().map_err(anyhow::Error::msg)?;
        let source = |index| {
            let mut bytes = vec![0; size as usize];
            weft_schemas::Random::new(SEED, index).fill(&mut bytes);
            bytes
        };
        let buffers = |_| ((0..message.rotation().into()).map(source).collect(), vec![0; size as usize]);
        Ok(Self { buffers: (0..PAIRS).map(buffers).collect() })
    }
}

impl Subject for Memcpy {
    fn time(&mut self, pair: usize, iterations: u64) -> anyhow::Result<Duration> {
        let (sources, target) = &mut self.buffers[pair];
        let mut rotation = sources.iter().cycle();
        let start = Instant::now();
        for _ in 0..iterations {
            if let Some(source) = rotation.next() {
                // The length is hidden from the compiler, as it is from a transport.
                black_box(&mut target[..]).copy_from_slice(black_box(source));
            }
        }
        Ok(start.elapsed())
    }
}
