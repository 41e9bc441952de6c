//! Guests that trap: wherever it happens, it is an error that names the guest, the export and what it
//! was, with the wasm backtrace and its function names; and the pair can be called again.

use wasmparser::{KnownCustom, Name, Parser, Payload};
use weft_link::transport::{Isolation, Transport};

use crate::support::wat::{ConsumerText, ProducerText, compile, try_join};
use crate::support::{codecs, transports};

/// Ways to trap: a body of type `i64`, and what wasmtime calls it.
const TRAPS: [(&str, &str); 5] = [
    ("(unreachable)", "wasm `unreachable` instruction executed"),
    ("(i64.load (i32.const -8))", "out of bounds memory access"),
    ("(i64.div_u (i64.const 1) (i64.const 0))", "integer divide by zero"),
    ("(i64.add (i64.const 1) (call $inner))", "call stack exhausted"),
    ("(memory.fill (i32.const -8) (i32.const 0) (i32.const 16)) (i64.const 0)", "out of bounds memory access"),
];

/// Two functions with names, the inner of which traps.
fn functions(body: &str) -> String {
    format!("(func $inner (result i64) {body}) (func $outer (result i64) (i64.add (i64.const 1) (call $inner)))")
}

/// Joins the guests and lets the producer send; returns the first error. Calls again after an error.
fn error_of(transport: &dyn Transport, producer: &ProducerText, consumer: &ConsumerText) -> String {
    let guests = compile(producer, consumer);
    let mut pair = match try_join(transport, &guests) {
        Ok(pair) => pair,
        Err(error) => return error.to_string(),
    };
    // A component that has trapped cannot be entered again.
    let once = transport.name() == "component";
    let outbox = match pair.produce(0, u32::MAX - 1) {
        Err(error) if once => return error.to_string(),
        found => found.unwrap_or(65536) as u32,
    };
    let error = pair.produce(outbox, 8).expect_err("a trap").to_string();
    for _ in 0..if once { 0 } else { 3 } {
        let again = pair.produce(outbox, 8).expect_err("a trap again").to_string();
        assert_eq!(again, error, "{}", transport.name());
        pair.counters();
    }
    error
}

/// Asserts that the error is this trap, of this guest in this export, with its functions, innermost
/// first, and nothing of the host's.
fn is_trap(error: &str, guest: &str, export: &str, trap: &str) {
    let begins = format!("the {guest} of `hostile` trapped in `{export}`: wasm trap: {trap}");
    assert!(error.starts_with(&begins), "`{begins}` is not the beginning of: {error}");
    assert!(error.contains("wasm backtrace"), "{error}");
    assert!(error.contains("!inner"), "{error}");
    assert!(!error.contains("wasmtime::"), "the host's own functions: {error}");
    // A backtrace ends somewhere where the stack was exhausted.
    if !trap.contains("stack") {
        let (inner, outer) = (error.find("!inner"), error.find("!outer"));
        assert!(outer.is_some() && inner < outer, "{error}");
    }
}

#[test]
fn traps_of_a_producer() {
    let good = ProducerText::default();
    for (body, trap) in TRAPS {
        let rest = functions(body);
        let outer = || "(call $outer)".to_owned();
        let producers = [
            ("prepare_blob", ProducerText { prepare: outer(), rest: rest.clone(), ..good.clone() }),
            ("outbox", ProducerText { outbox: outer(), rest: rest.clone(), ..good.clone() }),
            ("produce_blob", ProducerText { produce: outer(), rest, ..good.clone() }),
        ];
        for (export, producer) in producers {
            for transport in transports() {
                let error = error_of(transport, &producer, &ConsumerText::default());
                is_trap(&error, "producer", export, trap);
            }
        }
    }
}

