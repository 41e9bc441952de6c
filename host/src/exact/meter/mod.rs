//! The metering pass: a guest's module with counting code in it, or one in which copies can be found.
//!
//! In a module that counts, before each basic block's end the pass adds the block's operators to a counter, and before each access
//! of memory it calls a function that adds the bytes to the counter of the region that they lie in.
//! Indices of the module stay as they are, because everything added comes last; the guest's own code
//! runs unchanged and can neither see nor reach what was added. Metered modules are never timed.

mod allocators;
mod body;
mod counters;
mod operators;

use std::collections::BTreeMap;

use wasm_encoder::reencode::{Error as ReencodeError, Reencode, utils};
use wasm_encoder::{CodeSection, ExportSection, FunctionSection, GlobalSection, MemorySection, Module, SectionId};
use wasm_encoder::{MemoryType, TypeSection};
use wasmparser::{FunctionBody, Parser};

use weft_link::meter::{Counter, RESERVED};
use weft_link::module::Sections;

use allocators::{Allocator, allocators};
use counters::Added;

/// What a module is metered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Metering {
    /// All that it does is counted.
    Counting,
    /// What it has copied is searched for, so nothing is freed in it. Pages that are grown are counted and marked; all other counters
    /// stay 0, so that the module compiles faster.
    Searching,
}

/// As many locals a function has at most, its parameters among them: WebAssembly's JavaScript interface says so, and engines keep to it.
const MOST_LOCALS: u64 = 50_000;

/// Why a module cannot be metered.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what the fields are")]
pub enum MeterError {
    #[error("it cannot be read: {0}")]
    Parse(#[from] wasmparser::BinaryReaderError),
    #[error("it uses the operator {name} of the proposal `{proposal}`, which the meter does not know")]
    Operator { name: &'static str, proposal: &'static str },
    #[error("it uses memory {index}; the meter counts accesses of memory 0, which guests import")]
    Memory { index: u32 },
    #[error("it has a memory of 64-bit addresses; those of guests have 32 bits (docs/ABI.md)")]
    WideMemory,
    #[error("it exports `{export}`, a name that the meter gives to what it adds")]
    Taken { export: String },
    #[error("it exports `{export}` with another type than docs/ABI.md names")]
    Allocator { export: &'static str },
    #[error(
        "its function {function} has {locals} locals, and an engine takes no more than {MOST_LOCALS} with those of the meter"
    )]
    Locals { function: u32, locals: u64 },
    #[error("it cannot be encoded again: {0}")]
    Encode(String),
}

impl From<ReencodeError<MeterError>> for MeterError {
    fn from(error: ReencodeError<MeterError>) -> Self {
        match error {
            ReencodeError::UserError(error) => error,
            ReencodeError::ParseError(error) => Self::Parse(error),
            other => Self::Encode(other.to_string()),
        }
    }
}

/// The module with what it is metered for.
///
/// # Errors
/// Where the module is no valid binary module, or uses what the meter does not know.
pub fn meter(wasm: &[u8], metering: Metering) -> Result<Vec<u8>, MeterError> {
    let sections = Sections::of(wasm)?;
    if let Some(taken) = sections.exports.iter().find(|export| export.name.starts_with(RESERVED)) {
        return Err(MeterError::Taken { export: taken.name.escape_default().take(80).collect() });
    }
    let (allocators, added) = (allocators(&sections)?, Added::new(&sections));
    let mut pass = Pass { sections, allocators, added, metering, body: 0, done: Vec::new() };
    let mut module = Module::new();
    pass.parse_core_module(&mut module, Parser::new(0), wasm)?;
    Ok(module.finish())
}

/// The pass over one module.
struct Pass {
    sections: Sections,
    allocators: BTreeMap<u32, Allocator>,
    added: Added,
    metering: Metering,
    /// How many function bodies are done.
    body: u32,
    /// The sections that have what is added to them.
    done: Vec<SectionId>,
}

impl Pass {
    /// How many parameters a function of the module has.
    fn parameters(&self, function: u32) -> u32 {
        self.sections.function_type(function).map_or(0, |ty| ty.params().len() as u32)
    }
}

type Reencoded<T = ()> = Result<T, ReencodeError<MeterError>>;

