//! Random functions of blocks, loops, branches and accesses: metered or not they do the same, and the counts are
//! wasmtime's own.

use std::fmt::Write as _;

use proptest::prelude::*;
use wasmtime::Val;
use weft_link::meter::Counter::{WrittenHeap, WrittenMessage, WrittenShadowStack, WrittenStaticData};

use crate::support::probe::{of, run};

/// A statement. Numbers are taken modulo what there is.
#[derive(Clone, Debug)]
enum Statement {
    Block(Vec<Statement>),
    /// Rounds, at least one.
    Loop(u8, Vec<Statement>),
    If(u8, Vec<Statement>, Option<Vec<Statement>>),
    /// Out of some block; where a condition is given, only if that holds.
    Branch(u8, Option<u8>),
    Table(u8, u8),
    Return(Option<u8>),
    Load(u8, u8, u16),
    Store(u8, u8, u16),
    Copy(u16, u16, u8),
    Fill(u16, u8),
    Set(u8, u8, u32),
    Grow,
    Call(u8),
}

/// Loads, with what makes an `i32` of their result, and the bytes that they read.
const LOADS: [(&str, &str); 9] = [
    ("i32.load8_s", ""),
    ("i32.load16_u", ""),
    ("i32.load", ""),
    ("i64.load", "i32.wrap_i64"),
    ("i64.load32_s", "i32.wrap_i64"),
    ("f32.load", "i32.reinterpret_f32"),
    ("f64.load", "i64.reinterpret_f64 i32.wrap_i64"),
    ("v128.load", "i32x4.extract_lane 2"),
    ("v128.load16_splat", "i32x4.extract_lane 1"),
];
/// Stores, with what makes their value of an `i32`.
const STORES: [(&str, &str); 8] = [
    ("i32.store8", ""),
    ("i32.store16", ""),
    ("i32.store", ""),
    ("i64.store", "i64.extend_i32_s"),
    ("i64.store16", "i64.extend_i32_u"),
    ("f32.store", "f32.convert_i32_s"),
    ("f64.store", "f64.convert_i32_u"),
    ("v128.store", "i32x4.splat"),
];
const LOCALS: u8 = 4;
const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
/// The deepest nesting of loops: each level has a counter of its own.
const LOOPS: usize = 4;

fn statements() -> impl Strategy<Value = Vec<Statement>> {
    use Statement as S;
    let condition = || proptest::option::weighted(0.8, any::<u8>());
    let leaf = prop_oneof![
        2 => (any::<u8>(), condition()).prop_map(|(label, condition)| S::Branch(label, condition)),
        1 => (any::<u8>(), any::<u8>()).prop_map(|(label, local)| S::Table(label, local)),
        1 => condition().prop_map(S::Return),
        3 => any::<(u8, u8, u16)>().prop_map(|(load, local, at)| S::Load(load, local, at)),
        3 => any::<(u8, u8, u16)>().prop_map(|(store, local, at)| S::Store(store, local, at)),
        1 => any::<(u16, u16, u8)>().prop_map(|(to, from, len)| S::Copy(to, from, len)),
        1 => any::<(u16, u8)>().prop_map(|(to, len)| S::Fill(to, len)),
        2 => any::<(u8, u8, u32)>().prop_map(|(local, other, number)| S::Set(local, other, number)),
        1 => Just(S::Grow),
        1 => any::<u8>().prop_map(S::Call),
    ];
    let list = |statement: BoxedStrategy<Statement>| proptest::collection::vec(statement, 0..5);
    let statement = leaf.boxed().prop_recursive(5, 48, 5, move |inner| {
        prop_oneof![
            list(inner.clone()).prop_map(S::Block),
            (1..4_u8, list(inner.clone())).prop_map(|(rounds, body)| S::Loop(rounds, body)),
            (any::<u8>(), list(inner.clone()), proptest::option::of(list(inner)))
                .prop_map(|(local, then, otherwise)| S::If(local, then, otherwise)),
        ]
    });
    proptest::collection::vec(statement, 1..8)
}

/// Writes statements as text.
#[derive(Default)]
struct Writer {
    text: String,
    /// The blocks around a statement, from the outermost: whether one can be left by a branch to it. A branch to
    /// a loop would go on with it, perhaps for ever.
    blocks: Vec<bool>,
    loops: usize,
}

