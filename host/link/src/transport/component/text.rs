//! The composition as text: two components around two modules, and the shims between them.
//!
//! A component imports modules, so the guests are those that every transport has, compiled as they are. Names within the composition
//! are the shims' own; what guests export goes by the names of docs/ABI.md.

use std::fmt::Write as _;

use wasmtime::Module;

use super::types::Types;
use crate::guest::{Guest, GuestError, Region};
use crate::meter::{ANSWER_LEN, ANSWER_START, Counter, GROWN_PAGES, MESSAGE_LEN, MESSAGE_START};
use crate::pair::PairSpec;

/// Whether a module has been metered.
pub fn is_metered(module: &Module) -> bool {
    module.get_export(GROWN_PAGES).is_some()
}

/// The composition of the guests of `spec`.
///
/// # Errors
/// Where a guest lacks an export.
pub fn compose(spec: &PairSpec<'_>) -> Result<String, GuestError> {
    let types = Types::of(spec)?;
    let (far, near) = (far(spec, &types)?, near(spec, &types)?);
    let mut text = String::from("(component $pair\n");
    near.import(&mut text);
    far.import(&mut text);
    text.push_str(
        r#"  (import "reject" (func $reject (param "ptr" u32) (param "len" u32) (result s64)))
  (import "reject-answer" (func $reject_answer (param "ptr" u32) (param "len" u32) (result s64)))
  (import "show" (func $show (param "bytes" (list u8))))
"#,
    );
    far.component(&mut text);
    near.component(&mut text);
    text.push_str(
        r#"  (instance $far (instantiate $Far (with "reject-answer" (func $reject_answer)) (with "show" (func $show))))
  (instance $near (instantiate $Near
    (with "types" (instance $far)) (with "receive" (func $far "receive"))
    (with "reject" (func $reject)) (with "show" (func $show))))
"#,
    );
    near.export(&mut text);
    far.export(&mut text);
    text.push(')');
    Ok(text)
}

/// One of the two components.
struct Half<'a> {
    /// `near` or `far`.
    name: &'static str,
    /// The name of its component.
    component: &'static str,
    guest: &'a Guest,
    is_metered: bool,
    /// What the module imports beside its memory.
    imports: &'static str,
    /// What of the module is used: the exports' names, and their parameters and results.
    uses: Vec<(String, &'static str)>,
    /// What the component imports, and how its guest is instantiated.
    before: String,
    /// What it does with the guest's functions.
    after: String,
    /// The names of what it exports for the host.
    exports: Vec<&'static str>,
}

impl Half<'_> {
    /// The import of its module, as far as the composition needs it.
    fn import(&self, text: &mut String) {
        let Self { name, guest, imports, uses, .. } = self;
        let _ = write!(
            text,
            r#"  (import "{name}" (core module ${name} (import "env" "memory" (memory {})) {imports}"#,
            guest.memory_pages
        );
        for (export, ty) in uses {
            let _ = write!(text, "\n    (export {export:?} (func {ty}))");
        }
        if self.is_metered {
            for global in Counter::ALL.map(Counter::export).iter().map(String::as_str).chain(REGIONS) {
                let _ = write!(text, "\n    (export {global:?} (global (mut i64)))");
            }
            let _ = write!(text, "\n    (export {GROWN_PAGES:?} (memory 1))");
        }
        text.push_str("))\n");
    }

    fn component(&self, text: &mut String) {
        let Self { name, component, guest, before, after, .. } = self;
        let _ = writeln!(
            text,
            r#"  (component ${component}
    (alias outer $pair ${name} (core module $guest))
    (import "show" (func $show (param "bytes" (list u8))))
    (core module $memory (memory (export "memory") {}))
    (core instance $memory (instantiate $memory))
    {before}
    {after}
    {LOOK}"#,
            guest.memory_pages
        );
        if self.is_metered {
            text.push_str(&meter());
        }
        text.push_str(")\n");
    }

    /// What the host calls.
    fn export(&self, text: &mut String) {
        let Self { name, exports, .. } = self;
        let meter: &[&str] = if self.is_metered { &["counter", "place", "place-answers", "grown"] } else { &[] };
        for export in exports {
            let _ = writeln!(text, r#"  (export "{export}" (func ${name} "{export}"))"#);
        }
        for export in ["pages", "look"].iter().chain(meter) {
            let _ = writeln!(text, r#"  (export "{name}-{export}" (func ${name} "{export}"))"#);
        }
    }
}

/// The globals that say where messages and answers lie.
const REGIONS: [&str; 4] = [MESSAGE_START, MESSAGE_LEN, ANSWER_START, ANSWER_LEN];

/// What shows a memory to the host: all of it, but for the last page of a memory that has all 65 536.
const LOOK: &str = r#"(core module $look
      (import "memory" "memory" (memory 0))
      (import "host" "show" (func $show (param i32 i32)))
      (func (export "pages") (result i32) (memory.size))
      (func (export "look") (result i32)
        (call $show (i32.const 0)
          (i32.shl (select (memory.size) (i32.const 65535) (i32.lt_u (memory.size) (i32.const 65535))) (i32.const 16)))
        (i32.const 0)))
    (core func $show (canon lower (func $show) (memory (core memory $memory "memory"))))
    (core instance $look (instantiate $look
      (with "memory" (instance $memory)) (with "host" (instance (export "show" (func $show))))))
    (func (export "pages") (result u32) (canon lift (core func $look "pages")))
    (func (export "look") (result u32) (canon lift (core func $look "look")))"#;

