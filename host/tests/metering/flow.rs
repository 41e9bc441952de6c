//! Operators and calls: which of them control reaches.

use wasmtime::Val;
use weft_link::meter::Counter::{Calls, Instructions};

use crate::support::probe::{counted, run};

/// Asserts how many operators `f` executes for each argument; it is one call.
fn executes(function: &str, expected: &[(i32, u64)]) {
    let text = format!("(module (func (export \"f\") (param i32) (result i32) {function}))");
    for (argument, instructions) in expected {
        let found = counted(&text, "f", &[Val::I32(*argument)]);
        assert_eq!(found, [(Instructions, *instructions), (Calls, 1)], "f({argument}) of {function}");
    }
}

#[test]
fn straight_code_counts_each_operator_and_the_end() {
    // nop, i32.const, drop, i32.const, end.
    executes("nop (drop (i32.const 1)) (i32.const 2)", &[(0, 5)]);
}

#[test]
fn a_loop_counts_each_round() {
    // Once: loop, and at last end (of the loop), local.get, end. Each round: local.get, i32.const, i32.sub,
    // local.set, local.get, br_if.
    let function = "(loop $again
                      (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
                      (br_if $again (local.get 0)))
                    (local.get 0)";
    executes(function, &[(1, 4 + 6), (2, 4 + 2 * 6), (1000, 4 + 1000 * 6)]);
}

#[test]
fn a_branch_that_is_taken_jumps_behind_the_end() {
    // block, local.get, br_if; where it is not taken nop and end (of the block); i32.const, end.
    executes("(block $out (br_if $out (local.get 0)) nop) (i32.const 0)", &[(0, 3 + 2 + 2), (1, 3 + 2)]);
}

#[test]
fn a_table_of_branches_leaves_as_many_blocks_as_it_says() {
    let function = "(block $c (block $b (block $a
                      (br_table $a $b $c (local.get 0)))
                      nop nop nop)
                      nop)
                    (i32.const 0)";
    // block three times, local.get, br_table: 5. To $a: three nop, end of $b, nop, end of $c: 6. To $b: nop, end: 2.
    // To $c, also by the default: nothing. Then i32.const, end: 2.
    executes(function, &[(0, 5 + 6 + 2), (1, 5 + 2 + 2), (2, 5 + 2), (77, 5 + 2), (-1, 5 + 2)]);
}

#[test]
fn both_ways_of_an_if() {
    // local.get, if: 2. Then: i32.const, else. Otherwise: two i32.const, i32.add, end of the if. And end.
    let function = "(if (result i32) (local.get 0)
                      (then (i32.const 1)) (else (i32.add (i32.const 2) (i32.const 3))))";
    executes(function, &[(1, 2 + 2 + 1), (0, 2 + 4 + 1)]);
    // Without else: local.get, if; nop, end where it is entered; i32.const, end.
    executes("(if (local.get 0) (then nop)) (i32.const 0)", &[(1, 2 + 2 + 2), (0, 2 + 2)]);
}

#[test]
fn an_early_return_executes_nothing_more() {
    // local.get, if: 2. Then: i32.const, return. Otherwise: nop, i32.const, end.
    executes("(if (local.get 0) (then (return (i32.const 1)))) nop (i32.const 2)", &[(1, 2 + 2), (0, 2 + 3)]);
    // A branch out of the whole function is the same: i32.const, br.
    executes("(br 0 (i32.const 1))", &[(0, 2)]);
}

#[test]
fn a_branch_out_of_nested_blocks_reaches_none_of_their_ends() {
    // block three times, br: 4; nop, i32.const, end: 3.
    executes("(block $a (block (block (br $a)) nop) nop) nop (i32.const 0)", &[(0, 4 + 3)]);
}

#[test]
fn a_branch_that_ends_one_way_of_an_if() {
    // block, local.get, if: 3. Then: br: 1. Otherwise: nop, end (of the if), nop, end (of the block): 4. i32.const, end: 2.
    let function = "(block $out (if (local.get 0) (then (br $out)) (else nop)) nop) (i32.const 0)";
    executes(function, &[(1, 3 + 1 + 2), (0, 3 + 4 + 2)]);
    // The same with the jump in the other way: then nop, else, and (behind the if) nop, end; otherwise br.
    let function = "(block $out (if (local.get 0) (then nop) (else (br $out))) nop) (i32.const 0)";
    executes(function, &[(1, 3 + 4 + 2), (0, 3 + 1 + 2)]);
}