#[test]
fn traps_of_a_consumer() {
    let good = ConsumerText::default();
    for (body, trap) in TRAPS {
        let rest = functions(body);
        let receive = ConsumerText { receive: "(call $outer)".to_owned(), rest: rest.clone(), ..good.clone() };
        let inbox = ConsumerText { inbox: "(call $outer)".to_owned(), rest: good.rest.clone() + &rest, ..good.clone() };
        for transport in transports() {
            let error = error_of(transport, &ProducerText::default(), &receive);
            is_trap(&error, "consumer", "receive_blob_peek", trap);
            // Where the consumer reads the outbox itself, it is not asked for an inbox.
            if transport.isolation() != Isolation::None {
                let error = error_of(transport, &ProducerText::default(), &inbox);
                is_trap(&error, "consumer", "inbox", trap);
            }
        }
    }
}

#[test]
fn traps_of_start_functions() {
    for (body, trap) in TRAPS {
        let rest = functions(body) + "(func $start (drop (call $outer))) (start $start)";
        let producer = ProducerText { rest: rest.clone(), ..ProducerText::default() };
        let good = ConsumerText::default();
        let consumer = ConsumerText { rest: good.rest.clone() + &rest, ..good.clone() };
        for transport in transports() {
            is_trap(&error_of(transport, &producer, &good), "producer", "start", trap);
            is_trap(&error_of(transport, &ProducerText::default(), &consumer), "consumer", "start", trap);
        }
    }
}

/// A data segment beyond the memory traps before any function runs.
#[test]
fn traps_of_data_segments() {
    let data = r#"(data (i32.const -4) "beyond")"#;
    let producer = ProducerText { rest: data.to_owned(), ..ProducerText::default() };
    let good = ConsumerText::default();
    let consumer = ConsumerText { rest: good.rest.clone() + data, ..good.clone() };
    for transport in transports() {
        let error = error_of(transport, &producer, &good);
        assert!(error.contains("the producer of `hostile`") && error.contains("out of bounds"), "{error}");
        let error = error_of(transport, &ProducerText::default(), &consumer);
        assert!(error.contains("the consumer of `hostile`") && error.contains("out of bounds"), "{error}");
    }
}

/// A memory beyond the limit cannot be made, before any function runs.
#[test]
fn memories_that_are_too_large() {
    let large = |imports: &str| imports.replace("(memory 1)", "(memory 40000)");
    let (producer, consumer) = (ProducerText::default(), ConsumerText::default());
    let wasteful = ProducerText { imports: large(&producer.imports), ..producer.clone() };
    let greedy = ConsumerText { imports: large(&consumer.imports), ..consumer.clone() };
    assert!(wasteful.imports != producer.imports && greedy.imports != consumer.imports);
    for transport in transports() {
        for (guest, error) in [
            ("producer", error_of(transport, &wasteful, &consumer)),
            ("consumer", error_of(transport, &producer, &greedy)),
        ] {
            let begins = format!("the {guest} of `hostile` could not be instantiated");
            assert!(error.starts_with(&begins) && error.contains("memory"), "{}: {error}", transport.name());
        }
    }
}

/// How many functions of a module have a name.
fn named_functions(wasm: &[u8]) -> usize {
    let sections = Parser::new(0).parse_all(wasm).map(|payload| payload.expect("a valid module"));
    let names = sections.filter_map(|payload| match payload {
        Payload::CustomSection(section) => match section.as_known() {
            KnownCustom::Name(names) => Some(names),
            _ => None,
        },
        _ => None,
    });
    let functions = names.flatten().filter_map(|names| match names.expect("a valid name section") {
        Name::Function(functions) => Some(functions.count() as usize),
        _ => None,
    });
    functions.sum()
}

/// A trap in a codec is reported with function names as well.
#[test]
fn codecs_keep_the_names_of_their_functions() {
    for codec in codecs() {
        for guest in [&codec.producer, &codec.consumer] {
            assert!(named_functions(&guest.wasm) > 0, "{} has no function names", guest.name);
        }
    }
}
