//! What is encoded is read again; what is broken is refused, or read as what it says.

use weft_guest::Encode;
use weft_guest::schemas::log::{CacheStatus, Country, HttpProtocol, Method, OriginProtocol, ZonePlan};
use weft_guest::schemas::{Log, Mesh, Message, Outcome, Random, Status, Task, WILD};
use weft_schemas_capnp::generated::weft_capnp as schema;

use crate::{BlobWire, LogWire, MeshWire, PingWire};

/// The tasks of one wire type.
struct Tasks<M> {
    peek: fn(&[u8]) -> Outcome,
    scan: fn(&[u8]) -> Outcome,
    own: fn(&[u8]) -> Result<M, Status>,
}

macro_rules! tasks {
    ($wire:ty) => {
        &Tasks { peek: <$wire>::peek, scan: <$wire>::scan, own: <$wire>::own }
    };
}

impl<M: Message> Tasks<M> {
    /// Runs all tasks on bytes that may be broken; they must return.
    fn survive(&self, bytes: &[u8]) {
        let scan = (self.scan)(bytes);
        let own = (self.own)(bytes).and_then(|value| value.digest(Task::Own));
        assert!(own == scan || own == Err(Status::InvalidText), "own {own:?}, scan {scan:?}");
        let _ = (self.peek)(bytes);
    }
}

/// Zeroed memory that starts at a multiple of 8, as long as a multiple of 8.
fn memory(len: usize) -> &'static mut [u8] {
    let memory = vec![0; len + 16].leak();
    let start = memory.as_ptr().align_offset(8);
    &mut memory[start..start + len.next_multiple_of(8)]
}

/// Messages of all seeds through one encoder each, in an outbox of the capacity that it asked for
/// and in one of whole pages.
fn round_trip<E: Encode>(size: u32, tasks: &Tasks<E::Message>) {
    for seed in [1, 2, 3, WILD | 1, WILD | 2, WILD | 3] {
        let messages: Vec<_> = (0..5).map(|index| E::Message::generate(seed, index, size)).collect();
        let capacity = E::capacity(&messages);
        for room in [capacity, capacity.next_multiple_of(65536)] {
            let mut encoder = E::start(memory(room), &messages).unwrap();
            let mut longest = 0;
            for (index, message) in messages.iter().enumerate().chain(messages.iter().enumerate()) {
                let wire = encoder.encode(index, message).unwrap();
                longest = longest.max(wire.len());
                assert!(wire.as_ptr().addr().is_multiple_of(8));
                assert_eq!((tasks.peek)(wire), message.digest(Task::Peek));
                assert_eq!((tasks.scan)(wire), message.digest(Task::Scan));
                assert_eq!((tasks.own)(wire).as_ref(), Ok(message));
            }
            assert_eq!(longest, capacity);
        }
    }
}

/// The encoded first message of a seed.
fn encoded<E: Encode>(seed: u64, size: u32) -> &'static mut [u8] {
    let messages = [E::Message::generate(seed, 0, size)];
    let mut encoder = E::start(memory(E::capacity(&messages)), &messages).unwrap();
    let wire = encoder.encode(0, &messages[0]).unwrap();
    let copy = memory(wire.len());
    copy.copy_from_slice(wire);
    copy
}

/// Every truncation, every flipped bit, and some thousand messages with several random bytes.
fn broken<E: Encode>(size: u32, tasks: &Tasks<E::Message>) {
    for seed in [1, WILD | 1] {
        let bytes = encoded::<E>(seed, size);
        for len in 0..bytes.len() {
            tasks.survive(&bytes[..len]);
        }
        for bit in 0..bytes.len() * 8 {
            bytes[bit / 8] ^= 1 << (bit % 8);
            tasks.survive(bytes);
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
        let whole = bytes.to_vec();
        let mut random = Random::new(seed, 0);
        for _ in 0..3000 {
            for _ in 0..=random.below(4) {
                let at = random.below(bytes.len() as u64) as usize;
                bytes[at] = random.pick(&[0, 1, 4, 8, 0x7f, 0x80, 0xff, at as u8]);
            }
            tasks.survive(bytes);
            bytes.copy_from_slice(&whole);
        }
    }
}

#[test]
fn pings_round_trip() {
    round_trip::<PingWire>(1, tasks!(PingWire));
}

#[test]
fn logs_round_trip() {
    [1, 3, 100].into_iter().for_each(|size| round_trip::<LogWire>(size, tasks!(LogWire)));
}

#[test]
fn meshes_round_trip() {
    [1, 10].into_iter().for_each(|size| round_trip::<MeshWire>(size, tasks!(MeshWire)));
}

#[test]
fn blobs_round_trip() {
    [1, 7, 8, 64, 65536].into_iter().for_each(|size| round_trip::<BlobWire>(size, tasks!(BlobWire)));
}

#[test]
fn broken_messages_do_no_harm() {
    broken::<PingWire>(1, tasks!(PingWire));
    broken::<LogWire>(1, tasks!(LogWire));
    broken::<LogWire>(3, tasks!(LogWire));
    broken::<MeshWire>(2, tasks!(MeshWire));
    broken::<BlobWire>(64, tasks!(BlobWire));
}

/// A message of these words.
fn words(words: &[u64]) -> &'static [u8] {
    let bytes = memory(words.len() * 8);
    for (place, word) in bytes.chunks_exact_mut(8).zip(words) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    bytes
}

