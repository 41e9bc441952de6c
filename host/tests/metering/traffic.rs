//! Bytes read and written: every operator that accesses memory. These modules name no regions, so that all is heap.

use weft::exact::Metering;
use weft_link::meter::Counter::{self, Calls, GrownPages, Instructions, ReadHeap, WrittenHeap};

use crate::support::probe::{Probe, counted, run};

/// The only thing that `f` does to a memory with known bytes.
fn module(body: &str) -> String {
    format!(
        r#"(module (import "env" "memory" (memory 1 3))
          (data $known "\81\92\a3\b4\c5\d6\e7\f8\09\1a\2b\3c\4d\5e\6f\70")
          (data $passive "0123456789")
          (func $start (memory.init $known (i32.const 65400) (i32.const 0) (i32.const 16)))
          (start $start)
          (func (export "f") {body}))"#
    )
}

const LOADS: [(&str, u64); 30] = [
    ("i32.load8_s", 1),
    ("i32.load8_u", 1),
    ("i64.load8_s", 1),
    ("i64.load8_u", 1),
    ("i32.load16_s", 2),
    ("i32.load16_u", 2),
    ("i64.load16_s", 2),
    ("i64.load16_u", 2),
    ("i32.load", 4),
    ("i64.load32_s", 4),
    ("i64.load32_u", 4),
    ("f32.load", 4),
    ("i64.load", 8),
    ("f64.load", 8),
    ("v128.load", 16),
    ("v128.load8x8_s", 8),
    ("v128.load8x8_u", 8),
    ("v128.load16x4_s", 8),
    ("v128.load16x4_u", 8),
    ("v128.load32x2_s", 8),
    ("v128.load32x2_u", 8),
    ("v128.load8_splat", 1),
    ("v128.load16_splat", 2),
    ("v128.load32_splat", 4),
    ("v128.load64_splat", 8),
    ("v128.load32_zero", 4),
    ("v128.load64_zero", 8),
    // At no alignment, at an odd address.
    ("i32.load offset=1 align=1", 4),
    ("i64.load offset=3 align=1", 8),
    ("v128.load offset=0 align=1", 16),
];

#[test]
fn loads_of_every_width() {
    for (load, bytes) in LOADS {
        let result = load.split('.').next().expect("a type");
        // i32.const, the load, end.
        let text = module(&format!("(result {result}) ({load} (i32.const 65400))"));
        let expected = [(Instructions, 3), (Calls, 1), (ReadHeap, bytes)];
        assert_eq!(counted(&text, "f", &[]), expected, "{load}");
    }
}

#[test]
fn stores_of_every_width_and_type() {
    const VECTOR: &str = "(v128.const i64x2 0x8877665544332211 0x7766554433221100)";
    let stores = [
        ("i32.store8", "(i32.const 0x88776655)", 1),
        ("i32.store16", "(i32.const 0x88776655)", 2),
        ("i32.store", "(i32.const 0x88776655)", 4),
        ("i64.store8", "(i64.const 0x8877665544332211)", 1),
        ("i64.store16", "(i64.const 0x8877665544332211)", 2),
        ("i64.store32", "(i64.const 0x8877665544332211)", 4),
        ("i64.store", "(i64.const 0x8877665544332211)", 8),
        ("f32.store", "(f32.const -nan:0x200001)", 4),
        ("f64.store", "(f64.const -nan:0x4000000000001)", 8),
        ("v128.store", VECTOR, 16),
        ("v128.store8_lane 15", VECTOR, 1),
        ("v128.store16_lane 7", VECTOR, 2),
        ("v128.store32_lane 3", VECTOR, 4),
        ("v128.store64_lane 1", VECTOR, 8),
        ("i64.store offset=5 align=1", "(i64.const -1)", 8),
        ("i32.store offset=1 align=1", "(i32.const -1)", 4),
    ];
    for (store, value, bytes) in stores {
        // i32.const, the value, the store, end. What is stored is compared with the module as it is.
        let text = module(&match store.split_once(' ') {
            Some((store, lane)) if !lane.contains('=') => format!("({store} {lane} (i32.const 65401) {value})"),
            _ => format!("({store} (i32.const 65401) {value})"),
        });
        let expected = [(Instructions, 4), (Calls, 1), (WrittenHeap, bytes)];
        assert_eq!(counted(&text, "f", &[]), expected, "{store}");
    }
}

