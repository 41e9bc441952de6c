//! The consumer's half, and the shims before a consumer: where messages are put, and where answers lie.

use super::super::types::Types;
use super::{Half, is_metered, result};
use crate::guest::{GuestError, Region};
use crate::pair::PairSpec;

/// The consumer, and before it a shim that says where messages are put.
pub fn half<'a>(spec: &PairSpec<'a>, types: &Types) -> Result<Half<'a>, GuestError> {
    let (guest, module) = &spec.guests.consumer;
    let mut uses =
        vec![("inbox".to_owned(), "(param i32) (result i64)"), (spec.receive(), "(param i32 i32) (result i64)")];
    let mut exports = vec!["inbox", "copied"];
    let (shim, lifted) = before_the_consumer(spec, types, &mut uses, &mut exports);
    if let Some((missing, _)) = uses.iter().find(|(export, _)| !guest.has(export)) {
        return Err(guest.missing(missing));
    }
    let mut rejected = "";
    if guest.has("rejected") {
        uses.push(("rejected".to_owned(), "(result i64)"));
        exports.push("rejected");
        rejected = r#"(func (export "rejected") (result s64) (canon lift (core func $guest "rejected")))"#;
    }
    let before = r#"(core instance $guest (instantiate $guest (with "env" (instance $memory))))"#.to_owned();
    let answered = if spec.replies() { ANSWERED } else { "" };
    let received = received(&types.defined(), &lifted, result(spec));
    let after = format!("{shim}\n    {received}\n    {answered}\n    {rejected}");
    let (name, component, is_metered) = ("far", "Far", is_metered(module));
    Ok(Half { name, component, guest, is_metered, imports: "", uses, before, after, exports })
}

/// The shim before a consumer, and which function takes messages: the guest's own, or the shim's. What they need is added to what is used
/// and exported.
fn before_the_consumer(
    spec: &PairSpec<'_>,
    types: &Types,
    uses: &mut Vec<(String, &'static str)>,
    exports: &mut Vec<&'static str>,
) -> (String, String) {
    let receive = spec.receive();
    let of_guest = format!("(core func $guest {receive:?})");
    let of_shim = r#"(core func $shim "receive")"#.to_owned();
    match (types.are_bytes(), spec.replies()) {
        (true, false) => (into_the_inbox(), of_guest),
        (true, true) => {
            uses.push(("outbox".to_owned(), "(param i32) (result i64)"));
            exports.extend(["answer-outbox", "settle-answers", "answers"]);
            (answering(&receive), of_shim)
        }
        (false, _) => {
            let drop = format!("drop_{}", spec.message);
            let shim = by_the_allocator(&receive, &drop);
            uses.push(("weft_alloc".to_owned(), "(param i32 i32) (result i32)"));
            uses.push(("weft_realloc".to_owned(), "(param i32 i32 i32 i32) (result i32)"));
            uses.push((drop, "(param i32 i32)"));
            // What the task owns is no one's to free.
            (shim, if spec.task == "own" { of_guest } else { of_shim })
        }
    }
}

/// What is made of the consumer and its shim: a component's `receive`.
fn received(types: &str, lifted: &str, result: &str) -> String {
    format!(
        r#"(import "reject-answer" (func $reject_answer (param "ptr" u32) (param "len" u32) (result s64)))
    (core func $reject_answer (canon lower (func $reject_answer)))
    (core instance $shim (instantiate $shim (with "guest" (instance $guest)) (with "memory" (instance $memory))
      (with "host" (instance (export "reject_answer" (func $reject_answer))))))
    {types}
    (func (export "receive") (param "message" $message) {result}
      (canon lift {lifted} (memory (core memory $memory "memory")) (realloc (core func $shim "realloc"))))
    (func (export "inbox") (param "capacity" u32) (result s64) (canon lift (core func $shim "inbox")))
    (func (export "copied") (result u64) (canon lift (core func $shim "copied")))"#
    )
}

/// A shim that has room for one message: in the inbox.
fn into_the_inbox() -> String {
    let inset = Region::INSET;
    format!(
        r#"(core module $shim
      (import "guest" "inbox" (func $inbox (param i32) (result i64)))
      (global $start (mut i32) (i32.const 0))
      (global $room (mut i32) (i32.const 0))
      (global $copied (mut i64) (i64.const 0))
      (func (export "inbox") (param $capacity i32) (result i64) (local $address i64)
        (local.set $address (call $inbox (local.get $capacity)))
        (global.set $start (i32.add (i32.wrap_i64 (local.get $address)) (i32.const {inset})))
        (global.set $room (i32.sub (local.get $capacity) (i32.const {inset})))
        (local.get $address))
      (func (export "realloc") (param i32 i32 i32) (param $len i32) (result i32)
        (if (i32.gt_u (local.get $len) (global.get $room)) (then unreachable))
        (global.set $copied (i64.add (global.get $copied) (i64.extend_i32_u (local.get $len))))
        (global.get $start))
      (func (export "copied") (result i64) (global.get $copied)))"#
    )
}

/// What a component exports whose guest answers.
const ANSWERED: &str = r#"(func (export "answer-outbox") (param "capacity" u32) (result s64) (canon lift (core func $guest "outbox")))
    (func (export "settle-answers") (param "start" u32) (param "capacity" u32) (result u32)
      (canon lift (core func $shim "settle_answers")))
    (func (export "answers") (result u64) (canon lift (core func $shim "answers")))"#;

