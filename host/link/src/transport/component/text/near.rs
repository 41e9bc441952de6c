//! The producer's half, and the shims behind a producer: what it sends is checked against its outbox.

use super::super::types::Types;
use super::allocator::{ALLOCATOR, realloc};
use super::{Half, is_metered, result};
use crate::guest::{GuestError, Region};
use crate::pair::PairSpec;

/// The producer, and behind it a shim that checks what it sends against its outbox.
pub fn half<'a>(spec: &PairSpec<'a>, types: &Types) -> Result<Half<'a>, GuestError> {
    let (guest, module) = &spec.guests.producer;
    let (prepare, produce) = (guest.prepares(spec.message), spec.send());
    let is_supplied = prepare.starts_with("supply_");
    let mut uses =
        vec![("outbox".to_owned(), "(param i32) (result i64)"), (produce.clone(), "(param i32 i32) (result i64)")];
    let mut exports = vec!["outbox", "settle", "produce", "messages"];
    let prepared = if is_supplied { supplied(&prepare) } else { generated(&prepare) };
    if is_supplied {
        uses.extend([("values".to_owned(), "(param i32) (result i64)"), (prepare, "(param i32 i32 i32) (result i64)")]);
        exports.extend(["values", "supply"]);
    } else {
        uses.push((prepare, "(param i32 i32 i64) (result i64)"));
        exports.push("prepare");
    }
    let mut found = String::new();
    if spec.replies() {
        uses.push(("inbox".to_owned(), "(param i32) (result i64)"));
        exports.extend(["answer-inbox", "settle-answer-inbox", "answers-copied"]);
        found.push_str(FOUND);
        if !types.are_bytes() {
            uses.extend(ALLOCATOR.map(|(export, ty)| (export.to_owned(), ty)));
            found.push_str(FILLED);
        }
    }
    if let Some((missing, _)) = uses.iter().find(|(export, _)| !guest.has(export)) {
        return Err(guest.missing(missing));
    }
    let before = behind_the_producer(spec, types);
    let after = format!("{}\n    {found}\n    {prepared}", producing(&produce));
    let (name, component, is_metered) = ("near", "Near", is_metered(module));
    let imports = r#"(import "weft" "send" (func (param i32 i32) (result i64)))"#;
    Ok(Half { name, component, guest, is_metered, imports, uses, before, after, exports })
}

/// The consumer as the component sees it, the shim behind the producer, and the producer itself.
fn behind_the_producer(spec: &PairSpec<'_>, types: &Types) -> String {
    let (back, realloc, link) = match spec.replies() {
        true => (
            if types.are_bytes() { back_into_the_inbox() } else { back_from_the_allocator() },
            r#"(realloc (core func $back "realloc"))"#,
            r#"(with "back" (instance $back)) (with "memory" (instance $memory))"#,
        ),
        false => (String::new(), "", ""),
    };
    let result = result(spec);
    format!(
        r#"{}
    (import "receive" (func $receive (param "message" $message) {result}))
    (import "reject" (func $reject (param "ptr" u32) (param "len" u32) (result s64)))
    {back}
    {}
    (core func $receive (canon lower (func $receive) (memory (core memory $memory "memory")) {realloc}))
    (core func $reject (canon lower (func $reject)))
    (core instance $shim (instantiate $shim {link}
      (with "far" (instance (export "receive" (func $receive)) (export "reject" (func $reject))))))
    (core instance $guest (instantiate $guest (with "env" (instance $memory)) (with "weft" (instance $shim))))"#,
        types.imported(),
        checks(types.element_bytes(), spec.replies()),
    )
}

/// What a component exports of its producer, and of the shim.
fn producing(produce: &str) -> String {
    format!(
        r#"(func (export "settle") (param "start" u32) (param "capacity" u32) (result u32) (canon lift (core func $shim "settle")))
    (func (export "messages") (result u64) (canon lift (core func $shim "messages")))
    (func (export "outbox") (param "capacity" u32) (result s64) (canon lift (core func $guest "outbox")))
    (func (export "produce") (param "first" u32) (param "count" u32) (result s64) (canon lift (core func $guest {produce:?})))"#
    )
}