impl Writer {
    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        let _ = writeln!(self.text, "{line}");
    }

    fn all(&mut self, statements: &[Statement]) {
        statements.iter().for_each(|statement| self.statement(statement));
    }

    fn inside(&mut self, leaves: bool, statements: &[Statement]) {
        self.blocks.push(leaves);
        self.all(statements);
        self.blocks.pop();
    }

    /// The label of a block that can be left, how deep it is around this place; that of the function where there is none.
    fn label(&self, number: u8) -> usize {
        let depth = self.blocks.len();
        let leaves: Vec<usize> =
            (0..depth).filter(|block| self.blocks[*block]).map(|block| depth - 1 - block).collect();
        leaves.get(usize::from(number) % (leaves.len() + 1)).copied().unwrap_or(depth)
    }

    fn statement(&mut self, statement: &Statement) {
        use Statement as S;
        match statement {
            S::Block(body) => {
                self.line(format_args!("block"));
                self.inside(true, body);
                self.line(format_args!("end"));
            }
            S::Loop(rounds, body) if self.loops < LOOPS => {
                let counter = usize::from(LOCALS) + self.loops;
                self.line(format_args!("i32.const {rounds} local.set {counter} loop"));
                self.loops += 1;
                self.inside(false, body);
                self.loops -= 1;
                self.line(format_args!("local.get {counter} i32.const 1 i32.sub local.tee {counter} br_if 0 end"));
            }
            S::Loop(_, body) => self.all(body),
            S::If(local, then, otherwise) => {
                self.line(format_args!("local.get {} i32.const 1 i32.and if", local % LOCALS));
                self.inside(true, then);
                if let Some(otherwise) = otherwise {
                    self.line(format_args!("else"));
                    self.inside(true, otherwise);
                }
                self.line(format_args!("end"));
            }
            S::Branch(..) | S::Table(..) | S::Return(_) => self.departure(statement),
            _ => self.step(statement),
        }
    }

    /// A statement that goes elsewhere.
    fn departure(&mut self, statement: &Statement) {
        use Statement as S;
        match statement {
            S::Branch(label, None) => self.line(format_args!("br {}", self.label(*label))),
            S::Branch(label, Some(local)) => {
                self.line(format_args!("local.get {} br_if {}", local % LOCALS, self.label(*label)));
            }
            S::Table(label, local) => {
                let labels = [*label, label.wrapping_add(1), label.wrapping_add(7)].map(|label| self.label(label));
                let [a, b, c] = labels;
                self.line(format_args!("local.get {} i32.const 3 i32.and br_table {a} {b} {c}", local % LOCALS));
            }
            S::Return(None) => self.line(format_args!("return")),
            S::Return(Some(local)) => self.line(format_args!("local.get {} i32.eqz if return end", local % LOCALS)),
            other => unreachable!("{other:?} goes nowhere"),
        }
    }

    /// A statement after which the next one comes.
    fn step(&mut self, statement: &Statement) {
        use Statement as S;
        match statement {
            S::Load(load, local, at) => {
                let (load, narrow) = LOADS[usize::from(*load) % LOADS.len()];
                let local = local % LOCALS;
                self.line(format_args!("local.get {local} i32.const 0xfff0 i32.and {load} offset={at} {narrow}"));
                self.line(format_args!("local.get {local} i32.add local.set {local}"));
            }
            S::Store(store, local, at) => {
                let (store, widen) = STORES[usize::from(*store) % STORES.len()];
                let (local, value) = (local % LOCALS, local / 16 % LOCALS);
                self.line(format_args!("local.get {local} i32.const 0xfff0 i32.and local.get {value} {widen}"));
                self.line(format_args!("{store} offset={at}"));
            }
            S::Copy(to, from, len) => {
                self.line(format_args!("i32.const {to} i32.const {from} i32.const {len} memory.copy"))
            }
            S::Fill(to, len) => self.line(format_args!("i32.const {to} i32.const {len} i32.const {len} memory.fill")),
            S::Set(local, other, number) => {
                let (local, other) = (local % LOCALS, other % LOCALS);
                self.line(format_args!("local.get {other} i32.const {number} i32.xor local.set {local}"));
            }
            S::Grow => self.line(format_args!("i32.const 1 memory.grow local.set 0")),
            S::Call(local) => self.line(format_args!("local.get {} call $g local.set 1", local % LOCALS)),
            other => unreachable!("{other:?} is more than a step"),
        }
    }
}

/// A module whose `f` does `statements`, with regions for all kinds of traffic.
fn module(statements: &[Statement]) -> String {
    let mut writer = Writer::default();
    writer.all(statements);
    format!(
        r#"(module
          (import "env" "memory" (memory 4 6))
          (global $__stack_pointer (mut i32) (i32.const 20000))
          (global (export "__heap_base") i32 (i32.const 40000))
          (data (i32.const 20000) "abcdefghijklmnopqrstuvwxyz")
          (func $g (param i32) (result i32)
            (if (i32.gt_s (local.get 0) (i32.const 0)) (then (return (i32.const 3))))
            (i32.load8_u (i32.const 30000)))
          (func (export "f") (param i32 i32 i32 i32) (local i32 i32 i32 i32)
            {}))"#,
        writer.text
    )
}

/// The memory of such a module before anything happens.
fn before() -> impl Iterator<Item = u8> {
    let letters = |at: usize| at.checked_sub(20_000).and_then(|letter| LETTERS.get(letter)).copied();
    (0..).map(move |at| letters(at).unwrap_or(0))
}

proptest! {
    // No file of failures: tests write nothing into the workspace, and a failed case is printed whole.
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn metered_functions_do_the_same_and_count_what_wasmtime_counts(
        statements in statements(),
        arguments in any::<[i32; 4]>(),
    ) {
        // `run` compares results, memory and fuel.
        let text = module(&statements);
        let (ran, counted) = run(&text, "f", &arguments.map(Val::I32), (60_000, 30_000));
        prop_assert!(ran.returned.is_some());
        // Whatever changed in memory was written.
        let changed = ran.memory.iter().zip(before()).filter(|(after, before)| **after != *before).count() as u64;
        let written = [WrittenShadowStack, WrittenStaticData, WrittenMessage, WrittenHeap];
        prop_assert!(written.iter().map(|counter| of(&counted, *counter)).sum::<u64>() >= changed);
    }
}
