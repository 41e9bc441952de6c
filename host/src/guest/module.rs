//! One guest's module: its bytes, its exports, and the check against the ABI.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use wasmparser::{CompositeInnerType, ExternalKind, FuncType, Parser, Payload, TypeRef, ValType};
use wasmtime::{Engine, Module};

use super::{GuestError, GuestName, Side, Traits};

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
    traits: Option<String>,
}

impl Guest {
    /// Reads a guest from a wasm binary or WebAssembly text.
    ///
    /// # Errors
    /// Where it is no valid module or breaks the ABI.
    pub fn read(name: GuestName, wasm: &[u8]) -> Result<Self, GuestError> {
        let invalid = |reason: String| GuestError::Invalid { guest: name.clone(), reason };
        let wasm = wat::parse_bytes(wasm).map_err(|error| invalid(error.to_string()))?;
        let outline = Outline::of(&wasm).map_err(|error| invalid(error.to_string()))?;
        let memory_pages = check_imports(&name, &outline)?;
        let guest = Self { name, exports: outline.exports, memory_pages, traits: outline.traits, wasm: wasm.into() };
        guest.check_exports()?;
        Ok(guest)
    }

    /// Whether the guest exports a function of this name.
    pub fn has(&self, export: &str) -> bool {
        self.exports.contains_key(export)
    }

