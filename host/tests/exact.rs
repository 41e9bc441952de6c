//! Exact figures of the codecs: what the counters and the search for watermarks say must agree with the documents,
//! with each other, and with what a codec's layout makes necessary.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use weft::cell::{Cell, Matrix, SEED};
use weft::exact::{Counted, Counting, Exact, ExactFile, Found, Metering, Steady, metered, search};
use weft::guests::Codec;
use weft::verify::{Expectations, payload_bytes, spec, wire_bytes};
use weft_link::guest::{Compiled, Guest, Side};
use weft_link::transport::by_name;
use weft_schemas::{Log, Message, Task};

use crate::support::documented::documented;
use crate::support::wat;
use crate::support::wat::{ConsumerText, NOTHING_SPECIAL, ProducerText, custom_section, read};
use crate::support::{ENGINE, codec_ids, codecs, in_parallel, message, of_cell, supported, transport_of, transports};

/// A codec, its guests metered, and metered guests that free nothing.
type Metered = (&'static Codec, Arc<Compiled>, Arc<Compiled>);

static METERED: LazyLock<Vec<Metered>> = LazyLock::new(|| {
    in_parallel(&codecs().iter().collect::<Vec<_>>(), |&codec| {
        let guests = [&codec.producer, &codec.consumer];
        let of = |metering| Arc::new(metered(&ENGINE, guests, metering).expect("every guest can be metered"));
        vec![(codec, of(Metering::Counting), of(Metering::Searching))]
    })
});

/// What messages must return, computed once.
static EXPECTED: LazyLock<Expectations> = LazyLock::new(Expectations::default);

/// The supported cells of some messages and tasks.
fn cells(messages: &[&str], tasks: &[Task]) -> Vec<Cell> {
    let mut cells = Vec::new();
    for message in messages.iter().map(|name| message(name)) {
        for &task in tasks {
            for codec in codecs() {
                cells.extend(transports().map(|transport| Cell::new(message, task, &codec.name, transport.name())));
            }
        }
    }
    cells.retain(|cell| supported(cell).is_ok());
    cells
}

/// The cell of this name.
fn cell(name: &str) -> Cell {
    let cell: Cell = name.parse().unwrap_or_else(|error| panic!("{error}"));
    supported(&cell).unwrap_or_else(|why| panic!("{name}: {why}"));
    cell
}

fn metered_codec(cell: &Cell) -> &'static Metered {
    METERED.iter().find(|(codec, ..)| codec.name == cell.codec).expect("a codec of the workspace")
}

fn count(cell: &Cell) -> Counted {
    count_knowing(cell, Steady::default()).0
}

fn count_knowing(cell: &Cell, known: Steady) -> (Counted, Steady) {
    let (codec, metered, searched) = metered_codec(cell);
    let floor = codec.is_floor();
    let expected = EXPECTED.of(cell.message, cell.task, floor).expect("the message has what the task reads");
    let (metered, searched) = (Arc::clone(metered), Arc::clone(searched));
    let (engine, seed, transport) = (&*ENGINE, SEED, transport_of(cell));
    let wire_bytes = wire_bytes(&spec(cell, engine, &metered, expected.rotation())).expect("messages of some size");
    let counting = Counting { engine, seed, transport, metered, searched, expected, wire_bytes, floor, known };
    let (verified, exact, steady) = counting.count(cell).unwrap_or_else(|error| panic!("{cell}: {error}"));
    (Counted { cell: cell.clone(), payload_bytes: payload_bytes(cell.message), verified, exact }, steady)
}

fn count_all(cells: &[Cell]) -> Vec<Counted> {
    in_parallel(cells, |cell| vec![count(cell)])
}

