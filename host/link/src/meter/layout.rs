//! Where a module keeps its shadow stack and its static data, as far as the module says.

use crate::module::Sections;

/// Parts of a guest's memory that the linker laid out: addresses, each part from its start to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The shadow stack; empty where the module names no `__stack_pointer`.
    pub shadow_stack: (u32, u32),
    /// Static data; up to `__heap_base` or `__data_end` where the module exports one, else up to the end of its
    /// last data segment.
    pub static_data: (u32, u32),
}

impl Layout {
    /// The layout of a module.
    pub fn of(sections: &Sections) -> Self {
        let data_start = sections.data.iter().map(|segment| segment.start).min();
        let segments_end = sections.data.iter().map(|segment| segment.end).max().unwrap_or(0);
        let exported = |name| sections.exported_global(name);
        let named = || sections.global(sections.stack_pointer?);
        let stack_top = exported("__stack_pointer").or_else(named).unwrap_or(0);
        let data_end = exported("__data_end").unwrap_or(0).max(segments_end);
        match data_start {
            // Data first: the stack lies between the end of the data and its own top, and the heap above it.
            Some(start) if start < stack_top => {
                Self { shadow_stack: (data_end.min(stack_top), stack_top), static_data: (start, data_end) }
            }
            // Stack first: the heap begins where the data ends.
            _ => {
                let start = data_start.unwrap_or(stack_top);
                let heap_base = exported("__heap_base").unwrap_or(0);
                Self { shadow_stack: (0, stack_top), static_data: (start, data_end.max(heap_base).max(start)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Layout, Sections};

    fn of(wat: &str) -> Layout {
        let wasm = wat::parse_str(wat).expect("it is WebAssembly text");
        Layout::of(&Sections::of(&wasm).expect("it is a module"))
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
