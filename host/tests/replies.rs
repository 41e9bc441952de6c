//! Replies: the guests of codecs pass their trial; an answer that lies where it must not is an error that names the replier, under every
//! transport, and where nobody stands between them the requester refuses it.

mod typed;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use weft::cell::{Cell, SEED};
use weft::exact::{Counting, Exact, Metering, Steady, metered};
use weft::guests::{Codec, catalog_replying};
use weft::trials::{TRIALS, Trials};
use weft::verify::{self, Expectations, Verified, wire_bytes};
use weft_link::guest::{Compiled, Side};
use weft_link::transport::{Isolation, Transport};
use weft_link::{Limits, Pair};
use weft_schemas::Task;

use crate::support::wat::{CAPACITY, ConsumerText, NAME, ProducerText, names, read};
use crate::support::{ENGINE, message, small_messages, spec, transports};

/// A codec of a library, one by hand, the floor, one that encodes nothing, and one of typed records.
static CODECS: LazyLock<Vec<Codec>> = LazyLock::new(|| {
    let wanted = |name: &str| ["bincode", "bytes", "inplace", "null", "wit"].contains(&name);
    catalog_replying(wanted, wanted).unwrap_or_else(|error| panic!("{error}"))
});

#[test]
fn codecs_answer_or_say_why_not() {
    let trial = TRIALS.iter().find(|trial| trial.name == "replies").expect("the trial");
    for codec in CODECS.iter() {
        let trials = Trials::of(codec, small_messages(), Limits::default()).expect("guests");
        let verdict = trial.conduct(&trials);
        let part = if codec.name == "inplace" { "none: it encodes nothing" } else { "messages and seeds" };
        assert!(!verdict.is_wrong() && verdict.lines("").contains(part), "{}: {}", codec.name, verdict.lines("  "));
    }
}

/// Counts a cell of the task `reply`, also by searching memories for the payload.
fn counted(codec: &Codec, transport: &'static dyn Transport) -> (Verified, Exact) {
    let replying = codec.replying.as_ref().expect("its guests");
    let guests = [&replying.requester, &replying.replier];
    let metered = |metering| Arc::new(metered(&ENGINE, guests, metering).expect("guests that can be metered"));
    let cell = Cell::new(message("log@1"), Task::Reply, &codec.name, transport.name());
    let expected = Expectations::default().of(cell.message, cell.task, false).expect("digests");
    let (searched, metered) = (metered(Metering::Searching), metered(Metering::Counting));
    let (engine, seed, floor) = (&*ENGINE, SEED, false);
    let wire_bytes =
        wire_bytes(&verify::spec(&cell, engine, &metered, expected.rotation())).expect("messages of some size");
    let counting =
        Counting { engine, seed, transport, metered, searched, expected, wire_bytes, floor, known: Steady::default() };
    let (verified, exact, _) = counting.count(&cell).unwrap_or_else(|error| panic!("{cell}: {error}"));
    (verified, exact)
}

/// The value that the replier builds lies on its heap, and both messages in the outboxes; what is copied is there once more.
#[test]
fn copies_are_counted_and_found_both_ways() {
    const EVERYWHERE: [&str; 3] = ["consumer heap", "consumer outbox", "producer outbox"];
    for codec in CODECS.iter().filter(|codec| ["bincode", "bytes"].contains(&codec.name.as_str())) {
        for transport in answering() {
            // The buffer of the host takes the message and then the answer.
            let (copies, copied): (u64, &[&str]) = match transport.name() {
                "relay" => (4, &["consumer inbox", "host", "producer inbox"]),
                "direct" | "adapter" | "component" => (2, &["consumer inbox", "producer inbox"]),
                // The message is in the consumer's heap, where the value is.
                "buffer-packed" | "buffer-scailable" => (2, &["producer inbox"]),
                _ => (0, &[]),
            };
            let (verified, exact) = counted(codec, transport);
            assert_eq!(verified.copies, Some(copies), "{} over {}", codec.name, transport.name());
            let wire = verified.wire_bytes.expect("a size");
            let both = exact.transport_copied_bytes / wire;
            assert!((both - copies as f64).abs() < 0.1, "{}: {both} sizes are copied", transport.name());
            let mut places: BTreeMap<_, _> =
                EVERYWHERE.iter().chain(copied).map(|place| ((*place).to_owned(), 1)).collect();
            if transport.needs().is_empty() {
                // Nothing else is in the heap.
            } else if let Some(heap) = places.get_mut("consumer heap") {
                *heap += 1;
            }
            assert_eq!(exact.payload_found_in, Some(places), "{} over {}", codec.name, transport.name());
            let [sends, answers] =
                [&exact.producer, &exact.consumer].map(|guest| (guest.bytes_read, guest.bytes_written));
            // Each guest writes its outbox and reads its inbox; a codec reads no more than it has written.
            assert!(sends.1.outbox >= wire && sends.0.inbox > 0.0 && sends.1.inbox == 0.0, "{sends:?}");
            assert!(
                answers.1.outbox > 0.0
                    && (answers.0.inbox > 0.0 || !transport.needs().is_empty())
                    && answers.1.inbox == 0.0,
                "{answers:?}"
            );
        }
    }
}

/// A requester whose `request_blob(ptr, len)` sends eight bytes that say `ptr` and `len`, and returns what came.
fn requester() -> String {
    let produce = "(i64.store (global.get $outbox)
                     (i64.or (i64.shl (i64.extend_i32_u (local.get $len)) (i64.const 32)) (i64.extend_i32_u (local.get $ptr))))
                   (call $send (global.get $outbox) (i32.const 8))";
    let inbox =
        format!(r#"(func (export "inbox") (param $capacity i32) (result i64) {})"#, ConsumerText::default().inbox);
    let text = ProducerText { produce: produce.to_owned(), rest: inbox, ..ProducerText::default() }.text();
    text.replace("produce_blob", "request_blob")
}

