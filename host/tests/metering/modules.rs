//! The shapes that a module can have: whatever sections it has or lacks, what is added does not disturb it.

use wasmtime::Val;
use weft::exact::{Metering, meter};
use weft_link::meter::Counter::{Calls, Instructions, ReadHeap, ReadStaticData, WrittenHeap, WrittenStaticData};

use crate::support::every_section::with_every_section;
use crate::support::probe::{Probe, counted, run, wasm};

#[test]
fn a_module_with_nothing_but_a_function() {
    assert_eq!(counted(r#"(module (func (export "f")))"#, "f", &[]), [(Instructions, 1), (Calls, 1)]);
}

#[test]
fn a_module_with_every_section() {
    let f = r#"(func (export "f") (param i32) (result i32)
        (global.set $count (i64.add (global.get $count) (i64.const 1)))
        (memory.init $passive (i32.const 8) (i32.const 0) (i32.const 4))
        (table.set $u (i32.const 1) (table.get $u (i32.const 0)))
        (call_indirect $u (type $t)
          (i32.add (i32.load (i32.const 100)) (i32.load (i32.const 200)))
          (i32.const 1)))"#;
    let (ran, counted) = run(&with_every_section(f), "f", &[Val::I32(0)], (0, 0));
    assert_eq!(ran.returned, Some(vec![2 * 43]));
    assert_eq!((ran.memory[8..12].to_vec(), ran.memory[100]), (vec![5, 6, 7, 8], 42));
    // f: 4 for the global, 4 for memory.init, 4 for the table (i32.const, i32.const, table.get, table.set), then 5, i32.const,
    // call_indirect, end: 8. $twice: 4. The store in $start was before.
    let expected =
        [(Instructions, 4 + 4 + 4 + 8 + 4), (Calls, 2), (ReadStaticData, 4), (ReadHeap, 4), (WrittenHeap, 4)];
    assert_eq!(counted, expected);
}

#[test]
fn what_start_does_is_counted() {
    let text = r#"(module (import "env" "memory" (memory 1)) (start $s)
      (data (i32.const 96) "abcdefgh")
      (func $s (i32.store (i32.const 100) (i32.const 42))) (func (export "f")))"#;
    let mut probe = Probe::metered(text, Metering::Counting);
    // i32.const, i32.const, i32.store, end.
    assert_eq!(probe.counted(), [(Instructions, 4), (Calls, 1), (WrittenStaticData, 4)]);
}

#[test]
fn parameters_and_locals_of_every_type_keep_their_values() {
    let text = r#"(module (import "env" "memory" (memory 1))
      (func (export "f") (param i32 i64 f32 f64 v128 i32) (result i32 i64 f32 f64 v128 i32 i64 i32)
        (local i64 i64 f32) (local v128) (local i32 i32 i32) (local funcref funcref)
        (local.set 6 (i64.const -5))
        (local.set 11 (i32.const 11))
        (i64.store offset=8 (local.get 5) (local.get 1))
        (f32.store offset=16 (local.get 5) (local.get 2))
        (f64.store offset=24 (local.get 5) (local.get 3))
        (v128.store offset=32 (local.get 5) (local.get 4))
        (i32.store offset=48 (local.get 5) (local.get 0))
        (memory.copy (i32.const 0) (local.get 5) (i32.const 64))
        (local.get 0) (i64.load offset=8 (local.get 5)) (f32.load offset=16 (local.get 5))
        (f64.load offset=24 (local.get 5)) (v128.load offset=32 (local.get 5)) (local.get 5)
        (local.get 6) (local.get 11)))"#;
    let arguments =
        [Val::I32(-1), Val::I64(-2), Val::F32(0x7FA0_0001), Val::F64(4), Val::V128(77_u128.into()), Val::I32(1024)];
    let (ran, counted) = run(text, "f", &arguments, (0, 0));
    let expected = [u64::from(u32::MAX), -2_i64 as u64, 0x7FA0_0001, 4, 77, 0, 1024, -5_i64 as u64, 11];
    assert_eq!(ran.returned.as_deref(), Some(&expected[..]));
    // 2 for each local.set, 3 for each of five stores, 4 for memory.copy, 2 for each of four loads, four local.get, end.
    let bytes = |own: u64| own + 8 + 4 + 8 + 16;
    let expected =
        [(Instructions, 4 + 15 + 4 + 8 + 4 + 1), (Calls, 1), (ReadHeap, bytes(64)), (WrittenHeap, bytes(64) + 4)];
    assert_eq!(counted, expected);
}

