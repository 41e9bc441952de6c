//! What every codec promises, and messages by hand: what is missing, numbers that are too large, groups in groups.

use prost::Message;
use weft_guest::schemas::{Ping, Status};

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

/// A ping of a later schema.
#[derive(Clone, PartialEq, Message)]
struct Longer {
    #[prost(uint64, tag = "1")]
    sequence: u64,
    #[prost(uint32, tag = "2")]
    source: u32,
    #[prost(uint32, tag = "3")]
    kind: u32,
    #[prost(uint32, tag = "4")]
    flags: u32,
    #[prost(string, tag = "5")]
    extra: String,
}

fn longer(ping: &Ping) -> Vec<u8> {
    let Ping { sequence, source, kind, flags } = *ping;
    Longer { sequence, source, kind: kind.into(), flags: flags.into(), extra: "new".to_owned() }.encode_to_vec()
}

#[test]
fn a_ping_of_nothing_is_all_zeros() {
    assert_eq!(PingWire::own(&[]), Ok(Ping { sequence: 0, source: 0, kind: 0, flags: 0 }));
}

#[test]
fn numbers_that_are_too_large_are_refused() {
    let ping = |kind: u32| Longer { kind, ..Longer::default() }.encode_to_vec();
    assert_eq!(PingWire::own(&ping(0xffff)).map(|ping| ping.kind), Ok(0xffff));
    assert_eq!(PingWire::own(&ping(0x1_0000)), Err(Status::Malformed));
}

#[test]
fn what_is_missing_is_not_made_up() {
    // A list of one element that says nothing.
    let empty = [0x0a, 0];
    assert_eq!(LogWire::scan(&empty), Err(Status::Malformed));
    assert_eq!(LogWire::own(&empty), Err(Status::Malformed));
    assert_eq!(MeshWire::scan(&empty), Err(Status::Malformed));
    assert_eq!(MeshWire::own(&empty), Err(Status::Malformed));
    assert_eq!(PlayerWire::peek(&empty), Err(Status::Malformed));
    assert_eq!(PlayerWire::scan(&empty), Err(Status::Malformed));
    assert_eq!(PlayerWire::own(&empty), Err(Status::Malformed));
}

#[test]
fn groups_in_groups_reach_the_limit() {
    // Field 5 begins a group, which nobody knows, and which holds another.
    assert_eq!(PingWire::own(&[5 << 3 | 3; 200]), Err(Status::LimitReached));
}
