//! The metering pass against numbers worked out by hand: small modules with known traffic. Each also runs as
//! it is and with fuel: results and memory must be equal, and the counts must be wasmtime's own.

#[path = "support/every_section.rs"]
mod every_section;
#[path = "support/fuel.rs"]
mod fuel;
#[path = "support/probe.rs"]
mod probe;
mod support;

#[path = "metering/allocator.rs"]
mod allocator;
#[path = "metering/flow.rs"]
mod flow;
#[path = "metering/modules.rs"]
mod modules;
#[path = "metering/random.rs"]
mod random;
#[path = "metering/regions.rs"]
mod regions;
#[path = "metering/traffic.rs"]
mod traffic;
