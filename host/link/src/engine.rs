//! Engines and stores: what a setting of wasmtime and the limits of guests make of them, and nothing else does.

use std::ops::ControlFlow;
use std::sync::Arc;

use wasmtime::component::Component;
use wasmtime::{Config, Memory, Module, UpdateDeadline};

use crate::artifact::{Artifact, Artifacts};
use crate::limiter::Limiter;
use crate::setting::{Compiler, DEFAULT, Setting};
use crate::shims::Shims;

/// What the guests of one store may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Limits {
    /// The size of each memory, in bytes.
    pub memory_bytes: usize,
    /// The elements of each table.
    pub table_elements: usize,
    /// The instances of a store, and its memories and tables.
    pub instances: usize,
    /// The stack of the engine, in bytes: how deep guests may call. A thread that calls guests needs twice as much and what it takes itself:
    /// a producer that is deep within may send to a consumer that goes as deep.
    pub stack_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory_bytes: 1 << 30, table_elements: 1_000_000, instances: 16, stack_bytes: 512 << 10 }
    }
}

/// A store whose guests have limits, and what the host keeps in it.
pub type Store<T> = wasmtime::Store<Held<T>>;

/// What is shown the memories of a store while its guests run, one after the other, each with its number: it may change them, and says
/// whether the guests go on.
pub type Look = Arc<dyn Fn(usize, &mut [u8]) -> ControlFlow<()> + Send + Sync>;

/// What a store holds.
pub struct Held<T> {
    limits: Limiter,
    /// The memories that its guests import.
    pub(crate) memories: Vec<Memory>,
    /// What the host keeps in it.
    pub data: T,
}

/// An engine under a [`Setting`] and [`Limits`]. Clones share it.
#[derive(Clone)]
pub struct Engine {
    wasmtime: wasmtime::Engine,
    setting: &'static Setting,
    limits: Limits,
    fuel: u64,
    epochs: u64,
    look: Option<Look>,
    artifacts: Option<Artifacts>,
    shims: Arc<Shims>,
}

impl Default for Engine {
    /// The engine that all figures are measured on, unless they name another setting.
    ///
    /// # Panics
    /// Where wasmtime does not support this machine.
    fn default() -> Self {
        match Self::new(&DEFAULT, Limits::default()) {
            Ok(engine) => engine,
            Err(error) => panic!("wasmtime does not support this machine: {error:#}"),
        }
    }
}

impl Engine {
    /// An engine under a setting, whose guests have these limits.
    ///
    /// # Errors
    /// Where this build lacks what the setting needs, or wasmtime does not support this machine.
    pub fn new(setting: &'static Setting, limits: Limits) -> wasmtime::Result<Self> {
        Self::configured(setting, limits, |_| ())
    }

    /// The same with further changes of its configuration, but for how memories are allocated. What guests are ended by is the setting's:
    /// stores get fuel and a deadline only where it asks for them, so `change` must not turn on fuel or epochs, nor memories of the
    /// embedder's own (`with_host_memory`), nor pages of other sizes.
    ///
    /// # Errors
    /// As [`Engine::new`].
    pub fn configured(
        setting: &'static Setting,
        limits: Limits,
        change: impl FnOnce(&mut Config),
    ) -> wasmtime::Result<Self> {
        setting.supported().map_err(wasmtime::Error::msg)?;
        let mut config = Config::new();
        config.wasm_multi_memory(true).max_wasm_stack(limits.stack_bytes);
        config.consume_fuel(setting.fuel).epoch_interruption(setting.epochs);
        if setting.inlining {
            config.compiler_inlining(wasmtime::Inlining::Yes);
        }
        match setting.compiler {
            Compiler::Cranelift => {}
            #[cfg(feature = "winch")]
            Compiler::Winch => drop(config.strategy(wasmtime::Strategy::Winch)),
            #[cfg(not(feature = "winch"))]
            Compiler::Winch => {}
            Compiler::Pulley => drop(config.target("pulley64")?),
        }
        // A call into a consumer has a stack of its own above the producer's; and wasmtime refuses more than this, also where nothing is async.
        config.async_stack_size(limits.stack_bytes.saturating_mul(2).saturating_add(1 << 20));
        change(&mut config);
        // Last, because mapping windows relies on it: pages are mapped over a memory at its address, so the memory must stay
        // there, and nobody else may be given it later.
        config.memory_reservation(4 << 30).memory_may_move(false);
        config.allocation_strategy(wasmtime::InstanceAllocationStrategy::OnDemand);
        let wasmtime = wasmtime::Engine::new(&config)?;
        let (fuel, epochs, shims) = (u64::MAX, 1 << 40, Arc::default());
        Ok(Self { wasmtime, setting, limits, fuel, epochs, look: None, artifacts: None, shims })
    }

    /// The same engine, whose stores get so much fuel, where its setting counts it: what guests of a store may execute together.
    #[must_use]
    pub fn fuelled(&self, fuel: u64) -> Self {
        Self { fuel, ..self.clone() }
    }

    /// The same engine, whose stores end guests after so many increments of its epoch, where its setting looks at them.
    #[must_use]
    pub fn ended_after(&self, epochs: u64) -> Self {
        Self { epochs, ..self.clone() }
    }

