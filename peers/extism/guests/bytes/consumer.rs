//! The consumer of `bytes` as a plugin of Extism.

weft_extism_guest::consumer! {
    ping: codec::PingWire,
    log: codec::LogWire,
    mesh: codec::MeshWire,
    blob: codec::BlobWire,
    player: codec::PlayerWire,
}
