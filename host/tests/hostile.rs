//! Guests that break the ABI while they run: bad pointers and lengths, bad regions, bad statuses, sends
//! out of turn. Whatever they do is an error that names the guest and the values, under every
//! transport, and never a panic of the host.
//!
//! The guests are WebAssembly text: what docs/ABI.md says is enough to write one, in any language.

mod support;
#[path = "support/wat.rs"]
mod wat;

use weft::guest::{Compiled, GuestError};
use weft::transport::{Isolation, Pair, PairSpec, TRANSPORTS, Transport};
use weft_schemas::{Status, Task};

use support::{COMPILED, ENGINE, message};
use wat::{ConsumerText, ProducerText};

/// The size of the region that the host gives to a producer that asks for 4096 bytes.
const CAPACITY: u32 = 65536;
/// What [`ProducerText`] writes at the start of its outbox.
const WORD: u64 = 0x0807_0605_0403_0201;

fn transports() -> impl Iterator<Item = &'static dyn Transport> {
    TRANSPORTS.iter().copied().filter(|transport| transport.supported().is_ok())
}

fn compile(producer: &ProducerText, consumer: &ConsumerText) -> Compiled {
    wat::compile(&ENGINE, producer, consumer).unwrap_or_else(|error| panic!("{error}"))
}

fn try_join(transport: &dyn Transport, guests: &Compiled) -> Result<Box<dyn Pair>, GuestError> {
    let (message, task) = (message("blob@64"), Task::Peek);
    transport.join(&PairSpec { engine: &ENGINE, guests, message, task, rotation: 1, seed: 0 })
}

fn join(transport: &dyn Transport, guests: &Compiled) -> Box<dyn Pair> {
    try_join(transport, guests).unwrap_or_else(|error| panic!("{}: {error}", transport.name()))
}

/// What joining these guests fails with.
fn refusal(transport: &dyn Transport, guests: &Compiled) -> String {
    match try_join(transport, guests) {
        Ok(_) => panic!("{}: these guests must not be joined", transport.name()),
        Err(error) => error.to_string(),
    }
}

/// Asserts that a text has all these parts.
fn names(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is missing in: {text}");
    }
}

