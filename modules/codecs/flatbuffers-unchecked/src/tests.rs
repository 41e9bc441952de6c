//! What every codec promises, but for messages that are broken.

use weft_guest_flatbuffers::longer;

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
