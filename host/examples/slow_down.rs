//! Guests that are slower by a known amount, to see whether `weft compare` finds them (docs/STATISTICS.md,
//! *What the procedure is worth*):
//!
//! ```sh
//! cargo run --release -p weft --example slow_down -- reference bytes 5% slowed
//! WEFT_GUESTS=slowed WEFT_MATRIX=core cargo bench -- /bytes/
//! cargo weft compare reference latest --filter /bytes/
//! ```
//!
//! Each `receive_<message>_<task>` of the codec's consumer is wrapped: behind the original it counts down from a number
//! that takes the given part of what the message takes in the run, mean over the transports.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;
use std::{env, fs};

use anyhow::{Context, Result, bail};
use wasm_encoder::reencode::{Reencode, utils};
use wasm_encoder::{BlockType, CodeSection, ExportKind, ExportSection, Function, FunctionSection, Module, ValType};
use wasmparser::{ExternalKind, Parser, Payload, TypeRef};
use weft::guests::catalog;
use weft::record::{Record, RunDirectory, results_directory};
use weft_link::Engine;

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [run, codec, percent, directory] = arguments.as_slice() else {
        bail!("usage: slow_down RUN CODEC PERCENT DIRECTORY, such as: slow_down reference bytes 5% slowed");
    };
    let part: f64 = percent.trim_end_matches('%').parse::<f64>().context("the percentage is a number")? / 100.0;
    let record = RunDirectory::open(&results_directory(), run)?.record()?;
    let codecs = catalog(|name| name == codec).context("a guest cannot be used")?;
    let codec = codecs.first().context("there is no such codec")?;
    let delays = delays(&record, &codec.name, part / nanoseconds_per_step()?);
    let consumer = slowed(&codec.consumer.wasm, &delays)?;
    let directory = Path::new(directory);
    fs::create_dir_all(directory)?;
    fs::write(directory.join(format!("{}.producer.wasm", codec.name)), &codec.producer.wasm)?;
    fs::write(directory.join(format!("{}.consumer.wasm", codec.name)), consumer)?;
    println!("{} exports of {} are slower by {percent}: {}", delays.len(), codec.name, directory.display());
    Ok(())
}

/// Steps by export: for messages of at least so many bytes, so many steps.
type Delays = BTreeMap<String, Vec<(u32, u32)>>;

fn delays(record: &Record, codec: &str, steps_per_nanosecond: f64) -> Delays {
    let mut times: BTreeMap<(String, u32), Vec<f64>> = BTreeMap::new();
    for row in record.measured().filter(|row| row.cell.codec == codec) {
        if let (Some(wire), Some(latency)) = (row.wire_bytes, row.latency_ns) {
            let export = format!("receive_{}_{}", row.cell.message.kind.name, row.cell.task);
            // Sizes lie far apart; half of the mean tells a message from the next smaller kind.
            times.entry((export, (wire / 2.0) as u32)).or_default().push(latency.value);
        }
    }
    let mut delays = Delays::new();
    for ((export, bytes), times) in times {
        let mean = times.iter().sum::<f64>() / times.len() as f64;
        delays.entry(export).or_default().push((bytes, (mean * steps_per_nanosecond).round() as u32));
    }
    delays
}

/// What one step of the loop takes, in nanoseconds.
fn nanoseconds_per_step() -> Result<f64> {
    const STEPS: u32 = 200_000_000;
    let engine = Engine::default();
    let module = engine.compile(
        b"(module (func (export \"f\") (param i32)
           (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))",
    )?;
    let mut store = engine.store(());
    let instance = wasmtime::Instance::new(&mut store, &module, &[])?;
    let count_down = instance.get_typed_func::<u32, ()>(&mut store, "f")?;
    count_down.call(&mut store, STEPS / 10)?;
    let start = Instant::now();
    count_down.call(&mut store, STEPS)?;
    Ok(start.elapsed().as_nanos() as f64 / f64::from(STEPS))
}

/// The module with its exports wrapped.
fn slowed(wasm: &[u8], delays: &Delays) -> Result<Vec<u8>> {
    let mut pass = Pass { delays, wrapped: Vec::new(), functions: 0, types: Vec::new() };
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    if let TypeRef::Func(ty) = import?.ty {
                        pass.types.push(ty);
                    }
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    pass.types.push(ty?);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.kind == ExternalKind::Func && delays.contains_key(export.name) {
                        pass.wrapped.push((export.name.to_owned(), export.index));
                    }
                }
            }
            _ => {}
        }
    }
    pass.functions = pass.types.len() as u32;
    let mut module = Module::new();
    pass.parse_core_module(&mut module, Parser::new(0), wasm).map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(module.finish())
}

struct Pass<'a> {
    delays: &'a Delays,
    /// The exports to wrap, with their functions.
    wrapped: Vec<(String, u32)>,
    functions: u32,
    types: Vec<u32>,
}

type Reencoded = Result<(), wasm_encoder::reencode::Error<std::convert::Infallible>>;

impl Reencode for Pass<'_> {
    type Error = std::convert::Infallible;

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: wasmparser::FunctionSectionReader<'_>,
    ) -> Reencoded {
        utils::parse_function_section(self, functions, section)?;
        for (_, function) in &self.wrapped {
            functions.function(self.types[*function as usize]);
        }
        Ok(())
    }

    fn parse_export(&mut self, exports: &mut ExportSection, export: wasmparser::Export<'_>) -> Reencoded {
        match self.wrapped.iter().position(|(name, _)| name == export.name) {
            Some(place) => {
                exports.export(export.name, ExportKind::Func, self.functions + place as u32);
                Ok(())
            }
            None => utils::parse_export(self, exports, export),
        }
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, section: wasmparser::CodeSectionReader<'_>) -> Reencoded {
        utils::parse_code_section(self, code, section)?;
        for (name, function) in &self.wrapped {
            code.function(&wrapper(*function, &self.delays[name]));
        }
        Ok(())
    }
}

/// Calls the original, then counts down from the number for the message's length.
fn wrapper(original: u32, delays: &[(u32, u32)]) -> Function {
    const LEN: u32 = 1;
    const LEFT: u32 = 2;
    let mut function = Function::new([(1, ValType::I32)]);
    let mut code = function.instructions();
    code.local_get(0).local_get(LEN).call(original);
    for (bytes, steps) in delays {
        code.local_get(LEN).i32_const(*bytes as i32).i32_ge_u().if_(BlockType::Empty);
        code.i32_const(*steps as i32).local_set(LEFT).end();
    }
    code.block(BlockType::Empty).local_get(LEFT).i32_eqz().br_if(0).loop_(BlockType::Empty);
    code.local_get(LEFT).i32_const(1).i32_sub().local_tee(LEFT).br_if(0).end().end().end();
    function
}
