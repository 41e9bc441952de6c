//! A fuzz target: a module of `wasm-smith` through the metering pass.
#![no_main]

libfuzzer_sys::fuzz_target!(|module: wasm_smith::Module| {
    let _ = weft::strangers::metered(&module.to_bytes());
});