/// A pointer to a list that begins `offset` words after the pointer: its kind of elements and their
/// number, or the number of words where the elements are structs (7).
const fn list(offset: u64, kind: u64, count: u64) -> u64 {
    1 | offset << 2 | kind << 32 | count << 35
}

/// The root: a struct that holds one pointer, and follows at once.
const ROOT: u64 = 1 << 48;

#[test]
fn the_empty_message_is_all_defaults() {
    assert_eq!(LogWire::scan(words(&[0])), Log { records: Vec::new() }.digest(Task::Scan));
    assert_eq!(LogWire::peek(words(&[0])), Err(Status::Malformed));
    assert_eq!(MeshWire::own(words(&[0])), Ok(Mesh { triangles: Vec::new() }));
    assert_eq!(MeshWire::peek(words(&[0])), Err(Status::Malformed));
}

#[test]
fn lists_are_no_longer_than_the_message() {
    // Elements of no size, of one byte, and structs without fields.
    let void = words(&[ROOT, list(0, 0, (1 << 29) - 1)]);
    let bytes = words(&[ROOT, list(0, 2, 64), 0, 0, 0, 0, 0, 0, 0, 0]);
    let fieldless = words(&[ROOT, list(0, 7, 0), (1 << 29) << 2]);
    for (message, status) in
        [(void, Status::LimitReached), (bytes, Status::Malformed), (fieldless, Status::LimitReached)]
    {
        assert_eq!(LogWire::scan(message), Err(status));
        assert_eq!(LogWire::own(message), Err(status));
        assert_eq!(MeshWire::own(message), Err(status));
    }
}

/// A pointer that leads from word `from` to the text of `len` bytes at word `to`.
fn text_pointer(from: usize, to: usize, len: usize) -> [u8; 8] {
    let offset = (to as i64 - from as i64 - 1) as u32;
    (u64::from(1 | offset << 2) | 2 << 32 | (len as u64 + 1) << 35).to_le_bytes()
}

#[test]
fn amplification_reaches_the_limit() {
    let mut log = Log::generate(1, 0, 100);
    log.records[99].ray_id = "x".repeat(1000);
    let mut encoder = LogWire::start(memory(LogWire::capacity(&[log.clone()])), &[]).unwrap();
    let wire = encoder.encode(0, &log).unwrap();
    let bytes = memory(wire.len());
    bytes.copy_from_slice(wire);
    assert_eq!(LogWire::scan(bytes), log.digest(Task::Scan));

    // The ray_id of the last record is the last thing in the message: lead the others to it.
    let text = bytes.len() / 8 - 1001_usize.div_ceil(8);
    for record in 0..99 {
        let pointer = 3 + record * 10 + 9;
        bytes[pointer * 8..][..8].copy_from_slice(&text_pointer(pointer, text, 1000));
    }
    assert_eq!(LogWire::scan(bytes), Err(Status::LimitReached));
    assert_eq!(LogWire::own(bytes), Err(Status::LimitReached));
}

#[test]
fn text_and_enumerations_are_checked() {
    let bytes = encoded::<LogWire>(1, 1);
    let at = bytes.windows(9).position(|window| window == b"text/html").unwrap();
    bytes[at] = 0xff;
    assert!(LogWire::scan(bytes).is_ok());
    assert_eq!(LogWire::own(bytes), Err(Status::InvalidText));

    // The record's four data words begin at word 3; zone_plan is the seventh 16-bit field.
    let zone_plan = 3 * 8 + 6 * 2;
    bytes[zone_plan] = 4;
    assert_eq!(LogWire::scan(bytes), Err(Status::Malformed));
}

#[test]
fn the_start_must_be_aligned() {
    let bytes = encoded::<PingWire>(1, 1);
    assert_eq!(PingWire::scan(&bytes[4..]), Err(Status::Misaligned));
}

#[test]
fn the_schema_has_the_enumerations_of_the_log() {
    macro_rules! same {
        ($($name:ident)*) => { $(
            for value in $name::ALL {
                let there = schema::$name::try_from(u16::from(value.byte())).unwrap();
                assert_eq!(format!("{there:?}"), format!("{value:?}"));
            }
            assert!(schema::$name::try_from($name::ALL.len() as u16).is_err());
        )* };
    }
    same!(ZonePlan HttpProtocol Method OriginProtocol CacheStatus Country);
}
