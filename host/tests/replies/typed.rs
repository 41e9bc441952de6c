//! Typed records there and back: copied from heap to heap, and checked by the engine's adapter both ways.

use weft_link::transport::{Transport, by_name};

use super::{CODECS, compiled, counted, join};
use crate::support::wat::{NAME, names};

fn component() -> &'static dyn Transport {
    by_name("component").expect("the transport")
}

#[test]
fn records_are_copied_and_found_both_ways() {
    let codec = CODECS.iter().find(|codec| codec.name == "wit").expect("the codec");
    let (verified, exact) = counted(codec, component());
    assert_eq!(verified.copies, Some(2));
    let wire = verified.wire_bytes.expect("a size");
    // modules/codecs/wit/src/log.rs: a record of 136 bytes, and its ten strings.
    assert!(wire > 136.0, "{wire}");
    assert!((exact.transport_copied_bytes - 2.0 * wire).abs() < 1e-6, "{} of {wire}", exact.transport_copied_bytes);
    // What arrives is taken over, or read where it lies: nobody makes a copy of his own.
    let places = ["consumer heap", "producer heap"].map(|place| (place.to_owned(), 1));
    assert_eq!(exact.payload_found_in, Some(places.into()));
    // The requester has a piece for the list and one for each string that is not empty, and frees them.
    let allocations = exact.producer.allocations.expect("a number");
    assert!((8.0..=11.0).contains(&allocations), "{allocations}");
    assert_eq!((exact.producer.memory_grown, exact.consumer.memory_grown), (0.0, 0.0));
}

/// What both guests of text have: their types, a region, and an allocator that gives one piece behind the other and never takes one back;
/// it traps where it is asked for 13 bytes.
const BOTH: &str = r#"
  (@custom "weft.types" "blob word (record (field \"at\" u32) (field \"len\" u32) (field \"text\" string))\nblob 16 (list $word)\n")
  (global $outbox (mut i32) (i32.const 0))
  (global $next (mut i32) (i32.const 0x8000))
  (func $pages (param $capacity i32) (result i32)
    (i32.shl (memory.grow (i32.shr_u (local.get $capacity) (i32.const 16))) (i32.const 16)))
  (func (export "outbox") (param i32) (result i64)
    (global.set $outbox (call $pages (local.get 0)))
    (i64.extend_i32_u (global.get $outbox)))
  (func (export "inbox") (param i32) (result i64) (i64.extend_i32_u (call $pages (local.get 0))))
  (func $alloc (export "weft_alloc") (param $size i32) (param i32) (result i32) (local $piece i32)
    (if (i32.eq (local.get $size) (i32.const 13)) (then unreachable))
    (local.set $piece (global.get $next))
    (global.set $next (i32.and (i32.add (i32.add (local.get $piece) (local.get $size)) (i32.const 7)) (i32.const -8)))
    (local.get $piece))
  (func (export "weft_realloc") (param i32 i32 i32 i32) (result i32) (unreachable))"#;

/// A requester whose `request_blob(at, len)` sends one record that says `at` and `len`, and returns how long the text of the answer is.
fn requester() -> String {
    format!(
        r#"(module
  (import "env" "memory" (memory 1))
  (import "weft" "send" (func $send (param i32 i32) (result i64)))
  (@custom "weft.traits" "{{\"abi\": 1, \"typed\": true}}")
  {BOTH}
  (func (export "prepare_blob") (param i32 i32 i64) (result i64) (i64.const 4096))
  (func (export "request_blob") (param $at i32) (param $len i32) (result i64) (local $place i64)
    (i32.store (global.get $outbox) (local.get $at))
    (i32.store offset=4 (global.get $outbox) (local.get $len))
    (local.set $place (call $send (global.get $outbox) (i32.const 1)))
    (if (i64.lt_s (local.get $place) (i64.const 0)) (then (return (local.get $place))))
    (i64.load32_u offset=12 (i32.wrap_i64 (local.get $place)))))"#
    )
}

/// A replier whose answer is one record with the text that the message says; or as many records as it says, where that is to lie at -1.
fn replier() -> String {
    format!(
        r#"(module
  (import "env" "memory" (memory 1))
  {BOTH}
  (data (i32.const 16) "\ff\fe")
  (func (export "receive_blob_reply") (param $ptr i32) (param i32) (result i64) (local $at i32) (local $len i32)
    (local.set $at (i32.load (local.get $ptr)))
    (local.set $len (i32.load offset=4 (local.get $ptr)))
    (if (i32.eq (local.get $at) (i32.const -1))
      (then (return (i64.or
        (i64.shl (i64.extend_i32_u (local.get $len)) (i64.const 32)) (i64.extend_i32_u (global.get $outbox))))))
    (if (i32.eq (local.get $at) (i32.const -2)) (then (return (i64.const -4))))
    (i32.store offset=8 (global.get $outbox) (local.get $at))
    (i32.store offset=12 (global.get $outbox) (local.get $len))
    (i64.or (i64.const 0x100000000) (i64.extend_i32_u (global.get $outbox))))
  (func (export "drop_blob") (param i32 i32)
    ;; Only an answer has something to free.
    (if (i32.ne (local.get 0) (global.get $outbox)) (then unreachable))
    (if (i32.eqz (local.get 1)) (then unreachable))))"#
    )
}

/// The memory of the replier: a page of its own, an inbox of two, an outbox of one.
const MEMORY: u32 = 4 << 16;

#[test]
fn the_adapter_checks_the_records_of_an_answer() {
    let guests = compiled(requester(), replier());
    // A component that has trapped cannot be entered again.
    let sent = |at: u32, len: u32| join(component(), &guests).produce(at, len);
    for (at, len) in [(32, 0), (32, 8), (MEMORY - 8, 8), (u32::MAX, 1), (u32::MAX, 4096)] {
        let text = if at == u32::MAX { 0 } else { u64::from(len) };
        let found = sent(at, len).unwrap_or_else(|error| panic!("{at:#x}, {len}: {error}"));
        assert_eq!(found, text, "{at:#x}, {len}");
    }
    let both = [&format!("the requester of `{NAME}`"), &format!("the replier of `{NAME}`")];
    for (at, len) in [(MEMORY - 4, 8), (MEMORY, 8), (u32::MAX - 8, 16), (32, u32::MAX), (16, 2)] {
        let error = sent(at, len).expect_err("a text that is none").to_string();
        assert!(error.starts_with("the engine's adapter trapped between"), "{error}");
        names(&error, &[both[0], both[1], "at wasm backtrace"]);
    }
}

#[test]
fn whose_fault_it_is_beside_the_records_is_told() {
    let guests = compiled(requester(), replier());
    let said = |at: u32, len: u32| join(component(), &guests).produce(at, len).expect_err("an error").to_string();
    // More records than the outbox holds; a status; and a requester that gives no memory for the answer.
    names(&said(u32::MAX, 4097), &[&format!("the replier of `{NAME}` answered with ptr"), "len 4097,"]);
    names(&said(u32::MAX - 1, 0), &[&format!("the replier of `{NAME}`: `receive_blob_reply` returned status -4")]);
    names(&said(32, 13), &[&format!("the requester of `{NAME}` trapped in `request_blob`")]);
}