fn file(counted: &[Counted]) -> ExactFile {
    let codecs = counted.iter().map(|row| (row.cell.codec.clone(), of_cell(&row.cell).0.into()));
    ExactFile::of("rustc", codecs.collect(), counted).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn metered_guests_return_the_native_digests_in_the_quick_matrix() {
    // Counting verifies each message's digest, and the document's making that transports change nothing.
    let mut cells = Matrix::Quick.cells(&codec_ids());
    // Larger ones are generated too slowly without optimisation; `weft count` counts them.
    cells.retain(|cell| supported(cell).is_ok() && cell.message.payload_bytes() <= 65536);
    let file = file(&count_all(&cells));
    assert_eq!(file.found.len(), cells.len());
    assert_eq!(file.codecs.len(), codecs().len());
}

#[test]
fn what_is_known_of_another_transport_changes_no_figure() {
    let cells = cells(&["log@1"], &Task::ONE_WAY);
    let (over, others): (Vec<_>, Vec<_>) = cells.into_iter().partition(|cell| cell.transport == "linked");
    let wrong = in_parallel(&over, |first| {
        let steady = count_knowing(first, Steady::default()).1;
        let same = |cell: &&Cell| (cell.message, cell.task, &cell.codec) == (first.message, first.task, &first.codec);
        let differs = |cell: &Cell| count_knowing(cell, steady.clone()).0 != count(cell);
        others.iter().filter(same).filter(|cell| differs(cell)).map(ToString::to_string).collect()
    });
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_cell_whose_guests_settle_a_little_beside_what_is_known_counts_alone() {
    let [over, other] = ["direct", "linked"].map(|transport| cell(&format!("log@100/own/bincode/{transport}")));
    let (first, Steady { producer, consumer }) = count_knowing(&over, Steady::default());
    let known = |less: &str| {
        let (_, less) = count_knowing(&cell(less), Steady::default());
        let consumer = consumer.as_ref().zip(less.consumer).map(|(counts, less)| counts.since(&less));
        count_knowing(&other, Steady { producer: producer.clone(), consumer }).0
    };
    let beside = known("ping@1/own/bincode/direct");
    let alone = Counted { exact: Exact { unsettled: true, ..count(&other).exact }, ..beside.clone() };
    assert_eq!(beside, alone);
    let file = file(&[first, beside]);
    assert!(file.read.contains_key("log@100/own/bincode over linked"), "{:?}", file.read.keys());
    assert!(file.encode.contains_key("log@100/bincode over linked for own"), "{:?}", file.encode.keys());
    // What differs by more is no state of an allocator.
    assert!(!known("log@10/own/bincode/direct").exact.unsettled);
}

#[test]
fn the_order_of_the_cells_changes_no_bit() {
    let mut cells = cells(&["ping@1", "log@1"], &[Task::Peek, Task::Own]);
    let json = |cells: &[Cell]| file(&count_all(cells)).to_json().expect("JSON");
    let first = json(&cells);
    cells.reverse();
    let middle = cells.len() / 3;
    cells.rotate_left(middle);
    assert!(first == json(&cells), "two counts of the same cells differ");
}

#[test]
fn a_guest_that_does_something_else_under_another_transport_is_an_error() {
    let [one, other] = ["direct", "linked"].map(|transport| count(&cell(&format!("ping@1/own/bincode/{transport}"))));
    let of = |rows: [&Counted; 2]| ExactFile::of("rustc", BTreeMap::new(), rows);
    assert!(of([&one, &other]).is_ok());
    type Change = fn(&mut Exact);
    let changes: [(&str, Change); 3] = [
        ("what the producer does", |exact| exact.producer.instructions += 1.0),
        ("what the consumer does", |exact| exact.consumer.bytes_read.static_data += 1.0 / 64.0),
        ("what the consumer does", |exact| exact.consumer.allocations = None),
    ];
    for (what, change) in changes {
        let mut changed = other.clone();
        change(&mut changed.exact);
        let error = of([&one, &changed]).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.starts_with(what) && error.contains("ping@1/own/bincode/linked"), "{error}");
    }
    // The same transport with the same size on the wire, twice.
    let mut changed = one.clone();
    changed.exact.transport_copied_bytes += 1.0;
    let error = of([&one, &changed]).expect_err("they differ").to_string();
    assert!(error.starts_with("what the transport does"), "{error}");
}

/// Copies by the counters: those that the document names, and their bytes.
#[test]
fn counters_agree_with_the_documented_table() {
    let cells = cells(&["ping@1", "log@1", "blob@64"], &[Task::Peek]);
    for Counted { cell, verified, exact, .. } in count_all(&cells) {
        let (copies, crossings) = documented(&cell.transport).expect("a row of the table");
        assert_eq!((verified.copies, verified.crossings), (Some(copies), Some(crossings)), "{cell}");
        let copied = verified.wire_bytes.map(|wire| copies as f64 * wire);
        assert_eq!(Some(exact.transport_copied_bytes), copied, "{cell}");
    }
}

/// Copies by watermarks, which know nothing of counters: those in places that only a transport fills.
#[test]
fn watermarks_agree_with_the_documented_table() {
    let mut cells = cells(&["log@1", "log@100", "mesh@1000", "blob@65536"], &[Task::Peek]);
    cells.extend(self::cells(&["log@1"], &[Task::Scan, Task::Own]));
    let searched = in_parallel(&cells, |cell| vec![(cell.clone(), found(cell))]);
    let legible: Vec<_> = searched.iter().filter_map(|(cell, found)| Some((cell, places(found)?))).collect();
    let wrong: Vec<String> = legible.iter().filter_map(|(cell, places)| disagrees(cell, places)).collect();
    assert!(wrong.is_empty(), "{} of {} disagree:\n{}", wrong.len(), cells.len(), wrong.join("\n"));
    // A wire form may hide the pattern, by tags or escapes. Those that are read in place do not.
    let in_place = |cell: &&Cell| {
        let traits = &of_cell(cell).0.traits;
        traits.in_place == Some(true) && !traits.is_typed()
    };
    for cell in cells.iter().filter(in_place) {
        assert!(legible.iter().any(|(other, _)| *other == cell), "{cell}: its wire form hides the pattern");
    }
}

/// Where copies were found; none where they are unknown.
fn places(found: &Found) -> Option<&BTreeMap<String, u64>> {
    match found {
        Found::In(places) => Some(places),
        Found::Unknown(_) => None,
    }
}

fn found(cell: &Cell) -> Found {
    let (codec, _, searched) = metered_codec(cell);
    let found = search(cell, transport_of(cell), codec.is_floor(), searched, &ENGINE);
    found.unwrap_or_else(|error| panic!("{cell}: {error}"))
}

fn disagrees(cell: &Cell, places: &BTreeMap<String, u64>) -> Option<String> {
    let (copies, _) = documented(&cell.transport)?;
    let traits = &of_cell(cell).0.traits;
    let at = |place: &str| places.get(place).copied().unwrap_or(0);
    // A transport that takes memory from the consumer puts its copy into the consumer's heap.
    let in_heap = if transport_of(cell).takes_memory(traits) { copies } else { 0 };
    let by_transport = at("host") + at("consumer inbox") + in_heap;
    // Of a typed message what is encoded is where its strings are.
    let encoded = u64::from(traits.encodes == Some(true) && (!traits.is_typed() || at("producer outbox") > 0));
    // Own makes a copy, in the consumer's heap, but where it takes over what lies there. Peek and scan need none.
    let owned = u64::from(cell.task == Task::Own && !traits.is_typed());
    let made = at("consumer heap").saturating_sub(in_heap);
    // A library that is not read in place may make a copy for each task, and have forms of its own between the value and the message:
    // structs, columns, a buffer; with a schema it may have them on either side.
    let (before, most) = match (traits.in_place, traits.schema) {
        (Some(false), Some(true)) => (at("producer heap"), 1 + owned),
        (Some(false), _) => (at("producer heap"), 1),
        _ => (0, owned),
    };
    let right = by_transport == copies
        && at("producer outbox") == encoded
        && (owned..=most).contains(&made)
        && before <= 2
        && places.values().sum::<u64>() == copies + encoded + made + before;
    (!right).then(|| format!("{cell}: {copies} by the table, found {places:?}"))
}

#[test]
fn a_codec_that_encodes_nothing_copies_nothing_where_the_transport_does_not() {
    let mut seen = 0;
    for cell in cells(&["ping@1", "log@1", "log@100", "mesh@10"], &[Task::Peek, Task::Scan]) {
        let copies_nothing = matches!(cell.transport.as_str(), "window" | "pane" | "linked");
        let codec = of_cell(&cell).0;
        if copies_nothing && codec.traits.encodes == Some(false) && !codec.is_floor() {
            assert_eq!(found(&cell), Found::In([].into()), "{cell}");
            seen += 1;
        }
    }
    assert!(seen >= 2, "no such codec was there to be searched");
}

#[test]
fn peek_of_bytes_reads_three_fields_and_what_leads_to_them() {
    let row = count(&cell("log@1/peek/bytes/linked"));
    let exact = &row.exact;
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
    let exact = &row.exact;
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
fn masked(mask: i64) -> Compiled {
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
    let guest = |side, text: String| -> Guest { read(side, text).unwrap_or_else(|error| panic!("{error}")) };
    let guests = [guest(Side::Producer, producer.text()), guest(Side::Consumer, consumer.text())];
    metered(&ENGINE, [&guests[0], &guests[1]], Metering::Searching).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_wire_form_that_hides_the_pattern_says_so() {
    let found = |guests: Compiled| {
        let cell = Cell::new(message("blob@64"), Task::Peek, wat::NAME, "relay");
        let found = search(&cell, by_name("relay").expect("relay"), true, &guests, &ENGINE);
        found.unwrap_or_else(|error| panic!("{error}"))
    };
    let places = ["consumer inbox", "host", "producer outbox"].map(|place| (place.to_owned(), 1));
    assert_eq!(found(masked(0)), Found::In(places.into()));
    let hidden = found(masked(-1));
    assert!(matches!(&hidden, Found::Unknown(why) if why.contains("hides the pattern")), "{hidden:?}");
}

#[test]
fn a_payload_without_a_whole_word_says_so() {
    let hidden = found(&cell("blob@7/peek/bytes/direct"));
    assert!(matches!(&hidden, Found::Unknown(why) if why.contains("shorter than")), "{hidden:?}");
}
