//! Bytes from strangers: whatever they are, they are refused with a reason or read, and nothing panics. These are the bodies of
//! fuzz targets; `tests/strangers.rs` runs them on some bytes, and for as long as it is told, `fuzz/` with a fuzzer.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasmparser::{Validator, WasmFeatures};

use crate::exact::{Differences, ExactFile, Metering, meter, tables};
use crate::json::{self, Misread};
use crate::protocol::{Reply, Request, line};
use crate::record::parse;
use crate::report::FORMATS;

/// As `run.json`. Returns why it is refused; one that is read has reports.
///
/// # Panics
/// Where a promise is broken.
pub fn run_json(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    match parse(text, Path::new("run.json")) {
        Err(error) => Some(error.to_string()),
        Ok(record) => {
            for format in FORMATS {
                // A format may refuse what it cannot show.
                let _ = (format.render)(&record, "run");
            }
            None
        }
    }
}

/// As `exact.json`. Returns why it is refused; what is read differs in nothing from itself.
///
/// # Panics
/// Where a promise is broken.
pub fn exact_json(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    match ExactFile::read(text) {
        Err(error) => Some(error.to_string()),
        Ok(file) => {
            let _ = tables::text(&file);
            let differences = Differences::between(&file, &file, true);
            assert!(differences.grew.is_empty() && differences.new.is_empty(), "it differs from itself");
            None
        }
    }
}

/// As a line of the host protocol, in both directions. Returns why it is neither a request nor a reply; what is one can be written
/// and read again. What was written is then read as what it was: only a key that is there twice goes.
///
/// # Panics
/// Where a promise is broken.
pub fn protocol(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (reply, request) = (settles::<Reply>(text), settles::<Request>(text));
    reply.err().zip(request.err()).map(|(reply, request)| format!("{reply}; {request}"))
}

/// Reads a line, and what is written of it twice again.
fn settles<T: DeserializeOwned + Serialize + PartialEq>(text: &str) -> Result<(), Misread> {
    let again = |value: &T| line(value).ok().and_then(|text| json::read::<T>(&text).ok());
    let once = json::read::<T>(text)?;
    let twice = again(&once);
    assert!(twice.is_some(), "what is written of it cannot be read");
    assert!(twice.as_ref().and_then(again) == twice, "it is another each time that it is read");
    Ok(())
}

/// As a guest's module: the metering pass refuses it, or makes a valid module of a valid one. Returns why it is refused.
///
/// # Panics
/// Where a promise is broken.
pub fn metered(wasm: &[u8]) -> Option<String> {
    let valid = |wasm: &[u8]| Validator::new_with_features(WasmFeatures::all()).validate_all(wasm);
    let mut refused = None;
    for metering in [Metering::Counting, Metering::Searching] {
        match meter(wasm, metering) {
            Err(error) => refused = Some(error.to_string()),
            Ok(metered) if valid(wasm).is_ok() => {
                let flaw = valid(&metered).err();
                assert!(flaw.is_none(), "{metering:?}: a valid module was made an invalid one: {flaw:?}");
            }
            Ok(_) => {}
        }
    }
    refused
}
