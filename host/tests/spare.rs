//! A copy that nobody needs is found: the guests of `modules/fixtures/spare` return the same digests with and without it,
//! and exact figures tell them apart.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use tempfile::TempDir;
use weft::build::{GuestBuilder, GuestCrate};
use weft::exact::ExactFile;

use crate::support::command::weft;
use crate::support::{guests_directory, workspace};

/// The payload of the messages, in bytes.
const BYTES: f64 = 65536.0;
const CELLS: &str = "^blob@65536/own/spare/(direct|linked)";

/// Three directories of guests: as they should be, with a spare copy in the consumer, and in the producer.
static GUESTS: LazyLock<[TempDir; 3]> = LazyLock::new(|| {
    let builder = || GuestBuilder::new(workspace(), &guests_directory()).expect("a builder");
    let fixture = [GuestCrate::read(&workspace().join("modules/fixtures/spare")).expect("the fixture")];
    let build = |builder: GuestBuilder| {
        let built = builder.build(&fixture).unwrap_or_else(|error| panic!("{error}"));
        let read = |file: &Option<PathBuf>| fs::read(file.as_ref().expect("both guests")).expect("the wasm file");
        [read(&built[0].producer), read(&built[0].consumer)]
    };
    let [producer, consumer] = build(builder());
    let [spare_producer, spare_consumer] = build(builder().with_feature("spare"));
    [(&producer, &consumer), (&producer, &spare_consumer), (&spare_producer, &consumer)].map(|(producer, consumer)| {
        let directory = tempfile::tempdir().expect("a directory");
        fs::write(directory.path().join("spare.producer.wasm"), producer).expect("a file");
        fs::write(directory.path().join("spare.consumer.wasm"), consumer).expect("a file");
        directory
    })
});

/// What one more allocation and its freeing may read and write beside the payload: the allocator's own words, which
/// are a few dozen.
const BOOKKEEPING: f64 = 128.0;

/// Asserts that a number of bytes grew by the payload, once, and no more than the allocator's own words.
fn once_more(what: &str, before: f64, after: f64) {
    let grew = after - before;
    assert!((BYTES..=BYTES + BOOKKEEPING).contains(&grew), "{what} grew by {grew} bytes");
}

fn counted(guests: &Path) -> ExactFile {
    let typed = weft(Some(guests), &["count", CELLS, "--matrix", "full", "--format", "json"]);
    typed.expect(0, &[]);
    serde_json::from_str(&typed.stdout).expect("exact figures")
}

/// The figures of the guests without a spare copy, in a file.
fn kept() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("exact.json");
    fs::write(&path, counted(GUESTS[0].path()).to_json().expect("JSON")).expect("a file");
    (directory, path)
}

#[test]
fn the_consumers_copy_is_one_allocation_and_the_payload_once_more() {
    let [plain, spare] = [0, 1].map(|which| counted(GUESTS[which].path()));
    let [before, after] = [&plain, &spare].map(|file| &file.read["blob@65536/own/spare"]);
    once_more("what is read", before.bytes_read.total(), after.bytes_read.total());
    once_more("what is written", before.bytes_written.total(), after.bytes_written.total());
    once_more("what is written to the heap", before.bytes_written.heap, after.bytes_written.heap);
    // The message itself is read once, as before: what is copied again is the copy.
    assert_eq!(before.bytes_read.inbox, after.bytes_read.inbox);
    assert_eq!((before.allocations, after.allocations), (Some(1.0), Some(2.0)));
    assert_eq!((before.allocated_bytes, after.allocated_bytes), (Some(BYTES), Some(2.0 * BYTES)));
    assert_eq!(plain.encode, spare.encode, "the producer is the same");
    for transport in ["direct", "linked"] {
        let key = format!("blob@65536/own/spare/{transport}");
        let (before, after) = (&plain.found[&key], &spare.found[&key]);
        assert_eq!(after.copies, before.copies.map(|copies| copies + 1), "{key}");
        let mut expected = before.payload_found_in.clone().expect("places");
        *expected.entry("consumer heap".to_owned()).or_default() += 1;
        assert_eq!(after.payload_found_in.as_ref(), Some(&expected), "{key}");
    }
}

#[test]
fn the_producers_copy_is_found_in_its_heap() {
    let [plain, spare] = [0, 2].map(|which| counted(GUESTS[which].path()));
    let [before, after] = [&plain, &spare].map(|file| &file.encode["blob@65536/spare"].figures);
    once_more("what is read", before.bytes_read.total(), after.bytes_read.total());
    once_more("what is written", before.bytes_written.total(), after.bytes_written.total());
    assert_eq!((before.allocations, after.allocations), (Some(0.0), Some(1.0)));
    assert_eq!(plain.read, spare.read, "the consumer is the same");
    let places = |file: &ExactFile| file.found["blob@65536/own/spare/direct"].payload_found_in.clone().expect("places");
    let mut expected = places(&plain);
    assert_eq!(expected.insert("producer heap".to_owned(), 1), None);
    assert_eq!(places(&spare), expected);
}

#[test]
fn the_check_names_what_grew() {
    let (_directory, path) = kept();
    let check = |guests: &Path| {
        weft(Some(guests), &["count", CELLS, "--matrix", "full", "--check", &path.display().to_string()])
    };
    check(GUESTS[0].path()).expect(0, &["0 figures grew, 0 shrank"]);
    check(GUESTS[1].path()).expect(
        3,
        &[
            "GREW: read blob@65536/own/spare allocations: 1 → 2",
            "GREW: read blob@65536/own/spare allocated_bytes: 65536 → 131072",
            "GREW: read blob@65536/own/spare bytes_written.heap: ",
            "GREW: found blob@65536/own/spare/direct copies: 3 → 4",
            "GREW: found blob@65536/own/spare/linked copies: 2 → 3",
            "GREW: found blob@65536/own/spare/direct payload_found_in.consumer heap: 1 → 2",
        ],
    );
    check(GUESTS[2].path())
        .expect(3, &["GREW: encode blob@65536/spare allocations: 0 → 1", "payload_found_in.producer heap: 0 → 1"]);
}
