//! Exact figures of the codecs: what the counters and the search for watermarks say must agree with the documents,
//! with each other, and with what a codec's layout makes necessary.

#[path = "support/documented.rs"]
mod documented;
mod support;
#[path = "support/wat.rs"]
mod wat;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use weft::exact::{Counted, Counting, Exact, ExactFile, Found, Freed, Metered, count_all, search};
use weft::guest::{Codec, Role};
use weft::run::{Cell, CellRecord, Matrix, SEED};
use weft_schemas::{Log, Message, Task};

use documented::documented;
use support::{ENGINE, codecs, in_parallel, message, transports};
use wat::{ConsumerText, NOTHING_SPECIAL, ProducerText, custom_section};

static METERED: LazyLock<Metered<'_>> = LazyLock::new(|| Metered::new(&ENGINE));

/// The supported cells of some messages and tasks.
fn cells(messages: &[&str], tasks: &[Task]) -> Vec<Cell> {
    let mut cells = Vec::new();
    for message in messages.iter().map(|name| message(name)) {
        for &task in tasks {
            for codec in codecs() {
                cells.extend(transports().map(|transport| Cell { message, task, codec, transport }));
            }
        }
    }
    cells.retain(|cell| cell.supported().is_ok());
    cells
}

/// The cell of this name.
fn cell(name: &str) -> Cell {
    let parts: Vec<&str> = name.split('/').collect();
    let all = cells(&parts[..1], &Task::ALL);
    all.into_iter().find(|cell| cell.to_string() == name).unwrap_or_else(|| panic!("there is no cell {name}"))
}

fn count(cell: &Cell) -> CellRecord {
    Counting::new(&METERED).count(cell).unwrap_or_else(|error| panic!("{cell}: {error}"))
}

fn file(counted: &[Counted]) -> ExactFile {
    let rows = counted.iter().map(|(cell, row)| row.as_ref().unwrap_or_else(|error| panic!("{cell}: {error}")));
    let codecs = counted.iter().map(|(cell, _)| (cell.codec.name.clone(), cell.codec.into()));
    ExactFile::of(codecs.collect(), rows).unwrap_or_else(|error| panic!("{error}"))
}

fn exact(row: &CellRecord) -> &Exact {
    row.exact.as_ref().expect("what was counted")
}

#[test]
fn metered_guests_return_the_native_digests_in_the_quick_matrix() {
    // Counting verifies each message's digest, and the document's making that transports change nothing.
    let mut cells = Matrix::Quick.cells(codecs());
    // Larger ones are generated too slowly without optimisation; `weft count` counts them.
    cells.retain(|cell| cell.supported().is_ok() && cell.message.payload_bytes() <= 65536);
    let file = file(&count_all(&ENGINE, &cells, &|_| {}));
    assert_eq!(file.found.len(), cells.len());
    assert_eq!(file.codecs.len(), codecs().len());
}

#[test]
fn the_order_of_the_cells_changes_no_bit() {
    let mut cells = cells(&["ping@1", "log@1"], &[Task::Peek, Task::Own]);
    let json = |cells: &[Cell]| file(&count_all(&ENGINE, cells, &|_| {})).to_json().expect("JSON");
    let first = json(&cells);
    cells.reverse();
    let middle = cells.len() / 3;
    cells.rotate_left(middle);
    assert!(first == json(&cells), "two counts of the same cells differ");
}

#[test]
fn a_guest_that_does_something_else_under_another_transport_is_an_error() {
    let [one, other] = ["direct", "linked"].map(|transport| count(&cell(&format!("ping@1/own/bincode/{transport}"))));
    let of = |rows: [&CellRecord; 2]| ExactFile::of(BTreeMap::new(), rows);
    assert!(of([&one, &other]).is_ok());
    type Change = fn(&mut Exact);
    let changes: [(&str, Change); 3] = [
        ("what the producer does", |exact| exact.producer.instructions += 1.0),
        ("what the consumer does", |exact| exact.consumer.bytes_read.static_data += 1.0 / 64.0),
        ("what the consumer does", |exact| exact.consumer.allocations = None),
    ];
    for (what, change) in changes {
        let mut changed = other.clone();
        change(changed.exact.as_mut().expect("what was counted"));
        let error = of([&one, &changed]).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.starts_with(what) && error.contains("ping@1/own/bincode/linked"), "{error}");
    }
    // The same transport with the same size on the wire, twice.
    let mut changed = one.clone();
    changed.exact.as_mut().expect("what was counted").transport_copied_bytes += 1.0;
    let error = of([&one, &changed]).expect_err("they differ").to_string();
    assert!(error.starts_with("what the transport does"), "{error}");
}

