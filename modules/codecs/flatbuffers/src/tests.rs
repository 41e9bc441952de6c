//! What every codec promises, and logs by hand: limits, text, enumerations.

use flatbuffers::FlatBufferBuilder;
use weft_guest::schemas::Status;
use weft_guest_flatbuffers::longer;
use weft_schemas_flatbuffers::generated::weft_generated as fb;

use crate::{BlobWire, LogWire, MeshWire, PingWire, PlayerWire, TRAITS};

weft_testing::promises! {
    capacity: Bound,
    traits: TRAITS,
    longer: longer,
    ping: PingWire,
    log: LogWire,
    mesh: MeshWire,
    blob: BlobWire,
    player: PlayerWire,
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
    macro_rules! there {
        ($($name:ident)*) => {
            vec![$((
                stringify!($name),
                fb::$name::ENUM_VALUES.iter().map(|value| (value.0, format!("{value:?}"))).collect(),
            )),*]
        };
    }
    assert_eq!(there!(ZonePlan HttpProtocol Method OriginProtocol CacheStatus Country), weft_testing::enumerations());
}
