//! A fuzz target: bytes as `run.json`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = weft::strangers::run_json(bytes);
});