/// Copies by the counters: those that the document names, and their bytes.
#[test]
fn counters_agree_with_the_documented_table() {
    let cells = cells(&["ping@1", "log@1", "blob@64"], &[Task::Peek]);
    for (cell, result) in count_all(&ENGINE, &cells, &|_| {}) {
        let row = result.unwrap_or_else(|error| panic!("{cell}: {error}"));
        let (copies, crossings) = documented(cell.transport.name()).expect("a row of the table");
        assert_eq!((row.transport_copies, row.crossings), (Some(copies), Some(crossings)), "{cell}");
        assert_eq!(Some(exact(&row).transport_copied_bytes), row.wire_bytes.map(|wire| copies as f64 * wire), "{cell}");
    }
}

/// Copies by watermarks, which know nothing of counters: those in places that only a transport fills.
#[test]
fn watermarks_agree_with_the_documented_table() {
    let mut cells = cells(&["log@1", "log@100", "mesh@1000", "blob@65536"], &[Task::Peek]);
    cells.extend(self::cells(&["log@1"], &[Task::Scan, Task::Own]));
    let wrong = in_parallel(&cells, |cell| disagrees(cell).into_iter().collect());
    assert!(wrong.is_empty(), "{} of {} disagree:\n{}", wrong.len(), cells.len(), wrong.join("\n"));
}

fn found(cell: &Cell) -> Found {
    let guests = METERED.get(cell.codec, Freed::Kept).expect("every guest can be metered");
    search(cell, &guests, &ENGINE).unwrap_or_else(|error| panic!("{cell}: {error}"))
}

fn disagrees(cell: &Cell) -> Option<String> {
    let Found::In(places) = found(cell) else { return Some(format!("{cell}: its wire form hides the pattern")) };
    let (copies, _) = documented(cell.transport.name())?;
    let by_transport: u64 = ["host", "consumer inbox"].iter().filter_map(|place| places.get(*place)).sum();
    let encoded = places.get("producer outbox").copied().unwrap_or(0);
    // Peek and scan need no copy; own makes one, in the consumer's heap.
    let total: u64 = places.values().sum();
    let owned = u64::from(cell.task == Task::Own);
    let right = by_transport == copies
        && encoded == u64::from(cell.codec.traits.encodes)
        && (owned == places.get("consumer heap").copied().unwrap_or(0))
        && total == copies + encoded + owned;
    (!right).then(|| format!("{cell}: {copies} by the table, found {places:?}"))
}

#[test]
fn a_codec_that_encodes_nothing_copies_nothing_where_the_transport_does_not() {
    let mut seen = 0;
    for cell in cells(&["ping@1", "log@1", "log@100", "mesh@10"], &[Task::Peek, Task::Scan]) {
        let copies_nothing = matches!(cell.transport.name(), "window" | "linked");
        if copies_nothing && !cell.codec.traits.encodes && cell.codec.traits.role == Role::Codec {
            assert_eq!(found(&cell), Found::In([].into()), "{cell}");
            seen += 1;
        }
    }
    assert!(seen >= 2, "no such codec was there to be searched");
}

#[test]
fn peek_of_bytes_reads_three_fields_and_what_leads_to_them() {
    let row = count(&cell("log@1/peek/bytes/linked"));
    let exact = exact(&row);
    let (consumer, read) = (&exact.consumer, &exact.consumer.bytes_read);
    // modules/codecs/bytes/src/log.rs. The table of the message: n, the first record's start, the last one's end: 4 each. The
    // record in the middle: its start and its end, 4 each, which are read at places that depend on n.
    let table = 4 + 4 + 4 + (4 + 4);
    // The fields: timestamp 8, status 4; where ray_id begins (the end of the string before it) and where it ends: 4 each.
    let fields = 8 + 4 + (4 + 4);
    // ray_id is 16 digits, a hyphen and 3 letters: 20 bytes, of which the digest takes two words of 8 and the last 8 bytes, which
    // overlap (schemas/src/digest.rs, `bytes`).
    let ray_id = 3 * 8;
    for index in 0..64 {
        assert_eq!(Log::generate(SEED, index, 1).records[0].ray_id.len(), 20, "record {index}");
    }
    assert_eq!(read.inbox, f64::from(table + fields + ray_id));
    assert_eq!(read.total(), read.inbox, "nothing else is read: {read:?}");
    assert_eq!(consumer.bytes_written.total(), 0.0, "{:?}", consumer.bytes_written);
    assert_eq!((consumer.allocations, consumer.allocated_bytes, consumer.memory_grown), (Some(0.0), Some(0.0), 0.0));
    assert_eq!((exact.transport_copied_bytes, consumer.calls), (0.0, 1.0));
}

