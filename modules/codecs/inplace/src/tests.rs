//! What every codec promises.

use weft_guest::schemas::Ping;

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

/// A ping with four bytes behind it.
fn longer(ping: &Ping) -> Vec<u8> {
    [&*weft_testing::encode_one::<PingWire>(*ping), &[42; 4]].concat()
}
