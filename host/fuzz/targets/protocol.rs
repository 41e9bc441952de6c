//! A fuzz target: bytes as a line of the host protocol.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = weft::strangers::protocol(bytes);
});