/// The address of the outbox of a [`ProducerText`].
fn outbox(pair: &mut dyn Pair) -> u32 {
    let address = pair.produce(0, u32::MAX - 1).expect("the outbox's address");
    u32::try_from(address).expect("an address")
}

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
    for transport in transports().filter(|transport| transport.isolation() != Isolation::None) {
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

/// Whether a consumer that has all of the memory must refuse such a message: the ABI's check.
fn refused_by_consumer(ptr: u32, len: u32, memory: u64) -> Option<Status> {
    if ptr == 0 || u64::from(ptr) + u64::from(len) > memory {
        Some(Status::OutOfRange)
    } else if !ptr.is_multiple_of(8) {
        Some(Status::Misaligned)
    } else {
        None
    }
}

/// A producer in text, and every consumer there is: the one in text, and those of the codecs.
fn against_every_consumer() -> Vec<Compiled> {
    let ours = compile(&ProducerText::default(), &ConsumerText::default());
    let takes_blobs = COMPILED.iter().filter(|(codec, _)| codec.supports("blob", "peek").is_ok());
    let theirs = takes_blobs.map(|(_, theirs)| Compiled { producer: ours.producer.clone(), ..theirs.clone() });
    theirs.chain([ours.clone()]).collect()
}

/// Where one memory holds both guests, nobody stands between them: the consumer checks.
#[test]
fn consumers_refuse_bad_sends_where_nobody_stands_between() {
    for guests in against_every_consumer() {
        let consumer = guests.consumer.0.name.to_string();
        for transport in transports().filter(|transport| transport.isolation() == Isolation::None) {
            let mut pair = join(transport, &guests);
            let outbox = outbox(&mut *pair);
            // The outbox is the last that was allocated.
            let memory = u64::from(outbox + CAPACITY);
            for (ptr, len) in bad_sends(outbox) {
                let found = pair.produce(ptr, len);
                if let Some(status) = refused_by_consumer(ptr, len, memory) {
                    let error = found.expect_err("a bad send").to_string();
                    let code = format!("status {} ", status.code());
                    names(&error, &[&consumer, "`receive_blob_peek`", &code, &format!("ptr {ptr:#x}, len {len}")]);
                }
            }
        }
    }
}

/// An empty message is a message: what it means is the codec's business, the same under every transport.
#[test]
fn empty_messages_arrive_everywhere() {
    for guests in against_every_consumer() {
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

/// Addresses that are no region: as they are returned, and as an error shows them.
const NO_REGIONS: [(i64, &str); 9] = [
    (0, "0x0"),
    (1, "0x1"),
    (65535, "0xffff"),
    (65544, "0x10008"),
    (0xFFFF_0000, "0xffff0000"),
    (1 << 32, "0x100000000"),
    (i64::MAX, "0x7fffffffffffffff"),
    (-1, "status -1 "),
    (i64::MIN, "status -9223372036854775808"),
];

#[test]
fn bad_outboxes_are_errors_that_name_the_address() {
    for (address, shown) in NO_REGIONS {
        let producer = ProducerText { outbox: format!("(i64.const {address})"), ..ProducerText::default() };
        let guests = compile(&producer, &ConsumerText::default());
        for transport in transports() {
            names(&refusal(transport, &guests), &["the producer of `hostile`: `outbox` returned", shown]);
        }
    }
}

#[test]
fn bad_inboxes_are_errors_that_name_the_address() {
    for (address, shown) in NO_REGIONS {
        let consumer = ConsumerText { inbox: format!("(i64.const {address})"), ..ConsumerText::default() };
        let guests = compile(&ProducerText::default(), &consumer);
        for transport in transports() {
            // Where the consumer reads the outbox itself, it is not asked for an inbox.
            if transport.isolation() == Isolation::None {
                join(transport, &guests);
            } else {
                names(&refusal(transport, &guests), &["the consumer of `hostile`: `inbox` returned", shown]);
            }
        }
    }
}

#[test]
fn a_region_must_end_inside_the_memory() {
    // The memory's last page but one, of which the producer's text asks for one, and its end.
    for (pages, good) in [(1, true), (0, false)] {
        let last = format!("(i64.extend_i32_u (i32.shl (i32.sub (memory.size) (i32.const {pages})) (i32.const 16)))");
        let imports = ProducerText::default().imports.replace("(memory 1)", "(memory 2)");
        let producer = ProducerText { imports, outbox: last, ..ProducerText::default() };
        let guests = compile(&producer, &ConsumerText::default());
        for transport in transports() {
            match try_join(transport, &guests) {
                Ok(_) => assert!(good, "{}", transport.name()),
                Err(error) => assert!(!good, "{}: {error}", transport.name()),
            }
        }
    }
}

#[test]
fn bad_capacities_are_errors_that_name_the_value() {
    let limit = "more than a region may have";
    let cases = [
        ("(i64.const -19)", "status -19 (argument", ""),
        ("(i64.const -77)", "status -77, which is not in the ABI's table", ""),
        ("(i64.const 0x40000001)", "1073741825", limit),
        ("(i64.const 0x100000000)", "4294967296", limit),
        ("(i64.const 0x7fffffffffffffff)", "9223372036854775807", limit),
    ];
    for (prepare, value, why) in cases {
        let producer = ProducerText { prepare: prepare.to_owned(), ..ProducerText::default() };
        let guests = compile(&producer, &ConsumerText::default());
        for transport in transports() {
            names(&refusal(transport, &guests), &["the producer of `hostile`: `prepare_blob`", value, why]);
        }
    }
}

#[test]
fn a_producer_may_ask_for_nothing_and_gets_a_page() {
    let producer = ProducerText { prepare: "(i64.const 0)".to_owned(), ..ProducerText::default() };
    let guests = compile(&producer, &ConsumerText::default());
    for transport in transports() {
        let mut pair = join(transport, &guests);
        let outbox = outbox(&mut *pair);
        assert_eq!(pair.produce(outbox, CAPACITY).expect("a page"), WORD, "{}", transport.name());
    }
}

/// A consumer's statuses are the consumer's, whichever way they travel.
#[test]
fn statuses_of_a_consumer_are_errors_that_name_it() {
    for status in [-1, -2, -3, -4, -5, -6, -15] {
        let consumer = ConsumerText { receive: format!("(i64.const {status})"), ..ConsumerText::default() };
        let guests = compile(&ProducerText::default(), &consumer);
        for transport in transports() {
            let mut pair = join(transport, &guests);
            let outbox = outbox(&mut *pair);
            for _ in 0..2 {
                let error = pair.produce(outbox, 8).expect_err("a status").to_string();
                let returned = format!("`receive_blob_peek` returned {}", described(status));
                names(&error, &["the consumer of `hostile`", &returned]);
            }
        }
    }
}

/// What was refused is asked of the consumer itself, which need not answer.
#[test]
fn a_consumer_need_not_say_what_it_refused() {
    let text = ConsumerText::default();
    let traps = text.rest.replace("(result i64) (global.get $rejected)", "(result i64) (unreachable)");
    for rest in [traps, String::new()] {
        let consumer = ConsumerText { receive: "(i64.const -3)".to_owned(), rest, ..text.clone() };
        let guests = compile(&ProducerText::default(), &consumer);
        for transport in transports() {
            let mut pair = join(transport, &guests);
            let outbox = outbox(&mut *pair);
            let error = pair.produce(outbox, 8).expect_err("a status").to_string();
            names(&error, &["the consumer of `hostile`", &described(-3)]);
        }
    }
}

/// How an error begins to describe a status.
fn described(status: i64) -> String {
    match Status::from_code(status) {
        Some(known) => format!("status {status} ({}", known.meaning()),
        None => format!("status {status}, which is not in the ABI's table"),
    }
}

#[test]
fn statuses_of_a_producer_are_errors_that_name_it() {
    for status in [-16, -17, -18, -19, -20, -77, i64::MIN] {
        let producer = ProducerText { produce: format!("(i64.const {status})"), ..ProducerText::default() };
        let guests = compile(&producer, &ConsumerText::default());
        for transport in transports() {
            let mut pair = join(transport, &guests);
            let error = pair.produce(0, 1).expect_err("a status").to_string();
            names(&error, &["the producer of `hostile`: `produce_blob` returned", &described(status)]);
        }
    }
}

/// A status that the table does not have, from the consumer, through a producer that passes it on.
#[test]
fn unknown_statuses_are_errors_that_name_the_value() {
    for status in [-77, i64::MIN] {
        let consumer = ConsumerText { receive: format!("(i64.const {status})"), ..ConsumerText::default() };
        let guests = compile(&ProducerText::default(), &consumer);
        for transport in transports() {
            let mut pair = join(transport, &guests);
            let outbox = outbox(&mut *pair);
            let error = pair.produce(outbox, 8).expect_err("a status").to_string();
            names(&error, &["of `hostile`", &described(status)]);
        }
    }
}

/// What the guests send is their business, as long as it keeps to the ABI: any digest is a digest.
#[test]
fn the_largest_digest_is_no_error() {
    let consumer = ConsumerText { receive: "(i64.const 0x7fffffffffffffff)".to_owned(), ..ConsumerText::default() };
    let guests = compile(&ProducerText::default(), &consumer);
    for transport in transports() {
        let mut pair = join(transport, &guests);
        let outbox = outbox(&mut *pair);
        assert_eq!(pair.produce(outbox, 8).expect("a digest"), i64::MAX as u64, "{}", transport.name());
    }
}
