//! Bare crossings: loops in WebAssembly text over a function `(i32, i32) -> i64`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::ensure;
use wasmtime::{Extern, Func, Instance, Module, TypedFunc};
use weft_link::{Engine, Store};

use crate::measure::Subject;

/// The function that is called: it adds its arguments.
const CALLEE: &str = r#"(module
  (func (export "f") (param $a i32) (param $b i32) (result i64)
    (i64.extend_i32_u (i32.add (local.get $a) (local.get $b)))))"#;

/// Calls an import `n` times and sums what it returns.
const LOOP: &str = r#"(module
  (import "" "f" (func $f (param i32 i32) (result i64)))
  (func (export "run") (param $n i32) (result i64)
    (local $sum i64)
    (if (i32.eqz (local.get $n)) (then (return (i64.const 0))))
    (loop $again
      (local.set $sum (i64.add (local.get $sum) (call $f (local.get $n) (i32.const 7))))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))"#;

/// The same without the call.
const EMPTY: &str = r#"(module
  (func (export "run") (param $n i32) (result i64)
    (local $sum i64)
    (if (i32.eqz (local.get $n)) (then (return (i64.const 0))))
    (loop $again
      (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u (i32.add (local.get $n) (i32.const 7)))))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))"#;

/// The function's type, cached for calls from the host.
type Callee = TypedFunc<(u32, u32), i64>;

/// Calls from the host into wasm.
pub struct HostToWasm(Store<()>, Callee);

impl HostToWasm {
    /// A function to call.
    ///
    /// # Errors
    /// Where the engine refuses it.
    pub fn new(engine: &Engine) -> anyhow::Result<Self> {
        let mut store = engine.store(());
        let callee = Instance::new(&mut store, &Module::new(engine.wasmtime(), CALLEE)?, &[])?;
        let function = callee.get_typed_func(&mut store, "f")?;
        Ok(Self(store, function))
    }
}

impl Subject for HostToWasm {
    fn time(&mut self, iterations: u64) -> anyhow::Result<Duration> {
        let Self(store, function) = self;
        let start = Instant::now();
        let mut sum = 0_i64;
        for i in 0..iterations {
            sum = sum.wrapping_add(function.call(&mut *store, (black_box(i as u32), 7))?);
        }
        black_box(sum);
        Ok(start.elapsed())
    }
}

/// Calls out of a loop in wasm.
pub struct WasmLoop(Store<()>, TypedFunc<u32, i64>);

impl WasmLoop {
    /// … to a function of the host.
    ///
    /// # Errors
    /// Where the engine refuses it.
    pub fn to_host(engine: &Engine) -> anyhow::Result<Self> {
        let add = |a: u32, b: u32| -> i64 { i64::from(a.wrapping_add(b)) };
        Self::of(LOOP, engine, |store| Ok(Some(Func::wrap(store, add))))
    }

    /// … to a function of another instance in the same store.
    ///
    /// # Errors
    /// Where the engine refuses it.
    pub fn to_wasm(engine: &Engine) -> anyhow::Result<Self> {
        Self::of(LOOP, engine, |store| {
            let callee = Instance::new(&mut *store, &Module::new(engine.wasmtime(), CALLEE)?, &[])?;
            Ok(Some(callee.get_func(store, "f").ok_or_else(|| anyhow::anyhow!("the callee has no function"))?))
        })
    }

    /// … to nothing: the loop alone.
    ///
    /// # Errors
    /// Where the engine refuses it.
    pub fn empty(engine: &Engine) -> anyhow::Result<Self> {
        Self::of(EMPTY, engine, |_| Ok(None))
    }

    fn of(
        wat: &str,
        engine: &Engine,
        callee: impl Fn(&mut Store<()>) -> anyhow::Result<Option<Func>>,
    ) -> anyhow::Result<Self> {
        let mut store = engine.store(());
        let imports: Vec<Extern> = callee(&mut store)?.into_iter().map(Extern::Func).collect();
        let caller = Instance::new(&mut store, &Module::new(engine.wasmtime(), wat)?, &imports)?;
        let run = caller.get_typed_func(&mut store, "run")?;
        Ok(Self(store, run))
    }
}

impl Subject for WasmLoop {
    fn time(&mut self, iterations: u64) -> anyhow::Result<Duration> {
        let Self(store, run) = self;
        let count = u32::try_from(iterations)?;
        let start = Instant::now();
        let sum = run.call(store, count)?;
        let elapsed = start.elapsed();
        // The sum of n + 7 for n from 1 to count, each in 32 bits.
        let expected = (1..=u64::from(count.min(1000))).map(|n| n + 7).sum::<u64>();
        ensure!(count > 1000 || sum.cast_unsigned() == expected, "the bare loop returned {sum}");
        Ok(elapsed)
    }
}
