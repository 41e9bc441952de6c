//! Producers that are handed their values: over every transport, for every message, and what is said where they do not take them.

use weft::guests::Codec;
use weft_link::guest::{Compiled, Guest, GuestName, Side};
use weft_schemas::{KINDS, Task, WATERMARKED, WILD};

use crate::support::wat::{ConsumerText, NAME, names};
use crate::support::{COMPILED, ENGINE, message, reusable, spec, transports, wire};

/// A producer of `blob` that is handed its values and sends each as it lies in its region, without its length.
const PRODUCER: &str = r#"(module
  (import "env" "memory" (memory 1))
  (import "weft" "send" (func $send (param i32 i32) (result i64)))
  (global $values (mut i32) (i32.const 0))
  (global $count (mut i32) (i32.const 0))
  (global $outbox (mut i32) (i32.const 0))
  (func $region (param $capacity i32) (result i64)
    (i64.extend_i32_u (i32.shl (memory.grow (i32.shr_u (local.get $capacity) (i32.const 16))) (i32.const 16))))
  (func (export "values") (param $capacity i32) (result i64)
    (call $region (local.get $capacity)))
  (func (export "supply_blob") (param $size i32) (param $count i32) (param $values i32) (result i64)
    (global.set $values (local.get $values))
    (global.set $count (local.get $count))
    (i64.extend_i32_u (local.get $size)))
  (func (export "outbox") (param $capacity i32) (result i64)
    (global.set $outbox (i32.wrap_i64 (call $region (local.get $capacity))))
    (i64.extend_i32_u (global.get $outbox)))
  (func (export "produce_blob") (param $index i32) (param $count i32) (result i64)
    (local $entry i32) (local $len i32) (local $sum i64)
    (loop $again
      (local.set $entry
        (i32.add (global.get $values) (i32.shl (i32.rem_u (local.get $index) (global.get $count)) (i32.const 3))))
      (local.set $len (i32.sub (i32.load offset=4 (local.get $entry)) (i32.const 8)))
      (memory.copy
        (global.get $outbox)
        (i32.add (global.get $values) (i32.add (i32.load (local.get $entry)) (i32.const 8)))
        (local.get $len))
      (local.set $sum (i64.add (local.get $sum) (call $send (global.get $outbox) (local.get $len))))
      (local.set $index (i32.add (local.get $index) (i32.const 1)))
      (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
    (local.get $sum)))"#;

/// The producer with parts replaced, and a consumer whose `peek` returns a message's first eight bytes.
fn guests(parts: &[(&str, &str)]) -> Compiled {
    let text = parts.iter().fold(PRODUCER.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "`{from}` is not in {text}");
        text.replace(from, to)
    });
    let guest = |side, text: &str| {
        Guest::read(GuestName { codec: NAME.to_owned(), side }, text.as_bytes())
            .unwrap_or_else(|error| panic!("{error}"))
    };
    let (near, far) = (guest(Side::Producer, &text), guest(Side::Consumer, &ConsumerText::default().text()));
    Compiled::new(&ENGINE, &near, &far).unwrap_or_else(|error| panic!("{error}"))
}

/// The first eight bytes of blob `index` of a seed, as the consumer returns them.
fn first(seed: u64, index: u32) -> u64 {
    let mut laid_out = Vec::new();
    (message("blob@64").kind.lay_out)(seed, index, 64, &mut laid_out);
    u64::from_le_bytes(laid_out[8..16].try_into().expect("eight bytes"))
}

#[test]
fn values_are_handed_over_under_every_transport_and_seed() {
    let guests = guests(&[]);
    for transport in transports() {
        // A watermark's digits are below 128, so that its word is no status.
        for seed in [WATERMARKED, 7] {
            let mut pair =
                transport.join(&spec((&ENGINE, &guests), message("blob@64"), Task::Peek, 5, seed)).expect("a pair");
            for index in 0..5 {
                let found = pair.produce(index, 1);
                match i64::try_from(first(seed, index)) {
                    Ok(expected) => assert_eq!(found.expect("a digest"), expected as u64, "{}", transport.name()),
                    Err(_) => assert!(found.is_err(), "a word with the highest bit is taken for a status"),
                }
            }
        }
    }
}

