//! A fuzz target: bytes as `exact.json`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = weft::strangers::exact_json(bytes);
});
