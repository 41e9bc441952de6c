//! Guests of one's own: a directory of modules, named by `WEFT_GUESTS`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use wasmparser::Validator;

use weft_link::guest::Side;

use super::files::workspace;
use super::{Codec, File, GuestsError};
use crate::cell::is_name;

/// The two files of a codec, as far as they are there.
#[derive(Default)]
struct Halves {
    producer: Option<PathBuf>,
    consumer: Option<PathBuf>,
}

impl Halves {
    fn half(&mut self, side: Side) -> &mut Option<PathBuf> {
        match side {
            Side::Producer => &mut self.producer,
            Side::Consumer => &mut self.consumer,
        }
    }
}

/// The directory that `WEFT_GUESTS` names. A relative path is looked for from here and, because `cargo bench` runs
/// in another directory than it was typed in, from the workspace.
pub fn from_environment() -> Option<PathBuf> {
    let named = env::var_os("WEFT_GUESTS").filter(|name| !name.is_empty()).map(PathBuf::from)?;
    let other = workspace().join(&named);
    Some(if !named.is_dir() && other.is_dir() { other } else { named })
}

/// Reads the codecs of a directory: `<codec>.producer.wasm` and `<codec>.consumer.wasm`, or either as text in a file
/// that ends in `.wat`. They are sorted by name.
///
/// # Errors
/// Where there is no such directory, a half is missing or there twice, or a module is invalid or breaks the ABI.
pub fn read(directory: &Path) -> Result<Vec<Codec>, GuestsError> {
    let halves = files(directory).map_err(|reason| unusable(directory, &reason))?;
    halves.into_iter().map(|(name, halves)| codec(directory, &name, &halves)).collect()
}

fn unusable(path: &Path, reason: &str) -> GuestsError {
    GuestsError::Directory { path: path.display().to_string(), reason: reason.to_owned() }
}

/// The files of each codec.
fn files(directory: &Path) -> Result<BTreeMap<String, Halves>, String> {
    let mut codecs: BTreeMap<String, Halves> = BTreeMap::new();
    for entry in fs::read_dir(directory).map_err(|error| format!("it cannot be listed: {error}"))? {
        let path = entry.map_err(|error| format!("it cannot be listed: {error}"))?.path();
        if !matches!(path.extension().and_then(|end| end.to_str()), Some("wasm" | "wat")) {
            continue;
        }
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let named = match stem.rsplit_once('.') {
            Some((codec, "producer")) => Some((codec, Side::Producer)),
            Some((codec, "consumer")) => Some((codec, Side::Consumer)),
            _ => None,
        };
        let file = path.file_name().unwrap_or_default().display();
        let Some((codec, side)) = named.filter(|(codec, _)| is_name(codec)) else {
            return Err(format!(
                "{file} is not named like a guest: <codec>.producer.wasm or <codec>.consumer.wasm, where <codec> has \
                 letters, digits, `-`, `_` and `+`"
            ));
        };
        if codecs.entry(codec.to_owned()).or_default().half(side).replace(path.clone()).is_some() {
            return Err(format!("it has {codec}.{side}.wasm and {codec}.{side}.wat; remove one of them"));
        }
    }
    if codecs.is_empty() {
        return Err(
            "it holds no guests; build some into it: <codec>.producer.wasm and <codec>.consumer.wasm".to_owned()
        );
    }
    Ok(codecs)
}

fn codec(directory: &Path, name: &str, halves: &Halves) -> Result<Codec, GuestsError> {
    let missing = |side, other| {
        unusable(directory, &format!("it has {name}.{other} but not its other half; add {name}.{side}.wasm"))
    };
    let producer = halves.producer.as_deref().ok_or_else(|| missing(Side::Producer, Side::Consumer))?;
    let consumer = halves.consumer.as_deref().ok_or_else(|| missing(Side::Consumer, Side::Producer))?;
    let files = [File::holding(&module(producer)?)?, File::holding(&module(consumer)?)?];
    let codec = Codec::read(name, files).map_err(|error| unusable(directory, &error.to_string()))?;
    Ok(Codec { directory: Some(directory.to_owned()), ..codec })
}

/// A module's binary form, valid to its last function: later nobody could say which file it came from.
fn module(path: &Path) -> Result<Vec<u8>, GuestsError> {
    let bytes = fs::read(path).map_err(|error| unusable(path, &format!("it cannot be read: {error}")))?;
    let invalid =
        |error: String| unusable(path, &format!("it is no valid WebAssembly module; build it again: {error}"));
    let wasm = wat::parse_bytes(&bytes).map_err(|error| invalid(error.to_string()))?;
    Validator::new().validate_all(&wasm).map_err(|error| invalid(error.to_string()))?;
    Ok(wasm.into_owned())
}