#[test]
fn owning_a_log_with_bincode_allocates_its_strings_and_one_list() {
    let row = count(&cell("log@1/own/bincode/direct"));
    let exact = exact(&row);
    // On wasm32 a String is 12 bytes. Http: 4 strings, 3 u32, 2 enums of a byte: 62, aligned to 4: 64. Origin: 2 strings, u32, an
    // enum: 29, so 32. LogRecord: i64, u64, Http, Origin, u32, 4 strings, 3 enums: 8 + 8 + 64 + 32 + 4 + 48 + 3 = 167, aligned to
    // 8: 168. The list has room for one record: its number is known before the first is decoded.
    const LOG_RECORD: usize = 168;
    let logs: Vec<Log> = (0..64).map(|index| Log::generate(SEED, index, 1)).collect();
    let texts = || logs.iter().flat_map(|log| log.records[0].texts());
    let (strings, bytes) = (texts().filter(|text| !text.is_empty()).count(), texts().map(String::len).sum::<usize>());
    let per_message = |total: usize| Some(total as f64 / logs.len() as f64);
    // An empty string allocates nothing.
    assert_eq!(exact.consumer.allocations, per_message(strings + logs.len()));
    assert_eq!(exact.consumer.allocated_bytes, per_message(bytes + logs.len() * LOG_RECORD));
    // Encoding into the outbox allocates nothing.
    assert_eq!((exact.producer.allocations, exact.producer.allocated_bytes), (Some(0.0), Some(0.0)));
}

/// A pair that stands for the floor and sends eight words of a watermark with its bits changed by `mask`: the
/// consumer changes them back and answers with the first and the last byte.
fn masked(name: &str, mask: i64) -> &'static Codec {
    // Word w of message i is W00i000w, in the order of the bytes.
    let produce = format!(
        "(local $word i32)
         (loop $next
           (i64.store (i32.add (global.get $outbox) (i32.shl (local.get $word) (i32.const 3)))
             (i64.xor (i64.const {mask})
               (i64.add
                 (i64.add (i64.const 0x3030303030303057) (i64.shl (i64.extend_i32_u (local.get $ptr)) (i64.const 24)))
                 (i64.shl (i64.extend_i32_u (local.get $word)) (i64.const 56)))))
           (br_if $next (i32.lt_u (local.tee $word (i32.add (local.get $word) (i32.const 1))) (i32.const 8))))
         (call $send (global.get $outbox) (i32.const 64))"
    );
    let receive = format!(
        "(i64.and (i64.xor (i64.const {mask})
           (i64.or (i64.load8_u (local.get $ptr)) (i64.shl (i64.load8_u offset=63 (local.get $ptr)) (i64.const 8))))
           (i64.const 0xffff))"
    );
    let traits = custom_section(NOTHING_SPECIAL);
    let producer = ProducerText { produce, rest: traits, ..ProducerText::default() };
    let consumer = ConsumerText { receive, ..ConsumerText::default() };
    let codec = Codec::new(name, producer.text().as_bytes(), consumer.text().as_bytes());
    Box::leak(Box::new(codec.unwrap_or_else(|error| panic!("{error}"))))
}

#[test]
fn a_wire_form_that_hides_the_pattern_says_so() {
    let found = |codec| {
        let transport = transports().find(|transport| transport.name() == "relay").expect("relay");
        found(&Cell { message: message("blob@64"), task: Task::Peek, codec, transport })
    };
    let places = ["consumer inbox", "host", "producer outbox"].map(|place| (place.to_owned(), 1));
    assert_eq!(found(masked("plain", 0)), Found::In(places.into()));
    let hidden = found(masked("inverted", -1));
    assert!(matches!(&hidden, Found::Unknown(why) if why.contains("hides the pattern")), "{hidden:?}");
}

#[test]
fn a_payload_without_a_whole_word_says_so() {
    let hidden = found(&cell("blob@7/peek/bytes/direct"));
    assert!(matches!(&hidden, Found::Unknown(why) if why.contains("shorter than")), "{hidden:?}");
}
