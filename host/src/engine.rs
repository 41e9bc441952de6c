//! The engine: one configuration for every guest and every transport.

use wasmtime::Config;

pub use wasmtime::Engine;

/// What the engine is set to, for the record of a run.
pub const SETTINGS: &str = "cranelift, opt-level speed, on-demand allocator, 4 GiB reservation per memory, \
                            no fuel, no epochs, multi-memory";

/// The engine that all figures are measured on.
///
/// # Errors
/// Where wasmtime does not support this machine.
pub fn engine() -> wasmtime::Result<Engine> {
    let mut config = Config::new();
    config.wasm_multi_memory(true);
    // A window maps pages over a memory at its address, so the memory must stay there.
    config.memory_reservation(4 << 30).memory_may_move(false);
    Engine::new(&config)
}