#[test]
fn loads_of_one_lane() {
    for (load, bytes) in [
        ("load8_lane 9", 1),
        ("load16_lane 5", 2),
        ("load32_lane 2", 4),
        ("load64_lane 1", 8),
        ("load8_lane offset=3 0", 1),
    ] {
        // i32.const, v128.const, the load, end.
        let text = module(&format!("(result v128) (v128.{load} (i32.const 65400) (v128.const i64x2 1 2))"));
        let expected = [(Instructions, 4), (Calls, 1), (ReadHeap, bytes)];
        assert_eq!(counted(&text, "f", &[]), expected, "{load}");
    }
}

/// Asserts what an operator with three operands counts: those, itself and the end are 5 operators.
fn bulk(operator: &str, expected: &[(Counter, u64)]) {
    let expected = [&[(Instructions, 5), (Calls, 1)], expected].concat();
    assert_eq!(counted(&module(operator), "f", &[]), expected, "{operator}");
}

#[test]
fn copies_read_and_write_and_fills_only_write() {
    let both = |bytes| [(ReadHeap, bytes), (WrittenHeap, bytes)];
    bulk("(memory.copy (i32.const 8) (i32.const 65400) (i32.const 13))", &both(13));
    bulk("(memory.copy (i32.const 65401) (i32.const 65400) (i32.const 15))", &both(15));
    bulk("(memory.copy (i32.const 0) (i32.const 1) (i32.const 65535))", &both(65535));
    bulk("(memory.copy (i32.const 8) (i32.const 65400) (i32.const 0))", &[]);
    // At the memory's end there is room for nothing.
    bulk("(memory.copy (i32.const 65536) (i32.const 65536) (i32.const 0))", &[]);
    bulk("(memory.fill (i32.const 8) (i32.const 0x1ff) (i32.const 100))", &[(WrittenHeap, 100)]);
    bulk("(memory.fill (i32.const 8) (i32.const 1) (i32.const 0))", &[]);
    bulk("(memory.init $passive (i32.const 8) (i32.const 2) (i32.const 7))", &[(WrittenHeap, 7)]);
    // Of a segment that was dropped nothing is left: data.drop is one operator more.
    let dropped = "(data.drop $passive) (memory.init $passive (i32.const 8) (i32.const 0) (i32.const 0))";
    assert_eq!(counted(&module(dropped), "f", &[]), [(Instructions, 6), (Calls, 1)]);
}

#[test]
fn what_traps_writes_nothing() {
    for body in [
        "(memory.copy (i32.const 0) (i32.const 65400) (i32.const 137))",
        "(i64.store (i32.const 65529) (i64.const -1))",
    ] {
        let (ran, _) = run(&module(body), "f", &[], (0, 0));
        assert_eq!(ran.returned, None, "{body}");
    }
}

#[test]
fn growth_that_succeeds_and_growth_that_does_not() {
    let text = r#"(module (import "env" "memory" (memory 2 5))
        (func (export "f") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export "size") (result i32) (memory.size)))"#;
    let mut probe = Probe::metered(text, Metering::Counting);
    let mut grow = |pages: i32| {
        let old = probe.call("f", &[wasmtime::Val::I32(pages)]).map(|results| results[0] as u32 as i32);
        (old, crate::support::probe::of(&probe.counted(), GrownPages), probe.grown())
    };
    assert_eq!(grow(2), (Some(2), 2, vec![2, 3]));
    assert_eq!(grow(2), (Some(-1), 2, vec![2, 3]), "there is room for one");
    assert_eq!(grow(-1), (Some(-1), 2, vec![2, 3]));
    assert_eq!(grow(0), (Some(4), 2, vec![2, 3]));
    assert_eq!(grow(1), (Some(4), 3, vec![2, 3, 4]));
    // local.get, memory.grow, end, five times; memory.size, end.
    assert_eq!(probe.call("size", &[]), Some(vec![5]));
    assert_eq!(probe.counted(), [(Instructions, 5 * 3 + 2), (Calls, 6), (GrownPages, 3)]);
    // And as it is, and with fuel.
    assert_eq!(counted(text, "f", &[wasmtime::Val::I32(3)]), [(Instructions, 3), (Calls, 1), (GrownPages, 3)]);
}