/// The counters of a metered guest as functions.
fn meter() -> String {
    let (mut imports, mut cases) = (String::new(), String::new());
    for counter in Counter::ALL {
        let number = counter as u32;
        let _ = writeln!(imports, r#"      (import "guest" {:?} (global $c{number} (mut i64)))"#, counter.export());
        let _ = writeln!(
            cases,
            "        (if (i32.eq (local.get 0) (i32.const {number})) (then (return (global.get $c{number}))))"
        );
    }
    format!(
        r#"
    (core module $meter
{imports}
      (import "guest" {MESSAGE_START:?} (global $start (mut i64)))
      (import "guest" {MESSAGE_LEN:?} (global $len (mut i64)))
      (import "guest" {ANSWER_START:?} (global $answer_start (mut i64)))
      (import "guest" {ANSWER_LEN:?} (global $answer_len (mut i64)))
      (import "guest" {GROWN_PAGES:?} (memory 0))
      (import "host" "show" (func $show (param i32 i32)))
      (func (export "counter") (param i32) (result i64)
{cases}
        (i64.const 0))
      (func (export "place") (param i64 i64) (result i32)
        (global.set $start (local.get 0)) (global.set $len (local.get 1)) (i32.const 0))
      (func (export "place-answers") (param i64 i64) (result i32)
        (global.set $answer_start (local.get 0)) (global.set $answer_len (local.get 1)) (i32.const 0))
      (func (export "grown") (result i32)
        (call $show (i32.const 0) (i32.shl (memory.size) (i32.const 16))) (i32.const 0)))
    (core func $show_grown (canon lower (func $show) (memory (core memory $guest {GROWN_PAGES:?}))))
    (core instance $meter (instantiate $meter
      (with "guest" (instance $guest)) (with "host" (instance (export "show" (func $show_grown))))))
    (func (export "counter") (param "number" u32) (result u64) (canon lift (core func $meter "counter")))
    (func (export "place") (param "start" u64) (param "len" u64) (result u32) (canon lift (core func $meter "place")))
    (func (export "place-answers") (param "start" u64) (param "len" u64) (result u32)
      (canon lift (core func $meter "place-answers")))
    (func (export "grown") (result u32) (canon lift (core func $meter "grown")))"#
    )
}

/// The consumer, and before it a shim that says where messages are put.
fn far<'a>(spec: &PairSpec<'a>, types: &Types) -> Result<Half<'a>, GuestError> {
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

/// What a call of the consumer results in: a digest or a status; where it answers, the answer or a status.
fn result(spec: &PairSpec<'_>) -> &'static str {
    if spec.replies() { "(result (result (list u8) (error s64)))" } else { "(result s64)" }
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

/// The producer, and behind it a shim that checks what it sends against its outbox.
fn near<'a>(spec: &PairSpec<'a>, types: &Types) -> Result<Half<'a>, GuestError> {
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
    let mut found = "";
    if spec.replies() {
        uses.push(("inbox".to_owned(), "(param i32) (result i64)"));
        exports.extend(["answer-inbox", "settle-answer-inbox"]);
        found = FOUND;
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
            back(),
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
fn back() -> String {
    let inset = Region::INSET;
    format!(
        r#"(core module $back
      (global $start (export "start") (mut i32) (i32.const 0))
      (global $room (mut i32) (i32.const 0))
      (func (export "settle") (param i32 i32) (result i32)
        (global.set $start (local.get 0)) (global.set $room (local.get 1)) (i32.const 0))
      (func (export "realloc") (param i32 i32 i32) (param $len i32) (result i32)
        (if (i32.gt_u (local.get $len) (global.get $room)) (then unreachable))
        (i32.add (global.get $start) (i32.const {inset}))))
    (core instance $back (instantiate $back))"#
    )
}

/// What a component exports whose guest finds answers.
const FOUND: &str = r#"(func (export "answer-inbox") (param "capacity" u32) (result s64) (canon lift (core func $guest "inbox")))
    (func (export "settle-answer-inbox") (param "start" u32) (param "room" u32) (result u32)
      (canon lift (core func $back "settle")))"#;

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
