//! The consumer of `msgpack` as a plugin of waPC.

weft_guest::schemas::with_messages! { [weft_wapc_guest::serde_consumer] codec::MessagePack }
