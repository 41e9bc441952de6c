//! The composition as text: two components around two modules, and the shims between them.
//!
//! A component imports modules, so the guests are those that every transport has, compiled as they are. Names within the composition
//! are the shims' own; what guests export goes by the names of docs/ABI.md.

mod allocator;
mod far;
mod near;

use std::fmt::Write as _;

use wasmtime::Module;

use super::types::Types;
use crate::guest::{Guest, GuestError};
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
    let (far, near) = (far::half(spec, &types)?, near::half(spec, &types)?);
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

/// What a call of the consumer results in: a digest or a status; where it answers, the answer or a status.
fn result(spec: &PairSpec<'_>) -> &'static str {
    if spec.replies() { "(result (result $message (error s64)))" } else { "(result s64)" }
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
