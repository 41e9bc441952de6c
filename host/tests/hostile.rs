//! Producers that send what they must not, or when they must not: an error that names the guest and the
//! values, under every transport, and never a panic of the host.
//!
//! The guests are WebAssembly text: what docs/ABI.md says is enough to write one, in any language.

use weft::guests::Codec;
use weft_link::guest::{Compiled, Side, Validation};
use weft_link::transport::Isolation;
use weft_schemas::{Status, Task};

use crate::support::wat::{
    CAPACITY, ConsumerText, ProducerText, WORD, compile, join, memory_size, names, outbox, read, refusal, try_join,
};
use crate::support::{COMPILED, ENGINE, reusable, transports};

/// Sends outside the outbox, or not 8-aligned inside it: where, and how much.
fn bad_sends(outbox: u32) -> Vec<(u32, u32)> {
    let end = outbox + CAPACITY;
    vec![
        (0, 0),
        (0, 8),
        (8, 8),
        (outbox - 8, 8),
        (outbox - 8, 16),
        (outbox - 8, CAPACITY + 16),
        (outbox, CAPACITY + 1),
        (outbox, CAPACITY + 8),
        (outbox, u32::MAX),
        (outbox + 8, CAPACITY),
        (outbox + 8, u32::MAX - outbox - 7),
        (outbox + 8, u32::MAX - 7),
        (end - 8, 9),
        (end, 1),
        (end, 8),
        (end + 8, 0),
        (end + 8, 8),
        (1 << 31, 1 << 31),
        (u32::MAX - 7, 8),
        (u32::MAX - 7, 16),
        (u32::MAX - 7, u32::MAX),
        (u32::MAX, 0),
        (u32::MAX, 1),
        (u32::MAX, u32::MAX),
        (outbox + 1, 8),
        (outbox + 4, 8),
        (outbox + 7, 1),
        (end - 4, 4),
    ]
}

#[test]
fn guests_in_text_work_under_every_transport() {
    let guests = compile(&ProducerText::default(), &ConsumerText::default());
    for transport in transports() {
        let mut pair = join(transport, &guests);
        let outbox = outbox(&mut *pair);
        assert_eq!(pair.produce(outbox, 64).expect("a good send"), WORD, "{}", transport.name());
        assert_eq!(pair.produce(outbox + CAPACITY - 8, 8).expect("the last word"), 0, "{}", transport.name());
        assert_eq!(pair.produce(outbox, CAPACITY).expect("the whole outbox"), WORD, "{}", transport.name());
    }
}

#[test]
fn bad_sends_are_errors_that_name_the_values() {
    let guests = compile(&ProducerText::default(), &ConsumerText::default());
    for transport in reusable().filter(|transport| transport.isolation() != Isolation::None) {
        let mut pair = join(transport, &guests);
        let outbox = outbox(&mut *pair);
        let before = pair.counters();
        for (ptr, len) in bad_sends(outbox) {
            let error = pair.produce(ptr, len).expect_err("a bad send").to_string();
            names(
                &error,
                &["the producer of `hostile`", &format!("ptr {ptr:#x}, len {len},"), &format!("{outbox:#x}")],
            );
        }
        assert_eq!(pair.counters(), before, "{}: nothing was copied or handed on", transport.name());
        assert_eq!(pair.produce(outbox, 8).expect("a good send after the bad ones"), WORD);
    }
}

/// Why a consumer that has all of the memory must refuse such a message; either reason will do where
/// there are two.
fn refused_for(ptr: u32, len: u32, memory: u64) -> Vec<Status> {
    let outside = ptr == 0 || u64::from(ptr) + u64::from(len) > memory;
    let reasons = [(outside, Status::OutOfRange), (!ptr.is_multiple_of(8), Status::Misaligned)];
    reasons.into_iter().filter(|(applies, _)| *applies).map(|(_, status)| status).collect()
}

/// A producer in text, and every consumer there is: the one in text, and those of these codecs.
fn against_every_consumer(of: impl Fn(&Codec) -> bool) -> Vec<Compiled> {
    let ours = compile(&ProducerText::default(), &ConsumerText::default());
    let takes_blobs = COMPILED.iter().filter(|(codec, _)| of(codec) && codec.supports("blob", Task::Peek).is_ok());
    let theirs = takes_blobs.map(|(_, theirs)| Compiled { producer: ours.producer.clone(), ..theirs.clone() });
    theirs.chain([ours.clone()]).collect()
}

