//! The metering pass against numbers worked out by hand: small modules with known traffic. Each also runs as
//! it is and with fuel: results and memory must be equal, and the counts must be wasmtime's own.

mod allocator;
mod flow;
mod modules;
mod random;
mod regions;
mod traffic;
