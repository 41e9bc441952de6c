//! One guest's module: its bytes, its exports, and the check against the ABI.

use std::collections::BTreeMap;
use std::sync::Arc;

use wasmparser::{FuncType, Parser, ValType};
use wasmtime::Module;

use super::error::{in_a_line, listed, plain};
use super::{ABI, GuestError, GuestName, Side, Traits};
use crate::artifact::Artifact;
use crate::engine::Engine;
use crate::meter::{Layout, RESERVED};
use crate::module::{ImportKind, Sections, sha256};

/// Why a component is no guest, and how to come by one.
const COMPONENT: &str = "it is a component, and weft takes core modules (docs/ABI.md); build it for wasm32-unknown-unknown, or take the core \
     module out of it";

/// A guest, read and checked against `docs/ABI.md`.
#[derive(Debug, Clone)]
pub struct Guest {
    /// Whose guest it is.
    pub name: GuestName,
    /// The module's binary form.
    pub wasm: Arc<[u8]>,
    exports: BTreeMap<String, FuncType>,
    /// The smallest memory that it imports, in pages.
    pub memory_pages: u64,
    pub(crate) layout: Layout,
    traits: Option<String>,
    /// The content of its section `weft.types`, where its messages are typed.
    pub(crate) types: Option<String>,
}

impl Guest {
    /// Reads a guest from a wasm binary or WebAssembly text.
    ///
    /// # Errors
    /// Where it is no valid module, breaks the ABI, or has a name of those that counting adds.
    pub fn read(name: GuestName, wasm: &[u8]) -> Result<Self, GuestError> {
        match Self::with_reserved(name, wasm)? {
            (guest, None) => Ok(guest),
            (Self { name: guest, .. }, Some(export)) => Err(GuestError::ReservedExport { guest, export }),
        }
    }

    /// Reads what counting has made of a guest.
    ///
    /// # Errors
    /// Where it is no valid module or breaks the ABI.
    pub fn read_metered(name: GuestName, wasm: &[u8]) -> Result<Self, GuestError> {
        Ok(Self::with_reserved(name, wasm)?.0)
    }

    /// The guest, and the first of its exports that has a name of those that counting adds.
    fn with_reserved(name: GuestName, wasm: &[u8]) -> Result<(Self, Option<String>), GuestError> {
        let invalid = |reason: String| GuestError::Invalid { guest: name.clone(), reason: plain(&reason) };
        let wasm = wat::parse_bytes(wasm).map_err(|error| invalid(error.to_string()))?;
        if Parser::is_component(&wasm) {
            return Err(invalid(COMPONENT.to_owned()));
        }
        let sections = Sections::of(&wasm).map_err(|error| invalid(error.to_string()))?;
        let memory_pages = check_imports(&name, &sections)?;
        let reserved = sections.exports.iter().find(|export| export.name.starts_with(RESERVED));
        let reserved = reserved.map(|export| plain(&export.name.chars().take(80).collect::<String>()));
        let exports = sections.exported_functions();
        let exports =
            exports.filter_map(|(name, index)| Some((name.to_owned(), sections.function_type(index)?.clone())));
        let guest = Self {
            name,
            exports: exports.collect(),
            memory_pages,
            layout: Layout::of(&sections),
            traits: sections.traits,
            types: sections.types_of_messages,
            wasm: wasm.into(),
        };
        guest.check_exports()?;
        Ok((guest, reserved))
    }

    /// Whether the guest exports a function of this name.
    pub fn has(&self, export: &str) -> bool {
        self.exports.contains_key(export)
    }

    /// The names of the functions that it exports, sorted.
    pub fn exports(&self) -> impl Iterator<Item = &str> {
        self.exports.keys().map(String::as_str)
    }

    /// Whether its messages are typed, and no bytes.
    pub const fn is_typed(&self) -> bool {
        self.types.is_some()
    }

    /// Checks that its messages are typed where the traits of its codec say so, and nowhere else.
    ///
    /// # Errors
    /// Where one says it, and the other does not.
    pub fn check_typed(&self, traits: &Traits) -> Result<(), GuestError> {
        let reason = match (traits.is_typed(), self.is_typed()) {
            (true, false) => "there is none, but the traits of the codec say `\"typed\": true`",
            (false, true) => "there is one, but the traits of the codec do not say `\"typed\": true`",
            _ => return Ok(()),
        };
        Err(GuestError::Types { guest: self.name.clone(), reason: reason.to_owned() })
    }

