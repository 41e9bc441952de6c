//! Guests in WebAssembly text: what docs/ABI.md asks for, without weft-guest and without Rust. A test
//! replaces a part by what it is about.

use weft_link::Pair;
use weft_link::guest::{Compiled, Guest, GuestError, GuestName, Side};
use weft_link::transport::Transport;
use weft_schemas::Task;

use crate::support::{ENGINE, message, spec};

/// The size of the region that the host gives to a [`ProducerText`], which asks for 4096 bytes.
pub const CAPACITY: u32 = 65536;
/// What a [`ProducerText`] writes at the start of its outbox.
pub const WORD: u64 = 0x0807_0605_0403_0201;
/// The codec's name in errors.
pub const NAME: &str = "hostile";

/// A producer that can send one kind of message, `blob`. Calling `produce_blob(ptr, len)` sends what
/// lies there; `produce_blob(0, -2)` returns the outbox's address, and
/// `produce_blob(0, -3)` the size of the memory.
#[derive(Clone)]
pub struct ProducerText {
    /// Imports: the memory, and `send` under the name `$send`.
    pub imports: String,
    /// `prepare_blob(size, messages, seed)`.
    pub prepare: String,
    /// `outbox($capacity)`.
    pub outbox: String,
    /// `produce_blob($ptr, $len)`.
    pub produce: String,
    /// Whatever else the module has.
    pub rest: String,
}

const MEMORY: &str = r#"(import "env" "memory" (memory 1))"#;
const SEND: &str = r#"(import "weft" "send" (func $send (param i32 i32) (result i64)))"#;

/// Takes whole pages at the end of the memory.
const ALLOCATE: &str =
    "(i64.extend_i32_u (i32.shl (memory.grow (i32.shr_u (local.get $capacity) (i32.const 16))) (i32.const 16)))";

impl Default for ProducerText {
    fn default() -> Self {
        let outbox = format!(
            "(global.set $outbox (i32.wrap_i64 {ALLOCATE}))
             (i64.store (global.get $outbox) (i64.const 0x0807060504030201))
             (i64.extend_i32_u (global.get $outbox))"
        );
        let produce = "(if (result i64) (i32.eq (local.get $len) (i32.const -2))
                         (then (i64.extend_i32_u (global.get $outbox)))
                         (else (if (result i64) (i32.eq (local.get $len) (i32.const -3))
                           (then (i64.shl (i64.extend_i32_u (memory.size)) (i64.const 16)))
                           (else (call $send (local.get $ptr) (local.get $len))))))";
        Self {
            imports: format!("{MEMORY} {SEND}"),
            prepare: "(i64.const 4096)".to_owned(),
            outbox,
            produce: produce.to_owned(),
            rest: String::new(),
        }
    }
}

impl ProducerText {
    /// The module's text.
    pub fn text(&self) -> String {
        let Self { imports, prepare, outbox, produce, rest } = self;
        format!(
            r#"(module
              {imports}
              (global $outbox (mut i32) (i32.const 0))
              (func $prepare (export "prepare_blob") (param $size i32) (param $messages i32) (param $seed i64) (result i64)
                {prepare})
              (func $outbox (export "outbox") (param $capacity i32) (result i64)
                {outbox})
              (func $produce (export "produce_blob") (param $ptr i32) (param $len i32) (result i64)
                {produce})
              {rest})"#
        )
    }
}

/// A consumer of `blob` whose `peek` returns the message's first eight bytes and checks what the ABI
/// tells it to check.
#[derive(Clone)]
pub struct ConsumerText {
    /// Imports: the memory.
    pub imports: String,
    /// `inbox($capacity)`.
    pub inbox: String,
    /// `receive_blob_peek($ptr, $len)`.
    pub receive: String,
    /// Whatever else the module has.
    pub rest: String,
}

/// Inside the memory, not at null, and 8-aligned; keeps what it refuses for `rejected`.
const CHECK: &str = "
    (if (i32.or
          (i32.eqz (local.get $ptr))
          (i64.gt_u
            (i64.add (i64.extend_i32_u (local.get $ptr)) (i64.extend_i32_u (local.get $len)))
            (i64.shl (i64.extend_i32_u (memory.size)) (i64.const 16))))
      (then (return (call $refuse (local.get $ptr) (local.get $len) (i64.const -3)))))
    (if (i32.and (local.get $ptr) (i32.const 7))
      (then (return (call $refuse (local.get $ptr) (local.get $len) (i64.const -5)))))
    (if (i32.lt_u (local.get $len) (i32.const 8)) (then (return (i64.const -1))))";

const REJECTED: &str = r#"
    (global $rejected (mut i64) (i64.const 0))
    (func $refuse (param $ptr i32) (param $len i32) (param $status i64) (result i64)
      (global.set $rejected
        (i64.or (i64.shl (i64.extend_i32_u (local.get $ptr)) (i64.const 32)) (i64.extend_i32_u (local.get $len))))
      (local.get $status))
    (func $rejected (export "rejected") (result i64) (global.get $rejected))"#;

