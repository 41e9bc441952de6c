//! The consumer's half, and the shims before a consumer: where messages are put, and where answers lie.

use std::fmt::Write as _;

use super::super::types::Types;
use super::allocator::{ALLOCATOR, realloc};
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
    let room = if types.are_bytes() { in_the_inbox() } else { from_the_allocator() };
    if !types.are_bytes() {
        uses.extend(ALLOCATOR.map(|(export, ty)| (export.to_owned(), ty)));
    }
    // What the task owns is no one's to free.
    let drop = (!types.are_bytes() && spec.task != "own").then(|| format!("drop_{}", spec.message));
    let taking = if spec.replies() {
        uses.push(("outbox".to_owned(), "(param i32) (result i64)"));
        exports.extend(["answer-outbox", "settle-answers", "answers"]);
        Some(answering(&receive, types.element_bytes(), drop.as_deref()))
    } else {
        drop.as_deref().map(|drop| dropping(&receive, drop))
    };
    uses.extend(drop.map(|drop| (drop, "(param i32 i32)")));
    let lifted = match &taking {
        None => format!("(core func $guest {receive:?})"),
        Some(_) if spec.replies() && !types.are_bytes() => {
            r#"(core func $shim "receive") (post-return (core func $shim "answered"))"#.to_owned()
        }
        Some(_) => r#"(core func $shim "receive")"#.to_owned(),
    };
    (shim(&room, &taking.unwrap_or_default()), lifted)
}

/// A part of the shim: what it imports, and what it defines.
#[derive(Default)]
struct Part {
    imports: String,
    defines: String,
}