    /// The export by which a producer comes by the values of a message: `prepare_<message>`, also where it has neither; or
    /// `supply_<message>` where it has only that, and the host hands them over.
    pub fn prepares(&self, message: &str) -> String {
        let (prepare, supply) = (format!("prepare_{message}"), format!("supply_{message}"));
        if self.has(&supply) && !self.has(&prepare) { supply } else { prepare }
    }

    /// The module's SHA-256, in hexadecimal.
    pub fn sha256(&self) -> String {
        sha256(&self.wasm)
    }

    /// What the codec says about itself. What it does not say is not known.
    ///
    /// # Errors
    /// Where the section is not the JSON that it should be, or names another version of the ABI.
    pub fn traits(&self) -> Result<Traits, GuestError> {
        let unusable = |error: serde_json::Error| GuestError::Traits {
            guest: self.name.clone(),
            reason: in_a_line(&error.to_string()),
        };
        let Some(json) = self.traits.as_deref() else { return Ok(Traits::default()) };
        let traits: Traits = serde_json::from_str(json).map_err(unusable)?;
        match traits.abi {
            Some(found) if found != ABI => Err(GuestError::OtherAbi { guest: self.name.clone(), found, known: ABI }),
            _ => Ok(traits.printable()),
        }
    }

    /// An error about an export that is not there.
    pub fn missing(&self, export: &str) -> GuestError {
        let present = listed(self.exports());
        GuestError::MissingExport { guest: self.name.clone(), export: export.to_owned(), present }
    }

    /// Compiles the guest anew: code lands elsewhere each time.
    ///
    /// # Errors
    /// Where the engine refuses the module.
    pub fn compile(&self, engine: &Engine) -> Result<Module, GuestError> {
        engine.compile(&self.wasm).map_err(|error| self.refused(&error))
    }

    fn refused(&self, error: &wasmtime::Error) -> GuestError {
        GuestError::Invalid { guest: self.name.clone(), reason: plain(&format!("{error:#}")) }
    }

    fn check_exports(&self) -> Result<(), GuestError> {
        let regions: &[&str] = match self.name.side {
            Side::Producer => &["outbox"],
            Side::Consumer => &["inbox"],
            Side::Requester | Side::Replier => &["outbox", "inbox"],
        };
        if let Some(region) = regions.iter().find(|region| !self.has(region)) {
            return Err(self.missing(region));
        }
        for (export, found) in &self.exports {
            if let Some(expected) = expected_type(export)
                && *found != expected
            {
                let (found, expected) = (found.to_string(), expected.to_string());
                let (guest, export) = (self.name.clone(), plain(export));
                return Err(GuestError::ExportType { guest, export, found, expected });
            }
        }
        let is_supplied = self.exports.keys().any(|export| export.starts_with("supply_"));
        if self.name.side.sends() && is_supplied && !self.has("values") {
            return Err(self.missing("values"));
        }
        Ok(())
    }
}

/// The ABI's type of an export, where the ABI has one of that name.
fn expected_type(export: &str) -> Option<FuncType> {
    const I32: ValType = ValType::I32;
    const I64: ValType = ValType::I64;
    let (parameters, results): (&[ValType], &[ValType]) = match export {
        "outbox" | "inbox" | "values" => (&[I32], &[I64]),
        "rejected" | "weft_trace" => (&[], &[I64]),
        "weft_alloc" => (&[I32; 2], &[I32]),
        "weft_realloc" => (&[I32; 4], &[I32]),
        "weft_dealloc" => (&[I32; 3], &[]),
        _ if export.starts_with("drop_") => (&[I32; 2], &[]),
        _ if export.starts_with("prepare_") => (&[I32, I32, I64], &[I64]),
        _ if export.starts_with("supply_") => (&[I32; 3], &[I64]),
        _ if export.starts_with("request_") => (&[I32; 2], &[I64]),
        _ if export.starts_with("produce_") || export.starts_with("receive_") => (&[I32; 2], &[I64]),
        _ => return None,
    };
    Some(FuncType::new(parameters.iter().copied(), results.iter().copied()))
}