    /// The same engine, whose stores call `look` wherever their guests look at the epoch, where its setting lets them: whenever a function is
    /// entered and a loop begins again. No clock and no other thread has a part in it. It is shown the memories that guests import.
    #[must_use]
    pub fn looked_into(&self, look: Look) -> Self {
        Self { look: Some(look), ..self.clone() }
    }

    /// The same engine, which finds in a directory what it has to precompile, or leaves it there.
    #[must_use]
    pub fn keeping(&self, artifacts: Artifacts) -> Self {
        Self { artifacts: Some(artifacts), ..self.clone() }
    }

    /// The engine of wasmtime.
    pub const fn wasmtime(&self) -> &wasmtime::Engine {
        &self.wasmtime
    }

    /// What it is set to.
    pub const fn setting(&self) -> &'static Setting {
        self.setting
    }

    /// What guests may take of it.
    pub const fn limits(&self) -> Limits {
        self.limits
    }

    /// A new store that holds `data`: its guests have the engine's limits.
    pub fn store<T: 'static>(&self, data: T) -> Store<T> {
        let limits = Limiter::new(self.limits);
        let mut store = Store::new(&self.wasmtime, Held { limits, memories: Vec::new(), data });
        store.limiter(|held| &mut held.limits);
        if self.setting.fuel {
            // It only fails on an engine that counts no fuel.
            let _ = store.set_fuel(self.fuel);
        }
        if self.setting.epochs {
            store.set_epoch_deadline(self.epochs);
            if let Some(look) = &self.look {
                look_into(&mut store, Arc::clone(look));
            }
        }
        store
    }

    /// Compiles a module anew: code lands elsewhere each time.
    ///
    /// # Errors
    /// Where the module is invalid.
    pub fn compile(&self, wasm: &[u8]) -> wasmtime::Result<Module> {
        Module::new(&self.wasmtime, wasm)
    }

    /// Compiles a module to what [`Engine::load`] makes modules of, as often as one likes.
    ///
    /// # Errors
    /// Where the module is invalid.
    pub fn precompile(&self, wasm: &[u8]) -> wasmtime::Result<Artifact> {
        self.kept(wasm, || Ok(Artifact(self.wasmtime.precompile_module(wasm)?)))
    }

    /// What `compile` makes of a source, or what another process of this host made of it and left in the directory.
    fn kept(&self, source: &[u8], compile: impl FnOnce() -> wasmtime::Result<Artifact>) -> wasmtime::Result<Artifact> {
        match &self.artifacts {
            Some(artifacts) => artifacts.find_or_compile(&self.wasmtime, source, compile),
            None => compile(),
        }
    }

    /// A module whose code lies on other pages than that of every other module that there is.
    ///
    /// # Errors
    /// Where the artifact is of an engine with other settings.
    #[allow(unsafe_code, reason = "where precompiled modules are loaded")]
    pub fn load(&self, artifact: &Artifact) -> wasmtime::Result<Module> {
        // SAFETY: only `precompile` and `composition` make artifacts. So the bytes are wasmtime's own: of this process, or of another one of this
        // host, which left them in a directory that nobody else writes to (`Artifacts::in_directory`).
        unsafe { Module::deserialize(&self.wasmtime, &artifact.0) }
    }

    /// A module of this text between guests. Its code lies on pages of its own, and is compiled once.
    ///
    /// # Errors
    /// Where the text is no module.
    pub(crate) fn shim(&self, text: &str) -> wasmtime::Result<Module> {
        let artifact = self.shims.find_or_compile(text, || self.precompile(text.as_bytes()))?;
        self.load(&artifact)
    }

    /// A component of this text around guests. Its code lies on pages of its own, and is compiled once.
    ///
    /// # Errors
    /// Where the text is no component.
    #[allow(unsafe_code, reason = "where precompiled components are loaded")]
    pub(crate) fn composition(&self, text: &str) -> wasmtime::Result<Component> {
        let compile = || Ok(Artifact(self.wasmtime.precompile_component(text.as_bytes())?));
        let artifact = self.shims.find_or_compile(text, || self.kept(text.as_bytes(), compile))?;
        // SAFETY: as in `load`; and where they were a module's, wasmtime would say so.
        unsafe { Component::deserialize(&self.wasmtime, &artifact.0) }
    }
}

/// Lets `look` see the memories of a store at each check of the epoch: a deadline that has always passed calls back there.
fn look_into<T: 'static>(store: &mut Store<T>, look: Look) {
    store.set_epoch_deadline(0);
    store.epoch_deadline_callback(move |mut caller| {
        for number in 0..caller.data().memories.len() {
            let Some(memory) = caller.data().memories.get(number).copied() else { break };
            if look(number, memory.data_mut(&mut caller)).is_break() {
                return Ok(UpdateDeadline::Interrupt);
            }
        }
        Ok(UpdateDeadline::Continue(0))
    });
}

#[cfg(test)]
mod tests {
    use super::Engine;

    #[test]
    fn engines_made_of_one_another_share_shims() {
        let engine = Engine::default();
        for text in ["(module)", "(component)"] {
            let again = || Err(wasmtime::Error::msg("it is compiled again"));
            assert!(engine.shims.find_or_compile(text, again).is_err(), "{text}");
            assert!(engine.shim(text).is_ok() != engine.composition(text).is_ok(), "{text}");
            assert!(engine.fuelled(1).shims.find_or_compile(text, again).is_ok(), "{text}");
        }
    }
}