/// The shim: where messages are put, and what is done beside taking them.
fn shim(room: &Part, taking: &Part) -> String {
    format!("(core module $shim\n{}{}{}{})", room.imports, taking.imports, room.defines, taking.defines)
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

/// Room for one message: in the inbox.
fn in_the_inbox() -> Part {
    let inset = Region::INSET;
    let imports = r#"      (import "guest" "inbox" (func $inbox (param i32) (result i64)))
"#;
    let defines = format!(
        r#"      (global $region (mut i32) (i32.const 0))
      (global $start (mut i32) (i32.const 0))
      (global $room (mut i32) (i32.const 0))
      (global $copied (mut i64) (i64.const 0))
      (func (export "inbox") (param $capacity i32) (result i64) (local $address i64)
        (local.set $address (call $inbox (local.get $capacity)))
        (global.set $region (i32.wrap_i64 (local.get $address)))
        (global.set $start (i32.add (global.get $region) (i32.const {inset})))
        (global.set $room (i32.sub (local.get $capacity) (i32.const {inset})))
        (local.get $address))
      (func (export "realloc") (param i32 i32 i32) (param $len i32) (result i32)
        (if (i32.gt_u (local.get $len) (global.get $room)) (then unreachable))
        (global.set $copied (i64.add (global.get $copied) (i64.extend_i32_u (local.get $len))))
        (global.get $start))
      (func (export "copied") (result i64) (global.get $copied))
"#
    );
    Part { imports: imports.to_owned(), defines }
}

/// Room for each record, string and list: from the consumer's allocator.
fn from_the_allocator() -> Part {
    let imports = r#"      (import "guest" "inbox" (func $inbox (param i32) (result i64)))
      (import "guest" "weft_alloc" (func $alloc (param i32 i32) (result i32)))
      (import "guest" "weft_realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
"#;
    let defines = format!(
        r#"      (global $region (mut i32) (i32.const 0))
      (func (export "inbox") (param $capacity i32) (result i64) (local $address i64)
        (local.set $address (call $inbox (local.get $capacity)))
        (global.set $region (i32.wrap_i64 (local.get $address)))
        (local.get $address))
{}
"#,
        realloc(["call $alloc", "call $realloc"], ["", ""])
    );
    Part { imports: imports.to_owned(), defines }
}

/// What a component exports whose guest answers.
const ANSWERED: &str = r#"(func (export "answer-outbox") (param "capacity" u32) (result s64) (canon lift (core func $guest "outbox")))
    (func (export "settle-answers") (param "start" u32) (param "capacity" u32) (result u32)
      (canon lift (core func $shim "settle_answers")))
    (func (export "answers") (result u64) (canon lift (core func $shim "answers")))"#;

/// Checks that an answer lies in the replier's outbox, in which it has so many bytes for each unit of its length. What it returns lies where
/// the inbox begins, in front of any message: a byte that says whether it is a status, and behind it the answer's place or the status.
/// Where there is a `drop`, that frees what the answer points at, once it has been copied.
fn answering(receive: &str, element_bytes: u32, drop: Option<&str>) -> Part {
    let mut imports = format!(
        r#"      (import "guest" {receive:?} (func $receive (param i32 i32) (result i64)))
      (import "host" "reject_answer" (func $reject (param i32 i32) (result i64)))
      (import "memory" "memory" (memory 0))
"#
    );
    let mut defines = ANSWERING.replace("ELEMENT_BYTES", &element_bytes.to_string());
    if let Some(drop) = drop {
        let _ = writeln!(imports, r#"      (import "guest" {drop:?} (func $drop (param i32 i32)))"#);
        defines.push_str(ANSWERED_RECORDS);
    }
    Part { imports, defines }
}

/// What that part defines.
const ANSWERING: &str = r#"      (global $outbox (mut i32) (i32.const -1))
      (global $capacity (mut i32) (i32.const 0))
      (global $answers (mut i64) (i64.const 0))
      (func (export "settle_answers") (param i32 i32) (result i32)
        (global.set $outbox (local.get 0)) (global.set $capacity (local.get 1)) (i32.const 0))
      (func (export "receive") (param $ptr i32) (param $len i32) (result i32) (local $came i64) (local $offset i32)
        (local.set $came (call $receive (local.get $ptr) (local.get $len)))
        (if (i64.lt_s (local.get $came) (i64.const 0))
          (then
            (i32.store8 (global.get $region) (i32.const 1))
            (i64.store offset=8 (global.get $region) (local.get $came))
            (return (global.get $region))))
        (local.set $ptr (i32.wrap_i64 (local.get $came)))
        (local.set $len (i32.wrap_i64 (i64.shr_u (local.get $came) (i64.const 32))))
        (local.set $offset (i32.sub (local.get $ptr) (global.get $outbox)))
        (if (i32.or
              (i32.or
                (i32.gt_u (local.get $offset) (global.get $capacity))
                (i64.gt_u (i64.mul (i64.extend_i32_u (local.get $len)) (i64.const ELEMENT_BYTES))
                  (i64.extend_i32_u (i32.sub (global.get $capacity) (local.get $offset)))))
              (i32.and (local.get $ptr) (i32.const 7)))
          (then (drop (call $reject (local.get $ptr) (local.get $len)))))
        (i32.store8 (global.get $region) (i32.const 0))
        (i32.store offset=8 (global.get $region) (local.get $ptr))
        (i32.store offset=12 (global.get $region) (local.get $len))
        (global.set $answers (i64.add (global.get $answers) (i64.const 1)))
        (global.get $region))
      (func (export "answers") (result i64) (global.get $answers))
"#;

/// What it defines beside where an answer is records: they, and what they point at, must stay until the adapter has copied them.
const ANSWERED_RECORDS: &str = r#"      (func (export "answered") (param $result i32)
        (if (i32.load8_u (local.get $result)) (then (return)))
        (call $drop (i32.load offset=8 (local.get $result)) (i32.load offset=12 (local.get $result))))
"#;

/// Frees what no task has taken over.
fn dropping(receive: &str, drop: &str) -> Part {
    let imports = format!(
        r#"      (import "guest" {receive:?} (func $receive (param i32 i32) (result i64)))
      (import "guest" {drop:?} (func $drop (param i32 i32)))
"#
    );
    let defines = r#"      (func (export "receive") (param $ptr i32) (param $len i32) (result i64) (local $digest i64)
        (local.set $digest (call $receive (local.get $ptr) (local.get $len)))
        (call $drop (local.get $ptr) (local.get $len))
        (local.get $digest))
"#;
    Part { imports, defines: defines.to_owned() }
}
