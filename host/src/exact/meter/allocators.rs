//! The functions of a guest by which allocations are counted.

use std::collections::BTreeMap;

use wasmparser::{FuncType, ValType};
use weft_link::module::Sections;

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

/// The allocators of a module, by the index of their function.
///
/// # Errors
/// Where one is imported, or has another type than `docs/ABI.md` names.
pub fn allocators(sections: &Sections) -> Result<BTreeMap<u32, Allocator>, MeterError> {
    let exported = sections.exported_functions();
    let allocators: BTreeMap<_, _> =
        exported.filter_map(|(name, index)| Some((index, Allocator::named(name)?))).collect();
    for (&index, &allocator) in &allocators {
        if sections.function_type(index) != Some(&allocator.ty()) || index < sections.imported_functions {
            return Err(MeterError::Allocator { export: allocator.export() });
        }
    }
    Ok(allocators)
}
