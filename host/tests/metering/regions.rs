//! Which counter an access goes to: by where it begins.

use wasmtime::Val;
use weft_link::meter::Counter::{
    self, Calls, Instructions, ReadHeap, ReadMessage, ReadShadowStack, ReadStaticData, WrittenHeap, WrittenMessage,
    WrittenShadowStack, WrittenStaticData,
};

use crate::support::probe::{Counted, run};

/// Where the messages of these modules lie: on the second of three pages.
const MESSAGE: (u64, u64) = (65536, 65536);

/// As Rust links: the stack from 0 to 4096, then static data to 5008, the heap above.
const STACK_FIRST: &str = r#"
    (import "env" "memory" (memory 3))
    (global $__stack_pointer (mut i32) (i32.const 4096))
    (global (export "__data_end") i32 (i32.const 5000))
    (global (export "__heap_base") i32 (i32.const 5008))
    (data (i32.const 4096) "abcd")"#;

/// As C is linked by default: static data from 1024 to 1100, then the stack to 9000.
const DATA_FIRST: &str = r#"
    (import "env" "memory" (memory 3))
    (global $__stack_pointer (mut i32) (i32.const 9000))
    (global (export "__data_end") i32 (i32.const 1100))
    (global (export "__heap_base") i32 (i32.const 9008))
    (data (i32.const 1024) "abcd")"#;

/// What the bytes at an address are, by what reading and writing one of them counts.
fn region_of(layout: &str, address: u32, offset: u32) -> Option<(Counter, Counter)> {
    let text = format!(
        "(module {layout}
           (func (export \"f\") (param i32)
             (i32.store8 offset={offset} (local.get 0) (i32.load8_u offset={offset} (local.get 0)))))"
    );
    let (ran, counted) = run(&text, "f", &[Val::I32(address.cast_signed())], MESSAGE);
    ran.returned?;
    // local.get, local.get, load, store, end.
    match counted[..] {
        [(Instructions, 5), (Calls, 1), (read, 1), (written, 1)] => Some((read, written)),
        _ => panic!("{counted:?}"),
    }
}

const STACK: Option<(Counter, Counter)> = Some((ReadShadowStack, WrittenShadowStack));
const STATIC: Option<(Counter, Counter)> = Some((ReadStaticData, WrittenStaticData));
const HEAP: Option<(Counter, Counter)> = Some((ReadHeap, WrittenHeap));
const SENT: Option<(Counter, Counter)> = Some((ReadMessage, WrittenMessage));

#[test]
fn both_borders_of_every_region() {
    let cases = [
        (0, STACK),
        (4095, STACK),
        (4096, STATIC),
        (5007, STATIC),
        (5008, HEAP),
        (65535, HEAP),
        (65536, SENT),
        (131_071, SENT),
        (131_072, HEAP),
        (196_607, HEAP),
        (196_608, None),
    ];
    for (address, region) in cases {
        assert_eq!(region_of(STACK_FIRST, address, 0), region, "at {address}");
    }
}

#[test]
fn data_below_the_stack() {
    for (address, region) in
        [(0, HEAP), (1023, HEAP), (1024, STATIC), (1099, STATIC), (1100, STACK), (8999, STACK), (9000, HEAP)]
    {
        assert_eq!(region_of(DATA_FIRST, address, 0), region, "at {address}");
    }
}

#[test]
fn constant_offsets_are_part_of_the_address() {
    for address in [0, 1, 5007, 65535, 131_071] {
        let whole = region_of(STACK_FIRST, address, 0);
        for base in [0, address / 2, address] {
            assert_eq!(region_of(STACK_FIRST, base, address - base), whole, "{base} + {}", address - base);
        }
    }
    // Their sum has 33 bits: it does not wrap around into the message, but traps.
    for (base, offset) in [(u32::MAX, 65537), (65537, u32::MAX), (u32::MAX, u32::MAX)] {
        assert_eq!(region_of(STACK_FIRST, base, offset), None, "{base} + {offset}");
    }
}

/// What a function with the layout of [`STACK_FIRST`] counts beside its operators and its call.
fn moved(body: &str) -> Counted {
    let text = format!("(module {STACK_FIRST} (func (export \"f\") {body}))");
    let (ran, counted) = run(&text, "f", &[], MESSAGE);
    assert!(ran.returned.is_some(), "{body} traps");
    counted.into_iter().filter(|(counter, _)| !matches!(counter, Instructions | Calls)).collect()
}

#[test]
fn an_access_over_a_border_belongs_to_where_it_begins() {
    assert_eq!(moved("(i64.store (i32.const 4092) (i64.const -1))"), [(WrittenShadowStack, 8)]);
    assert_eq!(moved("(i64.store (i32.const 5004) (i64.const -1))"), [(WrittenStaticData, 8)]);
    assert_eq!(moved("(v128.store (i32.const 65530) (v128.const i64x2 1 1))"), [(WrittenHeap, 16)]);
    assert_eq!(moved("(drop (v128.load (i32.const 131070)))"), [(ReadMessage, 16)]);
    assert_eq!(moved("(memory.fill (i32.const 65536) (i32.const 1) (i32.const 131072))"), [(WrittenMessage, 131_072)]);
}

#[test]
fn a_copy_reads_one_region_and_writes_another() {
    let copy = |to: u32, from: u32, len: u32| {
        moved(&format!("(memory.copy (i32.const {to}) (i32.const {from}) (i32.const {len}))"))
    };
    assert_eq!(copy(8192, 65600, 100), [(ReadMessage, 100), (WrittenHeap, 100)]);
    assert_eq!(copy(65600, 4096, 7), [(ReadStaticData, 7), (WrittenMessage, 7)]);
    assert_eq!(copy(4096, 16, 33), [(ReadShadowStack, 33), (WrittenStaticData, 33)]);
    assert_eq!(copy(16, 8192, 5), [(ReadHeap, 5), (WrittenShadowStack, 5)]);
    assert_eq!(copy(65536, 65537, 65535), [(ReadMessage, 65535), (WrittenMessage, 65535)]);
    assert_eq!(copy(65536, 4096, 0), []);
}

#[test]
fn a_message_that_lies_over_other_regions_comes_first() {
    let text = format!("(module {STACK_FIRST} (func (export \"f\") (i32.store (i32.const 4096) (i32.const 1))))");
    let written = |message| run(&text, "f", &[], message).1[2];
    assert_eq!(written((0, 0)), (WrittenStaticData, 4));
    assert_eq!(written((4096, 4)), (WrittenMessage, 4));
    assert_eq!(written((4097, 400)), (WrittenStaticData, 4));
    // At the very end of what can be addressed.
    assert_eq!(written((0xFFFF_0000, 65536)), (WrittenStaticData, 4));
}

#[test]
fn a_start_of_data_that_is_no_single_constant_is_not_known() {
    // 4096 + 4000: where the segment lies is worked out when the module is instantiated.
    let layout = r#"(import "env" "memory" (memory 3))
        (data (offset (i32.add (i32.const 4096) (i32.const 4000))) "abcd")"#;
    assert_eq!(region_of(layout, 4096, 0), HEAP);
}
