//! Scailable's example in C, called as its runtime does and as the transport `buffer-scailable` does. Without a clang the test says so.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use wasmtime::{Engine, Instance, Memory, Module, Store};

use crate::support::workspace;

/// Builds the example; none where there is no clang.
fn built(directory: &std::path::Path) -> Result<Option<Vec<u8>>> {
    let script = workspace().join("modules/foreign/scailable/build.sh");
    let output = Command::new("bash").arg(script).arg(directory).output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() && said.contains("is missing") {
        eprintln!("skipped: {said}");
        return Ok(None);
    }
    ensure!(output.status.success(), "{said}");
    Ok(Some(std::fs::read(directory.join("intsum.wasm"))?))
}

struct Guest {
    store: Store<()>,
    instance: Instance,
    memory: Memory,
}

impl Guest {
    fn new(wasm: &[u8]) -> Result<Self> {
        let engine = Engine::default();
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &Module::new(&engine, wasm)?, &[])?;
        let memory = instance.get_memory(&mut store, "memory").context("a memory")?;
        Ok(Self { store, instance, memory })
    }

    fn call(&mut self, name: &str) -> Result<u32> {
        let function = self.instance.get_typed_func::<(), u32>(&mut self.store, name)?;
        Ok(function.call(&mut self.store, ())?)
    }

    fn free(&mut self, at: u32) -> Result<()> {
        let function = self.instance.get_typed_func::<u32, ()>(&mut self.store, "free_buffer")?;
        Ok(function.call(&mut self.store, at)?)
    }

    /// One message, as the runtime brings it.
    fn answer(&mut self, input: &str) -> Result<String> {
        let malloc = self.instance.get_typed_func::<u32, u32>(&mut self.store, "malloc_buffer")?;
        let place = malloc.call(&mut self.store, input.len() as u32)?;
        self.memory.write(&mut self.store, place as usize, input.as_bytes())?;
        ensure!(self.call("pred")? == 0, "pred failed");
        let (len, at) = (self.call("get_out_len")?, self.call("get_out_loc")?);
        let mut output = vec![0; len as usize];
        self.memory.read(&self.store, at as usize, &mut output)?;
        self.free(at)?;
        self.free(place)?;
        Ok(String::from_utf8(output)?)
    }
}

#[test]
fn integers_in_json_are_summed() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let Some(wasm) = built(directory.path())? else { return Ok(()) };
    let mut guest = Guest::new(&wasm)?;
    let pages = guest.memory.size(&guest.store);
    for _ in 0..1000 {
        ensure!(guest.answer(r#"{"input": [[1,2,3,4,5,6,7,8,9,10]]}"#)? == r#"{"output": [55]}"#);
        ensure!(guest.answer(r#"{"input": [[-4, 1]]}"#)? == r#"{"output": [-3]}"#);
        ensure!(guest.answer("")? == r#"{"output": [0]}"#);
    }
    let long = format!("[{}]", vec!["1"; 100_000].join(","));
    ensure!(guest.answer(&long)? == r#"{"output": [100000]}"#);
    ensure!(guest.memory.size(&guest.store) > pages, "a long message needs more memory");
    Ok(())
}