/// Two pieces of half a page, which are given in turns; a page of its own for whoever asks for more.
const ALLOCATOR: &str = r#"
    (global $pieces (mut i32) (i32.const 0))
    (global $other (mut i32) (i32.const 0))
    (func (export "weft_alloc") (param $size i32) (param $align i32) (result i32)
      (if (i32.gt_u (local.get $size) (i32.const 32768))
        (then (return (i32.shl
          (memory.grow (i32.add (i32.shr_u (local.get $size) (i32.const 16)) (i32.const 1))) (i32.const 16)))))
      (if (i32.eqz (global.get $pieces))
        (then (global.set $pieces (i32.shl (memory.grow (i32.const 1)) (i32.const 16)))))
      (global.set $other (i32.xor (global.get $other) (i32.const 32768)))
      (i32.add (global.get $pieces) (global.get $other)))
    (func (export "weft_dealloc") (param $ptr i32) (param $size i32) (param $align i32))"#;

impl Default for ConsumerText {
    fn default() -> Self {
        Self {
            imports: MEMORY.to_owned(),
            inbox: ALLOCATE.to_owned(),
            receive: format!("{CHECK} (i64.load (local.get $ptr))"),
            rest: REJECTED.to_owned(),
        }
    }
}

impl ConsumerText {
    /// The module's text.
    pub fn text(&self) -> String {
        let Self { imports, inbox, receive, rest } = self;
        format!(
            r#"(module
              {imports}
              {rest}
              {ALLOCATOR}
              (func $inbox (export "inbox") (param $capacity i32) (result i64)
                {inbox})
              (func $receive (export "receive_blob_peek") (param $ptr i32) (param $len i32) (result i64)
                {receive}))"#
        )
    }
}

/// Reads a guest from text or from a binary.
pub fn read(side: Side, wasm: impl AsRef<[u8]>) -> Result<Guest, GuestError> {
    Guest::read(GuestName { codec: NAME.to_owned(), side }, wasm.as_ref())
}

/// Reads and compiles both guests, which must be possible.
pub fn compile(producer: &ProducerText, consumer: &ConsumerText) -> Compiled {
    let compiled = |side, text: String| {
        let guest = read(side, text).unwrap_or_else(|error| panic!("{error}"));
        let module = guest.compile(&ENGINE).unwrap_or_else(|error| panic!("{error}"));
        (guest, module)
    };
    let (producer, consumer) = (producer.text(), consumer.text());
    Compiled { producer: compiled(Side::Producer, producer), consumer: compiled(Side::Consumer, consumer) }
}

/// Joins two guests, if they let themselves be joined.
pub fn try_join(transport: &dyn Transport, guests: &Compiled) -> Result<Box<dyn Pair>, GuestError> {
    transport.join(&spec((&ENGINE, guests), message("blob@64"), Task::Peek, 1, 0))
}

/// Joins two guests, which must be possible.
pub fn join(transport: &dyn Transport, guests: &Compiled) -> Box<dyn Pair> {
    try_join(transport, guests).unwrap_or_else(|error| panic!("{}: {error}", transport.name()))
}

/// What joining these guests fails with.
pub fn refusal(transport: &dyn Transport, guests: &Compiled) -> String {
    match try_join(transport, guests) {
        Ok(_) => panic!("{}: these guests must not be joined", transport.name()),
        Err(error) => error.to_string(),
    }
}

/// The address of the outbox of a [`ProducerText`].
pub fn outbox(pair: &mut dyn Pair) -> u32 {
    let address = pair.produce(0, u32::MAX - 1).expect("the outbox's address");
    u32::try_from(address).expect("an address")
}

/// The size in bytes of the memory of a [`ProducerText`].
#[allow(dead_code, reason = "not every test asks")]
pub fn memory_size(pair: &mut dyn Pair) -> u32 {
    let size = pair.produce(0, u32::MAX - 2).expect("the memory's size");
    u32::try_from(size).expect("a size")
}

/// Asserts that an error has all these parts.
pub fn names(error: &str, parts: &[&str]) {
    for part in parts {
        assert!(error.contains(part), "`{part}` is missing in: {error}");
    }
}

/// Traits of a guest that stands for the floor, as JSON.
pub const NOTHING_SPECIAL: &str = r#"{"about": "a guest in text", "role": "floor", "library": "", "schema": false, "encodes": true, "in_place": true, "validates": "none", "scan_checks_utf8": false, "reuses_buffers": true, "unsupported": {}}"#;

/// The custom section that a producer keeps its traits in.
pub fn custom_section(traits: &str) -> String {
    format!("(@custom \"weft.traits\" \"{}\")", traits.replace('"', "\\\""))
}
