//! The producer of `protobuf` as a plugin of waPC.

weft_wapc_guest::producer! {
    ping: codec::PingWire,
    log: codec::LogWire,
    mesh: codec::MeshWire,
    blob: codec::BlobWire,
    player: codec::PlayerWire,
}
