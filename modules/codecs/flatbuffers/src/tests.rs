//! What is encoded is read again; what is broken is refused, or read as what it says.

use flatbuffers::FlatBufferBuilder;
use weft_guest::Encode;
use weft_guest::schemas::log::{CacheStatus, Country, HttpProtocol, Method, OriginProtocol, ZonePlan};
use weft_guest::schemas::{Log, LogRecord, Message, Outcome, Random, Status, Task, WILD};
use weft_schemas_flatbuffers::generated::weft_generated as fb;

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
            for (index, message) in messages.iter().enumerate().chain(messages.iter().enumerate()) {
                let wire = encoder.encode(index, message).unwrap();
                assert!(wire.as_ptr().addr().is_multiple_of(8));
                assert_eq!((tasks.peek)(wire), message.digest(Task::Peek));
                assert_eq!((tasks.scan)(wire), message.digest(Task::Scan));
                assert_eq!((tasks.own)(wire).as_ref(), Ok(message));
            }
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

/// The smallest record there is: everything at its default.
fn empty_record() -> LogRecord {
    let mut record = Log::generate(1, 0, 1).records.remove(0);
    let (http, origin) = (&mut record.http, &mut record.origin);
    (record.timestamp, record.zone_id, record.bytes_dlv) = (0, 0, 0);
    (record.zone_plan, record.country, record.cache_status) = (ZonePlan::Free, Country::Unknown, CacheStatus::Unknown);
    (http.protocol, http.method, origin.protocol) = (HttpProtocol::Unknown, Method::Unknown, OriginProtocol::Unknown);
    (http.status, http.host_status, http.up_status, origin.port) = (0, 0, 0, 0);
    let texts = [
        &mut http.content_type,
        &mut http.user_agent,
        &mut http.referer,
        &mut http.request_uri,
        &mut origin.ip,
        &mut origin.hostname,
        &mut record.server_ip,
        &mut record.server_name,
        &mut record.remote_ip,
        &mut record.ray_id,
    ];
    texts.into_iter().for_each(String::clear);
    record
}

#[test]
fn the_smallest_records_are_within_the_limits() {
    for count in [1, 2, 100, 10_000] {
        let messages = [Log { records: vec![empty_record(); count] }];
        let mut encoder = LogWire::start(memory(LogWire::capacity(&messages)), &messages).unwrap();
        let wire = encoder.encode(0, &messages[0]).unwrap();
        assert_eq!(LogWire::scan(wire), messages[0].digest(Task::Scan), "{count} records in {} bytes", wire.len());
    }
}

#[test]
fn empty_lists_have_nothing_to_peek_at() {
    let messages = [Log { records: Vec::new() }];
    let mut encoder = LogWire::start(memory(LogWire::capacity(&messages)), &messages).unwrap();
    let wire = encoder.encode(0, &messages[0]).unwrap();
    assert_eq!(LogWire::peek(wire), Err(Status::Malformed));
    assert_eq!(LogWire::scan(wire), messages[0].digest(Task::Scan));
}

/// A log of `count` records that are one and the same, with this referer and method.
fn repeated(count: usize, referer: &[u8], method: u8) -> Vec<u8> {
    let mut builder = FlatBufferBuilder::new();
    let text = Some(builder.create_string("text"));
    let referer = Some(flatbuffers::WIPOffset::new(builder.create_byte_string(referer).value()));
    let http = fb::HttpArgs {
        content_type: text,
        user_agent: text,
        referer,
        request_uri: text,
        method: fb::Method(method),
        ..Default::default()
    };
    let http = Some(fb::Http::create(&mut builder, &http));
    let origin =
        Some(fb::Origin::create(&mut builder, &fb::OriginArgs { ip: text, hostname: text, ..Default::default() }));
    let record = fb::LogRecordArgs {
        http,
        origin,
        server_ip: text,
        server_name: text,
        remote_ip: text,
        ray_id: text,
        ..Default::default()
    };
    let record = fb::LogRecord::create(&mut builder, &record);
    let records = Some(builder.create_vector(&vec![record; count]));
    let log = fb::Log::create(&mut builder, &fb::LogArgs { records });
    builder.finish_minimal(log);
    builder.finished_data().to_vec()
}

#[test]
fn amplification_reaches_a_limit() {
    assert_eq!(LogWire::scan(&repeated(10_000, b"", 0)), Err(Status::LimitReached));
    assert_eq!(LogWire::own(&repeated(4, &[b'x'; 100_000], 0)), Err(Status::LimitReached));
}

#[test]
fn text_and_enumerations_are_checked() {
    assert!(LogWire::scan(&repeated(1, b"fine", 10)).is_ok());
    assert_eq!(LogWire::scan(&repeated(1, b"\xff", 0)), Err(Status::InvalidText));
    assert_eq!(LogWire::scan(&repeated(1, b"fine", 11)), Err(Status::Malformed));
}

#[test]
fn the_schema_has_the_enumerations_of_the_log() {
    macro_rules! same {
        ($($name:ident)*) => { $(
            let here: Vec<_> = $name::ALL.iter().map(|value| (value.byte(), format!("{value:?}"))).collect();
            let there: Vec<_> = fb::$name::ENUM_VALUES.iter().map(|value| (value.0, format!("{value:?}"))).collect();
            assert_eq!(here, there);
        )* };
    }
    same!(ZonePlan HttpProtocol Method OriginProtocol CacheStatus Country);
}
