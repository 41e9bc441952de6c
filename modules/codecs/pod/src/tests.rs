//! What every codec promises.

use weft_guest::schemas::Ping;

use crate::{BlobWire, MeshWire, PingWire, TRAITS};

weft_testing::promises! {
    capacity: Exact,
    traits: TRAITS,
    longer: longer,
    ping: PingWire,
    mesh: MeshWire,
    blob: BlobWire,
}

/// A ping with four bytes behind it.
fn longer(ping: &Ping) -> Vec<u8> {
    [&*weft_testing::encode_one::<PingWire>(*ping), &[42; 4]].concat()
}