/// Where one memory holds both guests, nobody stands between them: the consumer checks.
#[test]
fn consumers_refuse_bad_sends_where_nobody_stands_between() {
    for guests in against_every_consumer(|_| true) {
        let consumer = guests.consumer.0.name.to_string();
        for transport in transports().filter(|transport| transport.isolation() == Isolation::None) {
            let mut pair = join(transport, &guests);
            let outbox = outbox(&mut *pair);
            // About the outbox, and about the end of the memory, which is what the consumer checks. The memory may grow meanwhile.
            let end = memory_size(&mut *pair);
            for (ptr, len) in [bad_sends(outbox), bad_sends(end - CAPACITY)].concat() {
                let memory = memory_size(&mut *pair);
                let found = pair.produce(ptr, len);
                let statuses = refused_for(ptr, len, memory.into());
                if !statuses.is_empty() {
                    let error = found.expect_err("a bad send").to_string();
                    names(&error, &[&consumer, "`receive_blob_peek` returned", &format!("ptr {ptr:#x}, len {len}")]);
                    assert!(statuses.iter().any(|status| error.contains(&status.to_string())), "{error}");
                }
            }
        }
    }
}

/// An empty message is a message: what it means is the codec's business, the same under every transport. To codecs that check nothing
/// it means nothing.
#[test]
fn empty_messages_arrive_everywhere() {
    for guests in against_every_consumer(|codec| codec.traits.validates != Some(Validation::None)) {
        let answers = transports().map(|transport| {
            let mut pair = join(transport, &guests);
            let outbox = outbox(&mut *pair);
            [outbox, outbox + 8, outbox + CAPACITY].map(|ptr| pair.produce(ptr, 0).map_err(|error| error.to_string()))
        });
        let answers: Vec<_> = answers.collect();
        let [first, ..] = &answers[0];
        assert!(answers.iter().flatten().all(|answer| answer == first), "{answers:?}");
        if let Err(error) = first {
            names(error, &[&guests.consumer.0.name.to_string(), "returned status"]);
        }
    }
}

/// Sends to do before there is an outbox to send from.
const EARLY: [(u32, u32); 5] = [(0, 0), (0, 8), (65536, 8), (u32::MAX, 0), (u32::MAX - 7, 8)];

#[test]
fn sends_before_the_outbox_is_known_are_errors() {
    for (ptr, len) in EARLY {
        let send = format!("(drop (call $send (i32.const {ptr:#x}) (i32.const {len:#x})))");
        let good = ProducerText::default();
        let start = format!("(func $first {send}) (start $first)");
        let producers = [
            ProducerText { prepare: format!("{send} {}", good.prepare), ..good.clone() },
            ProducerText { outbox: format!("{send} {}", good.outbox), ..good.clone() },
            ProducerText { rest: start, ..good.clone() },
        ];
        for (producer, transport) in producers.iter().flat_map(|producer| transports().map(move |t| (producer, t))) {
            let guests = compile(producer, &ConsumerText::default());
            if transport.isolation() == Isolation::None {
                // The consumer answers as always, and the producer may go on.
                let _ = try_join(transport, &guests).map(|mut pair| pair.produce(ptr, len));
            } else {
                let error = refusal(transport, &guests);
                names(&error, &["the producer of `hostile`", &format!("ptr {ptr:#x}, len {len}"), "outbox"]);
            }
        }
    }
}

/// The address 0 is none: nothing is copied there.
#[test]
fn an_allocator_that_gives_nothing_is_named() {
    let good = compile(&ProducerText::default(), &ConsumerText::default());
    let alloc = r#"(func (export "weft_alloc") (param $size i32) (param $align i32) (result i32)"#;
    let text = ConsumerText::default().text();
    assert!(text.contains(alloc), "{text}");
    let empty = read(Side::Consumer, text.replace(alloc, &format!("{alloc} (return (i32.const 0))"))).expect("a guest");
    let guests = Compiled::new(&ENGINE, &good.producer.0, &empty).expect("guests");
    for transport in transports().filter(|transport| transport.needs().contains(&"weft_alloc")) {
        let mut pair = join(transport, &guests);
        let outbox = outbox(&mut *pair);
        let error = pair.produce(outbox, 8).expect_err("no room for a message").to_string();
        names(&error, &["the consumer of `hostile` has no memory for 8 bytes: its `weft_alloc` returned 0"]);
    }
}