/// The shim behind a producer, whose messages have so many bytes for each unit of their length.
fn checks(element_bytes: u32, replies: bool) -> String {
    let (imports, call) = match replies {
        true => (
            r#"(import "back" "start" (global $back (mut i32)))
      (import "memory" "memory" (memory 0))
      (import "far" "receive" (func $receive (param i32 i32 i32)))"#,
            r#"(call $receive (local.get $ptr) (local.get $len) (global.get $back))
        ;; Pointer and length of an answer, which together are `len << 32 | ptr`, or a status.
        (i64.load offset=8 (global.get $back))"#,
        ),
        false => (
            r#"(import "far" "receive" (func $receive (param i32 i32) (result i64)))"#,
            "(call $receive (local.get $ptr) (local.get $len))",
        ),
    };
    format!(
        r#"(core module $shim
      {imports}
      (import "far" "reject" (func $reject (param i32 i32) (result i64)))
      (global $outbox (mut i32) (i32.const -1))
      (global $capacity (mut i32) (i32.const 0))
      (global $messages (mut i64) (i64.const 0))
      (func (export "settle") (param i32 i32) (result i32)
        (global.set $outbox (local.get 0)) (global.set $capacity (local.get 1)) (i32.const 0))
      (func (export "messages") (result i64) (global.get $messages))
      (func (export "send") (param $ptr i32) (param $len i32) (result i64) (local $offset i32)
        (local.set $offset (i32.sub (local.get $ptr) (global.get $outbox)))
        ;; offset > capacity || bytes > capacity - offset || ptr % 8 != 0, all unsigned
        (if (i32.or
              (i32.or
                (i32.gt_u (local.get $offset) (global.get $capacity))
                (i64.gt_u (i64.mul (i64.extend_i32_u (local.get $len)) (i64.const {element_bytes}))
                  (i64.extend_i32_u (i32.sub (global.get $capacity) (local.get $offset)))))
              (i32.and (local.get $ptr) (i32.const 7)))
          (then (return (call $reject (local.get $ptr) (local.get $len)))))
        (global.set $messages (i64.add (global.get $messages) (i64.const 1)))
        {call}))"#
    )
}

/// What puts answers into the requester's inbox, in front of which lies what a call results in.
fn back_into_the_inbox() -> String {
    let inset = Region::INSET;
    format!(
        r#"(core module $back
      (global $start (export "start") (mut i32) (i32.const 0))
      (global $room (mut i32) (i32.const 0))
      (global $copied (mut i64) (i64.const 0))
      (func (export "settle") (param i32 i32) (result i32)
        (global.set $start (local.get 0)) (global.set $room (local.get 1)) (i32.const 0))
      (func (export "realloc") (param i32 i32 i32) (param $len i32) (result i32)
        (if (i32.gt_u (local.get $len) (global.get $room)) (then unreachable))
        (global.set $copied (i64.add (global.get $copied) (i64.extend_i32_u (local.get $len))))
        (i32.add (global.get $start) (i32.const {inset})))
      (func (export "copied") (result i64) (global.get $copied)))
    (core instance $back (instantiate $back))"#
    )
}

/// What puts the records of answers into pieces from the requester's allocator. The requester imports what it sends by, which needs
/// this; so its allocator is not there yet, and is called through a table.
fn back_from_the_allocator() -> String {
    let calls = ["call_indirect (type $alloc)", "call_indirect (type $realloc)"];
    format!(
        r#"(core module $back
      (type $alloc (func (param i32 i32) (result i32)))
      (type $realloc (func (param i32 i32 i32 i32) (result i32)))
      (table (export "allocator") 2 2 funcref)
      (global $start (export "start") (mut i32) (i32.const 0))
      (func (export "settle") (param i32 i32) (result i32) (global.set $start (local.get 0)) (i32.const 0))
{})
    (core instance $back (instantiate $back))"#,
        realloc(calls, ["(i32.const 0)", "(i32.const 1)"])
    )
}

/// What a component exports whose guest finds answers.
const FOUND: &str = r#"(func (export "answer-inbox") (param "capacity" u32) (result s64) (canon lift (core func $guest "inbox")))
    (func (export "settle-answer-inbox") (param "start" u32) (param "room" u32) (result u32)
      (canon lift (core func $back "settle")))
    (func (export "answers-copied") (result u64) (canon lift (core func $back "copied")))"#;

/// What fills the table of [`back_from_the_allocator`].
const FILLED: &str = r#"
    (core module $fill
      (import "back" "allocator" (table 2 2 funcref))
      (import "guest" "weft_alloc" (func $alloc (param i32 i32) (result i32)))
      (import "guest" "weft_realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
      (elem (i32.const 0) func $alloc $realloc))
    (core instance $fill (instantiate $fill (with "back" (instance $back)) (with "guest" (instance $guest))))"#;

/// How a producer has its values that generates them.
fn generated(prepare: &str) -> String {
    format!(
        r#"(func (export "prepare") (param "size" u32) (param "messages" u32) (param "seed" u64) (result s64)
      (canon lift (core func $guest {prepare:?})))"#
    )
}

/// How a producer has its values that is handed them: as a list, which is put where it says.
fn supplied(supply: &str) -> String {
    format!(
        r#"(core module $values
      (import "guest" "values" (func $values (param i32) (result i64)))
      (import "guest" {supply:?} (func $supply (param i32 i32 i32) (result i64)))
      (global $start (mut i32) (i32.const 0))
      (func (export "values") (param i32) (result i64) (local $address i64)
        (local.set $address (call $values (local.get 0)))
        (global.set $start (i32.wrap_i64 (local.get $address)))
        (local.get $address))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (global.get $start))
      (func (export "supply") (param i32 i32 i32 i32) (result i64)
        (call $supply (local.get 0) (local.get 1) (local.get 2))))
    (core instance $values (instantiate $values (with "guest" (instance $guest))))
    (func (export "values") (param "capacity" u32) (result s64) (canon lift (core func $values "values")))
    (func (export "supply") (param "size" u32) (param "messages" u32) (param "values" (list u8)) (result s64)
      (canon lift (core func $values "supply") (memory (core memory $memory "memory")) (realloc (core func $values "realloc"))))"#
    )
}