impl Reencode for Pass {
    type Error = MeterError;

    /// Counting code takes addresses and sizes of 32 bits.
    fn memory_type(&mut self, ty: wasmparser::MemoryType) -> Reencoded<MemoryType> {
        if ty.memory64 {
            return Err(ReencodeError::UserError(MeterError::WideMemory));
        }
        Ok(utils::memory_type(self, ty))
    }

    fn parse_type_section(&mut self, types: &mut TypeSection, section: wasmparser::TypeSectionReader<'_>) -> Reencoded {
        utils::parse_type_section(self, types, section)?;
        self.added.types(types);
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: wasmparser::FunctionSectionReader<'_>,
    ) -> Reencoded {
        utils::parse_function_section(self, functions, section)?;
        self.added.functions(functions);
        Ok(())
    }

    fn parse_memory_section(
        &mut self,
        memories: &mut MemorySection,
        section: wasmparser::MemorySectionReader<'_>,
    ) -> Reencoded {
        utils::parse_memory_section(self, memories, section)?;
        self.memory(memories);
        Ok(())
    }

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: wasmparser::GlobalSectionReader<'_>,
    ) -> Reencoded {
        utils::parse_global_section(self, globals, section)?;
        self.globals(globals);
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: wasmparser::ExportSectionReader<'_>,
    ) -> Reencoded {
        utils::parse_export_section(self, exports, section)?;
        self.added.exports(exports);
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, section: wasmparser::CodeSectionReader<'_>) -> Reencoded {
        utils::parse_code_section(self, code, section)?;
        self.added.code(code);
        Ok(())
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Reencoded {
        let function = self.sections.imported_functions + self.body;
        self.body += 1;
        body::parse(self, function, code, &body)
    }

    /// Adds the sections that the module does not have.
    fn intersperse_section_hook(
        &mut self,
        module: &mut Module,
        _: Option<SectionId>,
        before: Option<SectionId>,
    ) -> Reencoded {
        if comes_after(before, SectionId::Memory) && !self.done.contains(&SectionId::Memory) {
            let mut memories = MemorySection::new();
            self.memory(&mut memories);
            module.section(&memories);
        }
        if comes_after(before, SectionId::Global) && !self.done.contains(&SectionId::Global) {
            let mut globals = GlobalSection::new();
            self.globals(&mut globals);
            module.section(&globals);
        }
        Ok(())
    }
}

/// Whether the section that comes next (none at the end) belongs behind `section`.
fn comes_after(next: Option<SectionId>, section: SectionId) -> bool {
    const ORDER: [SectionId; 12] = [
        SectionId::Type,
        SectionId::Import,
        SectionId::Function,
        SectionId::Table,
        SectionId::Memory,
        SectionId::Tag,
        SectionId::Global,
        SectionId::Export,
        SectionId::Start,
        SectionId::Element,
        SectionId::DataCount,
        SectionId::Code,
    ];
    let place = |id| ORDER.iter().position(|other| *other == id).unwrap_or(ORDER.len());
    next.is_none_or(|next| place(next) > place(section))
}

impl Pass {
    /// The memory that marks which pages the guest grew: one byte for each of the 65 536 there can be.
    fn memory(&mut self, memories: &mut MemorySection) {
        self.done.push(SectionId::Memory);
        memories.memory(MemoryType {
            minimum: 1,
            maximum: Some(1),
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
    }

    fn globals(&mut self, globals: &mut GlobalSection) {
        self.done.push(SectionId::Global);
        Added::globals(globals);
    }
}

#[cfg(test)]
mod tests {
    use weft_link::meter::{ANSWER_LEN, ANSWER_START, Counter, GROWN_PAGES, MESSAGE_LEN, MESSAGE_START};

    use super::RESERVED;

    #[test]
    fn all_that_is_exported_has_names_of_its_own() {
        let others = [MESSAGE_START, MESSAGE_LEN, ANSWER_START, ANSWER_LEN, GROWN_PAGES].map(str::to_owned);
        assert!(
            Counter::ALL.iter().map(|counter| counter.export()).chain(others).all(|name| name.starts_with(RESERVED))
        );
    }
}
