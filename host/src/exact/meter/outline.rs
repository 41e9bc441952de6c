//! What the pass must know of a module before it begins: how many there are of everything.

use std::collections::BTreeMap;

use wasmparser::{CompositeInnerType, ExternalKind, FuncType, Parser, Payload, TypeRef, ValType};

use super::MeterError;

/// A function that `docs/ABI.md` lets guests export, so that allocations can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allocator {
    /// `weft_alloc(size, align) -> ptr`.
    Alloc,
    /// `weft_realloc(ptr, old_size, align, new_size) -> ptr`.
    Realloc,
    /// `weft_dealloc(ptr, size, align)`.
    Dealloc,
}

impl Allocator {
    /// The function of an export's name.
    fn named(export: &str) -> Option<Self> {
        [Self::Alloc, Self::Realloc, Self::Dealloc].into_iter().find(|allocator| allocator.export() == export)
    }

    /// The name of its export.
    const fn export(self) -> &'static str {
        match self {
            Self::Alloc => "weft_alloc",
            Self::Realloc => "weft_realloc",
            Self::Dealloc => "weft_dealloc",
        }
    }

    fn ty(self) -> FuncType {
        let (parameters, results) = match self {
            Self::Alloc => (2, 1),
            Self::Realloc => (4, 1),
            Self::Dealloc => (3, 0),
        };
        FuncType::new(vec![ValType::I32; parameters], vec![ValType::I32; results])
    }

    /// Which parameter is the number of bytes asked for.
    pub const fn size_parameter(self) -> Option<u32> {
        match self {
            Self::Alloc => Some(0),
            Self::Realloc => Some(3),
            Self::Dealloc => None,
        }
    }
}

/// The numbers of a module's things, and the functions that matter.
#[derive(Debug, Default)]
pub struct Outline {
    pub types: u32,
    pub imported_functions: u32,
    pub functions: u32,
    pub globals: u32,
    pub memories: u32,
    /// The function of the module that is an allocator's, by index.
    pub allocators: BTreeMap<u32, Allocator>,
    types_of: Vec<Option<FuncType>>,
    /// The type of each function, imported ones first.
    function_types: Vec<u32>,
}

impl Outline {
    pub fn of(wasm: &[u8]) -> Result<Self, MeterError> {
        let mut outline = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            outline.take(payload?)?;
        }
        outline.functions = outline.function_types.len() as u32;
        for (&index, &allocator) in &outline.allocators {
            if outline.function_type(index) != Some(&allocator.ty()) || index < outline.imported_functions {
                return Err(MeterError::Allocator { export: allocator.export() });
            }
        }
        Ok(outline)
    }

    fn take(&mut self, payload: Payload<'_>) -> Result<(), MeterError> {
        match payload {
            Payload::TypeSection(section) => {
                for group in section {
                    self.types_of.extend(group?.into_types().map(|ty| match ty.composite_type.inner {
                        CompositeInnerType::Func(ty) => Some(ty),
                        _ => None,
                    }));
                }
                self.types = self.types_of.len() as u32;
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    match import?.ty {
                        TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                            self.function_types.push(ty);
                            self.imported_functions += 1;
                        }
                        TypeRef::Memory(_) => self.memories += 1,
                        TypeRef::Global(_) => self.globals += 1,
                        TypeRef::Table(_) | TypeRef::Tag(_) => {}
                    }
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    self.function_types.push(ty?);
                }
            }
            Payload::MemorySection(section) => self.memories += section.count(),
            Payload::GlobalSection(section) => self.globals += section.count(),
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.kind == ExternalKind::Func
                        && let Some(allocator) = Allocator::named(export.name)
                    {
                        self.allocators.insert(export.index, allocator);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The type of a function.
    fn function_type(&self, function: u32) -> Option<&FuncType> {
        let ty = *self.function_types.get(function as usize)?;
        self.types_of.get(ty as usize)?.as_ref()
    }

    /// How many parameters a function has.
    pub fn parameters(&self, function: u32) -> u32 {
        self.function_type(function).map_or(0, |ty| ty.params().len() as u32)
    }
}