    /// The module's SHA-256, in hexadecimal.
    pub fn sha256(&self) -> String {
        Sha256::digest(&self.wasm).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// What the codec says about itself.
    ///
    /// # Errors
    /// Where the section is missing or not the JSON that it should be.
    pub fn traits(&self) -> Result<Traits, GuestError> {
        let unusable = |reason: String| GuestError::Traits { guest: self.name.clone(), reason };
        let json = self.traits.as_deref().ok_or_else(|| unusable("it is missing".to_owned()))?;
        serde_json::from_str(json).map_err(|error| unusable(error.to_string()))
    }

    /// An error about an export that is not there.
    pub fn missing(&self, export: &str) -> GuestError {
        let present = self.exports.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        GuestError::MissingExport { guest: self.name.clone(), export: export.to_owned(), present }
    }

    /// Compiles the guest anew: code lands elsewhere each time.
    ///
    /// # Errors
    /// Where the engine refuses the module.
    pub fn compile(&self, engine: &Engine) -> Result<Module, GuestError> {
        Module::new(engine, &self.wasm)
            .map_err(|error| GuestError::Invalid { guest: self.name.clone(), reason: format!("{error:#}") })
    }

    fn check_exports(&self) -> Result<(), GuestError> {
        let region = match self.name.side {
            Side::Producer => "outbox",
            Side::Consumer => "inbox",
        };
        if !self.has(region) {
            return Err(self.missing(region));
        }
        for (export, found) in &self.exports {
            if let Some(expected) = expected_type(export)
                && *found != expected
            {
                let (found, expected) = (found.to_string(), expected.to_string());
                let (guest, export) = (self.name.clone(), export.clone());
                return Err(GuestError::ExportType { guest, export, found, expected });
            }
        }
        Ok(())
    }
}

/// The ABI's type of an export, where the ABI has one of that name.
fn expected_type(export: &str) -> Option<FuncType> {
    const I32: ValType = ValType::I32;
    const I64: ValType = ValType::I64;
    let (parameters, results): (&[ValType], &[ValType]) = match export {
        "outbox" | "inbox" => (&[I32], &[I64]),
        "rejected" => (&[], &[I64]),
        "weft_alloc" => (&[I32; 2], &[I32]),
        "weft_realloc" => (&[I32; 4], &[I32]),
        "weft_dealloc" => (&[I32; 3], &[]),
        _ if export.starts_with("prepare_") => (&[I32, I32, I64], &[I64]),
        _ if export.starts_with("produce_") || export.starts_with("receive_") => (&[I32; 2], &[I64]),
        _ => return None,
    };
    Some(FuncType::new(parameters.iter().copied(), results.iter().copied()))
}

/// Checks that a guest imports its memory, and `send` where it is a producer, and nothing else;
/// returns the memory's smallest size in pages.
fn check_imports(name: &GuestName, outline: &Outline) -> Result<u64, GuestError> {
    let expected = match name.side {
        Side::Producer => "a producer imports the memory `env.memory` and the function `weft.send` (i32, i32) -> i64",
        Side::Consumer => "a consumer imports the memory `env.memory` and nothing else",
    };
    let send = FuncType::new([ValType::I32, ValType::I32], [ValType::I64]);
    let mut pages = None;
    for import in &outline.imports {
        match import {
            Import::Memory { name, pages: minimum } if name == "env.memory" && pages.is_none() => {
                pages = Some(*minimum)
            }
            Import::Function { name: import, ty }
                if import == "weft.send" && *ty == send && name.side == Side::Producer => {}
            Import::Memory { name: import, .. }
            | Import::Function { name: import, .. }
            | Import::Other { name: import } => {
                return Err(GuestError::Import { guest: name.clone(), import: format!("`{import}`"), expected });
            }
        }
    }
    pages.ok_or_else(|| GuestError::Import { guest: name.clone(), import: "no memory".to_owned(), expected })
}

/// A codec's two modules, compiled together: what one pair of a cell runs.
#[derive(Clone)]
pub struct Compiled {
    /// The producer.
    pub producer: (Guest, Module),
    /// The consumer.
    pub consumer: (Guest, Module),
}

impl Compiled {
    /// Compiles both guests of a codec anew.
    ///
    /// # Errors
    /// Where the engine refuses a module.
    pub fn new(engine: &Engine, codec: &super::Codec) -> Result<Self, GuestError> {
        let (producer, consumer) = (&codec.producer, &codec.consumer);
        Ok(Self {
            producer: (producer.clone(), producer.compile(engine)?),
            consumer: (consumer.clone(), consumer.compile(engine)?),
        })
    }
}

/// What of a module the ABI is about.
#[derive(Default)]
struct Outline {
    imports: Vec<Import>,
    exports: BTreeMap<String, FuncType>,
    traits: Option<String>,
}

enum Import {
    Memory { name: String, pages: u64 },
    Function { name: String, ty: FuncType },
    Other { name: String },
}

impl Outline {
    fn of(wasm: &[u8]) -> Result<Self, wasmparser::BinaryReaderError> {
        let mut outline = Self::default();
        let mut types = Vec::new();
        let mut functions: Vec<u32> = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::TypeSection(section) => {
                    for group in section {
                        types.extend(group?.into_types().map(|ty| match ty.composite_type.inner {
                            CompositeInnerType::Func(ty) => Some(ty),
                            _ => None,
                        }));
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import?;
                        let name = format!("{}.{}", import.module, import.name);
                        outline.imports.push(match import.ty {
                            TypeRef::Memory(ty) if !ty.memory64 && !ty.shared => {
                                Import::Memory { name, pages: ty.initial }
                            }
                            TypeRef::Memory(ty) if ty.shared => Import::Other { name: name + " (shared)" },
                            TypeRef::Memory(_) => Import::Other { name: name + " (64-bit)" },
                            TypeRef::Func(index) => {
                                functions.push(index);
                                let ty = types.get(index as usize).cloned().flatten();
                                Import::Function { name, ty: ty.unwrap_or_else(|| FuncType::new([], [])) }
                            }
                            _ => Import::Other { name },
                        });
                    }
                }
                Payload::FunctionSection(section) => {
                    for function in section {
                        functions.push(function?);
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        if export.kind == ExternalKind::Func
                            && let Some(&index) = functions.get(export.index as usize)
                            && let Some(Some(ty)) = types.get(index as usize)
                        {
                            outline.exports.insert(export.name.to_owned(), ty.clone());
                        }
                    }
                }
                Payload::CustomSection(section) if section.name() == "weft.traits" => {
                    outline.traits = Some(String::from_utf8_lossy(section.data()).trim_end().to_owned());
                }
                _ => {}
            }
        }
        Ok(outline)
    }
}