/// A shim that has room for one message in the inbox, and checks that an answer lies in the replier's outbox. What it returns lies in
/// front of the message: a byte that says whether it is a status, and behind it the answer's place or the status.
fn answering(receive: &str) -> String {
    ANSWERING.replace("INSET", &Region::INSET.to_string()).replace("RECEIVE", &format!("{receive:?}"))
}

/// The text of that shim.
const ANSWERING: &str = r#"(core module $shim
      (import "guest" "inbox" (func $inbox (param i32) (result i64)))
      (import "guest" RECEIVE (func $receive (param i32 i32) (result i64)))
      (import "host" "reject_answer" (func $reject (param i32 i32) (result i64)))
      (import "memory" "memory" (memory 0))
      (global $start (mut i32) (i32.const 0))
      (global $room (mut i32) (i32.const 0))
      (global $outbox (mut i32) (i32.const -1))
      (global $capacity (mut i32) (i32.const 0))
      (global $copied (mut i64) (i64.const 0))
      (global $answers (mut i64) (i64.const 0))
      (func (export "inbox") (param $capacity i32) (result i64) (local $address i64)
        (local.set $address (call $inbox (local.get $capacity)))
        (global.set $start (i32.wrap_i64 (local.get $address)))
        (global.set $room (i32.sub (local.get $capacity) (i32.const INSET)))
        (local.get $address))
      (func (export "settle_answers") (param i32 i32) (result i32)
        (global.set $outbox (local.get 0)) (global.set $capacity (local.get 1)) (i32.const 0))
      (func (export "realloc") (param i32 i32 i32) (param $len i32) (result i32)
        (if (i32.gt_u (local.get $len) (global.get $room)) (then unreachable))
        (global.set $copied (i64.add (global.get $copied) (i64.extend_i32_u (local.get $len))))
        (i32.add (global.get $start) (i32.const INSET)))
      (func (export "receive") (param $ptr i32) (param $len i32) (result i32) (local $came i64) (local $offset i32)
        (local.set $came (call $receive (local.get $ptr) (local.get $len)))
        (if (i64.lt_s (local.get $came) (i64.const 0))
          (then
            (i32.store8 (global.get $start) (i32.const 1))
            (i64.store offset=8 (global.get $start) (local.get $came))
            (return (global.get $start))))
        (local.set $ptr (i32.wrap_i64 (local.get $came)))
        (local.set $len (i32.wrap_i64 (i64.shr_u (local.get $came) (i64.const 32))))
        (local.set $offset (i32.sub (local.get $ptr) (global.get $outbox)))
        (if (i32.or
              (i32.or
                (i32.gt_u (local.get $offset) (global.get $capacity))
                (i32.gt_u (local.get $len) (i32.sub (global.get $capacity) (local.get $offset))))
              (i32.and (local.get $ptr) (i32.const 7)))
          (then (drop (call $reject (local.get $ptr) (local.get $len)))))
        (i32.store8 (global.get $start) (i32.const 0))
        (i32.store offset=8 (global.get $start) (local.get $ptr))
        (i32.store offset=12 (global.get $start) (local.get $len))
        (global.set $answers (i64.add (global.get $answers) (i64.const 1)))
        (global.set $copied (i64.add (global.get $copied) (i64.extend_i32_u (local.get $len))))
        (global.get $start))
      (func (export "answers") (result i64) (global.get $answers))
      (func (export "copied") (result i64) (global.get $copied)))"#;

/// A shim that takes room for each record, string and list from the consumer's allocator, and frees what no task has taken over.
fn by_the_allocator(receive: &str, drop: &str) -> String {
    format!(
        r#"(core module $shim
      (import "guest" "inbox" (func $inbox (param i32) (result i64)))
      (import "guest" "weft_alloc" (func $alloc (param i32 i32) (result i32)))
      (import "guest" "weft_realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
      (import "guest" {receive:?} (func $receive (param i32 i32) (result i64)))
      (import "guest" {drop:?} (func $drop (param i32 i32)))
      (global $copied (mut i64) (i64.const 0))
      (func (export "inbox") (param $capacity i32) (result i64) (call $inbox (local.get $capacity)))
      (func (export "receive") (param $ptr i32) (param $len i32) (result i64) (local $digest i64)
        (local.set $digest (call $receive (local.get $ptr) (local.get $len)))
        (call $drop (local.get $ptr) (local.get $len))
        (local.get $digest))
      (func (export "realloc")
        (param $old i32) (param $old_size i32) (param $align i32) (param $new_size i32) (result i32)
        ;; Of no bytes there is no piece: any address that is aligned will do.
        (if (i32.eqz (local.get $new_size)) (then (return (local.get $align))))
        (global.set $copied (i64.add (global.get $copied)
          (i64.extend_i32_u (i32.sub (local.get $new_size) (local.get $old_size)))))
        (if (local.get $old_size)
          (then (return (call $realloc
            (local.get $old) (local.get $old_size) (local.get $align) (local.get $new_size)))))
        (call $alloc (local.get $new_size) (local.get $align)))
      (func (export "copied") (result i64) (global.get $copied)))"#
    )
}