/// A replier that answers with the place that the message says: its first eight bytes.
fn replier() -> String {
    let good = ConsumerText::default();
    let outbox = format!(r#"(func (export "outbox") (param $capacity i32) (result i64) {})"#, good.inbox);
    let text = ConsumerText { rest: good.rest.clone() + &outbox, ..good }.text();
    text.replace("receive_blob_peek", "receive_blob_reply")
}

/// Where the outbox of a [`replier`] with a memory of its own begins: behind a page of its own and an inbox of two.
const OUTBOX: u32 = 3 << 16;

fn guests() -> Compiled {
    compiled(requester(), replier())
}

/// The two guests of these texts.
fn compiled(requester: String, replier: String) -> Compiled {
    let compiled = |side, text: String| {
        let guest = read(side, text).unwrap_or_else(|error| panic!("{error}"));
        let module = guest.compile(&ENGINE).unwrap_or_else(|error| panic!("{error}"));
        (guest, module)
    };
    Compiled { producer: compiled(Side::Requester, requester), consumer: compiled(Side::Replier, replier) }
}

fn join(transport: &dyn Transport, guests: &Compiled) -> Box<dyn Pair> {
    let spec = spec((&ENGINE, guests), message("blob@64"), Task::Reply, 1, 0);
    transport.join(&spec).unwrap_or_else(|error| panic!("{}: {error}", transport.name()))
}

/// The transports that bring answers back.
fn answering() -> impl Iterator<Item = &'static dyn Transport> {
    transports().filter(|transport| transport.replies().is_ok())
}

#[test]
fn good_places_come_back_with_their_length() {
    let guests = guests();
    for transport in answering().filter(|transport| transport.isolation() != Isolation::None) {
        let mut pair = join(transport, &guests);
        let end = OUTBOX + CAPACITY;
        for (ptr, len) in [(OUTBOX, 0), (OUTBOX, 8), (OUTBOX + 8, 24), (OUTBOX, CAPACITY), (end - 8, 8), (end, 0)] {
            let place = pair.produce(ptr, len).unwrap_or_else(|error| panic!("{}: {error}", transport.name()));
            assert_eq!(place >> 32, u64::from(len), "{}", transport.name());
            assert!((place as u32).is_multiple_of(8) && place as u32 != 0, "{}: {place:#x}", transport.name());
        }
    }
}

#[test]
fn bad_places_are_errors_that_name_the_replier_and_the_values() {
    let guests = guests();
    let end = OUTBOX + CAPACITY;
    let bad = [
        (0, 0),
        (0, 8),
        (8, 8),
        (OUTBOX - 8, 8),
        (OUTBOX - 8, CAPACITY + 16),
        (OUTBOX, CAPACITY + 1),
        (OUTBOX, i32::MAX as u32),
        (OUTBOX + 8, CAPACITY),
        (OUTBOX + 4, 8),
        (OUTBOX + 1, 1),
        (end - 8, 9),
        (end, 1),
        (end + 8, 0),
        (1 << 31, 8),
        (u32::MAX - 7, 16),
        (u32::MAX, 0),
    ];
    for transport in answering()
        .filter(|transport| transport.name() != "component")
        .filter(|transport| transport.isolation() != Isolation::None)
    {
        let mut pair = join(transport, &guests);
        for (ptr, len) in bad {
            let error = pair.produce(ptr, len).expect_err("a bad place").to_string();
            let values = format!("answered with ptr {ptr:#x}, len {len},");
            names(&error, &[&format!("the replier of `{NAME}` {values}"), &format!("({OUTBOX:#x} to {end:#x}")]);
        }
        assert!(pair.produce(OUTBOX, 8).is_ok(), "{}: a good place after the bad ones", transport.name());
    }
}

#[test]
fn a_status_is_no_place() {
    let guests = guests();
    for transport in answering() {
        let error = join(transport, &guests).produce(u32::MAX, u32::MAX).expect_err("-1").to_string();
        names(&error, &["the replier of `hostile`", "`receive_blob_reply` returned status -1"]);
    }
}

/// Where one memory holds both guests, nobody stands between them: the requester checks.
#[test]
fn requesters_refuse_bad_places_where_nobody_stands_between() {
    let ours = guests();
    // What these send begins with the blob's own bytes, which are random, or nearly so.
    for codec in CODECS.iter().filter(|codec| ["bincode", "null"].contains(&codec.name.as_str())) {
        let replying = codec.replying.as_ref().expect("its guests");
        let module = replying.requester.compile(&ENGINE).expect("a module");
        let guests = Compiled { producer: (replying.requester.clone(), module), consumer: ours.consumer.clone() };
        for transport in answering().filter(|transport| transport.isolation() == Isolation::None) {
            let spec = spec((&ENGINE, &guests), message("blob@64"), Task::Reply, 16, 7);
            let mut pair = transport.join(&spec).unwrap_or_else(|error| panic!("{}: {error}", transport.name()));
            let errors = (0..16).map(|index| pair.produce(index, 1).expect_err("a bad place").to_string());
            let misplaced = errors.filter(|error| error.contains("misplaced"));
            let requester = format!("the requester of `{}`: `request_blob` returned status -20", codec.name);
            assert!(misplaced.map(|error| names(&error, &[&requester])).count() > 0, "{}", codec.name);
        }
    }
}
