//! What every codec promises, and packed bytes by hand.

use weft_guest::schemas::{Mesh, Message, Ping, Status, Task};

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

/// Packs words whose bytes are all said to be there.
fn packed(words: &[u64]) -> Vec<u8> {
    words.iter().flat_map(|word| [&[0xff][..], &word.to_le_bytes(), &[0]].concat()).collect()
}

/// A ping of a later schema: its struct has a word more.
fn longer(ping: &Ping) -> Vec<u8> {
    let numbers = u64::from(ping.source) | u64::from(ping.kind) << 32 | u64::from(ping.flags) << 48;
    packed(&[4 << 32, 3 << 32, ping.sequence, numbers, 42])
}

#[test]
fn a_message_of_two_segments_is_one() {
    // The table: two segments of one word and two; the root is a far pointer to the second, whose first word is the struct's own pointer.
    let root = 2 | 1 << 32;
    let message = packed(&[1 | 1 << 32, 3, root, 2 << 32, 7, 9]);
    assert_eq!(PingWire::own(&message), Ok(Ping { sequence: 7, source: 9, kind: 0, flags: 0 }));
}

#[test]
fn zeros_that_are_too_many_reach_the_limit() {
    // The table claims a thousand words, which eight bytes stand for.
    let zeros = |words: u64| [&packed(&[words << 32])[..], &[0, 0xff, 0, 0xff, 0, 0xff, 0, 0xe7]].concat();
    assert_eq!(MeshWire::own(&zeros(1000)), Err(Status::LimitReached));
    assert_eq!(MeshWire::scan(&packed(&[1 << 32, 0])), Mesh { triangles: Vec::new() }.digest(Task::Scan));
}

#[test]
fn nothing_may_follow_a_message() {
    let ping = packed(&[3 << 32, 2 << 32, 7, 9]);
    assert!(PingWire::scan(&ping).is_ok());
    assert_eq!(PingWire::scan(&[ping, vec![0]].concat()), Err(Status::Malformed));
}
