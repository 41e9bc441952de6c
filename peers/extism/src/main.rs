//! weft's host of Extism: it speaks the host protocol on its standard input and output (`host.toml`).
//!
//! Plugins are driven as Extism's documentation drives them: a `Plugin` for each, and `Plugin::call` by the function's name. The
//! output of a call lies in the kernel's memory of that plugin, and is borrowed from there for the next call, so that the host
//! itself copies nothing.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use extism::{CompiledPlugin, Manifest, Plugin, PluginBuilder, Wasm};
use weft_link::Limits;
use weft_plugin_host::{About, Calls, Pair, PluginHost, Plugins, Sent, System};

/// The plugins that this host was built with.
const PLUGINS: &[Plugins] = include!(concat!(env!("OUT_DIR"), "/plugins.rs"));

/// A page of WebAssembly, in bytes.
const PAGE: usize = 65536;

/// Extism, as a plugin system.
struct Extism;

impl System for Extism {
    type Compiled = CompiledPlugin;
    type Pair = Joined;

    fn about(&self) -> About {
        About {
            name: "extism",
            system: "Extism",
            version: format!(
                "{}, kit {}, wasmtime {}",
                env!("EXTISM_VERSION"),
                env!("EXTISM_PDK_VERSION"),
                env!("EXTISM_WASMTIME_VERSION")
            ),
            settings: "its defaults, so with epochs; two plugins, each called by the host for every message; of the limits \
                       only memory binds, for all memories of a plugin together",
            transport: "kernel",
            // From the outbox into the producer's kernel, from there into the consumer's, and from there into a vector.
            copies: 3,
        }
    }

    fn compile(&self, wasm: &[u8], limits: &Limits) -> anyhow::Result<CompiledPlugin> {
        let pages = u32::try_from(limits.memory_bytes / PAGE).unwrap_or(u32::MAX);
        let manifest = Manifest::new([Wasm::data(wasm)]).with_memory_max(pages);
        // What another run has compiled would lie elsewhere, and a round is to begin alike.
        PluginBuilder::new(manifest).with_cache_disabled().compile()
    }

    fn load(&self, producer: &CompiledPlugin, consumer: &CompiledPlugin, calls: Calls) -> anyhow::Result<Joined> {
        let load = Plugin::new_from_compiled;
        Ok(Joined { producer: load(producer)?, consumer: load(consumer)?, calls })
    }
}

/// A producer's plugin and a consumer's.
struct Joined {
    producer: Plugin,
    consumer: Plugin,
    calls: Calls,
}

impl Pair for Joined {
    fn prepare(&mut self) -> anyhow::Result<Option<i64>> {
        let Calls { prepare, produce, receive, reply, values } = &self.calls;
        let near = [Some(prepare), Some(produce), reply.as_ref().map(|reply| &reply.read)];
        let far = [Some(receive), reply.as_ref().map(|reply| &reply.prepare)];
        let has = |plugin: &Plugin, names: &[Option<&String>]| {
            names.iter().flatten().all(|name| plugin.function_exists(name))
        };
        if !has(&self.producer, &near) || !has(&self.consumer, &far) {
            return Ok(None);
        }
        let capacity: i64 = self.producer.call(prepare, values.as_slice())?;
        let Some(reply) = reply.as_ref().filter(|_| capacity >= 0) else { return Ok(Some(capacity)) };
        let answers: i64 = self.consumer.call(&reply.prepare, capacity)?;
        Ok(Some(if answers < 0 { answers } else { capacity }))
    }

    fn send(&mut self, number: u32) -> anyhow::Result<Sent> {
        let message: &[u8] = self.producer.call(&self.calls.produce, number)?;
        let wire_bytes = message.len();
        let result = match &self.calls.reply {
            None => self.consumer.call(&self.calls.receive, message)?,
            Some(reply) => {
                let answer: &[u8] = self.consumer.call(&self.calls.receive, message)?;
                self.producer.call(&reply.read, answer)?
            }
        };
        Ok(Sent { wire_bytes, result })
    }
}

fn main() -> ExitCode {
    match weft::serve::serve(&mut PluginHost::new(Extism, PLUGINS)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
