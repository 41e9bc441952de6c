//! What a module's sections say: the one walk over them, for whoever must know something of a module.

use std::ops::Range;

use sha2::{Digest, Sha256};
use wasmparser::{
    BinaryReaderError, CompositeInnerType, ConstExpr, DataKind, ExternalKind, FuncType, KnownCustom, MemoryType, Name,
    Operator, Parser, Payload, TypeRef,
};

/// The SHA-256 of a module's bytes, in hexadecimal.
pub fn sha256(wasm: &[u8]) -> String {
    Sha256::digest(wasm).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The sections of a module, as far as anybody asks. Indices count imports first, as WebAssembly does.
#[derive(Debug, Default)]
pub struct Sections {
    /// The types; none for what is no function type.
    pub types: Vec<Option<FuncType>>,
    /// The imports, in their order.
    pub imports: Vec<Import>,
    /// The type of each function: an index of `types`.
    pub functions: Vec<u32>,
    /// How many of the functions are imported.
    pub imported_functions: u32,
    /// How many memories there are.
    pub memories: u32,
    /// The value that each global begins with; none where it is imported, or no `i32.const`.
    pub globals: Vec<Option<u32>>,
    /// The exports, in their order.
    pub exports: Vec<Export>,
    /// The addresses of the data segments of memory 0.
    pub data: Vec<Range<u32>>,
    /// The global that the section of names calls `__stack_pointer`.
    pub stack_pointer: Option<u32>,
    /// The content of the section `weft.traits`.
    pub traits: Option<String>,
    /// The content of the section `weft.types`.
    pub types_of_messages: Option<String>,
}

/// An import.
#[derive(Debug)]
pub struct Import {
    /// Module and name: `env.memory`.
    pub name: String,
    /// What it is.
    pub kind: ImportKind,
}

/// What is imported.
#[derive(Debug, PartialEq, Eq)]
pub enum ImportKind {
    /// A function, with its type as an index of `types`.
    Function(u32),
    /// A memory of 32-bit addresses that is not shared and has no largest size, with its smallest size in pages.
    Memory(u64),
    /// A memory that has a largest size.
    BoundedMemory,
    /// A memory whose pages are not of 64 KiB.
    OtherPages,
    /// A memory that is shared.
    SharedMemory,
    /// A memory of 64-bit addresses.
    WideMemory,
    /// A global.
    Global,
    /// A table or a tag.
    Other,
}

/// An export.
#[derive(Debug)]
pub struct Export {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: ExternalKind,
    /// Which of these.
    pub index: u32,
}

impl Sections {
    /// Walks over a module in binary form.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn of(wasm: &[u8]) -> Result<Self, BinaryReaderError> {
        let mut sections = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            sections.take(payload?)?;
        }
        Ok(sections)
    }

    fn take(&mut self, payload: Payload<'_>) -> Result<(), BinaryReaderError> {
        match payload {
            Payload::TypeSection(section) => {
                for group in section {
                    self.types.extend(group?.into_types().map(|ty| match ty.composite_type.inner {
                        CompositeInnerType::Func(ty) => Some(ty),
                        _ => None,
                    }));
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    self.import(format!("{}.{}", import.module, import.name), import.ty);
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    self.functions.push(ty?);
                }
            }
            Payload::MemorySection(section) => self.memories = self.memories.saturating_add(section.count()),
            Payload::GlobalSection(section) => {
                for global in section {
                    self.globals.push(constant(&global?.init_expr));
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    self.exports.push(Export { name: export.name.to_owned(), kind: export.kind, index: export.index });
                }
            }
            Payload::DataSection(section) => self.data(section)?,
            Payload::CustomSection(section) => self.custom(&section),
            _ => {}
        }
        Ok(())
    }

    fn import(&mut self, name: String, ty: TypeRef) {
        let kind = match ty {
            TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                self.functions.push(ty);
                self.imported_functions += 1;
                ImportKind::Function(ty)
            }
            TypeRef::Memory(ty) => {
                self.memories = self.memories.saturating_add(1);
                match ty {
                    MemoryType { shared: true, .. } => ImportKind::SharedMemory,
                    MemoryType { memory64: true, .. } => ImportKind::WideMemory,
                    MemoryType { page_size_log2: Some(_), .. } => ImportKind::OtherPages,
                    MemoryType { maximum: Some(_), .. } => ImportKind::BoundedMemory,
                    MemoryType { initial, .. } => ImportKind::Memory(initial),
                }
            }
            TypeRef::Global(_) => {
                self.globals.push(None);
                ImportKind::Global
            }
            TypeRef::Table(_) | TypeRef::Tag(_) => ImportKind::Other,
        };
        self.imports.push(Import { name, kind });
    }

    fn data(&mut self, section: wasmparser::DataSectionReader<'_>) -> Result<(), BinaryReaderError> {
        for segment in section {
            let segment = segment?;
            if let DataKind::Active { memory_index: 0, offset_expr } = segment.kind
                && let Some(start) = constant(&offset_expr)
            {
                self.data.push(start..start.saturating_add(segment.data.len() as u32));
            }
        }
        Ok(())
    }

    fn custom(&mut self, section: &wasmparser::CustomSectionReader<'_>) {
        if section.name() == "weft.traits" {
            self.traits = Some(String::from_utf8_lossy(section.data()).trim_end().to_owned());
        }
        if section.name() == "weft.types" {
            self.types_of_messages = Some(String::from_utf8_lossy(section.data()).into_owned());
        }
        // Names are not part of what a module does: damaged ones are none.
        if let KnownCustom::Name(names) = section.as_known() {
            self.stack_pointer = self.stack_pointer.or(stack_pointer(names));
        }
    }

    /// The type of a function.
    pub fn function_type(&self, function: u32) -> Option<&FuncType> {
        let ty = *self.functions.get(function as usize)?;
        self.types.get(ty as usize)?.as_ref()
    }

    /// The functions that it exports: name and index.
    pub fn exported_functions(&self) -> impl Iterator<Item = (&str, u32)> {
        let functions = self.exports.iter().filter(|export| export.kind == ExternalKind::Func);
        functions.map(|export| (export.name.as_str(), export.index))
    }

    /// The initial value of a global that it exports under a name.
    pub fn exported_global(&self, name: &str) -> Option<u32> {
        let global = self.exports.iter().find(|export| export.kind == ExternalKind::Global && export.name == name)?;
        self.global(global.index)
    }

    /// The initial value of a global.
    pub fn global(&self, index: u32) -> Option<u32> {
        *self.globals.get(index as usize)?
    }
}

/// The global that is named `__stack_pointer`.
fn stack_pointer(names: wasmparser::NameSectionReader<'_>) -> Option<u32> {
    names.into_iter().flatten().find_map(|name| match name {
        Name::Global(globals) => {
            globals.into_iter().flatten().find(|global| global.name == "__stack_pointer").map(|global| global.index)
        }
        _ => None,
    })
}

/// The value of an expression that is one `i32.const` and nothing else.
fn constant(expression: &ConstExpr<'_>) -> Option<u32> {
    let mut operators = expression.get_operators_reader();
    match (operators.read(), operators.read()) {
        (Ok(Operator::I32Const { value }), Ok(Operator::End)) => Some(value.cast_unsigned()),
        _ => None,
    }
}
