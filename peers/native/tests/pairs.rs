//! What is promised of pairs, and of the files that they are made of.

mod support;

use std::path::Path;
use std::sync::Arc;
use std::{fs, thread};

use weft::cell::{MessageId, SEED};
use weft::measure::Subject;
use weft::verify::Expected;
use weft_link::guest::Side;
use weft_native::{Exchange, GuestFile, NativeError, Pair, PairSpec};
use weft_schemas::{Blob, Message, Task};

use support::{Guests, VARIANTS, files, sha256, try_read};

const SPARE: &str = "fixtures/spare";

fn spare(features: &[&str]) -> Guests {
    Guests::build(SPARE, features)
}

/// What joining fails with.
fn refusal(spec: &PairSpec<'_>) -> String {
    Pair::join(spec).err().map(|error| error.to_string()).unwrap_or_default()
}

fn digests(size: u32, count: u32) -> Vec<u64> {
    (0..count).map(|index| Blob::generate(SEED, index, size).digest(Task::Scan).expect("a digest")).collect()
}

#[test]
fn pairs_of_one_file_share_nothing() {
    for features in VARIANTS {
        let guests = spare(features);
        let (small, large) = (guests.spec("blob@8", Task::Scan, 3), guests.spec("blob@65536", Task::Scan, 2));
        // A guest prepares once: the second would be refused if it had the statics of the first.
        let (mut first, mut second) = (Pair::join(&small).expect("a pair"), Pair::join(&large).expect("a pair"));
        assert_eq!(first.produce(2, 1).ok(), Some(digests(8, 3)[2]));
        assert_eq!(second.produce(1, 1).ok(), Some(digests(65536, 2)[1]));
        drop(first);
        assert_eq!(second.produce(0, 1).ok(), Some(digests(65536, 2)[0]));
    }
}

#[test]
fn a_pair_may_live_in_any_thread_that_makes_it() {
    thread::scope(|scope| {
        let threads = VARIANTS.map(|features| {
            scope.spawn(move || {
                let guests = spare(features);
                Pair::join(&guests.spec("blob@64", Task::Scan, 1)).and_then(|mut pair| pair.produce(0, 1)).ok()
            })
        });
        for thread in threads {
            assert_eq!(thread.join().expect("no panic"), Some(digests(64, 1)[0]));
        }
    });
}

#[test]
fn an_exchange_checks_each_sum() {
    let guests = spare(VARIANTS[0]);
    let exchange = |digests| {
        let pair = Pair::join(&guests.spec("blob@64", Task::Scan, 3)).expect("a pair");
        Exchange::new(pair, Arc::new(Expected::new(digests)))
    };
    let mut right = exchange(digests(64, 3));
    for iterations in [0, 1, 2, 3, 100] {
        right.time(iterations).unwrap_or_else(|error| panic!("{iterations} messages: {error}"));
    }
    let mut damaged = digests(64, 3);
    damaged[2] ^= 1;
    let mut wrong = exchange(damaged);
    wrong.time(2).expect("two messages are as they must be");
    let error = wrong.time(1).expect_err("the third is not").to_string();
    assert!(error.starts_with("1 messages from number 2 on: the digests sum to "), "{error}");
}

#[test]
fn statuses_name_the_guest_and_the_export() {
    let guests = spare(VARIANTS[0]);
    let spec = guests.spec("blob@8", Task::Own, 1);
    let empty = PairSpec { message: MessageId { size: 0, ..spec.message }, ..spec };
    let argument = "the producer of `test`: `prepare_blob` returned status -19 (argument: outside its range)";
    assert_eq!(refusal(&empty), argument);
    let mut pair = Pair::join(&spec).expect("a pair");
    let error = pair.produce(1, 1).expect_err("there is one message, number 0").to_string();
    assert_eq!(error, argument.replace("prepare", "produce"));
}

#[test]
fn a_guest_with_wasms_allocator_takes_no_more_memory_than_it_is_given() {
    let little = |features| {
        let guests = spare(features);
        // Room for the message, and not for an outbox beside it.
        refusal(&PairSpec { memory_bytes: 4 << 16, ..guests.spec("blob@65536", Task::Peek, 1) })
    };
    assert!(little(VARIANTS[0]).contains("the producer of `test`: `outbox` returned status -17 (capacity"));
    assert_eq!(little(VARIANTS[1]), "", "the platform's allocator has the whole machine");
}

#[test]
fn what_a_codec_does_not_carry_is_unsupported() {
    let guests = spare(VARIANTS[0]);
    let error = Pair::join(&guests.spec("ping@1", Task::Peek, 1)).err().expect("it carries blobs");
    assert!(matches!(error, NativeError::Unsupported { .. }), "{error}");
    assert!(error.to_string().contains("`receive_ping_peek`, so the codec does not support this"), "{error}");
}

#[test]
fn a_file_that_is_not_there_or_was_changed_is_refused() {
    let [producer, _] = files(SPARE, VARIANTS[0]);
    let refused =
        |path: &Path, sha256: &str| try_read(Side::Producer, path, sha256).err().map(|error| error.to_string());
    let nowhere = refused(&producer.with_extension("gone"), "").expect("there is no such file");
    assert!(nowhere.starts_with("the producer of `test`: ") && nowhere.contains(".gone cannot be read"), "{nowhere}");
    let hash = sha256(&producer);
    assert_eq!(refused(&producer, &hash), None);
    let changed = refused(&producer, &hash.replace('a', "b")).expect("it has another hash");
    assert!(changed.contains(&hash) && changed.contains("build the guests again"), "{changed}");
}

#[test]
fn a_file_that_is_no_guest_is_refused() {
    let guests = spare(VARIANTS[0]);
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("text.so");
    fs::write(&path, "no library at all").expect("a file");
    let read = |path| try_read(Side::Producer, path, &sha256(path)).expect("it is there");
    let refused = |file: &GuestFile| refusal(&PairSpec { producer: file, ..guests.spec("blob@8", Task::Peek, 1) });
    let text = refused(&read(&path));
    assert!(text.contains("text.so cannot be loaded: ") && text.contains("for this machine"), "{text}");
    assert_eq!(fs::read_dir(directory.path()).expect("a directory").count(), 1, "its copy is gone");
    let [_, consumer] = files(SPARE, VARIANTS[0]);
    let consumer = refused(&read(&consumer));
    assert!(consumer.contains("has no export `weft_connect`; build it with the feature `native`"), "{consumer}");
}
