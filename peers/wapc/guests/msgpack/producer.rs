//! The producer of `msgpack` as a plugin of waPC.

weft_guest::schemas::with_messages! { [weft_wapc_guest::serde_producer] codec::MessagePack }
