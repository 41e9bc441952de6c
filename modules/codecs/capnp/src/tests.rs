//! What every codec promises, and messages by hand: pointers that lead astray, limits, enumerations.

use weft_guest::schemas::{Log, Mesh, Message, Ping, Status, Task};
use weft_schemas_capnp::generated::weft_capnp as schema;
use weft_testing::{encode_one, encoded, memory};

use crate::{BlobWire, LogWire, MeshWire, PingWire, PlayerWire, TRAITS};

weft_testing::promises! {
    capacity: Exact,
    traits: TRAITS,
    longer: longer,
    ping: PingWire,
    log: LogWire,
    mesh: MeshWire,
    blob: BlobWire,
    player: PlayerWire,
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

/// A ping of a later schema: its struct has a word more.
fn longer(ping: &Ping) -> Vec<u8> {
    let numbers = u64::from(ping.source) | u64::from(ping.kind) << 32 | u64::from(ping.flags) << 48;
    words(&[3 << 32, ping.sequence, numbers, 42]).to_vec()
}

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
    let bytes = encode_one::<LogWire>(log.clone());
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
    macro_rules! there {
        ($($name:ident)*) => {
            vec![$((
                stringify!($name),
                (0..)
                    .map_while(|number| schema::$name::try_from(number).ok())
                    .map(|value| (value as u8, format!("{value:?}")))
                    .collect(),
            )),*]
        };
    }
    assert_eq!(there!(ZonePlan HttpProtocol Method OriginProtocol CacheStatus Country), weft_testing::enumerations());
}