#[test]
fn code_that_nothing_reaches_counts_nothing() {
    // block, i32.const, br: 3; then only the function's end: 1. The dead code has blocks, both ways of an if, accesses
    // of memory with and without operands, a growth and a call.
    let text = r#"(module (import "env" "memory" (memory 1 9))
      (func $g) (func (export "f") (result i32)
        (block $out (result i32)
          (br $out (i32.const 7))
          (drop (i32.const 1))
          (block (loop (br 0)) (if (i32.const 1) (then nop) (else (return (i32.const 1)))))
          (i32.store (i32.const 8) (i32.const 9))
          i64.store
          f32.load
          drop
          memory.copy
          (drop (memory.grow (i32.const 1)))
          (call $g)
          unreachable)))"#;
    assert_eq!(counted(text, "f", &[]), [(Instructions, 3 + 1), (Calls, 1)]);
}

#[test]
fn a_trap_comes_after_what_was_counted() {
    // nop, unreachable.
    let text = r#"(module (func (export "f") nop unreachable (drop (i32.const 1))))"#;
    let (ran, counted) = run(text, "f", &[], (0, 0));
    assert_eq!(ran.returned, None);
    assert_eq!(counted, [(Instructions, 2), (Calls, 1)]);
}

#[test]
fn calls_of_every_kind() {
    let text = r#"(module
      (type $t (func (result i32)))
      (import "env" "host" (func $host))
      (table 1 funcref) (elem (i32.const 0) $g)
      (func $g (result i32) (i32.const 4))
      (func (export "host") (call $host))
      (func (export "direct") (result i32) (call $g))
      (func (export "indirect") (result i32) (call_indirect (type $t) (i32.const 0)))
      (func (export "tail") (result i32) (return_call $g))
      (func (export "tail_indirect") (result i32) (return_call_indirect (type $t) (i32.const 0)))
      (func $sum (export "sum") (param i32) (result i32)
        (if (result i32) (local.get 0)
          (then (i32.add (local.get 0) (call $sum (i32.sub (local.get 0) (i32.const 1)))))
          (else (i32.const 0)))))"#;
    // $g: i32.const, end: 2. A function of the host is none of the guest's.
    let cases: [(&str, u64, u64); 5] = [
        ("host", 2, 1),              // call, end
        ("direct", 2 + 2, 2),        // call, end
        ("indirect", 3 + 2, 2),      // i32.const, call_indirect, end
        ("tail", 1 + 2, 2),          // return_call
        ("tail_indirect", 2 + 2, 2), // i32.const, return_call_indirect
    ];
    for (export, instructions, calls) in cases {
        assert_eq!(counted(text, export, &[]), [(Instructions, instructions), (Calls, calls)], "{export}");
    }
    // Each level: local.get, if, local.get, local.get, i32.const, i32.sub, call, i32.add, else, end: 10. The last:
    // local.get, if, i32.const, end (of the if), end: 5.
    assert_eq!(counted(text, "sum", &[Val::I32(9)]), [(Instructions, 9 * 10 + 5), (Calls, 10)]);
}

#[test]
fn blocks_with_parameters_and_several_results() {
    // i32.const, i32.const, block, i32.add, local.get, end (of the block), i32.sub, end: 8.
    executes(
        "(i32.const 1) (i32.const 2) (block (param i32 i32) (result i32 i32) i32.add (local.get 0)) i32.sub",
        &[(5, 8)],
    );
    // i32.const, loop: 2. Each round: local.get, i32.const, i32.sub, local.tee, i32.add (the sum is on the stack),
    // local.get, br_if: 7. end (of the loop), end: 2.
    let function = "(i32.const 0)
      (loop $again (param i32) (result i32)
        (i32.add (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))
        (br_if $again (local.get 0)))";
    executes(function, &[(4, 2 + 4 * 7 + 2)]);
}
