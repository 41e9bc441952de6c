//! Calls of the allocator's three functions, and what becomes of them where copies are searched for.

use wasmtime::Val;
use weft::exact::{Metering, meter};
use weft_link::meter::Counter::{AllocatedBytes, Allocations, Calls, GrownPages, Instructions, WrittenHeap};

use crate::support::probe::{Probe, counted, of, wasm};

/// An allocator that hands out the same address again and again, and marks what is freed.
const ALLOCATOR: &str = r#"
    (import "env" "memory" (memory 1))
    (func $alloc (export "weft_alloc") (param i32 i32) (result i32) (i32.const 64))
    (func $realloc (export "weft_realloc") (param i32 i32 i32 i32) (result i32) (local.get 0))
    (func $dealloc (export "weft_dealloc") (param i32 i32 i32)
      (i32.store8 (local.get 0) (i32.const 0xDD)))"#;

#[test]
fn what_is_asked_for_is_counted_and_what_is_freed_is_not() {
    let text = format!(
        r#"(module {ALLOCATOR}
          (func (export "f") (param i32)
            (local i32)
            (local.set 1 (call $alloc (local.get 0) (i32.const 8)))
            (local.set 1 (call $realloc (local.get 1) (local.get 0) (i32.const 8) (i32.const 1000)))
            (call $dealloc (local.get 1) (i32.const 1000) (i32.const 8))))"#
    );
    // f: 4 + 6 + 4 + end = 15. weft_alloc and weft_realloc: 2 each. weft_dealloc: 4. The size is 32 bits without a sign.
    for size in [0, 1, 100, 0x8000_0000_u32] {
        let found = counted(&text, "f", &[Val::I32(size.cast_signed())]);
        let expected = [
            (Instructions, 15 + 2 + 2 + 4),
            (Calls, 4),
            (Allocations, 2),
            (AllocatedBytes, u64::from(size) + 1000),
            (WrittenHeap, 1),
        ];
        assert_eq!(found, expected, "{size} bytes");
    }
}

#[test]
fn where_copies_are_searched_for_nothing_is_freed_and_only_growth_counted() {
    let text = format!(
        r#"(module {ALLOCATOR} (func (export "f") (call $dealloc (i32.const 7) (i32.const 1) (i32.const 1))
             (drop (memory.grow (i32.const 2)))))"#
    );
    for (metering, byte, instructions, calls) in [(Metering::Counting, 0xDD, 8 + 4, 2), (Metering::Searching, 0, 0, 0)]
    {
        let mut probe = Probe::metered(&text, metering);
        probe.call("f", &[]);
        assert_eq!(probe.bytes()[7], byte, "{metering:?}");
        let counted = probe.counted();
        assert_eq!((of(&counted, Instructions), of(&counted, Calls)), (instructions, calls), "{metering:?}");
        assert_eq!((of(&counted, GrownPages), probe.grown()), (2, vec![1, 2]), "{metering:?}");
    }
}

#[test]
fn an_allocator_that_a_table_calls_counts_as_well() {
    let text = format!(
        r#"(module {ALLOCATOR} (table funcref (elem $alloc))
          (func (export "f") (result i32) (call_indirect (param i32 i32) (result i32) (i32.const 5) (i32.const 1) (i32.const 0))))"#
    );
    let expected = [(Instructions, 5 + 2), (Calls, 2), (Allocations, 1), (AllocatedBytes, 5)];
    assert_eq!(counted(&text, "f", &[]), expected);
}

#[test]
fn an_allocator_of_another_type_is_an_error_that_names_it() {
    let cases = [
        ("weft_alloc", r#"(module (func (export "weft_alloc") (param i32) (result i32) (i32.const 0)))"#),
        ("weft_alloc", r#"(module (func (export "weft_alloc") (param i64 i32) (result i32) (i32.const 0)))"#),
        ("weft_realloc", r#"(module (func (export "weft_realloc") (param i32 i32 i32) (result i32) (i32.const 0)))"#),
        ("weft_dealloc", r#"(module (func (export "weft_dealloc") (param i32 i32 i32) (result i32) (i32.const 0)))"#),
        // A function of somebody else cannot be counted.
        (
            "weft_alloc",
            r#"(module (import "env" "alloc" (func $a (param i32 i32) (result i32))) (export "weft_alloc" (func $a)))"#,
        ),
    ];
    for (export, text) in cases {
        let error = meter(&wasm(text), Metering::Counting).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(export) && error.contains("docs/ABI.md"), "{text}: {error}");
    }
}
