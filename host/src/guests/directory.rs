//! Guests as files: a directory of modules, as `WEFT_GUESTS` names it, and as a workspace has one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use wasmparser::{Parser, Validator};

use weft_link::guest::Side;

use super::files::workspace;
use super::{Codec, File, GuestsError, Replying};
use crate::cell::is_name;
use crate::variables;

/// The files of a codec, as far as they are there.
#[derive(Default)]
struct Halves {
    producer: Option<PathBuf>,
    consumer: Option<PathBuf>,
    requester: Option<PathBuf>,
    replier: Option<PathBuf>,
}

impl Halves {
    fn half(&mut self, side: Side) -> &mut Option<PathBuf> {
        match side {
            Side::Producer => &mut self.producer,
            Side::Consumer => &mut self.consumer,
            Side::Requester => &mut self.requester,
            Side::Replier => &mut self.replier,
        }
    }
}

/// The directory that `WEFT_GUESTS` names.
pub fn from_environment() -> Option<PathBuf> {
    Some(found(&variables::GUESTS.path()?))
}

/// A directory as it was named: from here or, because `cargo bench` runs in another directory than it was typed in,
/// from the workspace.
pub fn found(named: &Path) -> PathBuf {
    let other = workspace().join(named);
    if !named.is_dir() && other.is_dir() { other } else { named.to_owned() }
}

/// Where a workspace has the guests that it does not build.
const TEXT: &str = "modules/text";

/// The guests of a workspace that are written in WebAssembly text; none where it has none.
///
/// # Errors
/// As [`Directory::open`].
pub fn of_workspace(root: &Path) -> Result<Option<Directory>, GuestsError> {
    let path = root.join(TEXT);
    path.is_dir().then(|| Directory::open(&path, TEXT)).transpose()
}

/// A directory with guests: `<codec>.producer.wasm` and `<codec>.consumer.wasm`, and where replies are made by guests of their
/// own `<codec>.requester.wasm` and `<codec>.replier.wasm`; or any as text in a file that ends in `.wat`.
pub struct Directory {
    path: PathBuf,
    /// Where the user named it.
    named_by: &'static str,
    halves: BTreeMap<String, Halves>,
}

impl Directory {
    /// Lists a directory, which the user named by `named_by`.
    ///
    /// # Errors
    /// Where there is no such directory, or its modules are not named like guests.
    pub fn open(path: &Path, named_by: &'static str) -> Result<Self, GuestsError> {
        let halves = files(path).map_err(|reason| unusable(path, named_by, &reason))?;
        Ok(Self { path: path.to_owned(), named_by, halves })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The names of its codecs, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.halves.keys().map(String::as_str)
    }

    /// The guests of one of its codecs, the producer's first.
    ///
    /// # Errors
    /// Where a half is missing, or a module is invalid.
    pub fn files(&self, name: &str) -> Result<[File; 2], GuestsError> {
        let halves = self.halves.get(name).ok_or_else(|| self.unusable(&format!("it has no guests of {name}")))?;
        let both = self.both(name, [(Side::Producer, &halves.producer), (Side::Consumer, &halves.consumer)])?;
        both.ok_or_else(|| {
            self.unusable(&format!("it has guests of {name} for replies alone; add {name}.producer.wasm"))
        })
    }

    /// The guests of one of its codecs for replies, the requester's first; none where it has none of their own.
    ///
    /// # Errors
    /// As [`Self::files`].
    pub fn replying_files(&self, name: &str) -> Result<Option<[File; 2]>, GuestsError> {
        let Some(halves) = self.halves.get(name) else { return Ok(None) };
        self.both(name, [(Side::Requester, &halves.requester), (Side::Replier, &halves.replier)])
    }

    /// Two halves; none where neither is there.
    fn both(&self, name: &str, halves: [(Side, &Option<PathBuf>); 2]) -> Result<Option<[File; 2]>, GuestsError> {
        let missing = |side, other| {
            self.unusable(&format!("it has {name}.{other} but not its other half; add {name}.{side}.wasm"))
        };
        let file = |path: &Path| File::holding(&self.module(path)?);
        match halves {
            [(_, None), (_, None)] => Ok(None),
            [(_, Some(near)), (_, Some(far))] => Ok(Some([file(near)?, file(far)?])),
            [(there, Some(_)), (side, None)] | [(side, None), (there, Some(_))] => Err(missing(side, there)),
        }
    }

    /// One of its codecs.
    ///
    /// # Errors
    /// As [`Self::files`], and where a guest breaks the ABI.
    pub fn codec(&self, name: &str) -> Result<Codec, GuestsError> {
        let codec = Codec::read(name, self.files(name)?)?;
        match self.replying_files(name)? {
            Some(files) => Ok(Codec { replying: Some(Replying::read(name, &codec.traits, files)?), ..codec }),
            None => Ok(codec),
        }
    }

    /// All its codecs, sorted by name.
    ///
    /// # Errors
    /// As [`Self::files`], and where a guest breaks the ABI.
    pub fn codecs(&self) -> Result<Vec<Codec>, GuestsError> {
        let codec = |name| {
            let codec = self.codec(name).map_err(|error| self.unusable(&error.to_string()))?;
            Ok(Codec { directory: Some(self.path.clone()), ..codec })
        };
        self.names().map(codec).collect()
    }

    fn unusable(&self, reason: &str) -> GuestsError {
        unusable(&self.path, self.named_by, reason)
    }

    /// A module's binary form, valid to its last function: later nobody could say which file it came from.
    fn module(&self, path: &Path) -> Result<Vec<u8>, GuestsError> {
        let unusable = |reason: &str| unusable(path, self.named_by, reason);
        let bytes = fs::read(path).map_err(|error| unusable(&format!("it cannot be read: {error}")))?;
        let invalid = |error: String| unusable(&format!("it is no valid WebAssembly module; build it again: {error}"));
        let wasm = wat::parse_bytes(&bytes).map_err(|error| invalid(error.to_string()))?;
        // What is no core module is refused as a guest, by a reason that says more.
        if !Parser::is_component(&wasm) {
            Validator::new().validate_all(&wasm).map_err(|error| invalid(error.to_string()))?;
        }
        Ok(wasm.into_owned())
    }
}

fn unusable(path: &Path, named_by: &'static str, reason: &str) -> GuestsError {
    GuestsError::Directory { named_by, path: path.display().to_string(), reason: reason.to_owned() }
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
            Some((codec, "requester")) => Some((codec, Side::Requester)),
            Some((codec, "replier")) => Some((codec, Side::Replier)),
            _ => None,
        };
        let file = path.file_name().unwrap_or_default().display();
        let Some((codec, side)) = named.filter(|(codec, _)| is_name(codec)) else {
            return Err(format!(
                "{file} is not named like a guest: <codec>.producer.wasm or <codec>.consumer.wasm, or for replies \
                 <codec>.requester.wasm or <codec>.replier.wasm, where <codec> has letters, digits, `-`, `_` and `+`"
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