/// bincode 1 is what docs/ABI.md calls the layout after, and a codec of the workspace writes it.
#[test]
fn the_plain_layout_is_that_of_bincode_1() {
    let (_, guests): &(&Codec, Compiled) =
        COMPILED.iter().find(|(codec, _)| codec.name == "wincode").expect("the codec wincode");
    for kind in KINDS {
        for seed in [1, WILD | 1, WATERMARKED, weft_schemas::EDGES] {
            let size = kind.sizes.1.min(3);
            let id = message(&format!("{}@{size}", kind.name));
            let (sent, _) = wire(&spec((&ENGINE, guests), id, Task::Own, 4, seed));
            for (index, sent) in (0..).zip(sent) {
                let mut laid_out = Vec::new();
                (kind.lay_out)(seed, index, size, &mut laid_out);
                assert!(sent == laid_out, "{id} number {index} of {seed:#x}");
            }
        }
    }
}

/// What joining these guests fails with, which is the same under all transports.
fn refusal(parts: &[(&str, &str)], id: &str) -> String {
    let guests = guests(parts);
    let mut errors = reusable().map(|transport| {
        let spec = spec((&ENGINE, &guests), message(id), Task::Peek, 3, 1);
        transport.join(&spec).map(|_| ()).expect_err("these guests must not be joined").to_string()
    });
    let first = errors.next().expect("a transport");
    assert!(errors.all(|error| error == first), "{first}");
    first
}

#[test]
fn a_region_for_values_that_is_none() {
    const REGION: &str = "(call $region (local.get $capacity)))\n  (func (export \"supply_blob\")";
    for (address, shown) in
        [("0", "0x0"), ("65544", "0x10008"), ("0x7FFF0000", "0x7fff0000"), ("0x100000000", "0x100000000")]
    {
        let other = format!("(i64.const {address}))\n  (func (export \"supply_blob\")");
        names(
            &refusal(&[(REGION, &other)], "blob@64"),
            &["the producer of `hostile`: `values` returned", shown, "multiple of 65536"],
        );
    }
    names(
        &refusal(&[(REGION, "(i64.const -17))\n  (func (export \"supply_blob\")")], "blob@64"),
        &["the producer of `hostile`: `values` returned status -17"],
    );
}

#[test]
fn values_that_are_not_taken_over() {
    const RESULT: &str = "(i64.extend_i32_u (local.get $size)))";
    let cases: [(&str, &[&str]); 4] = [
        ("(unreachable))", &["trapped in `supply_blob`", "unreachable"]),
        ("(i64.const -19))", &["`supply_blob` returned status -19"]),
        ("(i64.const -999))", &["`supply_blob` returned status -999", "not in the ABI's table"]),
        ("(i64.const 0x40000001))", &["`supply_blob` asks for 1073741825 bytes", "more than a region may have"]),
    ];
    for (result, parts) in cases {
        names(&refusal(&[(RESULT, result)], "blob@64"), &[&["the producer of `hostile`"], parts].concat());
    }
}

/// More than a region may have is refused before anything is written.
#[test]
fn values_that_are_too_many() {
    let guests = guests(&[]);
    let transport = transports().next().expect("a transport");
    let spec = spec((&ENGINE, &guests), message("blob@268435456"), Task::Peek, 4, 1);
    let error = transport.join(&spec).map(|_| ()).expect_err("four times 256 MiB and more").to_string();
    names(
        &error,
        &["the producer of `hostile` exports `supply_blob`", "4 of them", "1073741824 bytes", "`prepare_blob`"],
    );
}

#[test]
fn a_producer_that_generates_is_handed_nothing() {
    let prepare = r#"(func (export "prepare_blob") (param i32 i32 i64) (result i64) (unreachable))
      (func (export "supply_blob")"#;
    names(&refusal(&[(r#"(func (export "supply_blob")"#, prepare)], "blob@64"), &["trapped in `prepare_blob`"]);
}
