//! Bytes from strangers: whatever they are, they are refused with a reason or read, and nothing panics. These are the bodies of
//! fuzz targets; `tests/strangers.rs` runs them on some bytes, and for as long as it is told, `fuzz/` with a fuzzer.

use std::path::Path;

use wasmparser::{Validator, WasmFeatures};

use crate::exact::{Differences, ExactFile, Freed, meter, tables};
use crate::json;
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
                let _ = (format.render)(&record);
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
/// and read again.
///
/// # Panics
/// Where a promise is broken.
pub fn protocol(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let reply = json::read::<Reply>(text).map(|reply| {
        let again = line(&reply).ok().and_then(|text| json::read::<Reply>(&text).ok());
        assert!(again == Some(reply), "a reply is another when it is read again");
    });
    let request = json::read::<Request>(text).map(|request| {
        let again = line(&request).ok().and_then(|text| json::read::<Request>(&text).ok());
        assert!(again == Some(request), "a request is another when it is read again");
    });
    reply.err().zip(request.err()).map(|(reply, request)| format!("{reply}; {request}"))
}

/// As a guest's module: the metering pass refuses it, or makes a valid module of a valid one. Returns why it is refused.
///
/// # Panics
/// Where a promise is broken.
pub fn metered(wasm: &[u8]) -> Option<String> {
    let valid = |wasm: &[u8]| Validator::new_with_features(WasmFeatures::all()).validate_all(wasm);
    let mut refused = None;
    for freed in [Freed::Reused, Freed::Kept] {
        match meter(wasm, freed) {
            Err(error) => refused = Some(error.to_string()),
            Ok(metered) if valid(wasm).is_ok() => {
                let flaw = valid(&metered).err();
                assert!(flaw.is_none(), "{freed:?}: a valid module was made an invalid one: {flaw:?}");
            }
            Ok(_) => {}
        }
    }
    refused
}
