//! weft's host of waPC: it speaks the host protocol on its standard input and output (`host.toml`).
//!
//! Plugins are driven as waPC's documentation drives them: a `WapcHost` with the provider for wasmtime for each, and
//! `WapcHost::call` by the operation's name, which returns a vector.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use anyhow::anyhow;
use wapc::WapcHost;
use wapc::errors::Error;
use wasmtime_provider::{ResourceLimits, WasmtimeEngineProviderBuilder, WasmtimeEngineProviderPre};
use weft_link::Limits;
use weft_plugin_host::{About, Calls, Pair, PluginHost, Plugins, Sent, System};

/// The plugins that this host was built with.
const PLUGINS: &[Plugins] = include!(concat!(env!("OUT_DIR"), "/plugins.rs"));

/// What the kit for plugins answers to a name that no function has.
const NO_FUNCTION: &str = "No handler registered for function ";

/// waPC, as a plugin system.
struct Wapc;

impl System for Wapc {
    type Compiled = WasmtimeEngineProviderPre;
    type Pair = Joined;

    fn about(&self) -> About {
        About {
            name: "wapc",
            system: "waPC",
            version: format!(
                "{}, kit {}, wasmtime-provider {}, wasmtime {}",
                env!("WAPC_VERSION"),
                env!("WAPC_GUEST_VERSION"),
                env!("WAPC_PROVIDER_VERSION"),
                env!("WAPC_WASMTIME_VERSION")
            ),
            settings: "its defaults, so without epochs; two plugins, each called by the host for every message; of the \
                       limits only memory and tables bind",
            transport: "guest-call",
            // From the outbox into the answer's vector, from there into the host's, which is cloned for the caller; for the
            // next call into the request, which is cloned, and from there into the consumer's memory.
            copies: 6,
        }
    }

    fn compile(&self, wasm: &[u8], limits: &Limits) -> anyhow::Result<WasmtimeEngineProviderPre> {
        let (max_memory_size, max_table_elements) = (Some(limits.memory_bytes), Some(limits.table_elements));
        let limits = ResourceLimits { max_memory_size, max_table_elements };
        Ok(WasmtimeEngineProviderBuilder::new().module_bytes(wasm).enable_resource_limits(limits).build_pre()?)
    }

    fn load(
        &self,
        producer: &WasmtimeEngineProviderPre,
        consumer: &WasmtimeEngineProviderPre,
        calls: Calls,
    ) -> anyhow::Result<Joined> {
        Ok(Joined { producer: load(producer)?, consumer: load(consumer)?, calls })
    }
}

/// A plugin of its own.
fn load(compiled: &WasmtimeEngineProviderPre) -> anyhow::Result<WapcHost> {
    Ok(WapcHost::new(Box::new(compiled.rehydrate(None)?), None)?)
}

/// A producer's plugin and a consumer's.
struct Joined {
    producer: WapcHost,
    consumer: WapcHost,
    calls: Calls,
}

impl Pair for Joined {
    fn prepare(&mut self) -> anyhow::Result<Option<i64>> {
        let Calls { prepare, receive, reply, values, .. } = &self.calls;
        let known = |answer: Result<Vec<u8>, Error>| match answer {
            Err(Error::GuestCallFailure(why)) if why.starts_with(NO_FUNCTION) => Ok(None),
            answer => read(&answer?).map(Some),
        };
        let Some(capacity) = known(self.producer.call(prepare, values))? else { return Ok(None) };
        match reply {
            _ if capacity < 0 => Ok(Some(capacity)),
            Some(reply) => {
                let answers = known(self.consumer.call(&reply.prepare, &capacity.to_le_bytes()))?;
                Ok(answers.map(|answers| if answers < 0 { answers } else { capacity }))
            }
            // A plugin does not tell which functions it has; a consumer that has this one answers a status to no bytes.
            None => Ok(known(self.consumer.call(receive, &[]))?.and(Some(capacity))),
        }
    }

    fn send(&mut self, number: u32) -> anyhow::Result<Sent> {
        let message = self.producer.call(&self.calls.produce, &number.to_le_bytes())?;
        let mut result = self.consumer.call(&self.calls.receive, &message)?;
        if let Some(reply) = &self.calls.reply {
            result = self.producer.call(&reply.read, &result)?;
        }
        Ok(Sent { wire_bytes: message.len(), result: read(&result)? })
    }
}

/// The number that a plugin answers.
fn read(answer: &[u8]) -> anyhow::Result<i64> {
    let bytes = answer.try_into().map_err(|_| anyhow!("the plugin answered {} bytes in place of 8", answer.len()))?;
    Ok(i64::from_le_bytes(bytes))
}

fn main() -> ExitCode {
    match weft::serve::serve(&mut PluginHost::new(Wapc, PLUGINS)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