/// Checks that a guest imports its memory, and `send` where it is a producer, and nothing else;
/// returns the memory's smallest size in pages.
fn check_imports(name: &GuestName, sections: &Sections) -> Result<u64, GuestError> {
    let expected = match name.side {
        Side::Producer | Side::Requester => {
            "a producer imports the memory `env.memory` and the function `weft.send` (i32, i32) -> i64"
        }
        Side::Consumer | Side::Replier => "a consumer imports the memory `env.memory` and nothing else",
    };
    let send = FuncType::new([ValType::I32, ValType::I32], [ValType::I64]);
    let is_send = |ty: u32| sections.types.get(ty as usize) == Some(&Some(send.clone()));
    let refused = |import: String| GuestError::Import { guest: name.clone(), import: plain(&import), expected };
    let mut pages = None;
    for import in &sections.imports {
        let what = match (import.name.as_str(), &import.kind) {
            ("env.memory", ImportKind::Memory(minimum)) if pages.is_none() => {
                pages = Some(*minimum);
                continue;
            }
            ("weft.send", ImportKind::Function(ty)) if is_send(*ty) && name.side.sends() => continue,
            (_, ImportKind::SharedMemory) => " (shared)",
            (_, ImportKind::WideMemory) => " (64-bit)",
            (_, ImportKind::BoundedMemory) => " (with a maximum)",
            (_, ImportKind::OtherPages) => " (its pages are not of 65 536 bytes)",
            _ => "",
        };
        return Err(refused(format!("`{}{what}`", import.name)));
    }
    pages.ok_or_else(|| refused("no memory".to_owned()))
}

/// Two guests, compiled together: what one pair runs.
#[derive(Clone)]
pub struct Compiled {
    /// The producer.
    pub producer: (Guest, Module),
    /// The consumer.
    pub consumer: (Guest, Module),
}

impl Compiled {
    /// What both guests say of the types of their messages, the producer first. None where neither does: they are bytes.
    ///
    /// # Errors
    /// Where one says it, and the other does not.
    pub(crate) fn types(&self) -> Result<Option<[&str; 2]>, GuestError> {
        let [near, far] = [&self.producer.0, &self.consumer.0];
        let lacks = |one: &Guest, other: &Guest| {
            let reason = format!("there is none, but {} has one", other.name);
            Err(GuestError::Types { guest: one.name.clone(), reason })
        };
        match (&near.types, &far.types) {
            (None, None) => Ok(None),
            (Some(sent), Some(received)) => Ok(Some([sent, received])),
            (None, Some(_)) => lacks(near, far),
            (Some(_), None) => lacks(far, near),
        }
    }

    /// Compiles both guests anew.
    ///
    /// # Errors
    /// Where the engine refuses a module.
    pub fn new(engine: &Engine, producer: &Guest, consumer: &Guest) -> Result<Self, GuestError> {
        Ok(Self {
            producer: (producer.clone(), producer.compile(engine)?),
            consumer: (consumer.clone(), consumer.compile(engine)?),
        })
    }
}

/// Two guests, compiled once, of which any number of [`Compiled`] ones can be had.
#[derive(Clone)]
pub struct Precompiled {
    producer: (Guest, Artifact),
    consumer: (Guest, Artifact),
}

impl Precompiled {
    /// Compiles both guests.
    ///
    /// # Errors
    /// Where the engine refuses a module.
    pub fn new(engine: &Engine, producer: &Guest, consumer: &Guest) -> Result<Self, GuestError> {
        let of = |guest: &Guest| {
            let artifact = engine.precompile(&guest.wasm).map_err(|error| guest.refused(&error))?;
            Ok((guest.clone(), artifact))
        };
        Ok(Self { producer: of(producer)?, consumer: of(consumer)? })
    }

    /// The two, their code on pages of its own: a placement.
    ///
    /// # Errors
    /// Where the engine is another one.
    pub fn place(&self, engine: &Engine) -> Result<Compiled, GuestError> {
        let of = |(guest, artifact): &(Guest, Artifact)| {
            let module = engine.load(artifact).map_err(|error| guest.refused(&error))?;
            Ok((guest.clone(), module))
        };
        Ok(Compiled { producer: of(&self.producer)?, consumer: of(&self.consumer)? })
    }
}