#[test]
fn thousands_of_functions_types_and_globals() {
    let many = |what: &dyn Fn(u32) -> String| (0..3000).map(what).collect::<String>();
    let globals = many(&|n| format!("(global (mut i32) (i32.const {n}))"));
    let functions =
        many(&|n| format!("(func (param {}) (result i32) (global.get {n}))", "i64 ".repeat(n as usize % 50)));
    let text = format!(r#"(module {globals} {functions} (func (export "f") (result i32) (call 2950)))"#);
    // 2950 mod 50 is 0 parameters. call, end; global.get, end.
    let (ran, counted) = run(&text, "f", &[], (0, 0));
    assert_eq!((ran.returned, counted), (Some(vec![2950]), vec![(Instructions, 4), (Calls, 2)]));
}

#[test]
fn custom_sections_stay_where_they_are_allowed_anywhere() {
    let text = r#"(module
      (@custom "first" (before first) "a")
      (@custom "weft.traits" (before code) "{}")
      (type $t (func))
      (func $named (export "f") nop)
      (@custom "last" (after last) "z"))"#;
    assert_eq!(counted(text, "f", &[]), [(Instructions, 2), (Calls, 1)]);
    let metered = meter(&wasm(text), Metering::Counting).expect("it is metered");
    for kept in [&b"first"[..], b"weft.traits", b"last", b"named"] {
        assert!(metered.windows(kept.len()).any(|window| window == kept), "{}", String::from_utf8_lossy(kept));
    }
}

/// Why a module cannot be metered.
fn refusal(text: &str) -> String {
    match meter(&wasm(text), Metering::Counting) {
        Ok(_) => panic!("it must not be metered: {text}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn operators_that_the_meter_does_not_know_are_named() {
    let f = |body: &str| format!("(module (type $t (func)) (tag $e) (memory 1) (func (export \"f\") {body}))");
    let cases = [
        ("(drop (i32.atomic.load (i32.const 0)))", "I32AtomicLoad", "threads"),
        ("(drop (i64.atomic.rmw.add (i32.const 0) (i64.const 1)))", "I64AtomicRmwAdd", "threads"),
        ("atomic.fence", "AtomicFence", "threads"),
        ("(drop (ref.i31 (i32.const 0)))", "RefI31", "gc"),
        ("(call_ref $t (ref.func 0))", "CallRef", "function_references"),
        ("(throw $e)", "Throw", "exceptions"),
    ];
    for (body, name, proposal) in cases {
        let error = refusal(&f(body));
        assert!(error.contains(name) && error.contains(proposal), "{body}: {error}");
    }
}

#[test]
fn accesses_of_a_second_memory_are_refused() {
    let accesses = [
        "(drop (i32.load $b (i32.const 0)))",
        "(i64.store $b (i32.const 0) (i64.const 1))",
        "(drop (v128.load8_lane $b 0 (i32.const 0) (v128.const i64x2 0 0)))",
        "(memory.copy $a $b (i32.const 0) (i32.const 0) (i32.const 1))",
        "(memory.copy $b $a (i32.const 0) (i32.const 0) (i32.const 1))",
        "(memory.fill $b (i32.const 0) (i32.const 0) (i32.const 1))",
        "(memory.init $b $d (i32.const 0) (i32.const 0) (i32.const 1))",
        "(drop (memory.grow $b (i32.const 1)))",
    ];
    for access in accesses {
        let text = format!("(module (memory $a 1) (memory $b 1) (data $d \"x\") (func (export \"f\") {access}))");
        assert!(refusal(&text).contains("memory 1"), "{access}: {}", refusal(&text));
    }
}

/// A fuzzer has found that counting code did not fit there.
#[test]
fn memories_of_64_bits_are_refused() {
    for memory in ["(memory i64 1)", "(import \"env\" \"memory\" (memory i64 1))"] {
        let text = format!("(module {memory} (func (export \"f\") (drop (v128.load (memory.size)))))");
        assert!(refusal(&text).contains("64-bit addresses"), "{memory}: {}", refusal(&text));
    }
}

/// A fuzzer has found that the module had two exports of that name then.
#[test]
fn names_of_what_the_meter_adds_are_refused() {
    let text = r#"(module (global $g i32 (i32.const 1)) (export "weft.meter.grown_pages" (global $g)))"#;
    assert!(refusal(text).contains("`weft.meter.grown_pages`, a name that the meter"), "{}", refusal(text));
}

#[test]
fn what_is_no_module_is_refused() {
    let good = wasm(
        r#"(module (import "env" "memory" (memory 1)) (func (export "f") (i32.store (i32.const 0) (i32.const 1))))"#,
    );
    for len in 0..good.len() {
        // At the end of a section a shorter module is a module; nothing panics anywhere.
        let _ = meter(&good[..len], Metering::Counting);
        let mut damaged = good.clone();
        damaged[len] ^= 0x55;
        let _ = meter(&damaged, Metering::Counting);
    }
    let error = meter(b"\0asm\x02\0\0\0", Metering::Counting).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(error.contains("cannot be read"), "{error}");
}

/// An engine takes 50 000 locals of a function, and the meter adds eight.
#[test]
fn a_function_without_room_for_the_meter_s_locals_is_refused() {
    let with = |locals: usize| {
        let text = format!("(module (memory 1) (func (local{})))", " i32".repeat(locals));
        meter(&::wat::parse_str(text).expect("a module"), Metering::Counting).map_err(|error| error.to_string())
    };
    assert!(with(49_992).is_ok());
    assert!(with(49_993).expect_err("one too many").contains("has 49993 locals"));
}
