//! Where a module keeps its shadow stack and its static data, as far as the module says.

use wasmparser::{DataKind, ExternalKind, Name, Operator, Parser, Payload, TypeRef};

use super::MeterError;

/// Parts of a guest's memory that the linker laid out: addresses, each part from its start to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The shadow stack; empty where the module names no `__stack_pointer`.
    pub shadow_stack: (u32, u32),
    /// Static data; up to `__heap_base` or `__data_end` where the module exports one, else up to the end of its
    /// last data segment.
    pub static_data: (u32, u32),
}

/// What the sections of a module say about it.
#[derive(Default)]
struct Clues {
    imported_globals: u32,
    globals: Vec<Option<u32>>,
    stack_pointer: Option<u32>,
    data_end: Option<u32>,
    heap_base: Option<u32>,
    segments: Vec<(u32, u32)>,
}

impl Layout {
    /// The layout of a module.
    ///
    /// # Errors
    /// Where the module cannot be read.
    pub fn of(wasm: &[u8]) -> Result<Self, MeterError> {
        let clues = Clues::of(wasm)?;
        let data_start = clues.segments.iter().map(|segment| segment.0).min();
        let segments_end = clues.segments.iter().map(|segment| segment.1).max().unwrap_or(0);
        let stack_top = clues.stack_pointer.and_then(|index| clues.value(index)).unwrap_or(0);
        let value = |global: Option<u32>| global.and_then(|index| clues.value(index)).unwrap_or(0);
        let data_end = value(clues.data_end).max(segments_end);
        Ok(match data_start {
            // Data first: the stack lies between the end of the data and its own top, and the heap above it.
            Some(start) if start < stack_top => {
                Self { shadow_stack: (data_end.min(stack_top), stack_top), static_data: (start, data_end) }
            }
            // Stack first: the heap begins where the data ends.
            _ => {
                let start = data_start.unwrap_or(stack_top);
                Self {
                    shadow_stack: (0, stack_top),
                    static_data: (start, data_end.max(value(clues.heap_base)).max(start)),
                }
            }
        })
    }
}

impl Clues {
    fn of(wasm: &[u8]) -> Result<Self, MeterError> {
        let mut clues = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        clues.imported_globals += u32::from(matches!(import?.ty, TypeRef::Global(_)));
                    }
                }
                Payload::GlobalSection(section) => {
                    for global in section {
                        clues.globals.push(constant(&global?.init_expr));
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        match (export.kind, export.name) {
                            (ExternalKind::Global, "__heap_base") => clues.heap_base = Some(export.index),
                            (ExternalKind::Global, "__data_end") => clues.data_end = Some(export.index),
                            (ExternalKind::Global, "__stack_pointer") => clues.stack_pointer = Some(export.index),
                            _ => {}
                        }
                    }
                }
                Payload::DataSection(section) => {
                    for segment in section {
                        let segment = segment?;
                        if let DataKind::Active { memory_index: 0, offset_expr } = segment.kind
                            && let Some(start) = constant(&offset_expr)
                        {
                            clues.segments.push((start, start.saturating_add(segment.data.len() as u32)));
                        }
                    }
                }
                Payload::CustomSection(section) => {
                    if let wasmparser::KnownCustom::Name(names) = section.as_known() {
                        // Names are not part of what a module does: damaged ones are none.
                        clues.stack_pointer = clues.stack_pointer.or(stack_pointer(names));
                    }
                }
                _ => {}
            }
        }
        Ok(clues)
    }

    /// The initial value of a global.
    fn value(&self, index: u32) -> Option<u32> {
        *self.globals.get(index.checked_sub(self.imported_globals)? as usize)?
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
fn constant(expression: &wasmparser::ConstExpr<'_>) -> Option<u32> {
    let mut operators = expression.get_operators_reader();
    match (operators.read(), operators.read()) {
        (Ok(Operator::I32Const { value }), Ok(Operator::End)) => Some(value.cast_unsigned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Layout;

    fn of(wat: &str) -> Layout {
        let wasm = wat::parse_str(wat).expect("it is WebAssembly text");
        Layout::of(&wasm).expect("it is a module")
    }

    #[test]
    fn stack_first_as_rust_links() {
        let layout = of(r#"(module (import "env" "memory" (memory 2))
            (global $__stack_pointer (mut i32) (i32.const 4096))
            (global (export "__data_end") i32 (i32.const 5000)) (global (export "__heap_base") i32 (i32.const 5008))
            (data (i32.const 4096) "abcd"))"#);
        assert_eq!(layout, Layout { shadow_stack: (0, 4096), static_data: (4096, 5008) });
    }

    #[test]
    fn data_first_as_c_links() {
        let layout = of(r#"(module (import "env" "memory" (memory 2))
            (global $__stack_pointer (mut i32) (i32.const 9000)) (global (export "__data_end") i32 (i32.const 1100))
            (global (export "__heap_base") i32 (i32.const 9008)) (data (i32.const 1024) "abcd"))"#);
        assert_eq!(layout, Layout { shadow_stack: (1100, 9000), static_data: (1024, 1100) });
    }

    #[test]
    fn a_module_that_names_nothing() {
        let layout = of(r#"(module (import "env" "memory" (memory 2)) (data (i32.const 16) "abcdefgh"))"#);
        assert_eq!(layout, Layout { shadow_stack: (0, 0), static_data: (16, 24) });
        assert_eq!(of("(module)"), Layout::default());
    }
}
