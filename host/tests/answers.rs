//! Guests that answer what the ABI does not allow, or that they failed: regions that are none, capacities
//! that no memory has, statuses. An error names the guest, its export and the value, under every
//! transport.

use weft_link::guest::listen;
use weft_schemas::{Status, Task};

use crate::support::wat::{
    CAPACITY, ConsumerText, ProducerText, WORD, compile, join, names, outbox, refusal, try_join,
};
use crate::support::{ENGINE, message, spec, transports};

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
            // Also where the consumer reads the outbox itself: it is asked for an inbox all the same.
            names(&refusal(transport, &guests), &["the consumer of `hostile`: `inbox` returned", shown]);
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

/// What a message has on the wire is known of a producer that sends what it is asked for, and nothing beside.
#[test]
fn a_producer_that_sends_too_much_is_an_error_that_names_it() {
    let send = "(call $send (global.get $outbox) (i32.const 8))";
    let produce = |body: String| ProducerText { produce: body, ..ProducerText::default() };
    let listened = |producer: &ProducerText| {
        let guests = compile(producer, &ConsumerText::default());
        let spec = spec((&ENGINE, &guests), message("blob@64"), Task::Peek, 2, 0);
        listen(&spec, 0_usize, |heard, message| *heard += message.len()).map_err(|error| error.to_string())
    };
    assert_eq!(listened(&produce(format!("(drop {send}) {send}"))), Ok(16));
    let error = listened(&produce(send.to_owned())).expect_err("one of two");
    names(&error, &["the producer of `hostile` sent 1 messages where it was asked for 2"]);
    let outside = produce(format!("(drop (call $send (i32.const 64) (i32.const 8))) {send}"));
    names(
        &listened(&outside).expect_err("what does not lie in the outbox"),
        &["the producer of `hostile`", "inside the outbox"],
    );
    let error = listened(&produce(format!("(drop {send}) (drop {send}) {send}"))).expect_err("three of two");
    names(&error, &["the producer of `hostile` sends more messages than the 2 it was asked for"]);
    let endless = produce(format!("(loop $again (drop {send}) (br $again)) (i64.const 0)"));
    names(&listened(&endless).expect_err("without end"), &["sends more messages than the 2"]);
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
